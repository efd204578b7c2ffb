"""The time line of a participant as a drawing: lanes below each other, x in percent of the drawing's width."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.disposition import reached
from evenhand.dates import add_months, month_end
from evenhand.web.pages.participants.course import Course
from evenhand.web.pages.participants.drawn import LANES, Drawn, drawn
from evenhand.web.templatetags.evenhand import day

_WIDTH: Final = 720  # pixels that a drawing has at least, for judging whether labels fit
_LETTER: Final = 6.5  # pixels of one letter of a label, about
_ROW: Final = 30  # pixels of one row
_BEFORE, _AHEAD = 12, 4  # months drawn before randomization at most, and after today at least; assumed: what matters
_TICKS: Final = 12
_EDGE: Final = 15  # percent of the drawing in which half a label may lie outside, on a phone
_FEW_MONTHS: Final = (1, 2, 3, 6, 12, 24)


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing drawn: a bar from ``x``, ``width`` wide, or a sign at ``x`` (``width`` empty), in its row at ``y``."""

    look: str
    x: str
    width: str
    y: int
    text: str
    anchor: str
    says: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: its name, its height in pixels, what is drawn in it, and the lane in words."""

    name: str
    height: int
    marks: tuple[Mark, ...]
    label: str


def _label_anchor(part: float) -> str:
    """Which end of a label stands at its line, so that none is cut off at an edge."""
    return "start" if part < _EDGE else "end" if part > 100 - _EDGE else "middle"


@dataclass(frozen=True, slots=True)
class Line:
    """A day drawn through all lanes."""

    look: str
    x: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month."""

    x: str
    label: str


@dataclass(frozen=True, slots=True)
class Told:
    """One thing in words: on which days, what, and the entry behind it."""

    days: str
    what: str
    lane: str
    seq: int | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing and its text."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    told: tuple[Told, ...]
    label: str


def timeline(course: Course) -> Timeline:
    """Everything that happened and is planned, from shortly before randomization to some months ahead."""
    things = drawn(course)
    days = _days(course)
    scale = _scale(course, things, [on for _, on, _ in days])
    lanes = tuple(_lane(name, [one for one in things if one.lane == name], scale) for name in LANES)
    told = sorted(things, key=lambda one: one.first)
    return Timeline(
        tuple(lane for lane in lanes if lane.marks),
        tuple(_ticks(scale)),
        tuple(
            Line(look, scale.at(on), label, _label_anchor(scale.part(on)))
            for look, on, label in days
            if scale.first <= on <= scale.last
        ),
        tuple(Told(_days_words(one), one.says, one.lane, one.seq) for one in told),
        f"{len(things)} things in time, from {day(scale.first)} to {day(scale.last)}",
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def at(self, on: date) -> str:
        return f"{self.part(on):.2f}%"

    def part(self, on: date) -> float:
        """In percent; what lies outside is drawn at the edge."""
        inside = min(max(on, self.first), self.last)
        return (inside - self.first).days / max((self.last - self.first).days, 1) * 100


def _days(course: Course) -> list[tuple[str, date, str]]:
    """The days drawn through all lanes: randomization, endings, today."""
    ends = course.ends
    found = [("randomization", ends.randomized, "randomized")] if ends.randomized else []
    found += [("ending", min(one.day, course.on), one.ending.label) for one in ends.endings if reached(one, course.on)]
    return [(look, on, label) for look, on, label in [*found, ("today", course.on, "today")] if on is not None]


def _scale(course: Course, things: Sequence[Drawn], days: Iterable[date]) -> _Scale:
    """Whole months. Visits far ahead are not drawn: the list of visits has them."""
    start = course.ends.randomized or course.on
    back = min([one.first for one in things if one.first >= add_months(start, -_BEFORE)] + [start])
    ahead = add_months(course.on, _AHEAD)
    if course.ends.over(course.on):
        ahead = max([*(one.last or one.first for one in things if not one.open), *days])
        ahead = min(ahead, add_months(course.on, _AHEAD))
    return _Scale(back.replace(day=1), month_end(ahead.year, ahead.month))


def _lane(name: str, things: list[Drawn], scale: _Scale) -> Lane:
    seen = [one for one in things if one.first <= scale.last and (one.last or one.first) >= scale.first]
    rows: list[float] = []  # up to where each row is taken, in percent
    marks = tuple(_mark(one, _row(one, rows, scale), scale) for one in sorted(seen, key=lambda one: one.first))
    words = f"{name}: {len(seen)} drawn; the list below says each in words"
    return Lane(name, max(len(rows), 1) * _ROW + 4, marks, words)


def _row(one: Drawn, rows: list[float], scale: _Scale) -> int:
    """The first row in which there is room for the thing and its text. Signs without text share the first row."""
    if not one.short:
        rows[:] = rows or [0.0]
        return 0
    start, end = _extent(one, scale)
    for number, taken in enumerate(rows):
        if taken <= start:
            rows[number] = end
            return number
    rows.append(end)
    return len(rows) - 1


def _extent(one: Drawn, scale: _Scale) -> tuple[float, float]:
    """From where to where a thing with its text reaches, in percent."""
    first, last = scale.part(one.first), scale.part(one.last or one.first)
    text = len(one.short) * _LETTER / _WIDTH * 100
    return (min(first, last - text), last) if _at_end(first, text) else (first, max(last, first + text) + 1)


def _at_end(first: float, text: float) -> bool:
    """Whether a text would leave the drawing if it began where the thing begins."""
    return first + text > 100


def _mark(one: Drawn, row: int, scale: _Scale) -> Mark:
    first, last = scale.part(one.first), scale.part(one.last or one.first)
    text = len(one.short) * _LETTER / _WIDTH * 100
    anchor = "end" if _at_end(first, text) else "start"
    width = f"{max(last - first, 0.4):.2f}%" if one.last is not None else ""
    look = f"{one.look} goes-on" if one.open else one.look
    x = f"{first:.2f}%"
    return Mark(look, x, width, row * _ROW, one.short, anchor, f"{_days_words(one)}: {one.says}", one.seq)


def _ticks(scale: _Scale) -> Iterator[Tick]:
    months = (scale.last.year - scale.first.year) * 12 + scale.last.month - scale.first.month + 1
    every = next((few for few in _FEW_MONTHS if months <= few * _TICKS), 24)
    start, named = scale.first, False  # the first one says its year
    while start <= scale.last:
        if (start.month - 1) % every == 0 or every > 12:
            yield Tick(scale.at(start), f"{start:%b %Y}" if start.month == 1 or not named else f"{start:%b}")
            named = True
        start = add_months(start, 1) if every <= 12 else add_months(start, every)


def _days_words(one: Drawn) -> str:
    if one.open:
        return f"{day(one.first)}, going on"
    if one.last is None or one.last == one.first:
        return day(one.first)
    return f"{day(one.first)} to {day(one.last)}"
