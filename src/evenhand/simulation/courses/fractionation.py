"""The days on which a course of radiation is given: weekdays alone, with a gap now and then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Final

from evenhand.simulation.courses.chances import happens, pick, within
from evenhand.simulation.courses.drawing import Drawn
from evenhand.simulation.courses.sheet import Fractions

_SATURDAY: Final = 5  # date.weekday()


def weekday_from(day: date) -> date:
    """The day itself, or the Monday after it where it falls on a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= _SATURDAY else day


def nearest_weekday(day: date) -> date:
    """The day itself; the Friday before a Saturday, the Monday after a Sunday."""
    return day - timedelta(days=1) if day.weekday() == _SATURDAY else weekday_from(day)


def weekdays_later(day: date, count: int) -> date:
    """So many weekdays later."""
    for _ in range(count):
        day = weekday_from(day + timedelta(days=1))
    return day


def given_in(plan: Fractions, began: date, random: Random) -> tuple[date, Mapping[str, Drawn]]:
    """The day of the last fraction, and what the form says of a gap: its first day without, how many weekdays of
    treatment were missed, and why."""
    steps = (plan.count - 1) * plan.every
    if plan.count < 2 or not happens(plan.gap, random):
        return weekdays_later(began, steps), {}
    given, missed = random.randint(1, plan.count - 1), within(plan.missed, random)
    without = weekdays_later(began, given * plan.every)
    why = pick(plan.because, random)
    gap = {"began": str(without), "missed": str(missed), "because": why}
    return weekdays_later(began, steps + missed), {"gaps": [gap]}
