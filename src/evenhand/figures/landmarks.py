"""Estimates at chosen times, written beside the curves where nothing else is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .curves import Frame, Steps, outline
from .drawing import Area, Point, Sheet
from .lettering import width_of
from .notes import meet
from .palette import AXIS, PAPER

SMALL, HIGH, FARTHEST = 11, 13.0, 5


def draw_landmarks(
    sheet: Sheet, curves: Sequence[Steps], times: Sequence[float], frame: Frame, taken: Sequence[Area] = ()
) -> None:
    """An upright dotted line at each time, with the curves' values where they cross it: that of the upper curve above.

    A value keeps off the curves, the areas taken and the values before it; one that finds no room is left out, for
    the words of the figure have it.
    """
    paths = [outline(one.thinned(frame.hair), frame) for one in curves]
    areas = list(taken)
    for time in times:
        if not frame.x.low < time <= frame.x.high:
            continue
        x = frame.x.at(time)
        sheet.line((x, frame.y.start), (x, frame.y.stop), AXIS, dashes="1 3")
        followed = sorted((one for one in curves if time <= one.end), key=lambda one: (-one.at(time), one.place))
        for place, curve in enumerate(followed):
            _value(sheet, curve, time, frame, (paths, areas), above=place == 0)


def _value(
    sheet: Sheet, curve: Steps, time: float, frame: Frame, full: tuple[list[list[Point]], list[Area]], *, above: bool
) -> None:
    text = f"{100 * curve.at(time):.0f}\u00a0%"
    paths, areas = full
    at = frame.place(time, curve.at(time))
    for area in _places(at, width_of(text, SMALL, bold=True) + 4, frame, above=above):
        if not any(meet(area, path) for path in paths) and not any(_over(area, one) for one in areas):
            areas.append(area)
            sheet.box((area[0], area[1]), (area[2] - area[0], HIGH), PAPER)
            sheet.text((area[0] + 2, area[3] - 3), text, curve.role, size=SMALL, bold=True)
            break
    sheet.dot(at, 3, curve.role)


def _places(at: Point, wide: float, frame: Frame, *, above: bool) -> Iterator[Area]:
    """Where a value may stand, the nearest first: its own side of the curve, then the other."""
    x, y = at
    for way in (-1, 1) if above else (1, -1):
        for step in range(FARTHEST):
            top = y - 8 - HIGH - step * 7 if way < 0 else y + 8 + step * 7
            for left in (x + 4, x - 4 - wide) if above else (x - 4 - wide, x + 4):
                inside = frame.y.stop <= top and top + HIGH <= frame.y.start - 2
                if inside and frame.x.start + 2 <= left and left + wide <= frame.x.stop + 8:
                    yield left, top, left + wide, top + HIGH


def _over(one: Area, other: Area) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    return across > 0 and min(one[3], other[3]) - max(one[1], other[1]) > 0
