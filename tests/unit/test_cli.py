"""The program as a whole, and the commands about a study: what they print, where, and how they end."""

import os
import subprocess
import sys

import pytest

from tests.command_line import ON, STUDY, changed_study
from tests.studies_here import SHIPPED, TINY, protocol_of

# ---- the program ------------------------------------------------------------------------------------


def test_without_a_command_the_help_is_on_standard_error(run):
    ran = run()
    assert ran.code == 2
    assert ran.err.startswith("usage: evenhand")


@pytest.mark.parametrize("command", [[], *([name] for name in ("check", "render", "screen", "walk", "verify", "demo"))])
def test_help(run, command):
    ran = run(*command, "--help")
    assert ran.code == 0
    assert ran.out.startswith("usage: evenhand")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fly"], "invalid choice"),
        (["check"], "required: STUDY"),
        (["check", "nobody"], "evenhand check: nobody: no study folder (one holds study.yaml) and no shipped study"),
        (["check", STUDY, "--version", "v9"], "there is no version 'v9': v1, v2"),
        (["render", "nobody"], "evenhand render: nobody: no study folder"),
        (["render", STUDY, "--out", "no/such/folder/x.md"], "evenhand render: no/such/folder/x.md: No such file"),
        (["screen", STUDY, "x.yaml"], "required: --on"),
        (["screen", STUDY, "x.yaml", "--on", "July"], "'July' is no day: write YYYY-MM-DD"),
        (["screen", STUDY, "x.yaml", "--on", "2026-02-30"], "'2026-02-30' is no day: write YYYY-MM-DD"),
        (["screen", STUDY, "x.yaml", *ON], "evenhand screen: x.yaml: cannot be read: No such file"),
        (["walk", STUDY, "--people", "-3", "--seed", "1", "--record", "x"], "argument"),
        (["walk", STUDY, "--people", "3", "--seed", "one", "--record", "x"], "invalid int value: 'one'"),
        (["walk", STUDY, "--people", "3", "--seed", "1", "--record", "no/x"], "evenhand walk: no is no folder."),
        (["verify", "x.jsonl"], "evenhand verify: x.jsonl: No such file"),
        (["verify", STUDY], "Is a directory"),
    ],
)
def test_bad_input_is_told_on_standard_error_and_ends_with_2(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == 2
    assert said in ran.err


def python(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, env={**os.environ, **environment}
    )


def test_help_loads_no_slow_library():
    code = """
import sys
from evenhand.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
slow = {"pydantic", "rich", "ruamel", "ruamel.yaml", "orjson", "dateutil", "markdown_it"} & sys.modules.keys()
sys.exit(f"loaded {slow}" if slow else 0)
"""
    ended = python(code)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_terminal_without_unicode_is_no_obstacle():
    code = f"import sys; from evenhand.cli import main; sys.exit(main(['render', {SHIPPED[0].name!r}]))"
    ended = python(code, PYTHONIOENCODING="ascii")
    assert (ended.returncode, ended.stderr) == (0, b"")


# ---- check ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("study", [STUDY, SHIPPED[0].name])
def test_check_tells_what_a_study_assumes_and_that_nothing_is_wrong(run, study):
    ran = run("check", study)
    assert (ran.code, ran.err) == (0, "")
    assert "Findings: none" in ran.out
    assert "as expected" in ran.out
    protocol = protocol_of(TINY if study == STUDY else SHIPPED[0])
    for origin in protocol.assumptions:
        assert origin.about.split()[-1] in ran.flat


def test_check_in_json(run):
    ran = run("check", STUDY, "--json")
    assert ran.code == 0
    assert {key: ran.json[key] for key in ("study", "version", "findings", "cases")} == {
        "study": "tiny-lung", "version": "v2", "findings": [], "cases": {"played": 4, "as_expected": 4},
    }  # fmt: skip
    assert ran.json["digest"] == protocol_of(TINY).digest
    assert {"about": "fact smoker", "assumed": "a stratum"} in ran.json["assumptions"]
    assert {"about": "follow-up", "source": "design/1"} in ran.json["sources"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("cases/window.yaml", "verdict: ineligible, I2: fail", "verdict: eligible, I2: fail",
         "case: window.yaml: After twenty-two days the window is closed: verdict is 'ineligible', expected 'eligible'"),
        ("study.yaml", "  exclusion/1:", "  exclusion/2: Nobody else.\n  exclusion/1:",
         "clause exclusion/2 is carried by"),
        ("v2/facts.yaml", "smoker: {kind: yes_no, label: smoker, assumed: a stratum}",
         "smoker: {kind: yes_no, label: smoker}", "fact smoker: it needs a `source:` or an `assumed:`"),
        ("v2/facts.yaml", "label: smoker,", "label: smoker, mcode: smoking,",
         "fact smoker: intake offers no 'smoking'"),
        ("v2/facts.yaml", "source: exclusion/1", "source: exclusion/9",
         "fact walks: its source exclusion/9 is no clause"),
        ("v2/eligibility.yaml", "10 <= volume <= 90", "volume <= 90 or volume > 300", "can never be true"),
        ("study.yaml", "title: Breathing", "title: \"[/b][red]\"  # Breathing", ""),
    ],
)  # fmt: skip
def test_check_ends_with_1_on_a_finding(run, tmp_path, file, old, new, said):
    study = changed_study(tmp_path, file, old, new)
    ran = run("check", study)
    assert ran.code == int(bool(said))
    assert said in ran.flat
    assert any(said in finding for finding in run("check", study, "--json").json["findings"]) == bool(said)


def test_check_refuses_a_design_that_cannot_be(run, tmp_path):
    study = changed_study(tmp_path, "v2/randomization.yaml", "probability: 0.8", "probability: 0.1")
    ran = run("check", study)
    assert ran.code == 2
    assert "preferred_probability: 1/10 does not lie above 1/3" in ran.err


# ---- render -----------------------------------------------------------------------------------------


def test_render_prints_markdown_or_html(run):
    assert run("render", STUDY).out.startswith("# Breathing exercises")
    assert run("render", STUDY, "--html").out.startswith("<!doctype html>")
    assert "Within 14 days." in run("render", STUDY, "--version", "v1").out


def test_render_writes_a_file(run, tmp_path):
    file = tmp_path / "protocol.html"
    ran = run("render", STUDY, "--html", "--out", file)
    assert ran.code == 0
    assert ran.out.startswith(f"{file}: ")
    assert file.read_text("utf-8") == run("render", STUDY, "--html").out


def test_render_in_json(run):
    found = run("render", STUDY, "--json").json
    assert found["text"] == run("render", STUDY).out
    assert (found["study"], found["version"]) == ("tiny-lung", "v2")


# ---- demo -------------------------------------------------------------------------------------------


def test_demo_shows_all_of_it(run, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    ran = run("demo", "--people", 8)
    assert (ran.code, ran.err) == (0, "")
    for said in ("screened", "randomized to", "refused, ", "verified: ", "not verified: ", "8 made-up candidates"):
        assert said in ran.flat
