"""Boxes of text and the arrows between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing import Point, Sheet, leading
from .lettering import wrapped
from .palette import AXIS, BOX

SIZE, PAD, INDENT, GAP = 11, 8, 12, 24


@dataclass(frozen=True, slots=True)
class Boxed:
    """A box as it will be drawn: its lines with their indents (in px), the first ``bold`` of them bold."""

    lines: tuple[tuple[str, float], ...]
    bold: int
    width: float

    @property
    def height(self) -> float:
        return len(self.lines) * leading(SIZE) + 2 * PAD - 2


def measured(name: str, title: str, lines: Sequence[tuple[str, int]], width: float) -> Boxed:
    """A box of this width: a name and a title, both bold, then lines with the steps of their indents."""
    room = width - 2 * PAD
    heads = [(one, 0.0) for text in (name, title) if text for one in wrapped(text, room, SIZE, bold=True)]
    rest = []
    for text, steps in lines:
        indent = (steps + 1) * INDENT
        rest += [
            (one, indent if place == 0 else indent + 8.0)
            for place, one in enumerate(wrapped(text, room - indent - 8, SIZE))
        ]
    return Boxed((*heads, *rest), len(heads), width)


def draw_box(sheet: Sheet, box: Boxed, corner: Point, height: float = 0) -> None:
    """The box from its upper left corner, at least as high as its text."""
    sheet.box(corner, (box.width, max(height, box.height)), BOX, edge=AXIS)
    x, y = corner[0] + PAD, corner[1] + PAD + 8.5
    for place, (line, indent) in enumerate(box.lines):
        sheet.text((x + indent, y + place * leading(SIZE)), line, size=SIZE, bold=place < box.bold)


def arrow(sheet: Sheet, start: Point, stop: Point) -> None:
    """A line with a tip, level or downwards."""
    sheet.line(start, stop, AXIS, thick=1.2)
    (x, y), down = stop, stop[0] == start[0]
    tip = [(x, y), (x - 4, y - 6), (x + 4, y - 6)] if down else [(x, y), (x - 6, y - 4), (x - 6, y + 4)]
    sheet.shape(tip, AXIS)
