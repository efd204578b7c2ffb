"""Events, people, power and detectable effects: hand-checked values, identities, and what is refused."""

import math
from dataclasses import replace
from typing import Any

import pytest

from evenhand.statistics.boundaries import bounds
from evenhand.statistics.events import Course, expected_total
from evenhand.statistics.hazards import hazard_of_median, hazard_of_yearly
from evenhand.statistics.power import (
    detectable_ratio,
    drift,
    events_wanted,
    information,
    needed_drift,
    people_wanted,
    power_under,
    ratio_at,
)
from evenhand.statistics.spending import Spending

OBF = Spending("obrien_fleming")
TWO_SIDED: dict[str, Any] = {"alpha": 0.05, "sided": 2}
UNKNOWN: Any = "cox"


def course(median=18.0, yearly=0.05, ratio=0.6):
    """162 people, each followed for at most three years, entering over three."""
    hazard = ((0.0, hazard_of_median(median)),)
    return Course(162, ((0.0, 4.5),), hazard, ((0.0, ratio),), hazard_of_yearly(yearly), cap=36.0)


# (1.959964 + 0.841621) squared is 7.848880; times 4 over log(0.6) squared; and times (1.6 / 0.4) squared
@pytest.mark.parametrize(
    ("formula", "allocation", "expected"),
    [("schoenfeld", (1, 1), 120.3157), ("freedman", (1, 1), 125.5821), ("schoenfeld", (1, 2), 135.3552)],
)
def test_events_wanted(formula, allocation, expected):
    found = events_wanted(0.6, **TWO_SIDED, power=0.8, formula=formula, allocation=allocation)
    assert found == pytest.approx(expected, abs=5e-5)
    assert drift(0.6, found, allocation, formula) == pytest.approx(2.801585, abs=1e-6)


def test_looks_want_more_events():
    found = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=OBF, beta=0.2)
    alone = events_wanted(0.6, alpha=0.025, sided=1, power=0.8)
    assert events_wanted(0.6, alpha=0.025, sided=1, power=0.8, inflation=found.inflation) > alone


# What 162 people can detect: control median, share lost a year, power, hazard ratio, events (printed to these digits)
DETECTABLE = [
    (18, 0.0, 0.8, 0.580, 105),
    (18, 0.05, 0.8, 0.569, 99),
    (18, 0.05, 0.9, 0.516, 96),
    (24, 0.05, 0.8, 0.538, 82),
    (24, 0.1, 0.9, 0.469, 73),
    (30, 0.1, 0.8, 0.496, 64),
]


@pytest.mark.parametrize(("median", "yearly", "power", "ratio", "events"), DETECTABLE)
def test_what_162_people_can_detect(median, yearly, power, ratio, events):
    one = course(median, yearly)
    found = detectable_ratio(one, bounds([1], **TWO_SIDED, efficacy=OBF), power)
    assert found == pytest.approx(ratio, abs=5e-4)
    assert round(sum(expected_total(replace(one, hazard_ratio=((0.0, found),))))) == events


@pytest.mark.parametrize(
    ("median", "ratio", "power"),
    [(18, 0.5, 0.922), (18, 0.6, 0.724), (24, 0.6, 0.650), (24, 0.7, 0.388), (30, 0.7, 0.343)],
)
def test_power_of_162_people(median, ratio, power):
    """By Schoenfeld's formula, as printed; the expected log-rank statistic says nearly the same."""
    design, one = bounds([1], **TWO_SIDED, efficacy=OBF), course(median, ratio=ratio)
    assert power_under(one, design, method="schoenfeld").power == pytest.approx(power, abs=5e-4)
    assert power_under(one, design).power == pytest.approx(power, abs=0.01)


def test_power_by_the_expected_statistic_is_near_the_simulated_one():
    """The reference design: two looks, at half of the events and when all is complete; 0.719 in 400,000 trials."""
    design = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=OBF)
    found = power_under(course(), design)
    assert found.power == pytest.approx(0.719, abs=0.003)
    assert found.events == pytest.approx((50.06, 100.12), abs=0.01)
    assert found.months == pytest.approx((32.10, 72.0), abs=0.01)


def test_a_delayed_effect_has_less_power_and_no_formula():
    design = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=OBF)
    delayed = replace(course(), hazard_ratio=((0.0, 1.0), (6.0, 0.6)))
    assert power_under(delayed, design).power < power_under(course(), design).power - 0.1
    with pytest.raises(ValueError, match="take method logrank"):
        power_under(delayed, design, method="schoenfeld")


def test_power_at_fewer_events_than_all():
    design = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=OBF)
    part = power_under(course(), design, events=80)
    assert part.events == (40, 80)
    assert part.power < power_under(course(), design).power


def test_people_wanted_have_the_events_wanted():
    people = people_wanted(course(), 120.0)
    enough = replace(course(), people=people, accrual=((0.0, people / 36),))
    assert sum(expected_total(enough)) == pytest.approx(120, rel=1e-12)


def test_the_ratio_at_a_bound_is_just_as_far_as_the_bound():
    ratio = ratio_at(1.96, 100, (1, 2))
    assert drift(ratio, 100, (1, 2)) == pytest.approx(1.96, rel=1e-12)
    assert information(100) == 25


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: drift(0, 100), "the hazard ratio is 0"),
        (lambda: drift(0.6, 100, formula=UNKNOWN), "no formula 'cox'"),
        (lambda: drift(0.6, -1), "must be from 0 on"),
        (lambda: drift(0.6, 10, (0, 1)), "must be from 0 on"),
        (lambda: ratio_at(2, 0), "no events tell no hazard ratio"),
        (lambda: events_wanted(1.0, alpha=0.025, sided=1, power=0.8), "a hazard ratio of 1 is no effect"),
        (lambda: events_wanted(0.6, alpha=0.025, sided=1, power=1), "the power is 1"),
        (lambda: events_wanted(0.6, alpha=0.6, sided=1, power=0.8), "alpha is 0.6"),
        (lambda: needed_drift(bounds([1], **TWO_SIDED, efficacy=OBF), 0.01), "the power is 0.01"),
        (
            lambda: detectable_ratio(replace(course(), people=0.1), bounds([1], **TWO_SIDED, efficacy=OBF), 0.9),
            "plan for more people",
        ),
    ],
)
def test_what_means_nothing_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_a_bound_that_nothing_crosses_never_has_power():
    out_of_reach = replace(bounds([1], **TWO_SIDED, efficacy=OBF), efficacy=(math.inf,))
    with pytest.raises(ValueError, match="never reach the power"):
        needed_drift(out_of_reach, 0.8)
