"""Lines of text inside a plot, in a corner that no curve passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .curves import Frame, Steps, outline
from .drawing import Area, Point, Sheet, leading
from .lettering import width_of, wrapped
from .palette import PAPER

MARGIN = 10


@dataclass(frozen=True, slots=True)
class Notes:
    """``told``: the lines as wrapped; ``at``: the area of the first free corner (lower left, upper right, lower right,
    upper left), None where no corner is free, or there is no curve."""

    told: tuple[str, ...]
    at: Area | None

    @classmethod
    def of(cls, lines: Sequence[str], curves: Sequence[Steps], frame: Frame) -> Notes:
        room = 0.72 * (frame.x.stop - frame.x.start)
        told = tuple(piece for line in lines for piece in wrapped(line, room))
        wide, high = max(map(width_of, told), default=0) + 8, len(told) * leading(12) + 4
        paths = [outline(one.thinned(frame.hair), frame) for one in curves]
        free = (area for area in _corners(frame, wide, high) if not any(meet(area, line) for line in paths))
        return cls(told, next(free, None) if told and curves else None)

    def draw(self, sheet: Sheet) -> None:
        """The lines in their corner, on paper that lets the bands through; nothing where there is no corner."""
        if self.at is None:
            return
        left, top, right, bottom = self.at
        sheet.shape([(left, top), (right, top), (right, bottom), (left, bottom)], PAPER, opacity=0.8)
        for place, line in enumerate(self.told):
            sheet.text((left + 4, top + 12 + place * leading(12)), line)


def _corners(frame: Frame, wide: float, high: float) -> list[Area]:
    left, right = frame.x.start + MARGIN, frame.x.stop - MARGIN - wide
    top, bottom = frame.y.stop + 2, frame.y.start - MARGIN - high
    return [(x, y, x + wide, y + high) for x, y in ((left, bottom), (right, top), (right, bottom), (left, top))]


def meet(area: Area, line: Sequence[Point]) -> bool:
    """Whether a step line passes an area, or comes near it."""
    left, top, right, bottom = area[0] - 4, area[1] - 4, area[2] + 4, area[3] + 4
    for (x, y), (to_x, to_y) in pairwise(line):
        over = min(x, to_x) <= right and max(x, to_x) >= left
        if over and min(y, to_y) <= bottom and max(y, to_y) >= top:
            return True
    return False
