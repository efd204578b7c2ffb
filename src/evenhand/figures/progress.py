"""Accrual over time: what was reached, against what was planned and what is foreseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Literal

from .calendar import DAYS_A_MONTH, day_text, month_marks
from .drawing import Drawing, Point, Sheet, finite, leading
from .lettering import width_of
from .names import apart
from .palette import AXIS, GRID, INK, PAPER, QUIET, Role, series
from .scales import Scale, printed, ticks, whole_step
from .widths import also_narrow

SMALL = 11
NARROW = 480  # px: below it, and where names are long or many, they stand below the plot
WIDEST, MOST = 0.3, 10  # of the width; names
PLANNED, REACHED, FORESEEN = series(4), series(0), series(1)


@dataclass(frozen=True, slots=True)
class Track:
    """Numbers from days on. What was reached goes in steps; what was planned is a line between its points."""

    name: str
    days: Sequence[date]
    numbers: Sequence[float]
    kind: Literal["reached", "planned"] = "reached"


@dataclass(frozen=True, slots=True)
class Fan:
    """A forecast: its middle and the bands around it, each (name, lower, upper), the widest first."""

    name: str
    days: Sequence[date]
    middle: Sequence[float]
    bands: Sequence[tuple[str, Sequence[float], Sequence[float]]] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    points: list[Point]
    role: Role
    dashes: str


@also_narrow
def steps_over_time(
    tracks: Sequence[Track],
    *,
    prefix: str,
    label: str,
    fan: Fan | None = None,
    target: float | None = None,
    today: date | None = None,
    finding: str = "",
    width: float = 640,
) -> Drawing:
    """Cumulative numbers over days. ``target`` is a level line, ``today`` the day of the cut; ``finding`` is what there
    is to see, and comes first of the words for whoever cannot see it."""
    days = [day for one in (*tracks, *((fan,) if fan else ())) for day in one.days] + ([today] if today else [])
    for one in tracks:
        finite(one.name, *one.numbers)
    top_value = _highest(tracks, fan, target)
    sheet = Sheet(prefix, width)
    top = sheet.lines((4, 14), label, width - 8, bold=True) + 16
    names = [one.name for one in tracks] + ([fan.name] if fan else [])
    widest = max((width_of(name, bold=True) for name in names), default=0)
    beside = width >= NARROW and widest <= WIDEST * width and len(names) <= MOST
    right = width - (widest + 18 if beside else 20)
    bottom = top + min(320.0, max(200.0, 0.58 * (right - 44)))
    first, last = _ends(days)
    left = max(44.0, width_of(printed(top_value), SMALL) + 12)
    x, y = Scale(first, last, left, right), Scale(0, top_value, bottom, top)
    _axes(sheet, x, y)
    if fan:
        _bands(sheet, fan, x, y)
    lines = _lines(tracks, fan, x, y)
    for line in lines:
        sheet.path(line.points, line.role, thick=2, dashes=line.dashes)
        if len(line.points) == 1:
            sheet.dot(line.points[0], 3, line.role)
    if not days:
        sheet.text(((x.start + x.stop) / 2, (top + bottom) / 2), "Nothing to show", QUIET, anchor="middle")
    _marked(sheet, x, y, target, today)
    below = bottom + 36
    if beside:
        _named(sheet, lines, x, y)
    else:
        below = _legend(sheet, lines, below + 8)
    below = _banded(sheet, fan, below + 4)
    return sheet.done(below, label, f"{finding} {says_of(tracks, label, fan, target, today)}".lstrip())


def says_of(tracks: Sequence[Track], label: str, fan: Fan | None, target: float | None, today: date | None) -> str:
    """The figure in words: where each line ends."""
    told = [f"{label}{f', at {day_text(today)}' if today else ''}."]
    told += [f"{one.name}: {printed(one.numbers[-1])} on {day_text(one.days[-1])}." for one in tracks if one.days]
    if fan and fan.days:
        bands = (f"{name} {printed(low[-1])} to {printed(high[-1])}" for name, low, high in fan.bands)
        told.append(f"{fan.name}: {'; '.join([printed(fan.middle[-1]), *bands])} on {day_text(fan.days[-1])}.")
    return " ".join([*told, *([f"Target: {printed(target)}."] if target is not None else [])])


def _highest(tracks: Sequence[Track], fan: Fan | None, target: float | None) -> float:
    numbers = [number for one in tracks for number in one.numbers] + ([target] if target is not None else [])
    if fan:
        numbers += [*fan.middle, *(number for _, _, high in fan.bands for number in high)]
    highest = max([*numbers, 1.0])
    step = whole_step(highest, 6)
    return step * ceil(highest / step - 1e-9)


def _ends(days: Sequence[date]) -> tuple[float, float]:
    """The first and the last day as numbers, at least a month apart."""
    if not days:
        return 0.0, 0.0
    first = min(days).toordinal()
    return float(first), max(float(max(days).toordinal()), first + DAYS_A_MONTH)


def _axes(sheet: Sheet, x: Scale, y: Scale) -> None:
    for mark in ticks(0, y.high, whole_step(y.high, 6)):
        sheet.line((x.start, y.at(mark)), (x.stop, y.at(mark)), GRID)
        sheet.text((x.start - 8, y.at(mark) + 4), printed(mark), QUIET, size=SMALL, anchor="end")
    sheet.line((x.start, y.start), (x.stop, y.start), AXIS)
    for day, text in month_marks(x, width_of("Sep 2026", SMALL) + 14) if x.high > x.low else ():
        sheet.line((x.at(day), y.start), (x.at(day), y.start + 4), AXIS)
        sheet.tick((x.at(day), y.start + 17), text)


def _lines(tracks: Sequence[Track], fan: Fan | None, x: Scale, y: Scale) -> list[_Line]:
    lines = [_Line(one.name, _points(one, x, y), *_look(one)) for one in tracks]
    if fan:
        lines.append(_Line(fan.name, _through(fan.days, fan.middle, x, y), FORESEEN, "6 4"))
    return [line for line in lines if line.points]


def _look(track: Track) -> tuple[Role, str]:
    return (PLANNED, "2 3") if track.kind == "planned" else (REACHED, "")


def _points(track: Track, x: Scale, y: Scale) -> list[Point]:
    points = _through(track.days, track.numbers, x, y)
    if track.kind == "planned":
        return points
    steps = points[:1]
    for there in points[1:]:
        steps += [(there[0], steps[-1][1]), there]
    return steps


def _through(days: Sequence[date], numbers: Sequence[float], x: Scale, y: Scale) -> list[Point]:
    return [(x.at(day.toordinal()), y.at(number)) for day, number in zip(days, numbers, strict=True)]


def _bands(sheet: Sheet, fan: Fan, x: Scale, y: Scale) -> None:
    for _, low, high in fan.bands:
        points = [*_through(fan.days, high, x, y), *_through(fan.days, low, x, y)[::-1]]
        sheet.shape(points, FORESEEN, opacity=0.16)


def _banded(sheet: Sheet, fan: Fan | None, y: float) -> float:
    """What the bands are, below the plot."""
    if not (fan and fan.bands):
        return y
    names = " and ".join(name for name, _, _ in fan.bands)
    sheet.box((4, y), (24, 10), PAPER)
    sheet.shape([(4, y), (28, y), (28, y + 10), (4, y + 10)], FORESEEN, opacity=0.3)
    return sheet.lines((36, y + 9), f"{fan.name}, with its {names} interval", sheet.width - 40, size=SMALL)


def _marked(sheet: Sheet, x: Scale, y: Scale, target: float | None, today: date | None) -> None:
    """The line of the target, and that of the day of the cut."""
    if target is not None:
        text = f"Target {printed(target)}"
        sheet.line((x.start, y.at(target)), (x.stop, y.at(target)), INK, dashes="8 3")
        sheet.text((x.start + 6, y.at(target) - 5), text, size=SMALL, bold=True)
    if today is not None:
        place, text = x.at(today.toordinal()), day_text(today)
        half = width_of(text, SMALL) / 2
        sheet.line((place, y.start), (place, y.stop - 4), INK, dashes="1 2")
        middle = min(max(place, x.start + half), sheet.width - half - 2)
        sheet.text((middle, y.stop - 8), text, size=SMALL, anchor="middle")


def _named(sheet: Sheet, lines: Sequence[_Line], x: Scale, y: Scale) -> None:
    """Each name at the end of its line: beside the plot, or in it where the line ends early."""
    early = [line for line in lines if line.points[-1][0] < x.stop - 40]
    for line in early:
        _named_inside(sheet, line, x, y)
    ends = sorted((line for line in lines if line not in early), key=lambda line: (line.points[-1][1], line.name))
    heights = [leading(12)] * len(ends)
    for line, place in zip(ends, apart([line.points[-1][1] for line in ends], heights, y.stop, y.start), strict=True):
        sheet.text((x.stop + 8, place + 4), line.name, line.role, bold=True)


def _named_inside(sheet: Sheet, line: _Line, x: Scale, y: Scale) -> None:
    """The name above the end of its line, or below at the very top; to the left if there is room."""
    (end, height), wide = line.points[-1], width_of(line.name, bold=True)
    left = end - 8 - wide if end - 8 - wide > x.start + 4 else min(end + 8, sheet.width - wide - 2)
    base = height - 7 if height - 19 >= y.stop else height + 19
    sheet.box((left - 2, base - 12), (wide + 4, 15), PAPER)
    sheet.text((left, base), line.name, line.role, bold=True)


def _legend(sheet: Sheet, lines: Sequence[_Line], y: float) -> float:
    for line in lines:
        sheet.line((4, y - 4), (28, y - 4), line.role, thick=2, dashes=line.dashes)
        y = sheet.lines((36, y), line.name, sheet.width - 40)
    return y
