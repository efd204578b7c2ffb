"""Which days the calendar shows: whole weeks, Monday to Sunday, of a month or from this week on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from evenhand.dates import month_end

WEEKS: Final = (2, 4, 8, 13)
_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Span:
    """The days shown, ``first`` a Monday and ``last`` a Sunday; ``month`` (its first day) None where weeks are shown.

    ``earlier`` and ``later`` are what to ask for to see the neighbours.
    """

    first: date
    last: date
    month: date | None
    weeks: int
    earlier: Mapping[str, str]
    later: Mapping[str, str]

    @property
    def days(self) -> tuple[date, ...]:
        """All of them."""
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    def inside(self, on: date) -> bool:
        """Whether a day is of the month; every day, where weeks are shown."""
        return self.month is None or (on.year, on.month) == (self.month.year, self.month.month)


def span_of(told: Mapping[str, str], today: date) -> Span:
    """What an address asks for; without anything, or with what cannot be read, the month of today."""
    weeks = next((count for count in WEEKS if told.get("weeks") == str(count)), 0)
    if weeks:
        return _weeks(weeks, _day(told.get("from", "")) or today)
    found = _MONTH.fullmatch(told.get("month", ""))
    return _month(date(int(found[1]), int(found[2]), 1) if found else today.replace(day=1))


def _weeks(weeks: int, on: date) -> Span:
    first = _monday(on)
    last = first + timedelta(days=7 * weeks - 1)
    before, after = first - timedelta(days=7 * weeks), last + timedelta(days=1)
    return Span(first, last, None, weeks, _from(weeks, before), _from(weeks, after))


def _from(weeks: int, first: date) -> dict[str, str]:
    return {"weeks": str(weeks), "from": first.isoformat()}


def _month(first: date) -> Span:
    end = month_end(first.year, first.month)
    before, after = first - timedelta(days=1), end + timedelta(days=1)
    sunday = _monday(end) + timedelta(days=6)
    return Span(_monday(first), sunday, first, 0, {"month": f"{before:%Y-%m}"}, {"month": f"{after:%Y-%m}"})


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2099 else None
