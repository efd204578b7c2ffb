"""When visits are planned: the model of ``schedule.yaml``, and its calendar arithmetic.

Months are calendar months, clamped to the month's end (``evenhand.dates``). The n-th visit of a series that nothing
moves counts all its months from the anchor at once, so that a clamped February does not shorten the months after it:
31 January, 28 February, 31 March.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Final, Literal

from evenhand.dates import Period, add_months
from evenhand.protocol.plan.endings import Endings
from evenhand.protocol.plan.forms import Form
from evenhand.rules.nodes import Rule

UNSCHEDULED: Final = "unscheduled"
_NO_DAYS: Final = Period(0, "days")
_ENTRY_WITHIN: Final = Period(10, "days")  # assumed, where a study says nothing
_COMING_WITHIN: Final = Period(30, "days")  # assumed, likewise
SIGN_WITHIN: Final = Period(30, "days")  # assumed, likewise; no guideline sets it


@dataclass(frozen=True, slots=True)
class Anchor:
    """The day from which a visit counts.

    ``kind``: ``randomization``, ``registration``, ``visit`` (the occurrence of the same number of the visit ``names``:
    its actual day, else its planned one), or ``form`` (the date ``field`` of the entries of forms that read as one of
    ``names``: the ``which`` of them, as far as recorded; of a partial date its last day).
    """

    kind: Literal["randomization", "registration", "visit", "form"]
    names: tuple[str, ...] = ()
    field: str = ""
    which: Literal["first", "last"] = "last"


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a visit is in time.

    ``before`` and ``after`` count from the planned day, both ends included. ``tiled``: instead, each day of the series
    belongs to the planned day that is nearest to it, and the day in the middle to the earlier one.
    """

    before: Period = _NO_DAYS
    after: Period = _NO_DAYS
    tiled: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """A form that a visit asks for; with ``when``, only where that rule is not answered no."""

    form: str
    when: Rule | None = None


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit, or one series of them.

    ``arms`` empty: all arms. The first one is due ``offset`` after the anchor. ``every``: it repeats, at most ``times``
    times (None: until follow-up ends). ``until``: no occurrence is planned after that anchor's day once it is known.
    ``moves``: ``nothing`` (every occurrence counts from the anchor, so that a late one moves no other) or ``later``
    (each counts from the day on which the one before it was done). ``each``: the anchor is a series, and this visit
    follows every one of it.
    """

    id: str
    label: str
    phase: str
    arms: frozenset[str]
    anchor: Anchor
    offset: Period
    every: Period | None
    times: int | None
    until: Anchor | None
    moves: Literal["nothing", "later"]
    window: Window
    forms: tuple[Expected, ...]
    each: bool = False
    source: str = ""

    @property
    def series(self) -> bool:
        """Whether it takes place more than once."""
        return self.each or self.every is not None

    def occurrence(self, number: int) -> str:
        """The id of an occurrence, by which entries name it: ``surgery_check``, or ``follow_up.3`` of a series."""
        return f"{self.id}.{number}" if self.series else self.id

    def planned(self, start: date, number: int) -> date:
        """The day of occurrence ``number`` (from 1), counted from the anchor's day ``start``."""
        if self.every is None or number == 1:
            return self.offset.after(start)
        months = _months(self.offset), _months(self.every)
        if months[0] is not None and months[1] is not None:
            return _bounded_months(start, months[0] + (number - 1) * months[1])
        return Period((number - 1) * self.every.count, self.every.unit).after(self.offset.after(start))

    def following(self, day: date) -> date:
        """The planned day of the occurrence after one that was done on ``day``, where a late one moves later ones."""
        return day if self.every is None else self.every.after(day)

    def days_of(self, planned: date, start: date, number: int) -> tuple[date, date]:
        """First and last day of the window of occurrence ``number``, planned on ``planned``; ``start`` is the anchor's.

        The first tile reaches as far back as its half forward.
        """
        window = self.window
        if not window.tiled:
            return earlier(planned, window.before), window.after.after(planned)
        ahead = (self.planned(start, number + 1) - planned).days
        behind = (planned - self.planned(start, number - 1)).days if number > 1 else ahead
        return planned - timedelta(days=(behind - 1) // 2), planned + timedelta(days=ahead // 2)


@dataclass(frozen=True)
class Schedule:
    """All planned visits by id, the forms of a visit that was not planned, and how people leave the study.

    ``entry_within`` is how long a site has to enter what a visit found; ``coming_within`` how far ahead a visit counts
    as coming; ``sign_within`` how long an entry may wait for its signature before it is overdue. ``conditions`` holds
    the rules under which forms are expected, as checks of a form without questions.
    """

    phases: Mapping[str, str]
    visits: Mapping[str, PlannedVisit]
    unscheduled: tuple[Expected, ...] = ()
    entry_within: Period = _ENTRY_WITHIN
    coming_within: Period = _COMING_WITHIN
    endings: Endings = field(default_factory=Endings)
    conditions: Form | None = None
    sign_within: Period = SIGN_WITHIN

    @cached_property
    def in_order(self) -> tuple[PlannedVisit, ...]:
        """The visits so that each stands after the one that it is anchored to."""
        placed: dict[str, PlannedVisit] = {}
        for visit in self.visits.values():
            _place(visit, self.visits, placed)
        return tuple(placed.values())

    def find(self, occurrence: str) -> tuple[PlannedVisit, int] | None:
        """The visit and the number that an occurrence's id names; None for an unscheduled or an unknown one."""
        name, _, number = occurrence.partition(".")
        visit = self.visits.get(name)
        if visit is None or (number != "" if not visit.series else not _counts(number)):
            return None
        return visit, int(number or 1)

    def names(self, occurrence: str) -> bool:
        """Whether entries may name this occurrence: one of a planned visit, or ``unscheduled.N``."""
        name, _, number = occurrence.partition(".")
        return _counts(number) if name == UNSCHEDULED else self.find(occurrence) is not None


def _counts(number: str) -> bool:
    """Whether it is written as people count: 1, 2, 3, without leading zeros."""
    return number.isascii() and number.isdecimal() and number[0] != "0" and len(number) <= 4


def _place(visit: PlannedVisit, visits: Mapping[str, PlannedVisit], placed: dict[str, PlannedVisit]) -> None:
    if visit.id in placed:
        return
    for anchor in (visit.anchor, visit.until):
        if anchor is not None and anchor.kind == "visit":
            for name in anchor.names:
                _place(visits[name], visits, placed)
    placed[visit.id] = visit


def earlier(day: date, period: Period) -> date:
    """The day one period earlier, clamped to the month's end; the calendar's first day if it would be earlier still."""
    months = _months(period)
    try:
        return day - timedelta(days=period.count) if months is None else add_months(day, -months)
    except (OverflowError, ValueError):
        return date.min


def shortest(every: Period) -> int:
    """The fewest days between two neighbours of a series with this step, wherever it begins (leap years included)."""
    months = _months(every)
    if months is None:
        return every.count
    starts = [date(2096, 1, day) for day in (1, 28, 29, 30, 31)]  # 2100 is no leap year, 2104 is one
    days = [(add_months(start, ahead), add_months(start, ahead + months)) for start in starts for ahead in range(108)]
    return min((after - before).days for before, after in days)


def _months(period: Period) -> int | None:
    return None if period.unit == "days" else period.count * (12 if period.unit == "years" else 1)


def _bounded_months(day: date, months: int) -> date:
    return Period(months, "months").after(day)
