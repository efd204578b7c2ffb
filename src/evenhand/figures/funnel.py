"""A funnel plot: sites by how much they contributed, between limits that narrow with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing import Drawing, Sheet, finite
from .lettering import shortened, width_of
from .marks import draw_mark
from .palette import ALARM, AXIS, GRID, INK, PAPER, QUIET, dash, series
from .scales import Scale, nice_step, printed, ticks

SMALL, LEFT = 11, 48
WIDEST_NAME = 0.4  # of the width; longer names are shortened


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """A site: its size (people, person-months) and its value (a rate, a share); a flagged one is named beside it."""

    name: str
    size: float
    value: float
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class FunnelLimit:
    """Limits of a level ("99.8 %") at sizes in order."""

    name: str
    sizes: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]


def funnel(
    points: Sequence[FunnelPoint],
    *,
    prefix: str,
    label: str,
    size: str,
    centre: float | None = None,
    limits: Sequence[FunnelLimit] = (),
    width: float = 640,
) -> Drawing:
    """``label`` names the value (upright), ``size`` the size (across); ``centre`` is the value of all together.

    A flagged point is a diamond in the colour of alarms with its name; the others are circles. The axis ends a little
    above the highest point: limits beyond it are cut off.
    """
    for one in points:
        finite(one.name, one.size, one.value)
    sheet = Sheet(prefix, width)
    top = sheet.lines((4, 14), label, width - 8, bold=True) + 4
    named = max([width_of(f"{one.name} limits", SMALL) for one in limits], default=0)
    right = width - max(named + 10, 20)
    bottom = top + min(320.0, max(200.0, 0.58 * (right - LEFT)))
    x, y = _scales(points, centre, limits, ((LEFT, right), (bottom, top)))
    _axes(sheet, x, y, size, width)
    for place, limit in enumerate(limits):
        _limit(sheet, limit, x, y, dash(place + 1))
    if centre is not None:
        sheet.line((x.start, y.at(centre)), (x.stop, y.at(centre)), INK)
    _points(sheet, points, x, y)
    if not points:
        sheet.text(((LEFT + right) / 2, (top + bottom) / 2), "Nothing to show", QUIET, anchor="middle")
    return sheet.done(bottom + 42, f"Funnel plot: {label}", says_of(points, label, size, centre))


def says_of(points: Sequence[FunnelPoint], label: str, size: str, centre: float | None) -> str:
    """The plot in words: the middle, and who is flagged."""
    flagged = [
        f"{one.name} {printed(round(one.value, 3))} at {printed(round(one.size, 1))}" for one in points if one.flagged
    ]
    middle = "" if centre is None else f" All together: {printed(round(centre, 3))}."
    return f"Funnel plot. {label} by {size}; {len(points)} shown.{middle} Flagged: {'; '.join(flagged) or 'none'}."


def _scales(
    points: Sequence[FunnelPoint],
    centre: float | None,
    limits: Sequence[FunnelLimit],
    sides: tuple[tuple[float, float], tuple[float, float]],
) -> tuple[Scale, Scale]:
    sizes = [one.size for one in points] + [size for one in limits for size in one.sizes]
    values = [one.value for one in points] + ([] if centre is None else [centre])
    widest = [value for one in limits for value in one.upper[len(one.upper) // 3 :]]  # of the smallest, limits leave it
    low, high = min([0.0, *values]), max([*values, *widest, 0.0])
    return Scale(0, max(sizes, default=1) * 1.04 or 1, *sides[0]), Scale(low, (high * 1.06) or 1, *sides[1])


def _axes(sheet: Sheet, x: Scale, y: Scale, size: str, width: float) -> None:
    for mark in ticks(y.low, y.high, nice_step(y.high - y.low, 5)):
        sheet.line((x.start, y.at(mark)), (x.stop, y.at(mark)), GRID)
        sheet.text((x.start - 8, y.at(mark) + 4), printed(mark), QUIET, size=SMALL, anchor="end")
    sheet.line((x.start, y.start), (x.stop, y.start), AXIS)
    for mark in ticks(0, x.high, nice_step(x.high, 8 if width >= 480 else 4)):
        sheet.line((x.at(mark), y.start), (x.at(mark), y.start + 4), AXIS)
        sheet.tick((x.at(mark), y.start + 17), printed(mark))
    shown = shortened(size, width - 8)
    half = width_of(shown) / 2
    sheet.text((min(max((x.start + x.stop) / 2, half + 2), width - half - 2), y.start + 35), shown, anchor="middle")


def _limit(sheet: Sheet, limit: FunnelLimit, x: Scale, y: Scale, dashes: str) -> None:
    for values in (limit.upper, limit.lower):
        shown = [(size, value) for size, value in zip(limit.sizes, values, strict=True) if y.holds(value)]
        sheet.path([(x.at(size), y.at(value)) for size, value in shown], AXIS, thick=1.2, dashes=dashes)
    if limit.sizes and y.holds(limit.upper[-1]):
        sheet.text((x.stop + 6, y.at(limit.upper[-1]) + 4), f"{limit.name} limits", QUIET, size=SMALL)


def _points(sheet: Sheet, points: Sequence[FunnelPoint], x: Scale, y: Scale) -> None:
    for one in sorted(points, key=lambda point: point.flagged):
        place = x.at(one.size), y.at(one.value)
        if not one.flagged:
            sheet.dot(place, 3.5, series(0), hollow=True)
            continue
        draw_mark(sheet, place, 1, ALARM)
        name = shortened(one.name, WIDEST_NAME * sheet.width, SMALL, bold=True)
        wide = width_of(name, SMALL, bold=True)
        left = place[0] + 8 if place[0] + 8 + wide < x.stop else max(place[0] - 8 - wide, 2)
        sheet.box((left - 1, place[1] - 7), (wide + 2, 14), PAPER)
        sheet.text((left, place[1] + 4), name, ALARM, size=SMALL, bold=True)
