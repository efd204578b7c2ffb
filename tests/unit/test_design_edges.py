"""Designs at the edge: nothing to see, looks that fall together, bounds that are none, follow-up of no length."""

from dataclasses import replace

import pytest

from evenhand.design.around import around, conventions
from evenhand.design.expected import events_at
from evenhand.design.looking import held_looks, planned_bounds, stopping
from evenhand.design.operating import designed, power_at
from evenhand.refusal import Refusal
from evenhand.statistics.crossing import Crossing
from evenhand.statistics.roots import root
from tests.unit.test_design_operating import BASE, with_

NO_EVENTS = [
    {"control_hazard": 0},
    {"control_hazard": 1e-300},
    {"cap_months": 2, "detection_months": 3},  # nobody comes to a visit
]


@pytest.mark.parametrize("given", NO_EVENTS, ids=str)
def test_where_nothing_is_expected_there_is_no_design(given):
    with pytest.raises(Refusal, match="No event is expected") as refused:
        designed(with_(**given))
    assert "visits within it" in refused.value.mend


def test_with_hardly_an_event_there_is_no_power():
    with pytest.raises(Refusal, match="No event"):
        power_at(with_(control_hazard=0))


@pytest.mark.parametrize("given", [{}, {"dropout_yearly": 0, "drift_yearly": 1.0001}], ids=["schoenfeld", "log_rank"])
def test_a_look_expected_a_hair_before_the_end_is_held_with_it(given):
    """At 96 of 96.01 events there is nothing new at the end, and the integration would need a very fine mesh."""

    def end(median):
        return sum(events_at(with_(control_median=median, **given), 72.0))

    median = root(lambda months: end(months) - 96.01, 12, 30)
    found = designed(with_(control_median=median, looks="96,complete", **given))
    assert found.looks[0].reached and found.looks[0].month < found.looks[1].month
    assert found.looks[0].efficacy == 0 < found.looks[1].efficacy


def test_no_look_is_held_before_the_one_in_front_of_it():
    """Planned at 50 events and then at month 40; with an effect this strong the events come after that month."""
    planned = with_(looks="50,40m,complete")
    strong = replace(planned, hazard_ratio=((0.0, 0.05),))
    first, second, _ = held_looks(strong)
    assert first.expected == second.expected and first.expected.month > 40
    stops = stopping(strong, planned_bounds(planned))
    assert stops.upper[0] == 0 < stops.upper[1]
    tables = around(planned)
    assert all(0 < power <= 1 for row in tables.by_median for power in row.powers)


def test_no_power_is_above_1():
    """100,000 people: what is integrated adds up to a hair more."""
    assert Crossing((0.9, 0.1 + 1e-12), (0.0, 0.0), 0.0).power == 1
    assert designed(with_(sample_size=100_000, accrual_months=36)).power <= 1


def test_a_bound_that_is_infinite_shows_nothing():
    first, last = designed(with_(efficacy="none")).looks
    assert (first.bounded, first.efficacy, last.bounded) == (False, 0.0, True)


def test_follow_up_that_ends_with_the_last_entry_has_no_counterpart():
    (own,) = conventions(with_(after_last_months=0))
    assert (own.each, own.length, own.completion_month) == (False, 0.0, pytest.approx(36))


def test_bounds_stay_as_planned_under_another_median():
    """Of 60 planned events more than 60 are expected by month 60 at a median of 18, which is no reason to refuse."""
    slow = with_(control_median=60, looks="60m,complete", planned_events=60)
    fast = next(row for row in around(slow).by_median if row.median == 18)
    hastened = replace(slow, control_hazard=BASE.control_hazard)
    assert fast.powers == tuple(
        power_at(replace(hastened, hazard_ratio=((0.0, ratio),)), planned_bounds(slow)) for ratio in around(slow).ratios
    )
    with pytest.raises(Refusal, match="no bounds"):
        planned_bounds(hastened)
