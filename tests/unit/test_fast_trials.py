"""One simulated trial at a time: its people, its looks, its log-rank statistic and its hazard ratio."""

import json
import os
import subprocess
import sys
from itertools import groupby

import numpy as np
import pytest

from evenhand.design.shape import Look
from evenhand.refusal import Refusal
from evenhand.simulation.fast import Limits
from evenhand.simulation.fast.batch import batch_sums
from evenhand.simulation.fast.inputs import prepared
from evenhand.simulation.fast.single import compared, one_trial
from evenhand.statistics.logrank import logrank
from tests.fast_trials import BOUNDS, FUTILE, STRATA, WIDE, inputs, reference

CLOSE = {"rel": 1e-12, "abs": 1e-12}


def as_seen(trial, month):
    """Time, event, arm and stratum of everybody who has entered by a month, cut there by plain numpy."""
    month = min(month, trial.close)
    here = trial.entry <= month
    still = month - trial.entry[here]
    ended = trial.entry[here] + trial.lasts[here] <= month
    time = np.where(ended, trial.lasts[here], still)
    return time, ended & (trial.how[here] == 0), trial.arm[here], trial.stratum[here]


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("number", range(12))
def test_every_look_is_the_log_rank_test_of_what_was_seen(name, number):
    trial = one_trial(inputs(name), 20, number)
    stratified = WIDE[name].stratified_test
    assert any(trial.looks)
    for look in filter(None, trial.looks):
        time, event, arm, stratum = as_seen(trial, look.month)
        theirs = logrank(time, event, arm, stratum if stratified else None)
        assert (look.people, look.events, look.observed) == (len(time), event.sum(), theirs.observed)
        assert look.expected == pytest.approx(theirs.expected, **CLOSE)
        assert look.variance == pytest.approx(theirs.variance, **CLOSE)
        assert look.z == pytest.approx(theirs.z, **CLOSE)


@pytest.mark.parametrize("stratified", [False, True])
@pytest.mark.parametrize("ties", [3, 20, 100_000_000])
@pytest.mark.parametrize("seed", range(5))
def test_the_log_rank_test_of_any_people_is_the_same(stratified, ties, seed):
    draw = np.random.default_rng(seed)
    time = draw.integers(1, ties + 1, 162) * 0.1
    event, arm, stratum = draw.integers(0, 2, 162), draw.integers(0, 2, 162), draw.integers(0, 3, 162)
    of = prepared(reference(strata=STRATA, stratified_test=stratified), BOUNDS)
    ours = compared(of, time, event, arm, stratum)
    theirs = logrank(time, event, arm, stratum if stratified else None)
    assert (ours.observed, ours.events) == (theirs.observed, event.sum())
    assert [ours.expected, ours.variance, ours.z] == pytest.approx(
        [theirs.expected, theirs.variance, theirs.z], **CLOSE
    )


def test_nothing_can_be_said_without_an_event_or_with_one_arm():
    of = prepared(reference(sample_size=4), BOUNDS)
    nothing = compared(of, [1, 2, 3, 4], [0, 0, 0, 0], [0, 1, 0, 1])
    assert (nothing.z, nothing.events) == (0.0, 0) and np.isnan(nothing.log_hazard_ratio)
    one_arm = compared(of, [1, 2, 3, 4], [1, 1, 0, 1], [0, 0, 0, 0])
    assert one_arm.z == 0.0 and np.isnan(one_arm.log_hazard_ratio)
    assert np.isnan(compared(of, [1, 2, 3, 4], [0, 1, 0, 1], [0, 1, 0, 1]).log_hazard_ratio)


def test_the_hazard_ratio_maximizes_the_partial_likelihood():
    """The derivative of Cox's partial likelihood, ties by Efron, written out person by person."""
    draw = np.random.default_rng(3)
    time, event, arm = draw.integers(1, 30, 80) * 1.0, draw.integers(0, 2, 80), draw.integers(0, 2, 80)
    found = compared(prepared(reference(sample_size=80), BOUNDS), time, event, arm).log_hazard_ratio
    weight, score = np.exp(found * arm), 0.0
    for moment in np.unique(time[event == 1]):
        dying, risk = (time == moment) & (event == 1), time >= moment
        for gone in range(dying.sum()):
            part = gone / dying.sum()
            left = weight[risk].sum() - part * weight[dying].sum()
            score += ((weight * arm)[risk].sum() - part * (weight * arm)[dying].sum()) / left
    assert score == pytest.approx((event * arm).sum(), abs=1e-7)


def test_interpreted_the_loops_give_the_same_numbers():
    """The same functions as plain Python, in a process where nothing is compiled; no one number differs by a bit."""
    code = (
        "import json, numpy; from tests.fast_trials import WIDE, inputs\n"
        "from evenhand.simulation.fast.batch import batch_sums\n"
        "from evenhand.simulation.fast.single import one_trial\n"
        "numpy.seterr(over='ignore')\n"
        "print(json.dumps({name: batch_sums(inputs(name), 5, 3, 2).as_json() for name in WIDE}))\n"
        "assert one_trial(inputs('visits'), 1, 1).looks[1].events > 50\n"
    )
    plain = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(plain.stdout) == {name: batch_sums(inputs(name), 5, 3, 2).as_json() for name in WIDE}


@pytest.mark.parametrize("arrivals", ["uniform", "exponential"])
def test_people_enter_in_order_at_the_pace_of_the_accrual(arrivals):
    """2 a month in the first year, then 6: 24 people by month 12, on average."""
    of = inputs("drift", arrivals=arrivals)
    trials = [one_trial(of, 1, number).entry for number in range(400)]
    assert all((np.diff(entry) >= 0).all() for entry in trials)
    first_year = np.array([(entry <= 12).sum() for entry in trials])
    variance = 24 if arrivals == "exponential" else 24 * (1 - 24 / 162)
    assert abs(first_year.mean() - 24) < 4 * np.sqrt(variance / len(trials))
    assert first_year.var() == pytest.approx(variance, rel=0.35)
    end = max(entry[-1] for entry in trials)
    assert end > 35 if arrivals == "exponential" else 34 < end <= 35


@pytest.mark.parametrize(("name", "ratio"), [("strata", (1, 1)), ("two to one", (1, 2))])
def test_blocks_hold_the_ratio_in_every_stratum(name, ratio):
    """Wherever a block may end, the arms are balanced; so no stratum is ever further off than half a block."""
    for number in range(20):
        trial = one_trial(inputs(name), 2, number)
        for stratum in range(3 if name == "strata" else 1):
            arms = trial.arm[trial.stratum == stratum]
            ahead = np.cumsum(arms * ratio[0] - (1 - arms) * ratio[1])
            assert abs(ahead).max() <= max(WIDE[name].block_sizes) * ratio[0] * ratio[1] / sum(ratio)
        assert (np.diff(trial.entry) >= 0).all()


def test_every_order_of_a_block_is_as_likely():
    first = [tuple(one_trial(inputs("plain"), 3, number).arm[:4].tolist()) for number in range(1200)]
    counts = {order: len(list(same)) for order, same in groupby(sorted(first))}
    assert len(counts) == 6
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 5 + 4 * np.sqrt(10)


def test_events_are_found_at_visits_and_nobody_is_followed_beyond_the_cap():
    for number in range(10):
        trial = one_trial(inputs("visits"), 4, number)
        found = trial.lasts[trial.how == 0]
        assert (found % 3 == 0).all() and found.min() >= 3
        assert trial.lasts.max() == 36 and (trial.lasts[trial.how == 2] == 36).all()


def test_follow_up_after_the_last_entry_ends_for_all_at_once():
    trial = one_trial(inputs("after the last"), 1, 1)
    assert trial.close == trial.entry[-1] + 18
    last = trial.looks[-1]
    assert last.month == trial.close and last.people == 162
    assert last.events == (trial.entry + trial.lasts <= trial.close).sum()


def test_a_look_at_more_events_than_there_are_is_not_held_and_the_last_one_is():
    trial = one_trial(inputs("few events"), 1, 1)
    assert trial.looks[0] is None
    assert trial.looks[1].month == (trial.entry + trial.lasts).max()


def test_a_look_at_events_has_just_so_many():
    looks = [look for number in range(20) for look in one_trial(inputs("events"), 1, number).looks]
    assert [look.events for look in looks] == [50, 100] * 20


def test_no_look_is_held_before_the_one_in_front_of_it():
    of = prepared(reference(looks=(Look(month=60.0), Look(events=20))), BOUNDS)
    assert [look.month for look in one_trial(of, 1, 1).looks] == [60.0, 60.0]


FAULTS = [
    ({}, Limits((2.0,)), "2 looks and 1 bounds"),
    ({}, Limits((2.0, 2.0), (0.0,)), "2 looks and 2 bounds"),
    ({"accrual": ((0.0, 5.0), (12.0, 0.0))}, BOUNDS, "stands still"),
    ({"accrual": ((1.0, 5.0),)}, BOUNDS, "no pieces"),
    ({"control_hazard": ((0.0, -1.0),)}, BOUNDS, "no pieces"),
    ({"drift_yearly": 0.0}, BOUNDS, "out of range"),
    ({"dropout_yearly": 1.0}, BOUNDS, "out of range"),
    ({"block_sizes": (3,)}, BOUNDS, "does not hold the allocation"),
    ({"looks": ()}, Limits(()), "0 looks"),
]


@pytest.mark.parametrize(("changes", "limits", "said"), FAULTS)
def test_what_cannot_be_simulated_is_refused(changes, limits, said):
    with pytest.raises(Refusal, match=said):
        prepared(reference(**changes), limits)


def test_people_arrive_in_one_of_two_ways():
    with pytest.raises(Refusal, match="Nobody arrives 'by bus'"):
        prepared(reference(), FUTILE, "by bus")
