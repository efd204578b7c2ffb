"""A thin lane for each of many people, in panels: what happened to a whole trial, on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .drawing import Drawing, Sheet, finite, leading
from .lettering import width_of, wrapped
from .marks import draw_mark
from .palette import AXIS, GRID, INK, QUIET, SHADES, Role
from .scales import Scale, nice_step, printed, ticks
from .widths import also_narrow

SMALL, EDGE, GAP, NARROW = 11, 4, 20.0, 480
PAPER_HEIGHT = 610.0  # px: all lanes of a panel fit one page of paper with its words
SCREEN_HEIGHT = 420.0  # px: where panels stand below one another
ROWS = (4.0, 15.0)  # px: the thinnest lane whose signs can be told apart, and the thickest
SIGN = 0.46  # of a row: a sign's half width, so that it may touch the next lane and not cover it
SHADED = (2, 3, 4)  # shades of the kinds of span; each has a contrast of 3 on white (WCAG 2.2, 1.4.11)
THIN, FULL = 0.34, 0.9  # of a row: the ground, and what lies over it


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasted from ``start`` to ``stop``; ``kind`` names its colour in the legend."""

    start: float
    stop: float
    kind: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a time; ``kind`` names its sign in the legend."""

    time: float
    kind: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A person; ``ongoing`` ends the lane in an arrow."""

    name: str
    spans: Sequence[Span]
    marks: Sequence[Mark] = ()
    ongoing: bool = False

    @property
    def end(self) -> float:
        return max([0.0, *(one.stop for one in self.spans), *(one.time for one in self.marks)])


@dataclass(frozen=True, slots=True)
class Panel:
    """People who belong together (an arm), the first lane at the top."""

    name: str
    lanes: Sequence[Lane]


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Every kind of span and of mark, and those of the legend, which somebody has."""

    spans: Sequence[str]
    marks: Mapping[str, int]
    shown: tuple[str, ...]
    ongoing: bool

    def ground(self, kind: str, side: int) -> Role:
        """The shade of a kind of span in a panel."""
        return SHADES[side % 2][SHADED[self.spans.index(kind) % len(SHADED)]]

    def is_ground(self, kind: str) -> bool:
        """Whether a kind of span is the thin one."""
        return kind == self.spans[0]


@also_narrow
def swimmers(
    panels: Sequence[Panel],
    *,
    prefix: str,
    label: str,
    spans: Sequence[str],
    marks: Mapping[str, int],
    unit: str = "months",
    every: float | None = None,
    width: float = 720,
) -> Drawing:
    """Panels side by side (below one another where it is narrow), all on one scale; the names of lanes are not shown.

    ``spans`` and ``marks`` are the kinds in the order of the legend: the first span is the ground of the others and
    drawn thin, the others over it in full; ``marks`` gives the place of each sign (`draw_mark`). Lanes share the height
    of a page, and grow with fewer people. Raises ValueError for a time that is not finite or a kind that is not named.
    """
    kinds = _kinds(panels, spans, marks)
    sheet = Sheet(prefix, width)
    y = sheet.lines((EDGE, 14), label, width - 2 * EDGE, bold=True) + 4
    y = _legend(sheet, kinds, min(2, len(panels)), y)
    across = 2 if width >= NARROW and len(panels) > 1 else 1
    most = max([len(one.lanes) for one in panels], default=0)
    row = min(ROWS[1], max(ROWS[0], (PAPER_HEIGHT if across > 1 else SCREEN_HEIGHT) / max(most, 1)))
    end = max([lane.end for one in panels for lane in one.lanes], default=0) or 1.0
    room = (width - 2 * EDGE - (across - 1) * GAP) / across
    if not most:
        y = sheet.lines((EDGE, y + 8), "Nobody to show", width - 2 * EDGE)
    for first in range(0, len(panels) if most else 0, across):
        beside = panels[first : first + across]
        heads = [wrapped(one.name, room, SMALL, bold=True) for one in beside]
        top = y + max(map(len, heads)) * leading(SMALL) + 6
        bottom = top + max(len(one.lanes) for one in beside) * row
        for place, (one, head) in enumerate(zip(beside, heads, strict=True)):
            left = EDGE + place * (room + GAP)
            for line, text in enumerate(head):
                sheet.text((left, y + 10 + line * leading(SMALL)), text, size=SMALL, bold=True)
            x = Scale(0, end, left + 4, left + room - 14)
            _axis(sheet, x, (top, bottom), every or nice_step(end, 6), unit)
            for down, lane in enumerate(one.lanes):
                _lane(sheet, lane, kinds, x, (top + (down + 0.5) * row, row, first + place))
        y = bottom + 52
    return sheet.done(y - 8, label, says_of(panels, label, unit, spans[:1]))


def says_of(panels: Sequence[Panel], label: str, unit: str, grounds: Sequence[str]) -> str:
    """The panels in words: how long the lanes are, and how many people have each span and each sign. ``grounds`` are
    the kinds of span that everybody has."""
    told = [f"{label}. Times in {unit}."]
    for one in panels:
        counted = Counter(kind for lane in one.lanes for kind in _of(lane) if kind not in grounds)
        parts = [f"{kind} {many}" for kind, many in counted.items()]
        longest = max([lane.end for lane in one.lanes], default=0)
        people = f"; people with {', '.join(parts)}" if parts else ""
        told.append(f"{one.name}: longest {printed(round(longest, 1))}{people}.")
    return " ".join(told)


def _of(lane: Lane) -> list[str]:
    """Each kind of span and of sign that a lane has, once, in the order of first use."""
    kinds = [*(one.kind for one in lane.spans), *(one.kind for one in lane.marks)]
    return list(dict.fromkeys([*kinds, *(["Ongoing"] if lane.ongoing else [])]))


def _kinds(panels: Sequence[Panel], spans: Sequence[str], marks: Mapping[str, int]) -> _Kinds:
    """The kinds, and which of them somebody has. Raises ValueError as ``swimmers``."""
    lanes = [lane for one in panels for lane in one.lanes]
    for lane in lanes:
        ends = (end for one in lane.spans for end in (one.start, one.stop))
        finite(lane.name, *(one.time for one in lane.marks), *ends)
    used = {span.kind for lane in lanes for span in lane.spans}
    signs = {mark.kind for lane in lanes for mark in lane.marks}
    if unknown := (used - set(spans)) | (signs - set(marks)):
        raise ValueError(f"{sorted(unknown)[0]} is not among the kinds of the legend; name every kind")
    shown = tuple(one for one in (*spans, *marks) if one in used | signs)
    return _Kinds(spans, marks, shown, any(lane.ongoing for lane in lanes))


def _axis(sheet: Sheet, x: Scale, sides: tuple[float, float], step: float, unit: str) -> None:
    top, bottom = sides
    for mark in ticks(0, x.high, step):
        sheet.line((x.at(mark), top), (x.at(mark), bottom), GRID if mark else AXIS)
        sheet.text((x.at(mark), bottom + 15), printed(mark), QUIET, size=SMALL, anchor="middle" if mark else "start")
    sheet.line((x.start, bottom), (x.stop, bottom), AXIS)
    sheet.text(((x.start + x.stop) / 2, bottom + 31), unit[:1].upper() + unit[1:], anchor="middle")


def _lane(sheet: Sheet, lane: Lane, kinds: _Kinds, x: Scale, place: tuple[float, float, int]) -> None:
    middle, row, side = place
    for span in lane.spans:
        thick = row * (THIN if kinds.is_ground(span.kind) else FULL)
        start, stop = x.at(span.start), x.at(span.stop)
        sheet.box((start, middle - thick / 2), (max(stop - start, 1), thick), kinds.ground(span.kind, side))
    for mark in lane.marks:
        draw_mark(sheet, (x.at(mark.time), middle), kinds.marks[mark.kind], INK, _sign(row))
    if lane.ongoing:
        _arrow(sheet, x.at(lane.end), middle, _sign(row))


def _sign(row: float) -> float:
    return min(4.0, SIGN * row)


def _arrow(sheet: Sheet, end: float, middle: float, half: float) -> None:
    sheet.line((end, middle), (end + 6, middle), INK, thick=1)
    sheet.shape([(end + 10, middle), (end + 5, middle - half), (end + 5, middle + half)], INK)


def _legend(sheet: Sheet, kinds: _Kinds, sides: int, y: float) -> float:
    """Every shade, in the colour of each panel, and every sign, with its name."""
    x = float(EDGE)
    for kind in (*kinds.shown, *(["Ongoing"] if kinds.ongoing else [])):
        box = 12 * sides + 2 if kind in kinds.spans else 14
        wide = box + 6 + width_of(kind, SMALL) + 14
        if x > EDGE and x + wide > sheet.width:
            x, y = float(EDGE), y + leading(SMALL) + 4
        _key(sheet, kind, kinds, sides, (x, y - 4))
        sheet.text((x + box + 4, y), kind, size=SMALL)
        x += wide
    return y + 14


def _key(sheet: Sheet, kind: str, kinds: _Kinds, sides: int, at: tuple[float, float]) -> None:
    x, middle = at
    if kind in kinds.spans:
        thick = 4.0 if kinds.is_ground(kind) else 10.0
        for side in range(max(sides, 1)):
            sheet.box((x + side * 13, middle - thick / 2), (12, thick), kinds.ground(kind, side))
    elif kind in kinds.marks:
        draw_mark(sheet, (x + 7, middle), kinds.marks[kind])
    else:
        _arrow(sheet, x, middle, 3.5)
