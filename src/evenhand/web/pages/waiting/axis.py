"""The one time axis that all bars of the worklist share, in percent of its width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from evenhand.dates import add_months
from evenhand.worklist import Row, Window

_BACK: Final = 6  # months at most: longer ago, the days that are left would be too narrow to see
_AHEAD: Final = 10
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of the axis, in percent: where it begins and how wide it is."""

    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The first of a month; quarters are named, the ``odd`` ones where there is room."""

    x: str
    name: str
    odd: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A window on the axis: all of it, the part that is sure, and the part that has passed."""

    whole: Span
    sure: Span | None
    elapsed: Span | None


@dataclass(frozen=True, slots=True)
class Axis:
    """Days ``first`` to the day before ``end``."""

    first: date
    end: date
    today: date

    def at(self, day: date) -> float:
        """Where a day begins, held to the axis."""
        share = (day - self.first).days / (self.end - self.first).days
        return 100 * min(max(share, 0.0), 1.0)

    @property
    def now(self) -> str:
        """Where today is: at its middle."""
        return f"{self.at(self.today) + 50 / (self.end - self.first).days:.2f}%"

    @property
    def ticks(self) -> list[Tick]:
        """The months."""
        found, day = [], self.first
        while day < self.end:
            name = f"{day:%b %Y}" if day.month in (1, 4, 7, 10) else ""
            found.append(Tick(f"{self.at(day):.2f}%", name, day.month in (4, 10)))
            day = add_months(day, 1)
        return found

    def bar(self, window: Window) -> Bar | None:
        """The bar of a window, None for one that lies outside."""
        whole = self.span(window.first, window.last)
        if whole is None:
            return None
        sure = window.known and window.last is not None
        elapsed = self.span(window.first, min(self.today, window.last or self.today)) if sure else None
        return Bar(whole, self.span(window.sure_first, window.sure_last) if sure else None, elapsed)

    def span(self, first: date | None, last: date | None) -> Span | None:
        """Days from ``first`` to ``last`` inclusive (None: beyond the axis), as far as they lie on it."""
        start = self.at(first or self.first)
        stop = self.at(self.end if last is None or last >= self.end else last + _DAY)
        return Span(f"{start:.2f}%", f"{stop - start:.2f}%") if stop > start else None


def axis_of(rows: Iterable[Row], today: date) -> Axis:
    """Whole months that hold the windows of the rows, as far as they are near today."""
    days = [day for row in rows if row.window for day in (row.window.first, row.window.last) if day is not None]
    first = min(max(min(days, default=today), add_months(today, -_BACK)), add_months(today, -1))
    last = max(min(max(days, default=today), add_months(today, _AHEAD)), add_months(today, 2))
    return Axis(first.replace(day=1), add_months(last.replace(day=1), 1), today)
