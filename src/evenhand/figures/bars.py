"""Horizontal bars, split into parts: the worst grade of each adverse event by arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .bar_columns import EDGE, ROW, SMALL, Columns
from .drawing import Drawing, Sheet, finite, leading
from .lettering import width_of
from .palette import AXIS, GRID, shade
from .scales import Scale, nice_step, printed, ticks
from .widths import also_narrow

THICK = 12.0


@dataclass(frozen=True, slots=True)
class BarRow:
    """``values`` of each series in order, one for each part (percent of people by grade); ``texts`` at the end of each
    bar ("12 (14.8 %)"). Without values it is a heading."""

    label: str
    values: Sequence[Sequence[float]] = ()
    texts: Sequence[str] = ()

    def text(self, place: int) -> str:
        return self.texts[place] if place < len(self.texts) else ""


@also_narrow
def bars(
    rows: Sequence[BarRow],
    *,
    prefix: str,
    label: str,
    series: Sequence[str],
    parts: Sequence[str] = ("",),
    unit: str = "People (%)",
    finding: str = "",
    width: float = 720,
) -> Drawing:
    """Two series back to back, the first (the control) at the left; one, or more than two, below one another.

    ``label`` heads the rows ("Adverse event"), ``parts`` go from the mildest to the most severe, ``unit`` heads the
    axis; ``finding`` is what there is to see, and comes first of the words for whoever cannot see it. Texts that would
    leave no room for the bars are left out. Raises ValueError for a row whose values are not those of every series and
    part, or below 0.
    """
    _check(rows, series, parts)
    highest = max([sum(one) for row in rows for one in row.values], default=0) or 1.0
    step = nice_step(highest, 5 if width >= 480 else 2)
    texts = [[_told(row, place, series) for row in rows if row.values] for place in range(len(series))]
    columns = Columns.of([row.label for row in rows], label, series, texts, width)
    sheet = Sheet(prefix, width)
    y = _legend(sheet, parts, len(series), 14.0)
    y = columns.head(sheet, label, series, y)
    top, scales = y, [Scale(0, highest, *ends) for ends in columns.plots]
    bottom = top + 4 + sum(_height(columns, row, len(series)) for row in rows)
    _axes(sheet, scales, step, (top, bottom), unit)
    y = top + 4
    for row in rows:
        _row(sheet, columns, row, series, scales, y)
        y += _height(columns, row, len(series))
    told = says_of(rows, label, series, parts, unit)
    return sheet.done(bottom + 40, f"{label}: {unit}", f"{finding} {told}".lstrip())


def says_of(rows: Sequence[BarRow], label: str, series: Sequence[str], parts: Sequence[str], unit: str) -> str:
    """The bars in words, each with its parts; a part of nothing is not named."""
    told = [f"{label}; {unit[:1].lower()}{unit[1:]}{', by ' + ', '.join(parts) if len(parts) > 1 else ''}."]
    for row in rows:
        if row.values:
            each = (f"{name} {_said(row, place)}{_parted(row, place, parts)}" for place, name in enumerate(series))
            told.append(f"{row.label}: {'; '.join(each)}.")
    return " ".join(told)


def _parted(row: BarRow, place: int, parts: Sequence[str]) -> str:
    values = row.values[place]
    if len(parts) < 2 or not any(values):
        return ""
    told = (f"{name} {printed(round(value, 1))}" for name, value in zip(parts, values, strict=True) if value)
    return f": {', '.join(told)}"


def _told(row: BarRow, place: int, series: Sequence[str]) -> str:
    """The text at the end of a bar; where more than two stand below one another, each is named there."""
    return f"{series[place]} {row.text(place)}".rstrip() if len(series) > 2 else row.text(place)


def _said(row: BarRow, place: int) -> str:
    return row.text(place) or printed(round(sum(row.values[place]), 1))


def _check(rows: Sequence[BarRow], series: Sequence[str], parts: Sequence[str]) -> None:
    for row in rows:
        if not row.values:
            continue
        if len(row.values) != len(series) or any(len(one) != len(parts) for one in row.values):
            raise ValueError(f"{row.label}: give {len(series)} series of {len(parts)} values each")
        finite(row.label, *(value for one in row.values for value in one))
        if any(value < 0 for one in row.values for value in one):
            raise ValueError(f"{row.label}: a value is below 0; give counts or percentages")


def _height(columns: Columns, row: BarRow, many: int) -> float:
    lines = len(columns.label_lines(row.label, heading=not row.values)) * leading(SMALL) + 6
    return max(ROW if many <= 2 or not row.values else many * (THICK + 2) + 8, lines)


def _row(
    sheet: Sheet, columns: Columns, row: BarRow, series: Sequence[str], scales: Sequence[Scale], top: float
) -> None:
    middle = top + _height(columns, row, len(scales)) / 2
    columns.label(sheet, row.label, middle, heading=not row.values)
    for place, values in enumerate(row.values):
        down = 0.0 if len(scales) <= 2 else (place - (len(scales) - 1) / 2) * (THICK + 2)
        _bar(sheet, values, place, scales[place], middle + down)
        if columns.texts:
            _end_text(sheet, _told(row, place, series), scales[place], sum(values), middle + down)


def _bar(sheet: Sheet, values: Sequence[float], side: int, x: Scale, middle: float) -> None:
    """The parts beginning with the most severe, at the middle line, so that those can be compared."""
    done = 0.0
    for part in range(len(values) - 1, -1, -1):
        start, stop = x.at(done), x.at(done + values[part])
        done += values[part]
        corner = min(start, stop), middle - THICK / 2
        sheet.box(corner, (abs(stop - start), THICK), shade(side, part, len(values)))


def _end_text(sheet: Sheet, text: str, x: Scale, value: float, middle: float) -> None:
    way = 1 if x.stop >= x.start else -1
    sheet.text((x.at(value) + way * 5, middle + 4), text, size=SMALL, anchor="start" if way > 0 else "end")


def _axes(sheet: Sheet, scales: Sequence[Scale], step: float, sides: tuple[float, float], unit: str) -> None:
    top, bottom = sides
    for place, x in enumerate(dict.fromkeys(scales)):
        for mark in ticks(step if place else 0, x.high, step):
            sheet.line((x.at(mark), top), (x.at(mark), bottom), GRID if mark else AXIS)
            sheet.tick((x.at(mark), bottom + 16), printed(mark))
        sheet.line((x.start, bottom), (x.stop, bottom), AXIS)
    middle = (
        (min(min(x.start, x.stop) for x in scales) + max(max(x.start, x.stop) for x in scales)) / 2 if scales else EDGE
    )
    half = width_of(unit) / 2
    sheet.text((min(max(middle, half + 2), sheet.width - half - 2), bottom + 33), unit, anchor="middle")


def _legend(sheet: Sheet, parts: Sequence[str], many: int, y: float) -> float:
    """A swatch of each part, in the colour of every series, wrapped at the edge."""
    if len(parts) < 2:
        return y
    x, sides = float(EDGE), min(many, 2)
    for part, name in enumerate(parts):
        wide = sides * 13 + 6 + width_of(name, SMALL) + 16
        if x > EDGE and x + wide > sheet.width:
            x, y = float(EDGE), y + leading(SMALL) + 3
        for side in range(sides):
            sheet.box((x + side * 13, y - 9.5), (12, 12), shade(side, part, len(parts)))
        sheet.text((x + sides * 13 + 4, y), name, size=SMALL)
        x += wide
    return y + 22
