"""One visit of one participant on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from evenhand.conduct.forms import FormEntry
from evenhand.protocol.plan.visits import UNSCHEDULED, PlannedVisit

State = Literal["done", "missed", "overdue", "due", "coming", "cancelled"]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A visit that is planned, or that took place without being planned.

    ``id`` is the name by which entries belong to it. ``visit`` is None for one that the schedule does not have,
    ``planned``, ``first`` and ``last`` where no day is planned for it. ``on`` is the day on which it took place.
    ``state``: ``done``; ``missed`` (marked so, for ``reason``); else by the day: ``coming`` before its window, ``due``
    within it, ``overdue`` after it; ``cancelled`` when follow-up ended before its planned day (``reason`` says how).
    ``missing`` are the forms that it asks for and that nobody filled in or marked as not done; ``remarks`` what is
    worth saying and hinders nothing.
    """

    id: str
    label: str
    visit: PlannedVisit | None
    number: int
    planned: date | None
    first: date | None
    last: date | None
    state: State
    on: date | None = None
    reason: str = ""
    entries: tuple[FormEntry, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """Where it stands in time: the day on which it took place, else the planned one."""
        return self.on or self.planned or min(entry.day for entry in self.entries)

    @property
    def scheduled(self) -> bool:
        """Whether the schedule plans it for this participant."""
        return self.planned is not None


def suggested(found: Iterable[Occurrence], day: date) -> Occurrence | None:
    """The occurrence that a visit on ``day`` would most likely be: not done yet, in whose window the day lies, the
    planned day nearest to it (of two alike the earlier). None where the day lies in no window."""
    candidates = [
        one
        for one in found
        if one.planned and one.first and one.last
        if one.state not in ("done", "missed", "cancelled") and one.first <= day <= one.last
    ]
    return min(candidates, key=lambda one: abs((one.day - day).days), default=None)


def next_unscheduled(found: Iterable[Occurrence]) -> str:
    """The id for one more visit that was not planned."""
    numbers = [int(one.id.partition(".")[2]) for one in found if one.id.startswith(f"{UNSCHEDULED}.")]
    return f"{UNSCHEDULED}.{max(numbers, default=0) + 1}"
