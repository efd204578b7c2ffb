"""The names of curves at their ends, moved apart where they would meet."""

from __future__ import annotations

from collections.abc import Sequence

from .curves import Frame, Steps
from .drawing import Sheet, leading
from .lettering import width_of, wrapped

WIDEST = 120  # px
NARROW = 480  # px: below it the names of the curves stand above the plot instead of at their ends
LOWEST = 200.0  # px: the height of the lowest plot
EDGE = 10


def beside(curves: Sequence[Steps], width: float) -> bool:
    """Whether there is room for the names at the ends; else they go above the plot."""
    most = min(WIDEST, 0.2 * width)
    return width >= NARROW and sum(_height(_lines(curve, most)) for curve in curves) <= LOWEST


def end_width(curves: Sequence[Steps], width: float) -> float:
    """The room at the right that the names need; they are wrapped to a fifth of the width at most."""
    most = min(WIDEST, 0.2 * width)
    widest = max((width_of(line, bold=True) for curve in curves for line in _lines(curve, most)), default=0)
    return widest + 2 * EDGE


def draw_names(sheet: Sheet, curves: Sequence[Steps], frame: Frame, width: float) -> None:
    """Each name beside the end of its curve, those of curves that end together one below the other."""
    most = min(WIDEST, 0.2 * width)
    named = [(frame.y.at(curve.at(curve.end)), curve, _lines(curve, most)) for curve in curves]
    named.sort(key=lambda one: (one[0], one[1].place))
    heights = [_height(lines) for _, _, lines in named]
    middles = apart([y for y, _, _ in named], heights, frame.y.stop, frame.y.start)
    for (_, curve, lines), middle, height in zip(named, middles, heights, strict=True):
        first = middle - height / 2 + 12
        for place, line in enumerate(lines):
            sheet.text((frame.x.stop + EDGE, first + place * leading(12)), line, curve.role, bold=True)


def apart(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """Middles of blocks of these heights near the wanted ones (in order), none over another, inside top and bottom.

    Where there is no room for all they go on below the bottom.
    """
    middles: list[float] = []
    edge = top
    for want, height in zip(wanted, heights, strict=True):
        middles.append(max(want, edge + height / 2))
        edge = middles[-1] + height / 2
    limit = max(bottom, top + sum(heights))
    for place in range(len(middles) - 1, -1, -1):
        middles[place] = min(middles[place], limit - heights[place] / 2)
        limit = middles[place] - heights[place] / 2
    return middles


def _lines(curve: Steps, most: float) -> tuple[str, ...]:
    return wrapped(curve.name, most, bold=True)


def _height(lines: Sequence[str]) -> float:
    return len(lines) * leading(12) + 3
