"""What survival and incidence curves share: steps, bands, ticks of censoring, and their names at the end."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from .drawing import Point, Sheet
from .palette import Role, dash, series
from .scales import Scale

Counts: TypeAlias = Callable[[float], int] | tuple[Sequence[float], Sequence[int]]
HAIR = 0.1  # px: nearer steps are drawn as one


@dataclass(frozen=True, slots=True)
class Steps:
    """A curve as it is drawn: ``values`` (0 to 1) from its times on, ``first`` before them; the curve in this place."""

    name: str
    place: int
    first: float
    times: Sequence[float]
    values: Sequence[float]
    lower: Sequence[float | None]
    upper: Sequence[float | None]
    censored: Sequence[float]
    at_risk: Counts | None
    events: Counts | None

    @property
    def role(self) -> Role:
        return series(self.place)

    @property
    def dashes(self) -> str:
        return dash(self.place)

    @property
    def end(self) -> float:
        """The last time, 0 where there is none."""
        return max((*self.times[-1:], *self.censored, 0.0))

    def at(self, time: float) -> float:
        """The value at a time."""
        place = bisect_right(self.times, time) - 1
        return self.values[place] if place >= 0 else self.first

    def thinned(self, hair: float) -> Steps:
        """The same curve with steps nearer than a hair (in time) made one: the first's time, the last's values."""
        starts: list[float] = []
        lasts: list[int] = []
        for place, time in enumerate(self.times):
            if starts and time - starts[-1] < hair:
                lasts[-1] = place
            else:
                starts.append(time)
                lasts.append(place)
        if len(starts) == len(self.times):
            return self
        values = [self.values[place] for place in lasts]
        lower, upper = ([of[place] for place in lasts] if of else () for of in (self.lower, self.upper))
        ticks = {int(time / hair): time for time in reversed(self.censored)}
        return replace(self, times=starts, values=values, lower=lower, upper=upper, censored=sorted(ticks.values()))

    def risk_at(self, time: float) -> int | None:
        """How many are at risk just before a time."""
        if self.at_risk is None or callable(self.at_risk):
            return self.at_risk(time) if self.at_risk else None
        times, numbers = self.at_risk
        place = bisect_left(times, time)
        return numbers[place] if place < len(times) else 0

    def events_at(self, time: float) -> int | None:
        """How many events there were up to a time."""
        if self.events is None or callable(self.events):
            return self.events(time) if self.events else None
        times, numbers = self.events
        place = bisect_right(times, time)
        return numbers[place - 1] if place else 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's scales: ``x`` for times, ``y`` for shares."""

    x: Scale
    y: Scale

    @property
    def hair(self) -> float:
        """The time that is too short to be seen."""
        return HAIR * (self.x.high - self.x.low) / (self.x.stop - self.x.start)

    def place(self, time: float, value: float) -> Point:
        return self.x.at(time), self.y.at(value)


def outline(curve: Steps, frame: Frame) -> list[Point]:
    """The corners of the step line from time 0 to the curve's end."""
    points = [frame.place(0, curve.first)]
    for time, value in zip(curve.times, curve.values, strict=True):
        x, y = frame.place(time, value)
        if y != points[-1][1]:
            points += [(x, points[-1][1]), (x, y)]
    last = frame.x.at(curve.end)
    return [*points, (last, points[-1][1])] if last > points[-1][0] else points


def draw_band(sheet: Sheet, curve: Steps, frame: Frame) -> None:
    """The band, light, wherever there is one."""
    if not (curve.lower and curve.upper):
        return
    stops = (*curve.times[1:], curve.end)
    rows = list(zip(curve.times, stops, curve.lower, curve.upper, strict=True))
    for known, run in groupby(rows, key=lambda row: row[2] is not None and row[3] is not None):
        if known:
            _fill(sheet, curve, [(start, stop, low or 0, high or 0) for start, stop, low, high in run], frame)


def _fill(sheet: Sheet, curve: Steps, run: Sequence[tuple[float, float, float, float]], frame: Frame) -> None:
    above = [frame.place(time, high) for start, stop, _, high in run for time in (start, stop)]
    below = [frame.place(time, low) for start, stop, low, _ in run for time in (start, stop)]
    sheet.shape([*above, *below[::-1]], curve.role, opacity=0.13)


def draw_line(sheet: Sheet, curve: Steps, frame: Frame) -> None:
    """The step line."""
    sheet.path(outline(curve, frame), curve.role, thick=2, dashes=curve.dashes)


def draw_ticks(sheet: Sheet, curve: Steps, frame: Frame) -> None:
    """A tick wherever somebody was censored; ticks on one pixel are one."""
    places: list[Point] = []
    for time in sorted(curve.censored):
        place = frame.place(time, curve.at(time))
        if not places or place[0] - places[-1][0] >= 0.5:
            places.append(place)
    sheet.strokes([((x, y - 3.5), (x, y + 3.5)) for x, y in places], curve.role)
