"""A forest plot: subgroups with their counts, estimates and intervals on a log axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log, sqrt

from .drawing import Drawing, Sheet, leading
from .forest_columns import SMALL, Columns
from .lettering import width_of
from .palette import AXIS, GRID, INK, QUIET, series
from .scales import Scale, log_ticks, printed
from .widths import also_narrow

STRIPE, LARGEST, SMALLEST = 4.0, 6.5, 2.5
CLEAR = 3.0  # on either side of a number of the axis


@dataclass(frozen=True, slots=True)
class ForestRow:
    """A line of the plot. ``cells`` are its texts under ``columns``; ``text`` stands at the right ("0.61 (0.43 to
    0.87)"). Without an estimate, cells and text it is a heading. ``weight`` sets the area of its square (events, or
    one over the variance); ``total`` draws a diamond. ``lower`` 0 and ``upper`` infinite are cut off with an arrow."""

    label: str
    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    text: str = ""
    cells: Sequence[str] = ()
    weight: float | None = None
    total: bool = False
    indent: int = 0

    @property
    def heading(self) -> bool:
        return self.estimate is None and not self.text and not any(self.cells)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The interval, where there is one; open ends as 0 and infinite."""
        if self.lower is None and self.upper is None:
            return None
        return self.lower or 0.0, float("inf") if self.upper is None else self.upper


@also_narrow
def forest(
    rows: Sequence[ForestRow],
    *,
    prefix: str,
    label: str,
    measure: str = "Hazard ratio (95 % CI)",
    columns: Sequence[str] = (),
    favours: tuple[str, str] = ("experimental", "control"),
    width: float = 760,
) -> Drawing:
    """Ratios around 1. ``label`` heads the first column ("Subgroup"); ``columns`` head the cells, ``measure`` the axis
    and the texts at the right; ``favours`` names who is better left and right of 1.

    Raises ValueError for an estimate that is not above 0, or not finite.
    """
    _check(rows)
    places = Columns.of([(one.label, one.indent, one.cells, one.text) for one in rows], label, columns, measure, width)
    sheet = Sheet(prefix, places.width)
    y = places.head(sheet, label, columns, measure)
    low, high = axis_of(rows)
    x = Scale(low, high, places.plot[0], places.plot[1], log=True)
    top = y
    y = places.below_head(y)
    marks = log_ticks(low, high)
    bottom = y + sum(places.height(one.label, one.indent, one.cells, one.text) for one in rows)
    sheet.strokes([((x.at(mark), top), (x.at(mark), bottom)) for mark in marks if mark != 1], GRID)
    sheet.line((x.at(1), top), (x.at(1), bottom), INK)
    heaviest = max((one.weight for one in rows if one.weight), default=0)
    for row in rows:
        places.row(sheet, (row.label, row.indent, row.cells, row.text), y, bold=row.heading or row.total)
        _estimate(sheet, row, x, y - STRIPE, heaviest)
        y += places.height(row.label, row.indent, row.cells, row.text)
    below = _axis(sheet, x, marks, bottom)
    below = _favours(sheet, favours, x, below, sheet.width)
    return sheet.done(below, f"Forest plot: {label}", says_of(rows, measure, favours))


def axis_of(rows: Sequence[ForestRow]) -> tuple[float, float]:
    """The ends of the axis: around 1, with every estimate; intervals up to 4 times beyond the outermost of these are
    whole. At least 0.5 to 2, at most 0.01 to 100: farther intervals, and estimates, are drawn at the end with an arrow.
    """
    estimates = [one.estimate for one in rows if one.estimate is not None]
    low, high = min([*estimates, 0.6]), max([*estimates, 1.65])
    ends = [end for one in rows if (interval := one.interval) for end in interval]
    low = min([0.5, low, *(end for end in ends if end >= low / 4)])
    high = max([2.0, high, *(end for end in ends if end <= high * 4)])
    return max(low / 1.06, 0.01), min(high * 1.06, 100.0)


def says_of(rows: Sequence[ForestRow], measure: str, favours: tuple[str, str]) -> str:
    """The plot in words: a sentence for each heading with its rows, and for each row without one."""
    told: list[tuple[str, list[str]]] = []
    for row in rows:
        said = row.text or _figure(row)
        if row.heading:
            told.append((row.label, []))
        elif told and row.indent:
            told[-1][1].append(f"{row.label} {said}")
        else:
            told.append((row.label, [said]))
    sentences = (f"{name}: {'; '.join(parts)}." for name, parts in told if parts)
    return " ".join([f"Forest plot. {measure}; below 1 favours {favours[0]}, above 1 {favours[1]}.", *sentences])


def _figure(row: ForestRow) -> str:
    return "no estimate" if row.estimate is None else f"{row.estimate:.2f}"


def _check(rows: Sequence[ForestRow]) -> None:
    for row in rows:
        if row.estimate is not None and not (row.estimate > 0 and isfinite(row.estimate)):
            raise ValueError(
                f"{row.label}: the ratio is {row.estimate}; give one above 0, or None with a text saying why"
            )


def _estimate(sheet: Sheet, row: ForestRow, x: Scale, y: float, heaviest: float) -> None:
    if row.estimate is None:
        return
    role = series(0)
    if row.total and row.interval:
        low, high = (x.at(max(end, x.low)) for end in row.interval)
        middle = x.at(row.estimate)
        sheet.shape([(low, y), (middle, y - 6), (high, y), (middle, y + 6)], role)
        return
    if row.interval:
        _interval(sheet, row.interval, x, y)
    if x.holds(row.estimate):
        half = _half(row.weight, heaviest)
        sheet.box((x.at(row.estimate) - half, y - half), (2 * half, 2 * half), role)


def _half(weight: float | None, heaviest: float) -> float:
    """Half the side of the square: its area goes with the weight."""
    return max(SMALLEST, LARGEST * sqrt(weight / heaviest)) if weight and heaviest else 4.0


def _interval(sheet: Sheet, interval: tuple[float, float], x: Scale, y: float) -> None:
    role = series(0)
    start, stop = (x.at(max(end, x.low)) for end in interval)
    sheet.line((start, y), (stop, y), role, thick=1.5)
    for end, place, way in ((interval[0], start, 1), (interval[1], stop, -1)):
        if x.holds(end):
            sheet.line((place, y - 3.5), (place, y + 3.5), role, thick=1.5)
        else:
            sheet.shape([(place, y), (place + way * 6, y - 4), (place + way * 6, y + 4)], role)


def _axis(sheet: Sheet, x: Scale, marks: Sequence[float], y: float) -> float:
    sheet.line((x.start, y), (x.stop, y), AXIS)
    sheet.strokes([((x.at(mark), y), (x.at(mark), y + 4)) for mark in marks], AXIS)
    for mark in _apart(x, marks):
        sheet.tick((x.at(mark), y + 16), printed(mark))
    return y + 16


def _apart(x: Scale, marks: Sequence[float]) -> list[float]:
    """The marks whose numbers stand clear of each other, from 1 outwards."""
    kept: list[float] = []
    for mark in sorted(marks, key=lambda one: abs(log(one))):
        half = width_of(printed(mark)) / 2 + CLEAR
        if all(abs(x.at(mark) - x.at(one)) >= half + width_of(printed(one)) / 2 for one in kept):
            kept.append(mark)
    return kept


def _favours(sheet: Sheet, favours: tuple[str, str], x: Scale, y: float, width: float) -> float:
    """An arrow to either side of 1, and under each who is better there."""
    one, arrow = x.at(1), y + 12
    for name, way in ((favours[0], -1), (favours[1], 1)):
        if not name:
            continue
        tip = x.start if way < 0 else x.stop
        sheet.line((one + way * 6, arrow), (tip - way * 4, arrow), QUIET)
        sheet.shape([(tip, arrow), (tip - way * 6, arrow - 3.5), (tip - way * 6, arrow + 3.5)], QUIET)
    return max(_named(sheet, favours[0], one, arrow, -1, width), _named(sheet, favours[1], one, arrow, 1, width))


def _named(sheet: Sheet, name: str, one: float, arrow: float, way: int, width: float) -> float:
    room = (one if way < 0 else width - one) - 14
    y = arrow + 15
    for line in Columns.lines_of(f"Favours {name}", room) if name else ():
        sheet.text((one + way * 8, y), line, size=SMALL, anchor="end" if way < 0 else "start")
        y += leading(SMALL)
    return y
