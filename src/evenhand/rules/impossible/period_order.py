"""Which of two calendar periods ends later, whatever the day on which both begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from evenhand.dates import Period, month_end


@lru_cache(maxsize=1024)
def always_later(later: Period, earlier: Period, days: int) -> bool:
    """Whether ``later`` ends at least ``days`` days after ``earlier``, for every day on which both begin.

    Exact, because the calendar repeats every 400 years and, within a month, only the days 29 to 31 can be
    clamped.
    """
    gap = timedelta(days=days)
    return all(later.after(day) - earlier.after(day) >= gap for day in _beginnings())


def _beginnings() -> Iterator[date]:
    for year in range(2000, 2400):
        for month in range(1, 13):
            last = month_end(year, month).day
            yield from (date(year, month, day) for day in (1, 29, 30, 31) if day <= last)
