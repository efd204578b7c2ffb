"""One lane a person: what was going on when, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing import Drawing, Sheet, finite, leading
from .lettering import width_of, wrapped
from .marks import draw_mark
from .palette import AXIS, GRID, INK, SHADES, Role
from .scales import Scale, nice_step, printed, ticks

SMALL, EDGE, THICK, ROW = 11, 4, 10.0, 17.0
WIDEST_NAME = 0.22  # of the width; longer names are wrapped
# Pale grounds on which marks of ink can be read; neighbours differ in lightness, and the first has no edge.
GROUNDS: tuple[Role, ...] = (SHADES[0][1], SHADES[1][1], SHADES[0][3], SHADES[1][3], SHADES[0][0], SHADES[1][0])


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


def swimmer(
    lanes: Sequence[Lane],
    *,
    prefix: str,
    label: str,
    unit: str = "months",
    width: float = 720,
    every: float | None = None,
) -> Drawing:
    """Lanes from the top in the order given, times from 0. Kinds get their colours and signs in the order in which
    they first appear; ``every`` is the distance of the axis's numbers."""
    for lane in lanes:
        finite(
            lane.name, *(one.time for one in lane.marks), *(end for one in lane.spans for end in (one.start, one.stop))
        )
    sheet = Sheet(prefix, width)
    grounds = list(dict.fromkeys(span.kind for lane in lanes for span in lane.spans))
    signs = list(dict.fromkeys(mark.kind for lane in lanes for mark in lane.marks))
    y = sheet.lines((EDGE, 14), label, width - 2 * EDGE, bold=True) + 2
    y = _legend(sheet, grounds, signs, any(lane.ongoing for lane in lanes), y)
    if not lanes:
        y = sheet.lines((EDGE, y), "Nobody to show", width - 2 * EDGE)
    room = min(WIDEST_NAME * width, max([width_of(lane.name, SMALL) for lane in lanes], default=0))
    end = max([lane.end for lane in lanes], default=0) or 1.0
    x = Scale(0, end, EDGE + room + 10, width - 22)
    bottom = y + sum(_height(lane, room) for lane in lanes)
    step = every or nice_step(end, 8 if width >= 480 else 4)
    for mark in ticks(0, end, step):
        sheet.line((x.at(mark), y), (x.at(mark), bottom), GRID if mark else AXIS)
        sheet.tick((x.at(mark), bottom + 16), printed(mark))
    for lane in lanes:
        _lane(sheet, lane, (grounds, signs), x, (room, y))
        y += _height(lane, room)
    sheet.line((x.start, bottom), (x.stop, bottom), AXIS)
    sheet.text(((x.start + x.stop) / 2, bottom + 34), unit[:1].upper() + unit[1:], anchor="middle")
    return sheet.done(bottom + 40, label, says_of(lanes, label, unit))


def says_of(lanes: Sequence[Lane], label: str, unit: str) -> str:
    """Each lane in words."""
    told = [f"{label}. Times in {unit}."]
    for lane in lanes:
        spans = [
            f"{span.kind} {printed(round(span.start, 1))} to {printed(round(span.stop, 1))}" for span in lane.spans
        ]
        marks = [f"{mark.kind} at {printed(round(mark.time, 1))}" for mark in lane.marks]
        told.append(f"{lane.name}: {', '.join([*spans, *marks, *(['ongoing'] if lane.ongoing else [])]) or 'nothing'}.")
    return " ".join(told)


def _height(lane: Lane, room: float) -> float:
    return ROW + (len(wrapped(lane.name, max(room, 1), SMALL)) - 1) * leading(SMALL)


def _lane(sheet: Sheet, lane: Lane, kinds: tuple[list[str], list[str]], x: Scale, place: tuple[float, float]) -> None:
    room, top = place
    for line, name in enumerate(wrapped(lane.name, max(room, 1), SMALL)):
        sheet.text((EDGE, top + 12 + line * leading(SMALL)), name, size=SMALL)
    middle = top + ROW / 2
    for span in lane.spans:
        start, stop = x.at(span.start), x.at(span.stop)
        ground = GROUNDS[kinds[0].index(span.kind) % len(GROUNDS)]
        sheet.box((start, middle - THICK / 2), (max(stop - start, 1), THICK), ground)
    for mark in lane.marks:
        draw_mark(sheet, (x.at(mark.time), middle), kinds[1].index(mark.kind))
    if lane.ongoing:
        end = x.at(lane.end)
        sheet.line((end, middle), (end + 10, middle), INK, thick=1.5)
        sheet.shape([(end + 16, middle), (end + 9, middle - 4), (end + 9, middle + 4)], INK)


def _legend(sheet: Sheet, grounds: Sequence[str], signs: Sequence[str], ongoing: bool, y: float) -> float:
    """Every colour and sign with its name, in lines no wider than the paper."""
    x = float(EDGE)
    for place, name in enumerate((*grounds, *signs, *(["Ongoing"] if ongoing else []))):
        told = wrapped(name, sheet.width - 2 * EDGE - 26, SMALL)
        wide = 22 + max(width_of(line, SMALL) for line in told) + 14
        if x > EDGE and x + wide > sheet.width:
            x, y = float(EDGE), y + leading(SMALL) + 3
        if place < len(grounds):
            sheet.box((x, y - 9), (16, THICK), GROUNDS[place % len(GROUNDS)])
        elif place < len(grounds) + len(signs):
            draw_mark(sheet, (x + 8, y - 4), place - len(grounds))
        else:
            sheet.line((x, y - 4), (x + 9, y - 4), INK, thick=1.5)
            sheet.shape([(x + 16, y - 4), (x + 9, y - 8), (x + 9, y)], INK)
        for line, piece in enumerate(told):
            sheet.text((x + 22, y + line * leading(SMALL)), piece, size=SMALL)
        y += (len(told) - 1) * leading(SMALL)
        x += wide
    return y + 12
