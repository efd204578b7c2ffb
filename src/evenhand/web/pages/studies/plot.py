"""A plot of numbers: lines, marks and ticks, as numbers that a template draws.

As in the accrual chart, lines are points in a box of 1000 by 1000 that the drawing stretches; text and marks stand at
shares of the drawing's width and height, so that they keep their size at any width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evenhand.web.pages.studies.chart import Tick

LEFT, TOP, WIDTH, HEIGHT = 11.0, 5.0, 86.0, 77.0  # where the box stands in the drawing, in percent
_BOX = 1000
_MOST_TICKS = 6
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Series:
    """One line: its name in the legend, its classes in the style sheet, its points."""

    name: str
    style: str
    points: Points


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with a sign; ``text`` stands above it, or to its right where it is ``beside`` and there is
    room."""

    x: float
    y: float
    style: str = ""
    text: str = ""
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``low`` to ``high``; ``percent`` writes 0.8 as 80 %."""

    label: str
    low: float
    high: float
    percent: bool = False

    def share(self, value: float) -> float:
        """How far along, from 0 to 1."""
        return (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[tuple[float, str]]:
        """A few round values, with their text."""
        step = _round_step(self.high - self.low)
        first = math.ceil(self.low / step - 1e-9)
        values = [number * step for number in range(first, math.floor(self.high / step + 1e-9) + 1)]
        return [(value, f"{100 * value:.4g} %" if self.percent else f"{value:.4g}") for value in values]


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark as it is drawn, in percent of the drawing; its text so far away, and so anchored that it stays inside."""

    x: str
    y: str
    style: str
    text: str
    anchor: str
    away: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Plot:
    """What a template draws. ``name`` makes the addresses of its parts; ``says`` tells what is to be seen."""

    name: str
    says: str
    across: Axis
    up: Axis
    series: tuple[Series, ...]
    marks: tuple[Mark, ...] = ()
    verticals: tuple[tuple[float, str], ...] = ()

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """Each line's name, style and points in the box."""
        return [(one.name, one.style, " ".join(map(self._point, one.points))) for one in self.series]

    @property
    def columns(self) -> list[Tick]:
        """The ticks of the lower axis."""
        return [Tick(self._x(value), text) for value, text in self.across.ticks()]

    @property
    def rows(self) -> list[Tick]:
        """The ticks of the axis on the left."""
        return [Tick(self._y(value), text) for value, text in self.up.ticks()]

    @property
    def placed(self) -> list[Placed]:
        """The marks and their texts."""
        return [self._placed(one) for one in self.marks]

    @property
    def upright(self) -> list[Tick]:
        """Vertical lines, each with its text."""
        return [Tick(self._x(value), text) for value, text in self.verticals]

    def _point(self, at: tuple[float, float]) -> str:
        return f"{self.across.share(at[0]) * _BOX:.1f},{(1 - self.up.share(at[1])) * _BOX:.1f}"

    def _placed(self, mark: Mark) -> Placed:
        across = self.across.share(mark.x)
        beside = mark.beside and across <= 0.65  # farther to the right there is no room on a telephone
        anchor = "end" if across > 0.6 and not beside else "start"
        upward = "-.8em" if self.up.share(mark.y) < 0.9 else "1.6em"
        away = (".8em", ".3em") if beside else ("0", upward)
        return Placed(self._x(mark.x), self._y(mark.y), mark.style, mark.text, anchor, away)

    def _x(self, value: float) -> str:
        return f"{LEFT + WIDTH * self.across.share(value):.2f}%"

    def _y(self, value: float) -> str:
        return f"{TOP + HEIGHT * (1 - self.up.share(value)):.2f}%"


def above(value: float) -> float:
    """The next round value above, for the end of an axis that begins at 0."""
    step = _round_step(value)
    return (math.floor(value / step + 1e-9) + 1) * step


def _round_step(length: float) -> float:
    size = 10.0 ** math.floor(math.log10(length / _MOST_TICKS))
    return next(size * step for step in _STEPS if length <= size * step * _MOST_TICKS * (1 + 1e-9))
