"""Expected events against quadrature by another library, identities, and what is refused."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from evenhand.statistics.events import Course, entered, expected_events, expected_lost, expected_total, month_of_events
from evenhand.statistics.expected import expected_logrank
from evenhand.statistics.hazards import (
    cumulative,
    hazard_of_median,
    hazard_of_yearly,
    median,
    product,
    survival,
    value_at,
)
from evenhand.statistics.legendre import rule

CAPPED = Course(
    162,
    ((0.0, 2.0), (6.0, 5.0), (20.0, 7.5)),
    ((0.0, 0.05), (7.0, 0.02), (15.0, 0.0), (18.0, 0.03)),
    ((0.0, 1.3), (4.0, 0.55)),
    0.004,
    cap=36.0,
    allocation=(1, 2),
)
COURSES = {
    "each capped": CAPPED,
    "after the last entry": replace(CAPPED, cap=None, after_last=24.0),
    "both": replace(CAPPED, after_last=20.0),
    "without end": replace(CAPPED, cap=None),
    "strata": replace(CAPPED, strata=((0.3, 1.6), (0.7, 0.8))),
    "drift": replace(CAPPED, yearly_drift=0.9),
    "drift without end": replace(CAPPED, cap=None, yearly_drift=1.1),
    "nobody lost": replace(CAPPED, dropout=0.0),
}
MONTHS = [1.0, 13.0, 40.0, 70.0]


def naive(one, month, arm):
    """Expected events and losses of an arm, by nested adaptive quadrature over entry and time."""
    stop = min(month, one.end)
    share = one.allocation[arm] / sum(one.allocation)
    ratio = one.hazard_ratio if arm else ((0.0, 1.0),)
    cuts = sorted({start for start, _ in (*one.control_hazard, *one.hazard_ratio)})

    def rate(time, factor):
        return factor * value_at(one.control_hazard, time) * value_at(ratio, time)

    def seen(entry):
        followed = min(stop - entry, one.cap if one.cap is not None else math.inf)
        total = np.zeros(2)
        for part, factor in one.strata:
            raised = factor * one.yearly_drift ** (entry / 12)
            for low, high in zip(cuts, [*cuts[1:], math.inf], strict=True):
                if low < followed:
                    hazard = rate(low, raised)
                    before = sum(
                        rate(start, raised) * (min(low, end) - start)
                        for start, end in zip(cuts, [*cuts[1:], math.inf], strict=True)
                        if start < low
                    ) + (one.dropout * low)
                    there = hazard + one.dropout
                    gone = math.exp(-before) * (1 - math.exp(-there * (min(high, followed) - low)))
                    total += part * gone * np.array([hazard, one.dropout]) / there if there else 0
        return total

    latest = min(stop, one.last_entry)
    bends = sorted(
        {start for start, _ in one.accrual if 0 < start < latest}
        | {stop - cut for cut in (*cuts, one.cap or 0) if 0 < stop - cut < latest}
    )
    edges = [0.0, *bends, latest]
    return share * np.array(
        [
            sum(
                quad(lambda entry, which=which: value_at(one.accrual, entry) * seen(entry)[which], low, high)[0]
                for low, high in pairwise(edges)
            )
            for which in (0, 1)
        ]
    )


@pytest.mark.parametrize("name", COURSES)
@pytest.mark.parametrize("month", MONTHS)
def test_expected_events_agree_with_quadrature(name, month):
    one = COURSES[name]
    for arm in (0, 1):
        events, lost = naive(one, month, arm)
        assert expected_events(one, month)[arm] == pytest.approx(events, rel=1e-8)
        assert expected_lost(one, month)[arm] == pytest.approx(lost, rel=1e-8, abs=1e-12)


def test_nothing_is_expected_before_the_start_and_nobody_more_than_planned_enters():
    assert expected_events(CAPPED, 0) == expected_events(CAPPED, -3) == (0, 0)
    assert entered(CAPPED, -1) == 0
    assert entered(CAPPED, 6) == 12
    assert entered(CAPPED, 20) == 82
    assert entered(CAPPED, 1000) == 162
    assert CAPPED.last_entry == pytest.approx(20 + 80 / 7.5)


def test_the_two_ways_to_end_follow_up_are_not_the_same():
    """With a cap for each person the length of accrual does not matter; with the usual convention it does."""
    slow = replace(CAPPED, accrual=((0.0, 3.0),))
    assert expected_total(slow) == pytest.approx(expected_total(CAPPED), rel=1e-9)
    usual = COURSES["after the last entry"]
    assert sum(expected_total(replace(usual, accrual=((0.0, 3.0),)))) > sum(expected_total(usual)) + 1
    assert CAPPED.end == CAPPED.last_entry + 36
    assert usual.end == usual.last_entry + 24
    assert COURSES["without end"].end == math.inf


def test_follow_up_without_end_sees_the_event_of_everybody_who_is_not_lost():
    one = Course(100, ((0.0, 10.0),), ((0.0, 0.03),), dropout=0.01)
    assert sum(expected_total(one)) == pytest.approx(75, rel=1e-12)
    assert sum(expected_lost(one, math.inf)) == pytest.approx(25, rel=1e-12)
    drifting = replace(one, yearly_drift=1 + 1e-12)
    assert sum(expected_total(drifting)) == pytest.approx(75, rel=1e-9)


@pytest.mark.parametrize("name", COURSES)
def test_the_month_of_events_is_where_they_are_expected(name):
    one = COURSES[name]
    for share in (0.1, 0.5, 0.9):
        wanted = share * sum(expected_total(one))
        assert sum(expected_events(one, month_of_events(one, wanted))) == pytest.approx(wanted, rel=1e-9)


def test_all_events_are_there_when_follow_up_ends_or_never():
    assert month_of_events(CAPPED, sum(expected_total(CAPPED))) == CAPPED.end
    endless = Course(100, ((0.0, 10.0),), ((0.0, 0.03),))
    assert month_of_events(endless, 100) == math.inf
    with pytest.raises(ValueError, match="never expected; give a number above 0 and up to"):
        month_of_events(CAPPED, 162)
    with pytest.raises(ValueError, match="never expected"):
        month_of_events(CAPPED, 0)


def test_the_expected_logrank_statistic_counts_the_expected_events():
    """Under the null and one stratum the variance is that of the events; the score is 0."""
    null = replace(CAPPED, hazard_ratio=((0.0, 1.0),))
    found = expected_logrank(null, 50.0)
    assert found.score == pytest.approx(0, abs=1e-9)
    assert found.variance == pytest.approx(sum(expected_events(null, 50.0)) * 2 / 9, rel=1e-9)
    assert expected_logrank(null, 0).z == 0


FAST = [
    {"control_hazard": ((0.0, 100.0),)},
    {"yearly_drift": 8.0},
    {"strata": ((0.5, 0.01), (0.5, 200.0))},
    {"control_hazard": ((0.0, 0.01), (6.0, 60.0))},
]


@pytest.mark.parametrize("given", FAST, ids=str)
def test_the_expected_statistic_sees_all_events_where_everything_happens_at_once(given):
    """Without an effect the variance is the events times both shares (1:2), the events being those of a closed form."""
    null = replace(CAPPED, hazard_ratio=((0.0, 1.0),), **given)
    for month in (30.0, null.end):
        found = expected_logrank(null, month)
        assert found.variance == pytest.approx(math.fsum(expected_events(null, month)) * 2 / 9, rel=1e-5)
        assert found.score == pytest.approx(0, abs=1e-9)


def test_stratifying_costs_nothing_where_strata_are_alike_and_helps_where_they_differ():
    same = replace(CAPPED, strata=((0.4, 1.0), (0.6, 1.0)))
    apart = replace(CAPPED, strata=((0.4, 3.0), (0.6, 0.4)))
    plain = expected_logrank(CAPPED, 60.0)
    assert expected_logrank(same, 60.0, stratified=True).z == pytest.approx(plain.z, rel=1e-9)
    assert expected_logrank(apart, 60.0, stratified=True).z > expected_logrank(apart, 60.0).z
    with pytest.raises(ValueError, match="needs a month"):
        expected_logrank(COURSES["without end"], math.inf)


def test_drift_of_one_is_no_drift():
    near = replace(CAPPED, yearly_drift=1 + 1e-13)
    assert expected_events(near, 44.0) == pytest.approx(expected_events(CAPPED, 44.0), rel=1e-11)
    assert sum(expected_events(COURSES["drift"], 44.0)) < sum(expected_events(CAPPED, 44.0))


def test_hazards_in_pieces():
    hazard = ((0.0, 0.1), (5.0, 0.0), (8.0, 0.04))
    assert cumulative(hazard, 10) == pytest.approx(0.58)
    assert survival(hazard, 10) == pytest.approx(math.exp(-0.58))
    assert median(hazard) == pytest.approx(8 + (math.log(2) - 0.5) / 0.04)
    assert median(((0.0, 0.1), (3.0, 0.0))) == math.inf
    assert product(hazard, ((0.0, 1.0), (6.0, 0.5))) == ((0.0, 0.1), (5.0, 0.0), (6.0, 0.0), (8.0, 0.02))
    assert median(((0.0, hazard_of_median(18)),)) == pytest.approx(18)
    assert survival(((0.0, hazard_of_yearly(0.05)),), 12) == pytest.approx(0.95)


def test_the_quadrature_is_exact_for_polynomials():
    places, weights = rule(16)
    for power in range(32):
        exact = 2 / (power + 1) if power % 2 == 0 else 0
        assert sum(w * x**power for x, w in zip(places, weights, strict=True)) == pytest.approx(exact, abs=1e-14)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"people": 0}, "people is 0; give a number above 0"),
        ({"people": math.inf}, "people is inf"),
        ({"accrual": ()}, "from month 0 on"),
        ({"accrual": ((1.0, 4.0),)}, "from month 0 on"),
        ({"accrual": ((0.0, 4.0), (3.0, 0.0))}, "accrual never reaches 162 people"),
        ({"control_hazard": ((0.0, -0.1),)}, "the control hazard is -0.1 from month 0"),
        ({"control_hazard": ((0.0, 0.1), (0.0, 0.2))}, "must rise"),
        ({"hazard_ratio": ((0.0, 0.0),)}, "the hazard ratio is 0.0 from month 0 on; give a number above 0"),
        ({"dropout": -0.01}, "dropout is -0.01; give a number from 0"),
        ({"dropout": math.nan}, "dropout is nan"),
        ({"cap": 0}, "cap is 0; give a number above 0"),
        ({"after_last": -1}, "after_last is -1; give a number from 0"),
        ({"allocation": (1, 0)}, "allocation is 0"),
        ({"yearly_drift": 0}, "yearly_drift is 0"),
        ({"strata": ((0.5, 1.0), (0.4, 2.0))}, "must add up to 1"),
        ({"strata": ((1.0, 0.0),)}, "the factor of a stratum is 0"),
        ({"strata": ()}, "there is no stratum"),
    ],
)
def test_a_course_that_cannot_be_is_refused(change, said):
    with pytest.raises(ValueError, match=said):
        replace(CAPPED, **change)


@pytest.mark.parametrize(
    ("function", "value"),
    [(hazard_of_median, 0), (hazard_of_median, math.nan), (hazard_of_yearly, 1), (hazard_of_yearly, -0.1)],
)
def test_a_hazard_of_what_cannot_be_is_refused(function, value):
    with pytest.raises(ValueError, match="give"):
        function(value)
