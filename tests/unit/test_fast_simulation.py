"""Many simulated trials: the same numbers on any executor, going on after an interruption, what the figures mean."""

import json
import math
import multiprocessing
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from evenhand.design.shape import Look
from evenhand.refusal import Refusal
from evenhand.simulation.fast import Limits, Scenario, limits_of, running, simulate, simulate_grid
from evenhand.simulation.fast.batch import batch_sums
from evenhand.simulation.fast.grid import grid_of, scenario
from evenhand.simulation.fast.single import one_trial
from evenhand.simulation.fast.sums import ESTIMATES, LARGEST_IMBALANCE, Sums
from tests.fast_trials import BOUNDS, FUTILE, STRATA, WIDE, by_events, inputs, reference

MANY = 20_000


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(running, "BATCH", 40)


def untimed(found):
    """All figures but how long they took."""
    return replace(found, seconds=0.0, trials_per_second=None)


def of_visits(**more):
    return untimed(simulate(WIDE["visits, strata, drift"], trials=1010, seed=9, limits=FUTILE, **more))


class InThisThread(Executor):
    """Runs everything at once, where it is asked; counts what it ran."""

    def __init__(self):
        self.ran = []

    def submit(self, function, /, *arguments, **named):
        self.ran.append(arguments[2:])
        future = Future()
        future.set_result(function(*arguments, **named))
        return future


class Unsteady(ThreadPoolExecutor):
    """Threads of which some dawdle, so that batches are ready in another order."""

    def submit(self, function, /, *arguments, **named):
        def later():
            time.sleep(0.02 * (arguments[2] // 40 % 3 == 0))
            return function(*arguments, **named)

        return super().submit(later)


# ---- the same numbers ----------------------------------------------------------------------------


@pytest.mark.usefixtures("small_batches")
def test_numbers_are_the_same_on_any_executor():
    ours = of_visits()
    assert ours == of_visits(executor=InThisThread())
    for threads in (1, 3):
        with Unsteady(threads) as executor:
            assert ours == of_visits(executor=executor)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        assert ours == of_visits(executor=executor)


@pytest.mark.parametrize("cut", [1, 37, 99])
@pytest.mark.parametrize("name", ["plain", "visits, strata, drift"])
def test_trials_are_the_same_however_they_are_cut(name, cut):
    """Counts are equal; sums of months and z values are added in another order and may differ in the last digits."""
    of = inputs(name)
    whole, parts = batch_sums(of, 1, 0, 100), batch_sums(of, 1, 0, cut).plus(batch_sums(of, 1, cut, 100 - cut))
    assert (
        parts.totals[[ESTIMATES, LARGEST_IMBALANCE]].tolist() == whole.totals[[ESTIMATES, LARGEST_IMBALANCE]].tolist()
    )
    np.testing.assert_allclose(parts.looks, whole.looks, rtol=1e-12)
    np.testing.assert_allclose(parts.totals, whole.totals, rtol=1e-12)


def test_sums_are_those_of_the_single_trials():
    of = inputs("strata")
    sums, trials = batch_sums(of, 4, 0, 30), [one_trial(of, 4, number) for number in range(30)]
    for place, row in enumerate(sums.looks):
        looks = [trial.looks[place] for trial in trials]
        assert row[0] == len(looks)
        assert row[1] == sum(look.events for look in looks)
        assert row[3] == pytest.approx(sum(look.month for look in looks), rel=1e-12)
        assert row[7] == pytest.approx(sum(look.z for look in looks), rel=1e-12)
        assert row[9] == sum(look.dropouts for look in looks)


def test_another_seed_gives_other_trials():
    assert batch_sums(inputs("plain"), 1, 0, 10).looks.tolist() != batch_sums(inputs("plain"), 2, 0, 10).looks.tolist()


def test_sums_read_back_as_they_were():
    sums = batch_sums(inputs("visits"), 1, 0, 50)
    again = Sums.of_json(json.loads(json.dumps(sums.as_json())))
    assert (again.looks.tolist(), again.totals.tolist()) == (sums.looks.tolist(), sums.totals.tolist())


# ---- going on after an interruption --------------------------------------------------------------


class Enough(Exception):
    pass


def stop_after(trials):
    def progress(done):
        if done >= trials:
            raise Enough

    return progress


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("torn", [b"", b'{"of": "ab'])
def test_an_interrupted_simulation_goes_on_to_the_same_numbers(tmp_path, torn):
    file = tmp_path / "batches"
    with pytest.raises(Enough):
        of_visits(resume=file, progress=stop_after(400))
    file.write_bytes(file.read_bytes() + torn)
    finished = len(file.read_bytes().splitlines()) - 1 - bool(torn)
    assert 400 // 40 <= finished < 26
    executor = InThisThread()
    assert of_visits(resume=file, executor=executor) == of_visits()
    assert len(executor.ran) - 1 == 26 - finished  # and one of no trials, which compiles
    nothing = InThisThread()
    assert of_visits(resume=file, executor=nothing) == of_visits()
    assert len(nothing.ran) == 1


@pytest.mark.usefixtures("small_batches")
def test_more_trials_go_on_from_fewer(tmp_path):
    simulate(WIDE["plain"], trials=400, seed=1, limits=BOUNDS, resume=tmp_path / "batches")
    executor = InThisThread()
    more = simulate(WIDE["plain"], trials=800, seed=1, limits=BOUNDS, resume=tmp_path / "batches", executor=executor)
    assert len(executor.ran) - 1 == 10
    assert untimed(more) == untimed(simulate(WIDE["plain"], trials=800, seed=1, limits=BOUNDS))


@pytest.mark.usefixtures("small_batches")
def test_the_speed_is_that_of_the_trials_simulated_now(tmp_path):
    first = simulate(WIDE["plain"], trials=400, seed=1, limits=BOUNDS, resume=tmp_path / "batches")
    again = simulate(WIDE["plain"], trials=400, seed=1, limits=BOUNDS, resume=tmp_path / "batches")
    assert first.trials_per_second == pytest.approx(400 / first.seconds)
    assert (again.seconds, again.trials_per_second) == (0.0, None)


@pytest.mark.parametrize(
    "other", [{"seed": 2}, {"limits": FUTILE}, {"assumptions": WIDE["visits"]}], ids=["seed", "limits", "assumptions"]
)
def test_a_file_of_another_simulation_is_refused_and_left_alone(tmp_path, other):
    file = tmp_path / "batches"
    given = {"assumptions": WIDE["plain"], "trials": 100, "seed": 1, "limits": BOUNDS, "resume": file}
    simulate(**given)
    before = file.read_bytes()
    with pytest.raises(Refusal, match="batches of other assumptions, another seed or another version"):
        simulate(**(given | other))
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"a diary\n", b'{"of": 1}\n', b"[1, 2]\n", b"\xff\n", b"no line at all"])
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path, content):
    file = tmp_path / "diary"
    file.write_bytes(content)
    with pytest.raises(Refusal, match="holds something else"):
        simulate(WIDE["plain"], trials=100, seed=1, limits=BOUNDS, resume=file)
    assert file.read_bytes() == content


# ---- what the figures mean -----------------------------------------------------------------------


def test_progress_rises_to_all_trials_of_all_scenarios():
    told = []
    simulate_grid([Scenario(WIDE["plain"], BOUNDS)] * 2, trials=5000, seed=1, progress=told.append)
    assert told == sorted(told) and told[-1] == 10_000 and 5000 in told


def test_every_trial_ends_in_one_way():
    found = simulate(WIDE["two-sided"], trials=MANY, seed=1, limits=FUTILE)
    ways = [part.mean for look in found.looks for part in (look.efficacy, look.futility, look.harm)]
    assert found.power == pytest.approx(sum(look.efficacy.mean for look in found.looks))
    assert sum(ways) + found.inconclusive.mean == pytest.approx(1)
    assert found.harm.mean > 0.1 and found.power < 0.01
    assert found.looks[-1].futility.mean == 0


def test_stopping_for_futility_costs_power_and_time():
    plain, futile = (simulate(reference(), trials=MANY, seed=1, limits=limits) for limits in (BOUNDS, FUTILE))
    assert futile.power < plain.power == futile.power_without_futility.mean
    assert futile.duration.mean < plain.duration.mean and futile.looks[0].futility.mean > 0.05
    assert futile.looks[1].z == plain.looks[1].z


def test_figures_of_a_null_design_are_those_of_chance():
    found = simulate(by_events(hazard_ratio=((0.0, 1.0),)), trials=MANY, seed=3, limits=BOUNDS)
    assert abs(found.power - 0.0254) < 4 * found.power_mc_se
    assert abs(found.bias.mean) < 4 * found.bias.mc_se
    assert [look.events.mean for look in found.looks] == [50, 100]
    assert found.looks[1].z.sd == pytest.approx(1, abs=0.03)
    assert found.largest_imbalance == 2  # 162 people in blocks of 4


def test_guesses_agree_with_the_exact_figure():
    """0.707 for blocks of 4 and 162 people: the exact metrics of this house, and others', say so as well."""
    found = simulate(reference(), trials=2000, seed=1, limits=BOUNDS)
    assert found.predictability.mean == pytest.approx(0.707, abs=0.001)


def test_an_estimate_stopped_early_exaggerates():
    found = simulate(reference(), trials=MANY, seed=1, limits=BOUNDS)
    assert found.bias.mean == pytest.approx(found.log_hazard_ratio.mean - math.log(0.6))
    assert found.bias.mean < -0.02
    assert simulate(WIDE["delayed"], trials=100, seed=1, limits=BOUNDS).bias is None


@pytest.mark.parametrize(
    "rising",
    [
        [{"hazard_ratio": ((0.0, ratio),)} for ratio in (1.0, 0.8, 0.6, 0.4)],
        [{"sample_size": size, "accrual": ((0.0, size / 36),)} for size in (80, 160, 320)],
        [{"cap_months": cap} for cap in (9.0, 18.0, 36.0)],
        [{"hazard_ratio": ((0.0, 1.0), (delay, 0.6))} for delay in (18.0, 6.0, 1.0)],
        [{"dropout_yearly": lost} for lost in (0.4, 0.2, 0.0)],
    ],
    ids=["effect", "people", "follow-up", "delay", "drop-out"],
)
def test_power_rises_with(rising):
    powers = [
        simulate(reference(**(change | {"looks": (Look(complete=True),)})), trials=4000, seed=1, limits=Limits((1.96,)))
        for change in rising
    ]
    assert all(later.power > earlier.power for earlier, later in pairwise(powers))


@pytest.mark.parametrize("name", WIDE)
def test_a_larger_effect_of_the_other_sign_is_the_mirror_of_it(name):
    """Without a difference, z is as often above as below 0, whatever else is assumed."""
    found = simulate(replace(WIDE[name], hazard_ratio=((0.0, 1.0),)), trials=4000, seed=2, limits=BOUNDS)
    for look in found.looks:
        assert not look.held.mean or abs(look.z.mean) < 4.5 * look.z.mc_se
        assert not look.held.mean or look.z.sd == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize(("trials", "seed"), [(0, 1), (10, -1), (10, 2**64)])
def test_no_trials_or_a_seed_out_of_range_are_refused(trials, seed):
    with pytest.raises(Refusal, match="nothing to simulate"):
        simulate(reference(), trials=trials, seed=seed, limits=BOUNDS)


def test_bounds_are_those_of_the_design_unless_given():
    planned = limits_of(by_events())
    assert planned.efficacy == pytest.approx(BOUNDS.efficacy, abs=1e-6) and planned.futility is None
    assert simulate(by_events(), trials=100, seed=1).limits == planned


# ---- grids ---------------------------------------------------------------------------------------


def test_what_is_true_is_varied_and_the_bounds_stay_those_of_the_plan():
    plan = reference(planned_events=100)
    assert scenario(plan, {"control_median": "30", "hazard_ratio": "1"}).limits == limits_of(plan)
    assert scenario(plan, {"control_median": "30"}).assumptions.control_hazard == ((0.0, math.log(2) / 30),)
    stricter = scenario(plan, {"alpha": "0.01", "hazard_ratio": "1"})
    assert stricter.limits == limits_of(replace(plan, alpha=0.01)) != limits_of(plan)


def test_a_grid_is_every_combination():
    assert grid_of([]) == [{}]
    assert grid_of(["a=1,2", "b=1@0,2@6;3"]) == [
        {"a": "1", "b": "1@0,2@6"}, {"a": "1", "b": "3"}, {"a": "2", "b": "1@0,2@6"}, {"a": "2", "b": "3"},
    ]  # fmt: skip
    assert grid_of(["b=1@0,2@6"]) == [{"b": "1@0,2@6"}]


@pytest.mark.parametrize(
    ("given", "said"),
    [(["a"], "'a' varies nothing"), (["a="], "varies nothing"), (["a=1", "a=2"], "a is varied twice")],
)
def test_a_grid_that_says_nothing_is_refused(given, said):
    with pytest.raises(Refusal, match=said):
        grid_of(given)


def test_scenarios_of_a_grid_share_their_luck():
    """The same trials under another effect: the difference of two powers has less error than either has."""
    easy, hard = (reference(hazard_ratio=((0.0, ratio),)) for ratio in (0.6, 0.65))
    first = simulate_grid([Scenario(easy, BOUNDS), Scenario(hard, BOUNDS)], trials=2000, seed=5)
    second = simulate_grid([Scenario(easy, BOUNDS), Scenario(hard, BOUNDS)], trials=2000, seed=6)
    assert [one.looks[0].people.mean for one in first] != [one.looks[0].people.mean for one in second]
    assert all(pair[0].power > pair[1].power for pair in (first, second))
    assert first[0].predictability == first[1].predictability


def test_strata_that_differ_cost_power_unless_the_test_knows_them():
    """Factors 1, 1.5 and 0.5: a plain test mixes them, which dilutes the hazard ratio."""
    plain, knowing = (
        simulate(reference(strata=STRATA, stratified_test=known), trials=MANY, seed=1, limits=BOUNDS)
        for known in (False, True)
    )
    assert knowing.power > plain.power + 3 * plain.power_mc_se
    assert abs(knowing.bias.mean) < abs(plain.bias.mean) + 0.05
