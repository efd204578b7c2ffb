"""Monitoring by the events observed, and the log-rank test on data small enough for paper."""

import math

import pytest

from evenhand.statistics.boundaries import bounds
from evenhand.statistics.crossing import crossing
from evenhand.statistics.logrank import logrank
from evenhand.statistics.monitoring import (
    Futility,
    Interim,
    Prior,
    conditional_crossing,
    conditional_power,
    observed_bounds,
    predictive_power,
)
from evenhand.statistics.spending import Spending, spent

OBF = Spending("obrien_fleming")
PLAN = {"alpha": 0.025, "sided": 1, "efficacy": OBF}
HP = {**PLAN, "efficacy": Spending("haybittle_peto")}


def test_looks_on_plan_have_the_bounds_of_the_plan():
    planned = bounds([0.5, 1], **PLAN)
    assert observed_bounds([50, 100], 100, **PLAN).efficacy == pytest.approx(planned.efficacy, abs=1e-12)
    assert observed_bounds([50], 100, **PLAN).efficacy == pytest.approx(planned.efficacy[:1], abs=1e-12)


def test_an_interim_look_spends_what_its_events_allow_and_the_last_all_that_is_left():
    early = observed_bounds([47], 100, **PLAN)
    assert early.alpha_spent == pytest.approx((spent(OBF, 0.025, 0.47),), rel=1e-9)
    under, over = (observed_bounds([47, events], 100, **PLAN, last=True) for events in (80, 130))
    assert under.efficacy[0] == over.efficacy[0] == early.efficacy[0]
    assert under.alpha_spent[-1] == pytest.approx(0.025, rel=1e-9) == over.alpha_spent[-1]
    assert observed_bounds([47, 80], 100, **PLAN).alpha_spent[-1] < 0.02


@pytest.mark.parametrize(
    ("events", "bound", "error"), [(80, 1.965, 0.0248), (100, 1.969, 0.0250), (120, 1.972, 0.0252)]
)
def test_keeping_the_last_bound_of_the_plan_hardly_errs(events, bound, error):
    """What docs/design.md says of simulated trials, which stop by the bounds of the plan."""
    planned = bounds([0.5, 1], **PLAN).efficacy
    assert observed_bounds([50, events], 100, **PLAN, last=True).efficacy[-1] == pytest.approx(bound, abs=5e-4)
    kept = crossing([50 / events, 1], [0, 0], planned, [-math.inf] * 2)
    assert sum(kept.upper) == pytest.approx(error, abs=5e-5)


def test_an_unplanned_look_changes_no_bound_before_it():
    two, three = observed_bounds([40, 60], 100, **PLAN), observed_bounds([40, 60, 75], 100, **PLAN)
    assert three.efficacy[:2] == pytest.approx(two.efficacy, abs=1e-12)


def test_haybittle_peto_stays_at_three_until_the_end():
    assert observed_bounds([30, 55], 100, **HP).efficacy == (3, 3)
    found = observed_bounds([30, 55, 90], 100, **HP, last=True)
    assert found.efficacy[:2] == (3, 3)
    assert found.alpha_spent[-1] == pytest.approx(0.025, rel=1e-9)


@pytest.mark.parametrize("binding", [False, True])
def test_futility_on_plan_is_that_of_the_plan(binding):
    planned = bounds([0.5, 1], **PLAN, futility=Spending("pocock"), beta=0.2, binding=binding)
    futility = Futility(Spending("pocock"), 0.2, math.sqrt(planned.shift), binding)
    found = observed_bounds([50, 100], 100, **PLAN, futility=futility)
    assert found.efficacy == pytest.approx(planned.efficacy, abs=1e-9)
    assert found.futility == pytest.approx(planned.futility, abs=1e-9)
    assert found.beta_spent == pytest.approx(planned.beta_spent, abs=1e-9)
    interim = observed_bounds([50], 100, **PLAN, futility=futility)
    assert interim.futility == pytest.approx(planned.futility[:1], abs=1e-9)
    assert interim.futility[0] < interim.efficacy[0]


@pytest.mark.parametrize(
    ("events", "planned", "change", "said"),
    [
        ([], 100, {}, "there is no look"),
        ([50, 40], 100, {}, "must rise"),
        ([50, 100], 0, {}, "events are planned"),
        ([100, 120], 100, {}, "look 1 had all planned events"),
        ([50], 100, {"efficacy": Spending("classical_pocock")}, "holds at planned looks only"),
        ([50], 100, {"sided": 2, "futility": Futility(OBF, 0.2, 2.8)}, "state it one-sided"),
        ([50], 100, {"alpha": 0.7}, "alpha is 0.7"),
    ],
)
def test_monitoring_that_means_nothing_is_refused(events, planned, change, said):
    with pytest.raises(ValueError, match=said):
        observed_bounds(events, planned, **{**PLAN, **change})


def test_power_given_the_interim_is_that_of_the_walk_from_there():
    interim = Interim(1.1, 40, (1, 2))
    found = conditional_crossing(interim, [70, 100], [2.4, 2.0], hazard_ratio=0.65)
    alone = conditional_power(interim, 100, 2.0, 0.65)
    assert found.upper[0] == pytest.approx(conditional_power(interim, 70, 2.4, 0.65), rel=1e-9)
    assert max(found.upper[0], alone) < found.power < found.upper[0] + alone
    stopped = conditional_crossing(interim, [70, 100], [2.4, 2.0], [0.9, 2.0])
    assert math.fsum((*stopped.upper, *stopped.lower, stopped.none)) == pytest.approx(1, rel=1e-9)


def test_the_current_trend_is_the_ratio_that_the_interim_estimates():
    interim = Interim(1.5, 64)
    assert interim.hazard_ratio == pytest.approx(math.exp(-1.5 / 4))
    trend = conditional_power(interim, 120, 1.98)
    assert trend == conditional_power(interim, 120, 1.98, interim.hazard_ratio)
    assert conditional_power(interim, 120, 1.98, 0.5) > trend > conditional_power(interim, 120, 1.98, 1.0)


def test_a_strong_prior_decides_and_no_prior_leaves_it_to_the_interim():
    interim = Interim(1.5, 50)
    certain = predictive_power(interim, 100, 1.97, Prior(0.6, 1e9))
    assert certain == pytest.approx(conditional_power(interim, 100, 1.97, 0.6), abs=1e-6)
    hopeful, flat = predictive_power(interim, 100, 1.97, Prior(0.5, 50)), predictive_power(interim, 100, 1.97)
    assert hopeful > flat > predictive_power(interim, 100, 1.97, Prior(1.0, 50))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Interim(math.nan, 50), "give a finite z"),
        (lambda: Interim(1, 0), "events above 0"),
        (lambda: conditional_power(Interim(1, 50), 50, 2), "the end must have more"),
        (lambda: conditional_power(Interim(1, 50), 100, 2, 0), "the hazard ratio is 0"),
        (lambda: predictive_power(Interim(1, 50), 100, 2, Prior(-1, 5)), "the hazard ratio is -1"),
        (lambda: conditional_crossing(Interim(1, 50), [50], [2]), "must rise"),
        (lambda: conditional_crossing(Interim(1, 50), [80], [2, 2]), "give as many of each"),
    ],
)
def test_an_end_that_cannot_be_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


# ---- the log-rank test ------------------------------------------------------------------------------


def test_the_logrank_test_by_hand():
    """Deaths at 1 (control; 4 at risk, 2 experimental), 2 (experimental; 3 at risk, 2) and 3 (control; 2, 1)."""
    found = logrank([1, 2, 3, 4], [1, 1, 1, 0], [0, 1, 0, 1])
    assert found.observed == 1
    assert found.expected == pytest.approx(1 / 2 + 2 / 3 + 1 / 2)
    assert found.variance == pytest.approx(1 / 4 + 2 / 9 + 1 / 4)
    assert found.z == pytest.approx((5 / 3 - 1) / math.sqrt(13 / 18))


def test_two_deaths_at_once_have_the_hypergeometric_variance():
    """Two of four die at once, two of the four are experimental: variance 2 * 1/2 * 1/2 * (4 - 2) / (4 - 1)."""
    found = logrank([1, 1, 1, 2], [1, 1, 0, 0], [0, 1, 0, 1])
    assert (found.observed, found.expected) == (1, pytest.approx(1))
    assert found.variance == pytest.approx(1 / 3)


def test_strata_are_added_up_and_swapping_the_arms_turns_the_sign():
    time, event, arm = [5, 3, 8, 2, 9, 4, 7, 6], [1, 1, 0, 1, 1, 0, 1, 1], [0, 1, 0, 1, 1, 0, 0, 1]
    stratum = ["a", "a", "b", "b", "a", "b", "a", "b"]
    parts = [logrank(*(pick(column, stratum, one) for column in (time, event, arm))) for one in "ab"]
    whole = logrank(time, event, arm, stratum)
    assert whole.expected == pytest.approx(sum(part.expected for part in parts))
    assert whole.variance == pytest.approx(sum(part.variance for part in parts))
    turned = logrank(time, event, [1 - one for one in arm], stratum)
    assert turned.z == pytest.approx(-whole.z, rel=1e-12)


def pick(column, stratum, wanted):
    return [value for value, one in zip(column, stratum, strict=True) if one == wanted]


@pytest.mark.parametrize(
    ("time", "event", "arm"),
    [([], [], []), ([1, 2], [0, 0], [0, 1]), ([1, 2], [1, 1], [1, 1]), ([1, 2], [0, 1], [0, 1])],
)
def test_where_nothing_can_be_compared_there_is_no_z(time, event, arm):
    assert math.isnan(logrank(time, event, arm).z)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (([1, 2], [1], [0, 1]), "lists of one length"),
        (([1, math.nan], [1, 0], [0, 1]), "a time is not a number"),
        (([1, 2], [1, 0], [1, 2]), "arm must be 0 or 1"),
        (([1, 2], [1, 2], [1, 0]), "event must be 0 or 1"),
    ],
)
def test_columns_that_are_no_trial_are_refused(columns, said):
    with pytest.raises(ValueError, match=said):
        logrank(*columns)
