"""The command line under odd circumstances: output that ends early, interrupts, full disks, files that are no input."""

import json
import math
import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest

from evenhand.cli import main
from evenhand.cli.console import print_json
from evenhand.cli.processes import Processes
from evenhand.cli.writing import write_whole
from tests.command_line import FORM, ON, STUDY, written
from tests.studies_here import SHIPPED

SHIP = SHIPPED[0].name
FULL = Path("/dev/full")

# ---- output that ends early -------------------------------------------------------------------------

COMMANDS = [
    (["--help"], 0),
    (["check", "--help"], 0),
    (["--version"], 0),
    (["check", STUDY], 0),
    (["check", STUDY, "--json"], 0),
    (["render", STUDY, "--html"], 0),
    (["compare", STUDY, "v1", "v1"], 1),
    (["compare", STUDY, "v1", "v1", "--json"], 1),
    (["design", SHIP], 0),
    (["screen", STUDY, "people.yaml", *ON], 0),
    (["screen", STUDY, "bad.yaml", *ON], 1),
    (["verify", "record.jsonl", "--study", STUDY], 0),
    (["verify", "bad.jsonl", "--study", STUDY], 1),
]
IDS = [" ".join(map(str, arguments)).replace(STUDY, "tiny") for arguments, _ in COMMANDS]


@pytest.fixture
def files(tmp_path, monkeypatch, record):
    """A folder to be in, with a form and a record, each also with a fault."""
    monkeypatch.chdir(tmp_path)
    record.rename("record.jsonl")
    Path("bad.jsonl").write_bytes(Path("record.jsonl").read_bytes().replace(b'"role":"', b'"role":"x', 1))
    written(tmp_path, "people.yaml", FORM)
    written(tmp_path, "bad.yaml", FORM.replace("volume: 60", "volume: much"))


def ended(arguments):
    """The exit code, after the last flush that Python does itself."""
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    sys.stdout.flush()
    return code


@pytest.mark.parametrize(("arguments", "code"), COMMANDS, ids=IDS)
def test_whoever_closes_the_pipe_has_read_enough_and_the_exit_code_stays_true(
    files, monkeypatch, capsys, arguments, code
):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert ended(arguments) == code
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
@pytest.mark.parametrize("arguments", [arguments for arguments, _ in COMMANDS], ids=IDS)
def test_output_that_cannot_be_written_is_named_and_is_no_success(files, monkeypatch, capsys, arguments):
    with FULL.open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert ended(arguments) == 2
    said = capsys.readouterr().err
    assert said.endswith("standard output: No space left on device\n") and said.count("\n") == 1


def test_a_program_without_standard_output_runs(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert ended(["check", STUDY]) == 0
    sys.stdout.close()


# ---- letters and numbers that output cannot hold ----------------------------------------------------


@pytest.fixture
def in_ascii(tmp_path, monkeypatch):
    """What is written to a standard output that has no letter but those of ASCII."""

    def written_by(act):
        file = tmp_path / "out"
        with file.open("w", encoding="ascii") as out, monkeypatch.context() as here:
            here.setattr(sys, "stdout", out)
            act()
        return file.read_text("ascii")

    return written_by


def test_json_is_json_whatever_letters_output_has(in_ascii):
    value = {"é": ["ü", "\U0001f600", "\x80"]}
    assert json.loads(in_ascii(lambda: print_json(value))) == value


def test_html_names_what_output_cannot_hold(in_ascii):
    text = in_ascii(lambda: main(["render", SHIP, "--html"]))
    assert "\\u" not in text and "\\x" not in text
    assert "&#" in text


def test_json_has_no_number_that_is_none(capsys):
    print_json({"a": math.nan, "b": [math.inf, (-math.inf, 1.5)], "c": True, "d": None})
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found == {"a": None, "b": [None, [None, 1.5]], "c": True, "d": None}


def test_figures_that_no_trial_has_are_told_so(run):
    arguments = ["simulate", SHIP, "--trials", 1, "--set", "sample_size=4"]
    found = json.loads(run(*arguments, "--json").out, parse_constant=pytest.fail)
    assert found["looks"][0]["month"]["mean"] is None or found["log_hazard_ratio"]["mean"] is None
    assert "nan" not in run(*arguments).flat.split("Looks")[0].split()


# ---- an interrupt -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "what"), [("evenhand.cli.check", "run"), ("evenhand.cli.main", "import_module")])
def test_an_interrupt_is_no_crash(monkeypatch, capsys, where, what):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module(where), what, stopped)
    assert main(["check", STUDY]) == 130
    assert capsys.readouterr().err == "evenhand check: stopped\n"


@contextmanager
def begun(*arguments):
    """A command as a terminal begins it: where the tests run in the background, they are deaf to Ctrl-C themselves."""
    command = [sys.executable, "-m", "evenhand.cli", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(  # a forked child sets one signal before it becomes the command, and needs no lock for it
        command,
        **pipes,
        start_new_session=True,
        preexec_fn=hears,  # noqa: PLW1509
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def interrupted(process):
    """As Ctrl-C does it, to every process of the terminal."""
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_a_simulation_that_was_interrupted_goes_on_with_the_same_numbers(run, tmp_path):
    kept, few = tmp_path / "kept", ["simulate", SHIP, "--seed", 3, "--grid", "hazard_ratio=0.5,1", "--json"]
    with begun(*few, "--trials", 2_000_000, "--resume", kept) as process:
        while not (kept.exists() and kept.read_bytes().count(b"\n") > 2) and process.poll() is None:
            time.sleep(0.05)
        assert interrupted(process) == (130, "", "evenhand simulate: stopped\n")
    before = kept.read_bytes()
    again, fresh = (run(*few, "--trials", 12_000, *more).json["grid"] for more in (["--resume", kept], []))
    assert kept.read_bytes().startswith(before[: before.rindex(b"\n") + 1])
    for one in (*again, *fresh):
        one["seconds"] = one["trials_per_second"] = None
    assert again == fresh


def test_trials_on_the_real_steps_end_without_a_word_from_other_processes(tmp_path):
    light = Path(__file__).parents[1] / "studies" / "light"
    with begun("simulate", light, "--faithful", "--trials", 4000) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while process.poll() is None and not children.read_text().split():
            time.sleep(0.05)
        time.sleep(0.5)  # for the first trials to begin
        assert interrupted(process) == (130, "", "evenhand simulate: stopped\n")


def test_other_processes_do_not_hear_an_interrupt_and_this_one_does():
    with Processes(1) as executor:
        there = executor.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result()
    assert signal.SIGINT in there
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


# ---- files that stand whole or not at all -----------------------------------------------------------


FULL_DISK = OSError(28, "No space left on device")


def writing_ends_with(monkeypatch, fault):
    """From now on, what is written does not reach the disk."""

    def fsync(handle):
        raise fault

    monkeypatch.setattr(os, "fsync", fsync)


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [(FULL_DISK, 2, "{file}: No space left on device"), (KeyboardInterrupt(), 130, "stopped")],
)
@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (["render", STUDY, "--out", "page.md"], "page.md"),
        (["walk", STUDY, "--people", "2", "--seed", "1", "--record", "w.jsonl"], "w.jsonl"),
    ],
)
def test_a_full_disk_or_an_interrupt_leaves_nothing_half_written(
    run, tmp_path, monkeypatch, arguments, file, fault, code, said
):
    monkeypatch.chdir(tmp_path)
    writing_ends_with(monkeypatch, fault)
    ran = run(*arguments)
    assert (ran.code, ran.err) == (code, f"evenhand {arguments[0]}: {said.format(file=file)}\n")
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_file_stays_as_it_was_where_the_new_one_fails(tmp_path, monkeypatch):
    file = written(tmp_path, "page", "before")
    writing_ends_with(monkeypatch, FULL_DISK)
    with pytest.raises(OSError, match="page"):
        write_whole(file, b"after")
    assert file.read_text("utf-8") == "before" and [one.name for one in tmp_path.iterdir()] == ["page"]


def test_a_file_keeps_its_rights_and_a_link_stays_a_link(tmp_path):
    file, link = written(tmp_path, "page", "before"), tmp_path / "link"
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, b"after")
    assert link.is_symlink() and file.read_bytes() == b"after"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.skipif(not FULL.exists(), reason="there is no device that is always full")
def test_a_device_is_written_to_and_not_replaced(run):
    assert run("render", STUDY, "--out", FULL).err == "evenhand render: /dev/full: No space left on device\n"
    assert FULL.is_char_device()
    assert run("render", STUDY, "--out", os.devnull).code == 0 and Path(os.devnull).is_char_device()


# ---- what is no input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "r.jsonl: The file is empty."),
        (b"\x80\xff", "r.jsonl: No line can be read, so nothing says of which study it is."),
        (bytes(1000), "r.jsonl: No line can be read"),
        (b"[" * 100_000, "r.jsonl: No line can be read"),
        (b'{"study":"x"}\n', "r.jsonl: The record is of 'x', which is no shipped study."),
    ],
)
def test_verify_names_the_file_that_is_no_record(run, tmp_path, monkeypatch, content, said):
    monkeypatch.chdir(tmp_path)
    Path("r.jsonl").write_bytes(content)
    ran = run("verify", "r.jsonl")
    assert ran.code == 2 and said in ran.err and ran.err.count("\n") == 1


def test_an_empty_secret_is_no_secret(run, open_record, tmp_path):
    ran = run("verify", open_record, "--study", STUDY, "--secret", written(tmp_path, "none", "\n"))
    assert ran.code == 2 and "none: the file is empty" in ran.err


def test_of_very_many_findings_the_first_are_shown_and_json_has_all(run, record):
    record.write_bytes(record.read_bytes().replace(b"\n", b"\r\n"))
    shown, told = run("verify", record, "--study", STUDY), run("verify", record, "--study", STUDY, "--json").json
    lines = len(record.read_bytes().splitlines())
    assert len(told["findings"]) == lines > 50
    assert shown.code == 1 and shown.out.count("x line ") == 50 and f"and {lines - 50} more" in shown.flat


@pytest.mark.parametrize("heading", ['"soc"x,term', '"' + "x" * 200_000 + '"'])
def test_a_table_that_is_no_csv_is_refused(run, tmp_path, heading):
    ran = run("dictionary", written(tmp_path, "terms.csv", heading + "\n"), "--to", tmp_path / "to")
    assert ran.code == 2 and "terms.csv: " in ran.err and not (tmp_path / "to").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["walk", STUDY, "--seed", "1", "--record", "w", "--people", "9" * 25], "is too many: there are at most"),
        (["walk", STUDY, "--seed", "1", "--record", "w", "--people", "1000000001"], "is too many"),
        (["simulate", SHIP, "--trials", "9" * 5000], "is too many"),
        (["report", SHIP, "r", "--kind", "final", "--cut", "2026-01-01", "--recorded", "9999-12-31T23:59:59-14:00"],
         "lies outside the years 1 to 9999"),
        (["report", SHIP, "r", "--kind", "final", "--cut", "2026-01-01", "--recorded", "0001-01-01T00:00:00+14:00"],
         "lies outside the years 1 to 9999"),
    ],
)  # fmt: skip
def test_numbers_and_moments_that_cannot_be_are_refused(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.code == 2 and said in ran.err


def test_a_benchmark_whose_reader_has_gone_ends_quietly():
    command = [sys.executable, "-m", "bench", "startup"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 0)
