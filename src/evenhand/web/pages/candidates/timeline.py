"""The eligibility calendar as a drawing: where each interval lies, and what it says in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.dates import add_months, month_end
from evenhand.eligibility import Interval
from evenhand.web.templatetags.evenhand import day

_BEFORE, _AFTER = 6, 12  # months drawn around the day looked at; assumed: a window and what surrounds it
_HEIGHTS = {"eligible": (8, 32), "undetermined": (16, 24), "ineligible": (32, 8)}  # so that colour is not the only sign
_TICKS = 9  # at most so many months have room for their names on a phone


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval drawn: from ``x`` on, ``width`` wide, both in percent of the drawing."""

    x: str
    width: str
    y: int
    height: int
    standing: str


@dataclass(frozen=True, slots=True)
class Tick:
    """The first day of a month."""

    x: str
    label: str
    year: str


@dataclass(frozen=True, slots=True)
class Spell:
    """An interval in words: its days, and why it stands as it does."""

    interval: Interval
    days: str
    why: str
    present: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing and its text."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    today: str
    label: str
    spells: tuple[Spell, ...]
    earlier: tuple[Spell, ...]


def timeline(intervals: Sequence[Interval], on: date) -> Timeline:
    """The calendar around a day; what is over by then is listed apart."""
    first, last = _edges(intervals, on)
    length = (last - first).days + 1
    shown = [one for one in intervals if (one.last is None or one.last >= first) and (one.first or first) <= last]
    spells = tuple(_spell(one, on) for one in intervals)
    return Timeline(
        tuple(_bar(one, first, last, length) for one in shown),
        tuple(_ticks(first, last, length)),
        _percent((on - first).days, length),
        _described(intervals, on),
        tuple(one for one in spells if one.interval.last is None or one.interval.last >= on),
        tuple(one for one in spells if one.interval.last is not None and one.interval.last < on),
    )


def _edges(intervals: Sequence[Interval], on: date) -> tuple[date, date]:
    """Whole months: half a year back and a year ahead, and no further than the last change when that is sooner."""
    cuts = [one.first for one in intervals if one.first is not None]
    ahead = max([add_months(on, 3), *(cut for cut in cuts if cut <= add_months(on, _AFTER))])
    back = min([add_months(on, -2), *(cut for cut in cuts if cut >= add_months(on, -_BEFORE))])
    end = add_months(ahead, 1)
    return back.replace(day=1), month_end(end.year, end.month)


def _bar(one: Interval, first: date, last: date, length: int) -> Bar:
    start = max(one.first or first, first)
    end = min(one.last or last, last)
    return Bar(
        _percent((start - first).days, length),
        _percent((end - start).days + 1, length),
        *_HEIGHTS[one.standing],
        f"{one.standing} provisional" if one.provisional else one.standing,
    )


def _ticks(first: date, last: date, length: int) -> Iterator[Tick]:
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    every = -(-months // _TICKS)
    for number in range(0, months, every):
        start = add_months(first, number)
        year = f"{start:%Y}" if number == 0 or start.month <= every else ""
        yield Tick(_percent((start - first).days, length), f"{start:%b}", year)


def _percent(days: int, length: int) -> str:
    return f"{days / length * 100:.2f}%"


def _spell(one: Interval, on: date) -> Spell:
    return Spell(one, _days(one), _why(one), one.holds(on))


def _why(one: Interval) -> str:
    """What fails, or what is unknown; of eligible days, what opens and what closes them."""
    if one.standing != "eligible":
        return ", ".join(one.because)
    opens = f"opened by {', '.join(one.opened_by)}" if one.first and one.opened_by else ""
    closes = f"closed by {', '.join(one.closed_by)}" if one.last and one.closed_by else ""
    return "; ".join(part for part in (opens, closes) if part)


def _days(one: Interval) -> str:
    if one.first is None and one.last is None:
        return "always"
    if one.first is None:
        return f"until {day(one.last)}"
    return f"{day(one.first)} to {day(one.last)}" if one.last else f"from {day(one.first)} on"


def _described(intervals: Sequence[Interval], on: date) -> str:
    """The text alternative: how it stands on the day, and the next change."""
    present = next(one for one in intervals if one.holds(on))
    said = f"On {day(on)} {present.standing}{', provisionally' if present.provisional else ''}, {_days(present)}."
    after = next((one for one in intervals if present.last and one.holds(present.last + timedelta(days=1))), None)
    return f"{said} Then {after.standing}, {_days(after)}." if after else said
