"""Months along an axis of days."""

from __future__ import annotations

from datetime import date
from typing import Final

from .scales import Scale

DAYS_A_MONTH: Final = 31
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # of no locale
EVERY: Final = (1, 2, 3, 6, 12, 24, 60, 120)  # months from one mark to the next


def month_marks(x: Scale, apart: float) -> list[tuple[float, str]]:
    """First days of months as (day, "Jan 2027"), as many as fit when texts are ``apart`` px from one another.

    The scale is of days as Python counts them from 1 Jan of the year 1.
    """
    first, last = date.fromordinal(int(x.low)), date.fromordinal(int(x.high))
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    a_day = (x.stop - x.start) / (x.high - x.low)
    every = next((one for one in EVERY if one * 30 * a_day >= apart), EVERY[-1])
    days = [date(month // 12, month % 12 + 1, 1) for month in months if month % every == 0]
    return [
        (day.toordinal(), f"{MONTHS[day.month - 1]} {day.year}") for day in days if x.low <= day.toordinal() <= x.high
    ]


def day_text(day: date) -> str:
    """A day as 30 Apr 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
