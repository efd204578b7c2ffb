"""``evenhand simulate``: the figures for people and programs, grids, going on, and what is refused."""

from pathlib import Path

import pytest

from tests.command_line import Run
from tests.studies_here import SHIPPED

STUDY = str(SHIPPED[0])
LIGHT = str(Path(__file__).parents[1] / "studies" / "light")
FEW = ["--trials", "4000", "--seed", "3"]


def test_the_figures_stand_with_their_errors_and_the_assumptions_beside(capsys):
    run = Run(capsys, ["simulate", STUDY, *FEW])
    assert run.code == 0
    assert "4,000 trials of seed 3" in run.flat
    for said in ("Power", "MC error", "Months until a trial ends", "Bias of it", "Allocations guessed right"):
        assert said in run.flat
    assert "Assumptions" in run.flat and "Follow-up of each person" in run.flat


def test_json_has_the_figures(capsys):
    found = Run(capsys, ["simulate", STUDY, *FEW, "--json"]).json
    assert found["trials"] == 4000 and found["seed"] == 3 and found["set"] == {}
    assert found["trials_per_second"] == pytest.approx(4000 / found["seconds"])
    assert found["power_mc_se"] == pytest.approx((found["power"] * (1 - found["power"]) / 4000) ** 0.5)
    assert [len(found["looks"]), len(found["limits"]["efficacy"])] == [2, 2]
    assert {one["name"] for one in found["assumptions"]} >= {"sample_size", "hazard_ratio", "cap_months"}


def test_without_an_effect_the_power_is_the_type_one_error(capsys):
    run = Run(capsys, ["simulate", STUDY, *FEW, "--set", "hazard_ratio=1"])
    assert "Type I error" in run.flat and "(set here)" in run.flat


@pytest.mark.parametrize(
    ("ratio", "blocks", "unit"), [("1:1", "4", "people"), ("1:2", "3", "2 x control - 1 x experimental")]
)
def test_imbalance_says_what_it_counts(capsys, ratio, blocks, unit):
    run = Run(capsys, ["simulate", STUDY, *FEW, "--set", f"allocation={ratio}", "--set", f"block_sizes={blocks}"])
    assert f"Imbalance of the arms, {unit}" in run.flat


def test_a_grid_has_a_row_for_every_combination(capsys):
    grid = ["--grid", "hazard_ratio=0.5,1", "--grid", "control_median=12,18,24", "--set", "dropout_yearly=0"]
    run = Run(capsys, ["simulate", STUDY, *FEW, *grid])
    assert run.code == 0 and "in all of them: dropout_yearly=0" in run.flat
    assert sum("hazard_ratio=" in line for line in run.out.splitlines()) == 6
    found = Run(capsys, ["simulate", STUDY, *FEW, *grid, "--json"]).json["grid"]
    assert [one["set"]["control_median"] for one in found] == ["12", "18", "24"] * 2
    assert len({tuple(one["limits"]["efficacy"]) for one in found}) == 1
    assert all(one["power"] > 0.5 for one in found[:3]) and all(one["power"] < 0.05 for one in found[3:])


def test_futility_and_two_sides_are_said(capsys):
    futile = ["--set", "futility=hwang_shih_decani(-4)"]
    assert "if nobody stops for futility" in Run(capsys, ["simulate", STUDY, *FEW, *futile]).flat
    assert "Shown to be worse" in Run(capsys, ["simulate", STUDY, *FEW, "--set", "sided=2", "--set", "alpha=0.05"]).flat


def test_a_second_run_goes_on_from_what_is_kept(capsys, tmp_path):
    arguments = ["simulate", STUDY, *FEW, "--resume", tmp_path / "batches", "--json"]
    first, second = Run(capsys, arguments).json, Run(capsys, arguments).json
    assert second["trials_per_second"] is None
    assert {**first, "seconds": 0, "trials_per_second": 0} == {**second, "seconds": 0, "trials_per_second": 0}
    assert "all of them kept from before" in Run(capsys, arguments[:-1]).flat
    other = Run(capsys, [*arguments, "--set", "hazard_ratio=0.7"])
    assert other.code == 2 and "other assumptions" in other.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "luck=1"], "There is no assumption 'luck'"),
        (["--set", "hazard_ratio"], "sets nothing"),
        (["--grid", "hazard_ratio"], "varies nothing"),
        (["--grid", "hazard_ratio=1,2", "--set", "hazard_ratio=1"], "hazard_ratio is set and varied"),
        (["--trials", "0"], "Take 1 trial or more"),
        (["--trials", "many"], "'many' is no whole number"),
        (["--trials", "²"], "'²' is no whole number"),
        (["--set", "drop_out=0.1"], "Did you mean dropout_yearly?"),
    ],
)
def test_what_cannot_be_done_is_refused(capsys, arguments, said):
    run = Run(capsys, ["simulate", STUDY, *arguments])
    assert run.code == 2 and said in run.err


def test_trials_on_the_real_steps_give_the_same_figures_in_kind(capsys):
    few = ["simulate", LIGHT, "--faithful", "--trials", "4"]
    run = Run(capsys, few)
    assert run.code == 0 and "4 trials of seed 1" in run.flat and "Allocations guessed right" in run.flat
    found, again = (Run(capsys, [*few, "--json"]).json for _ in range(2))
    assert found["trials"] == 4 and found["power"] == again["power"] and found["looks"] == again["looks"]


def test_trials_on_the_real_steps_are_stopped_by_the_bounds_of_the_plan(capsys):
    """Another median is the world's and not the trial's choice: bounds planned at a month stay, on both paths."""
    given = ["--set", "looks=15m,complete", "--set", "planned_events=none", "--set", "control_median=6", "--json"]
    fast = Run(capsys, ["simulate", LIGHT, "--trials", "10", *given]).json
    faithful = Run(capsys, ["simulate", LIGHT, "--faithful", "--trials", "1", *given]).json
    assert faithful["limits"] == fast["limits"]


@pytest.mark.parametrize("more", [["--grid", "hazard_ratio=0.5,1"], ["--resume", "batches"]])
def test_what_the_real_steps_cannot_do_is_refused(capsys, more):
    refused = Run(capsys, ["simulate", LIGHT, "--faithful", "--trials", "4", *more])
    assert refused.code == 2 and "cannot be resumed" in refused.err
