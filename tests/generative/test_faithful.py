"""The faithful simulation: real records, read without help, and the same truth as the fast path."""

import math
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.dates import DAYS_PER_MONTH, add_months
from evenhand.design.assumptions import Look
from evenhand.record import dump
from evenhand.replay import verify_record
from evenhand.simulation.faithful import cut_at, outcomes, run, simulate_faithfully
from evenhand.simulation.faithful.cox import log_hazard_ratio
from evenhand.simulation.faithful.looking import compared, dropped, look_days
from evenhand.simulation.fast import limits_of, simulate
from tests.faithful_help import ASSUMED, CONTROL, PROTOCOL, SCENARIO, assumed, kernel, setting, trial

TRIALS = int(os.environ.get("EVENHAND_FAITHFUL_TRIALS", "60"))  # thousands, to be certain
AT_VISITS = assumed(detection_months=3)
MOVING = assumed(detection_months=3, drift_yearly=0.7, hazard_ratio="1.3@0,0.4@4", stratified_test="yes")
KINDS = {"at once": ASSUMED, "at visits": AT_VISITS, "all that moves": MOVING}
CASES = pytest.mark.parametrize("assumptions", KINDS.values(), ids=KINDS)
SEEDS = range(3)


def read(assumptions, seed, **more):
    return outcomes(PROTOCOL, trial(assumptions, seed, **more).history)


@CASES
def test_the_record_is_a_real_one(assumptions):
    made = trial(assumptions, 1, every_visit=True)
    found = verify_record(dump(made.history.entries), PROTOCOL, secret=made.secret)
    assert (found.findings, found.arms, found.allocations) == ((), "derived again", 60)
    assert not made.report.turned_away


def test_the_same_seed_leaves_the_same_record_byte_for_byte():
    one, other = (dump(run(setting(ASSUMED), 5).history.entries) for _ in range(2))
    assert one == other
    assert one != dump(run(setting(ASSUMED), 6).history.entries)


@CASES
@pytest.mark.parametrize("seed", SEEDS)
def test_visits_that_find_nothing_change_no_outcome(assumptions, seed):
    assert read(assumptions, seed) == read(assumptions, seed, every_visit=True)
    few, all_of_them = (len(trial(assumptions, seed, every_visit=every).history.entries) for every in (False, True))
    assert few + 100 < all_of_them


@pytest.mark.parametrize("seed", SEEDS)
def test_people_enter_during_accrual_and_are_followed_for_two_years_at_most(seed):
    made = trial(ASSUMED, seed)
    start = made.history.entries[0].effective
    found = outcomes(PROTOCOL, made.history)
    assert len(found) == 60
    assert all(start <= one.entered <= start + timedelta(days=15 * DAYS_PER_MONTH) for one in found)
    assert all(one.until == add_months(one.entered, 24) for one in found if one.in_time)
    assert all(one.entered < one.until <= add_months(one.entered, 24) for one in found)
    assert {one.why for one in found} == {"progression", "moved", "done"}
    assert {one.stratum for one in found} == {made.history.subject(one.subject).allocation.stratum for one in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_where_visits_find_events_these_lie_on_planned_visits(seed):
    for one in read(AT_VISITS, seed):
        if one.event:
            assert one.until in {add_months(one.entered, months) for months in range(3, 25, 3)}


def test_visits_of_other_distances_than_the_studys_are_unscheduled_ones():
    history = trial(assumed(detection_months=2), 1).history
    found = {one.subject: one for one in outcomes(PROTOCOL, history) if one.event}
    assert {(one.until - one.entered).days for one in found.values()} <= {
        round(2 * number * DAYS_PER_MONTH) for number in range(1, 13)
    }
    said = {entry.body["visit"] for entry in history.entries if entry.body.get("form") == "returned"}
    assert all(visit.startswith("unscheduled.") for visit in said)


@settings(max_examples=15, deadline=None)
@given(days=st.integers(0, 1400), seed=st.sampled_from(SEEDS))
def test_a_cut_shows_what_was_known_on_that_day(days, seed):
    history = trial(MOVING, seed).history
    cut = history.entries[0].effective + timedelta(days=days)
    then = history.as_of(recorded_cut=datetime.combine(cut, time.max, UTC))
    known = outcomes(PROTOCOL, history, cut)
    assert known == outcomes(PROTOCOL, then, cut) == cut_at(outcomes(PROTOCOL, history), cut)


# ---- the fast path is held to it


@settings(max_examples=25, deadline=None)
@given(days=st.integers(90, 1400), seed=st.sampled_from(SEEDS), kind=st.sampled_from([*KINDS]), strata=st.booleans())
def test_on_the_same_people_both_paths_have_the_same_log_rank_statistic_and_events(days, seed, kind, strata):
    history = trial(KINDS[kind], seed).history
    found = outcomes(PROTOCOL, history, history.entries[0].effective + timedelta(days=days))
    here, (z, sums, estimate) = compared(found, CONTROL, stratified=strata), kernel(found, ASSUMED, stratified=strata)
    events, dropouts, observed, expected, variance = sums
    assert events == sum(one.event for one in found)
    assert dropouts == sum(dropped(one) for one in found)
    assert observed == here.observed == sum(one.event and one.arm != CONTROL for one in found)
    assert (expected, variance) == pytest.approx((here.expected, here.variance), rel=1e-13)
    assert z == (0.0 if math.isnan(here.z) else pytest.approx(here.z, rel=1e-12, abs=1e-13))
    people = [(one.stratum if strata else "", one.months, one.event, one.arm != CONTROL) for one in found]
    own = log_hazard_ratio(people)
    assert (own is None and math.isnan(estimate)) or own == pytest.approx(estimate, abs=1e-6)


def apart(faithful, fast):
    """How many Monte-Carlo errors lie between two figures."""
    error = math.hypot(fast.sd / math.sqrt(TRIALS), fast.mc_se)
    return abs(faithful.mean - fast.mean) / error if error else float(faithful.mean != fast.mean)


@pytest.mark.parametrize("assumptions", [ASSUMED, MOVING], ids=["at once", "all that moves"])
def test_both_paths_agree_within_monte_carlo_error(assumptions):
    slow = simulate_faithfully(PROTOCOL, SCENARIO, assumptions, trials=TRIALS, seed=11)
    fast = simulate(assumptions, trials=20_000, seed=11)
    assert slow.trials == TRIALS
    assert abs(slow.power - fast.power) < 4 * math.sqrt(fast.power * (1 - fast.power) / TRIALS)
    for name in ("duration", "events", "log_hazard_ratio", "imbalance", "predictability", "power_without_futility"):
        assert apart(getattr(slow, name), getattr(fast, name)) < 4, name
    for one, other in zip(slow.looks, fast.looks, strict=True):
        for name in ("month", "people", "dropouts", "z", "efficacy"):
            assert apart(getattr(one, name), getattr(other, name)) < 4, name
    # Several events may be found on one day, so that a look at events can have a few more of them.
    assert slow.looks[0].events.mean == pytest.approx(fast.looks[0].events.mean, abs=0.1)
    assert apart(slow.looks[1].events, fast.looks[1].events) < 4


def test_at_the_last_look_nothing_is_left_to_stop_for_futility():
    """On neither path: whoever shows nothing there is inconclusive."""
    futile = assumed(futility="hwang_shih_decani(-2)", hazard_ratio=1)
    slow = simulate_faithfully(PROTOCOL, SCENARIO, futile, trials=8, seed=2)
    for found in (slow, simulate(futile, trials=2_000, seed=2)):
        first, last = found.looks[0], found.looks[-1]
        assert first.futility.mean > 0 == last.futility.mean
        stopped = sum(look.efficacy.mean + look.futility.mean for look in found.looks)
        assert found.inconclusive.mean == pytest.approx(1 - stopped) and found.inconclusive.mean > 0


def test_the_figures_do_not_depend_on_the_executor():
    here = simulate_faithfully(PROTOCOL, SCENARIO, ASSUMED, trials=5, seed=3)
    done = []
    with ProcessPoolExecutor(1) as executor:
        there = simulate_faithfully(
            PROTOCOL, SCENARIO, ASSUMED, trials=5, seed=3, executor=executor, progress=done.append
        )
    same = {**here.as_json(), "seconds": None, "trials_per_second": None}
    assert same == {**there.as_json(), "seconds": None, "trials_per_second": None}
    assert done == [1, 2, 3, 4, 5]


# ---- looks

LOOKS = [
    ((Look(events=5), Look(complete=True)), True),
    ((Look(month=3.0), Look(events=7), Look(month=60.0)), True),
    ((Look(month=9.0), Look(events=2), Look(complete=True)), True),
    ((Look(events=1000), Look(complete=True)), False),
    ((Look(events=1000),), True),
]


@pytest.mark.parametrize(("looks", "first_held"), LOOKS, ids=str)
def test_looks_are_held_in_order_and_at_their_events(looks, first_held):
    found = read(ASSUMED, 0)
    start, complete = min(one.entered for one in found), max(one.until for one in found)
    days = look_days(found, start, looks)
    held = [day for day in days if day is not None]
    assert (days[0] is not None) == first_held
    assert held == sorted(held)
    assert days[-1] is not None
    for day, look in zip(days, looks, strict=True):
        if look.complete:
            assert day == complete
        elif look.events is not None and look.events < 1000:
            assert sum(one.event and one.until <= day for one in found) >= look.events
        elif look.month is not None:
            assert day >= start + timedelta(days=int(look.month * DAYS_PER_MONTH))


def test_bounds_may_be_those_of_another_truth():
    null = assumed(hazard_ratio=1)
    found = simulate_faithfully(PROTOCOL, SCENARIO, null, trials=2, seed=1, limits=limits_of(ASSUMED))
    assert found.limits == limits_of(ASSUMED)
