"""Dots on a common axis against limits: sites by measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing import Drawing, Sheet, finite, leading
from .lettering import shortened, width_of, wrapped
from .marks import draw_mark
from .palette import ALARM, AXIS, GRID, INK, series
from .scales import Scale, nice_step, printed, ticks
from .widths import also_narrow

SMALL, EDGE, ROW, DOT = 11, 4, 24.0, 3.5
WIDEST_LABEL, WIDEST_TEXT = 0.3, 0.24  # of the width


@dataclass(frozen=True, slots=True)
class Dot:
    """A value with its name, perhaps with an interval; a flagged one stands out and is named beside it."""

    value: float
    name: str = ""
    flagged: bool = False
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class DotRow:
    """A measure with a dot for each site, or a site with one dot; ``text`` stands at the right."""

    label: str
    dots: Sequence[Dot]
    text: str = ""


@also_narrow
def dots(
    rows: Sequence[DotRow],
    *,
    prefix: str,
    label: str,
    unit: str,
    centre: float | None = 0.0,
    limits: Sequence[float] = (),
    width: float = 720,
) -> Drawing:
    """A line of dots for each row; ``limits`` are upright dashed lines, ``centre`` a solid one, ``unit`` the axis.

    A flagged dot is a diamond in the colour of alarms with its name above; the others are circles.
    """
    for row in rows:
        finite(row.label, *(value for dot in row.dots for value in (dot.value, dot.lower, dot.upper)))
    sheet = Sheet(prefix, width)
    name = min(WIDEST_LABEL * width, max([width_of(one.label, SMALL) for one in rows], default=0))
    text = min(WIDEST_TEXT * width, max([width_of(one.text, SMALL) for one in rows], default=0))
    y = sheet.lines((EDGE, 14), label, width - 2 * EDGE, bold=True) - 4
    low, high = _ends(rows, centre, limits)
    x = Scale(low, high, EDGE + name + 16, width - EDGE - (text + 14 if text else 10))
    if not rows:
        y = sheet.lines((EDGE, y + 16), "Nothing to show", width - 2 * EDGE)
    bottom = y + sum(_height(one, name, text) for one in rows) + 4
    _axis(sheet, x, (y, bottom), unit, width)
    for limit in limits:
        sheet.line((x.at(limit), y), (x.at(limit), bottom), ALARM, dashes="5 3")
    if centre is not None:
        sheet.line((x.at(centre), y), (x.at(centre), bottom), INK)
    for row in rows:
        _row(sheet, row, x, (name, text), y)
        y += _height(row, name, text)
    return sheet.done(bottom + 40, label, says_of(rows, label, unit, limits))


def says_of(rows: Sequence[DotRow], label: str, unit: str, limits: Sequence[float]) -> str:
    """The rows in words: which dots are flagged, and where none is."""
    beyond = f" Limits: {', '.join(printed(limit) for limit in limits)}." if limits else ""
    told = [f"{label}, in {unit}.{beyond}"]
    plain = 0
    for row in rows:
        flagged = [f"{dot.name} {printed(round(dot.value, 2))}".strip() for dot in row.dots if dot.flagged]
        plain += not flagged
        if flagged:
            told.append(f"{row.label}: {len(row.dots)} shown, flagged {', '.join(flagged)}.")
    if plain:
        told.append(f"Nothing is flagged in {'any of ' if plain == len(rows) else 'the other '}{plain}.")
    return " ".join(told)


def _ends(rows: Sequence[DotRow], centre: float | None, limits: Sequence[float]) -> tuple[float, float]:
    """The ends of the axis, with every value, interval, limit and the centre, and a little more."""
    values = [
        value for row in rows for dot in row.dots for value in (dot.value, dot.lower, dot.upper) if value is not None
    ]
    values += [*limits, *([] if centre is None else [centre])]
    low, high = min(values, default=0.0), max(values, default=1.0)
    more = (high - low) * 0.04 or 1.0
    return low - more, high + more


def _height(row: DotRow, name: float, text: float) -> float:
    lines = max(len(wrapped(row.label, max(name, 1), SMALL)), len(wrapped(row.text, max(text, 1), SMALL)))
    return ROW + (lines - 1) * leading(SMALL)


def _axis(sheet: Sheet, x: Scale, sides: tuple[float, float], unit: str, width: float) -> None:
    top, bottom = sides
    for mark in ticks(x.low, x.high, nice_step(x.high - x.low, 8 if width >= 480 else 6)):
        sheet.line((x.at(mark), top), (x.at(mark), bottom), GRID)
        sheet.tick((x.at(mark), bottom + 16), printed(mark))
    sheet.line((x.start, bottom), (x.stop, bottom), AXIS)
    shown = shortened(unit, width - 8)
    half = width_of(shown) / 2
    sheet.text((min(max((x.start + x.stop) / 2, half + 2), width - half - 2), bottom + 33), shown, anchor="middle")


def _row(sheet: Sheet, row: DotRow, x: Scale, rooms: tuple[float, float], top: float) -> None:
    name, text = rooms
    height = _height(row, name, text)
    middle = top + height / 2 + 3
    _column(sheet, wrapped(row.label, max(name, 1), SMALL), EDGE, middle)
    _column(sheet, wrapped(row.text, max(text, 1), SMALL), sheet.width - EDGE - text, middle)
    for dot in sorted(row.dots, key=lambda one: one.flagged):
        if dot.lower is not None and dot.upper is not None:
            sheet.line((x.at(dot.lower), middle), (x.at(dot.upper), middle), AXIS, thick=1.5)
        if dot.flagged:
            draw_mark(sheet, (x.at(dot.value), middle), 1, ALARM)
        else:
            sheet.dot((x.at(dot.value), middle), DOT, series(0), hollow=len(row.dots) > 1)
    _names(sheet, row, x, middle)


def _names(sheet: Sheet, row: DotRow, x: Scale, middle: float) -> None:
    """The names of flagged dots above them, from the left, but where the row has the same name, or the text would meet
    the one before: it stands in the words of the figure."""
    edge = 0.0
    for dot in sorted(
        (one for one in row.dots if one.flagged and one.name not in ("", row.label)), key=lambda one: one.value
    ):
        name = shortened(dot.name, WIDEST_LABEL * sheet.width, SMALL, bold=True)
        wide = width_of(name, SMALL, bold=True)
        left = min(max(x.at(dot.value) - wide / 2, x.start), sheet.width - wide - 2)
        if left >= edge:
            sheet.text((left, middle - 7), name, ALARM, size=SMALL, bold=True)
            edge = left + wide + 6


def _column(sheet: Sheet, lines: Sequence[str], left: float, middle: float) -> None:
    first = middle - (len(lines) - 1) * leading(SMALL) / 2 + 4
    for place, line in enumerate(lines):
        sheet.text((left, first + place * leading(SMALL)), line, size=SMALL)
