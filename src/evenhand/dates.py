"""Calendar dates that may be partial, and calendar periods.

A partial date is the interval of its days: "2026-03" is 1 to 31 March 2026. Months and years are calendar ones, clamped
to the month's end (31 January + 1 month = 28 or 29 February), as in CQL, dateutil and lubridate's ``%m+%``; a window
``start + 3 months .. start + 12 months`` includes both ends.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from evenhand.logic import NO, YES, Reason, Truth, Unknown

Unit = Literal["days", "months", "years"]

DAYS_PER_MONTH = 365.25 / 12
"""Days in the mean month of the Julian year: for rates and for times that are analysed, as survival programs convert.
What a protocol counts in months is counted in calendar months (``add_months``)."""

_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ].*)?)?)?")
_IMPRECISE = Unknown(Reason("imprecise", "date", "a partial date leaves this open"))


@dataclass(frozen=True, slots=True)
class DateSpan:
    """The days that a date may be, ``first`` to ``last`` inclusive; an exact date has both the same."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a span of days ends before it begins: {self.first} / {self.last}")

    @property
    def exact(self) -> bool:
        return self.first == self.last

    def __str__(self) -> str:
        """ISO 8601 as short as it can be: a day, a month, a year, or ``first/last``."""
        if self.first == self.last:
            return self.first.isoformat()
        whole_months = self.first.day == 1 and self.last == month_end(self.last.year, self.last.month)
        if whole_months and (self.first.year, self.first.month) == (self.last.year, self.last.month):
            return f"{self.first:%Y-%m}"
        if whole_months and self.first.year == self.last.year and (self.first.month, self.last.month) == (1, 12):
            return f"{self.first:%Y}"
        return f"{self.first.isoformat()}/{self.last.isoformat()}"


@lru_cache(maxsize=4096)  # a file repeats few days many times
def parse_date(text: str) -> DateSpan:
    """Read ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` (a time of day after it is dropped: the local day as written) or
    ``first/last``.

    Raises ValueError with what was read and what would be right.
    """
    try:
        if len(text) >= 10 and "/" not in text:
            if (len(text) > 10 and text[10] not in "T ") or text[5] == "W":
                raise ValueError(text)
            day = date.fromisoformat(text[:10])
            return DateSpan(day, day)
        if "/" in text:
            first, last = text.split("/")
            return DateSpan(parse_date(first).first, parse_date(last).last)
        return _parse_partial(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is no date: write YYYY-MM-DD, YYYY-MM, YYYY or first/last") from error


def _parse_partial(text: str) -> DateSpan:
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month = int(match[1]), match[2]
    if month is None:
        return DateSpan(date(year, 1, 1), date(year, 12, 31))
    return DateSpan(date(year, int(month), 1), month_end(year, int(month)))


@lru_cache(maxsize=4096)
def on_day(day: date) -> DateSpan:
    """The span of one known day."""
    return DateSpan(day, day)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar length such as 3 months. ``count`` may be zero or more."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit[:-1] if self.count == 1 else self.unit}"

    def after(self, day: date) -> date:
        """The day one period later, clamped to the month's end; the calendar's last day if it would be later still."""
        try:
            if self.unit == "days":
                return day + timedelta(days=self.count)
            return add_months(day, self.count * 12 if self.unit == "years" else self.count)
        except (OverflowError, ValueError):
            return date.max

    def span_after(self, span: DateSpan) -> DateSpan:
        """The span one period later; adding calendar months keeps order, so the ends suffice."""
        return DateSpan(self.after(span.first), self.after(span.last))


def add_months(day: date, months: int) -> date:
    """Calendar months later, clamped to month end: 2025-11-30 + 3 months = 2026-02-28."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if day.day <= 28:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def birthday(birth: date, age: int) -> date:
    """The day on which somebody reaches an age in years.

    Born on 29 February, one reaches it on 1 March of a common year: the later of the two usages, so that nobody counts
    as an adult a day early.
    """
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date.max if birth.year + age > date.max.year else date(birth.year + age, 3, 1)


def age_on(birth: date, day: date) -> int:
    """Whole years of age on a day; the inverse of :func:`birthday`."""
    years = day.year - birth.year
    return years if birthday(birth, years) <= day else years - 1


@lru_cache(maxsize=1024)  # asked for the oldest and for the youngest that somebody may be, mostly the same
def birth_span(age: int, day: date) -> DateSpan:
    """Every birth date of which one is exactly ``age`` whole years old on ``day``."""
    return DateSpan(_last_birth(age + 1, day) + timedelta(days=1), _last_birth(age, day))


def _last_birth(age: int, day: date) -> date:
    """The last birth date of which one is at least ``age`` years old on ``day``."""
    return date(day.year - age, day.month, day.day) if _exists(day.year - age, day) else date(day.year - age, 2, 28)


def _exists(year: int, day: date) -> bool:
    return (day.month, day.day) != (2, 29) or monthrange(year, 2)[1] == 29


def compare_dates(left: DateSpan, operator: str, right: DateSpan) -> Truth:
    """Compare two spans of days: YES or NO when every choice of days agrees, else unknown (imprecise)."""
    if operator in ("==", "!="):
        return _same_day(left, right, wanted=operator == "==")
    if operator in (">", ">="):
        left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
    if operator == "<":
        return YES if left.last < right.first else NO if left.first >= right.last else _IMPRECISE
    return YES if left.last <= right.first else NO if left.first > right.last else _IMPRECISE


def _same_day(left: DateSpan, right: DateSpan, wanted: bool) -> Truth:
    if left.first == left.last == right.first == right.last:
        return YES if wanted else NO
    if left.last < right.first or right.last < left.first:
        return NO if wanted else YES
    return _IMPRECISE
