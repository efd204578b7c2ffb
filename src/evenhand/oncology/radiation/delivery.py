"""What was delivered of what was planned, and when: percentages, expected last day, treatment days missed.

Days are local calendar days. Breast radiation is given on five days a week, Monday to Friday (general knowledge);
public holidays are not known here, so a gap that they explain is recorded like any other.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from evenhand.units import Number

_FRIDAY: Final = 4  # as date.weekday() counts


def percent_delivered(planned_gy: Number | None, delivered_gy: Number | None) -> Fraction | None:
    """The delivered part of the planned dose in percent; None where either is not recorded, or none was planned."""
    if planned_gy is None or delivered_gy is None or planned_gy <= 0:
        return None
    return Fraction(delivered_gy) * 100 / Fraction(planned_gy)


def elapsed_days(started: date, ended: date) -> int:
    """The days of a course, the first and the last included."""
    return (ended - started).days + 1


def treatment_days(started: date, ended: date) -> int:
    """The weekdays from the first to the last day, both included."""
    weeks, rest = divmod(elapsed_days(started, ended), 7)
    odd = sum((started + timedelta(days=number)).weekday() <= _FRIDAY for number in range(rest))
    return weeks * 5 + odd


def expected_last_day(started: date, fractions: int) -> date:
    """The day of the last of so many fractions, one each weekday without a gap; the first is on ``started``."""
    day = started
    for _ in range(fractions - 1):
        day += timedelta(days=1)
        while day.weekday() > _FRIDAY:
            day += timedelta(days=1)
    return day


def missed_days(started: date, ended: date, fractions: int) -> int:
    """Weekdays of a daily course on which no fraction was given; 0 where there were more fractions than weekdays."""
    return max(0, treatment_days(started, ended) - fractions)
