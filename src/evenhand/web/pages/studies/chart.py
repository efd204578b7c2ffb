"""The accrual chart: people over time against the plan, and the forecast, as numbers that a template draws.

Lines are points in a box of 1000 by 1000 that the drawing stretches; text stands at shares of the drawing's width and
height, so that it keeps its size at any width.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from evenhand.accrual import Counts, Entering, Interval, Plan, Timeline
from evenhand.dates import add_months, month_end

LEFT, TOP, WIDTH, HEIGHT = 9.0, 4.0, 89.0, 84.0  # where the box stands in the drawing, in percent
_BOX = 1000
_MOST_MONTHS, _MOST_STEPS = 5, 5  # labels on the axes: what fits a telephone
_AHEAD = timedelta(days=21)  # how far the axis goes beyond today, so that the lines' ends can be seen
_FURTHEST = timedelta(days=5 * 365)  # how far at most with a forecast; its numbers say what lies beyond
_STYLES: Final = {"screened": "series b", "registered": "series c", "randomized": "series"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, its classes in the style sheet, its points in the box, and its value today."""

    name: str
    style: str
    points: str
    value: int


@dataclass(frozen=True, slots=True)
class Band:
    """The forecast: the outline of what nine draws in ten lie in, and the line through the middle."""

    outline: str
    middle: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where in the drawing (percent), and what it says."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """The same numbers in words: what had been reached by the end of a month (or today), and the plan by then."""

    day: date
    counts: Counts
    planned: int | None


@dataclass(frozen=True, slots=True)
class Chart:
    """The drawing."""

    lines: tuple[Line, ...]
    months: tuple[Tick, ...]
    steps: tuple[Tick, ...]
    today: str
    rows: tuple[MonthRow, ...]
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date
    top: int

    def x(self, day: date) -> float:
        """How far across, from 0 to 1."""
        return (day - self.first).days / max(1, (self.last - self.first).days)

    def point(self, day: date, count: float) -> str:
        return f"{self.x(day) * _BOX:.1f},{(1 - count / self.top) * _BOX:.1f}"


def accrual_chart(of: Timeline, plan: Plan | None, today: date, foreseen: Entering | None = None) -> Chart | None:
    """The chart up to today, or as far as the forecast goes; None as long as nothing was planned or recorded."""
    days = {"screened": of.screened, "registered": of.registered, "randomized": of.randomized}
    starts = [plan.start] if plan else []
    first = min((*starts, *days["screened"]), default=None)
    if first is None:
        return None
    last = max(first + _AHEAD, today + _AHEAD, _last_foreseen(foreseen, today))
    planned = float(plan.expected(last)) if plan else 0.0
    target = foreseen.target if foreseen and foreseen.when else 0
    scale = _Scale(first, last, _round_above(max(len(days["screened"]), planned, target)))
    lines = [_steps(name, when, scale, today) for name, when in days.items()]
    if plan is not None:
        lines.append(_planned(plan, scale, today))
    return Chart(
        lines=tuple(lines),
        months=tuple(_months(scale)),
        steps=tuple(_values(scale)),
        today=_percent(LEFT + WIDTH * scale.x(today)),
        rows=tuple(_rows(of, plan, first, today)),
        band=_band(foreseen, scale, today) if foreseen and foreseen.when else None,
    )


def _last_foreseen(foreseen: Entering | None, today: date) -> date:
    """The last day of the forecast that is drawn."""
    if foreseen is None or foreseen.when is None:
        return today
    return min(foreseen.when.high or date.max, today + _FURTHEST) + _AHEAD


def _band(foreseen: Entering, scale: _Scale, today: date) -> Band:
    """Its corners: from today's people to the target, the early edge there and the late one back."""
    start = scale.point(today, foreseen.randomized)
    early, middle, late = (
        [scale.point(_edge(when, part, scale), count) for count, when in foreseen.band] for part in range(3)
    )
    return Band(" ".join([start, *early, *reversed(late)]), " ".join([start, *middle]))


def _edge(when: Interval, part: int, scale: _Scale) -> date:
    """A day of an interval; what is far beyond the drawing lies just as far beyond it as it can be drawn."""
    far = scale.last + _FURTHEST
    return min((when.low, when.middle, when.high)[part] or far, far)


def _steps(name: str, days: Sequence[date], scale: _Scale, today: date) -> Line:
    """A line that rises on each day on which somebody came."""
    each = sorted(Counter(day for day in days if day <= today).items())
    points, before = [scale.point(scale.first, 0)], 0
    for (day, _), total in zip(each, accumulate(count for _, count in each), strict=True):
        points += [scale.point(day, before), scale.point(day, total)]
        before = total
    points.append(scale.point(max(today, scale.first), before))
    return Line(name, _STYLES[name], " ".join(points), before)


def _planned(plan: Plan, scale: _Scale, today: date) -> Line:
    corners = sorted({plan.start, min(plan.end, scale.last), scale.last})
    points = [scale.point(day, float(plan.expected(day))) for day in corners]
    return Line("planned", "plan", " ".join(points), round(plan.expected(today)))


def _months(scale: _Scale) -> list[Tick]:
    """The first days of months, few enough to be read."""
    count = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month
    apart = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if count <= step * _MOST_MONTHS)
    start = add_months(scale.first.replace(day=1), 1)
    days = [add_months(start, number) for number in range(count)]
    days = [day for day in days if (day.month - 1 + 12 * day.year) % apart == 0 and scale.x(day) < 0.97]
    return [Tick(_percent(LEFT + WIDTH * scale.x(day)), f"{day:%b %Y}") for day in days]


def _values(scale: _Scale) -> list[Tick]:
    step = _step(scale.top)
    return [
        Tick(_percent(TOP + HEIGHT * (1 - value / scale.top)), f"{value}") for value in range(0, scale.top + 1, step)
    ]


def _step(top: int) -> int:
    size = 1
    while True:
        for factor in (1, 2, 5):
            if top <= size * factor * _MOST_STEPS:
                return size * factor
        size *= 10


def _round_above(value: float) -> int:
    """The next whole step above a value, so that the highest line does not touch the top."""
    step = _step(int(value) + 1)
    return (int(value) // step + 1) * step


def _rows(of: Timeline, plan: Plan | None, first: date, today: date) -> list[MonthRow]:
    ends = []
    day = month_end(first.year, first.month)
    while day < today:
        ends.append(day)
        following = day + timedelta(days=1)
        day = month_end(following.year, following.month)
    return [MonthRow(end, of.by(end), round(plan.expected(end)) if plan else None) for end in (*ends, today)]


def _percent(value: float) -> str:
    return f"{value:.2f}%"
