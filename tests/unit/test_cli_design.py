"""``evenhand design``: the design in words and tables, varied from the command line."""

import subprocess
import sys

import pytest

from tests.studies_here import SHIPPED, TINY, protocol_of
from tests.unit.test_design_loading import written

DESIGNS = [folder for folder in SHIPPED if protocol_of(folder).design is not None]


@pytest.fixture
def study(tmp_path):
    return written(tmp_path)


SIMPLE = ["--set", "futility=none", "--set", "detection_months=none", "--set", "sample_size=90", "--set", "looks=10,20"]


@pytest.mark.parametrize("folder", DESIGNS, ids=lambda folder: folder.name)
def test_a_shipped_design_is_printed(run, folder):
    ran = run("design", folder)
    assert ran.code == 0
    for said in ("Assumptions, and where each comes from", "Looks", "can and cannot detect", "How many people",
                 "Two conventions of follow-up", "each person at most", "after the last entry"):  # fmt: skip
        assert said in ran.flat
    for origin in protocol_of(folder).origins:
        if origin.about == "design effect":
            assert " ".join(origin.assumed.split())[:30] in ran.flat


def test_the_shipped_design_as_json(run):
    ran = run("design", DESIGNS[0], "--json")
    assert ran.code == 0
    assert 0 < ran.json["power_log_rank"] < ran.json["power"] < 1
    assert [look["information"] for look in ran.json["looks"]] == [0.5, 1.0]
    assert ran.json["looks"][-1]["alpha_spent"] == pytest.approx(0.025)
    assert sum(look["efficacy"] for look in ran.json["looks"]) == pytest.approx(ran.json["power"])
    assert {one["name"] for one in ran.json["assumptions"]} >= {"sample_size", "hazard_ratio", "alpha"}
    assert all(one["source"] or one["assumed"] for one in ran.json["assumptions"])
    assert len(ran.json["around"]["by_median"][0]["powers"]) == len(ran.json["around"]["hazard_ratios"])


def test_an_assumption_is_set(run, study):
    ran = run("design", study, *SIMPLE, "--set", "hazard_ratio=0.5", "--json")
    assert ran.code == 0
    told = {one["name"]: one for one in ran.json["assumptions"]}
    assert (told["hazard_ratio"]["value"], told["hazard_ratio"]["changed"]) == ("0.5", True)
    assert told["dropout_yearly"]["changed"] is False
    weaker = run("design", study, *SIMPLE, "--set", "hazard_ratio=0.7", "--json")
    assert weaker.json["power"] < ran.json["power"]
    assert "set here (looks); the protocol says otherwise" in run("design", study, *SIMPLE).flat


def test_a_look_that_is_not_reached_and_futility_are_told(run, study):
    one_sided = ["--set", "sided=1", "--set", "detection_months=none", "--set", "hazard_ratio=0.5"]
    ran = run("design", study, *one_sided, "--set", "looks=10,20", "--set", "sample_size=60")
    assert ran.code == 0
    assert "so many are not expected; it takes place when all is complete" in ran.flat
    assert "look 1: futility at z below" in ran.flat


@pytest.mark.parametrize("given", ["efficacy=none", "planned_events=100000"])
def test_a_look_without_a_bound_says_none_and_null(run, given):
    """What any program reads: infinity is no JSON."""
    ran = run("design", DESIGNS[0], "--set", given, "--json")
    assert [look["critical_z"] is None for look in ran.json["looks"]] == [True, False]
    assert ran.json["looks"][0]["hazard_ratio"] is None and ran.json["looks"][0]["efficacy"] == 0
    assert "none none none" in run("design", DESIGNS[0], "--set", given).flat


def test_follow_up_may_end_with_the_last_entry(run):
    ran = run("design", DESIGNS[0], "--set", "after_last_months=0", "--json")
    assert ran.code == 0 and ran.json["completion_month"] == ran.json["accrual_months"]
    assert [one["length"] for one in ran.json["around"]["follow_up"]] == [0]


BAD = [
    (["--set", "control_hazard=0", "--set", "futility=none"], "No event is expected"),
    (["--set", "nonsense=1"], "There is no assumption 'nonsense'"),
    (["--set", "hazard_ratio"], "'hazard_ratio' sets nothing."),
    (["--set", "alpha=0.1", "--set", "alpha=0.2"], "alpha is set twice."),
    (["--set", "alpha=2"], "alpha=2: 2 is not between"),
    (["--version", "v9"], "there is no version 'v9'"),
    ([], "a two-sided test has no futility bound"),
]


@pytest.mark.parametrize(("options", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_input_says_what_to_mend(run, study, options, said):
    ran = run("design", study, *options)
    assert ran.code == 2
    assert said in ran.err


def test_a_study_without_a_design_says_so(run):
    ran = run("design", TINY)
    assert ran.code == 2
    assert "has no design to compute with" in ran.err


def test_help_and_the_protocol_need_no_numbers():
    """numpy takes longer to import than a command takes to run."""
    asked = "import sys; import evenhand.cli.main, evenhand.protocol, evenhand.design.assumptions; "
    told = subprocess.run(
        [sys.executable, "-c", asked + "print([name for name in ('numpy', 'scipy', 'numba') if name in sys.modules])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "[]"
