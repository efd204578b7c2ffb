"""On which days the visits of a participant are planned, as far as it is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count

from evenhand.conduct.disposition import Ends
from evenhand.conduct.schedule.attended import Attended, attended
from evenhand.protocol import Protocol
from evenhand.protocol.plan.visits import Anchor, PlannedVisit, Schedule
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Slot:
    """One planned occurrence: its day, and its window from ``first`` to ``last``, both included."""

    visit: PlannedVisit
    number: int
    planned: date
    first: date
    last: date

    @property
    def id(self) -> str:
        """The id by which entries name it."""
        return self.visit.occurrence(self.number)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A visit that cannot be planned yet, since the day from which it counts is not known."""

    visit: PlannedVisit
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Planned:
    """All slots in the order of the schedule, and what waits."""

    slots: tuple[Slot, ...]
    waiting: tuple[Waiting, ...]


def waiting(protocol: Protocol, known: SubjectHistory, ends: Ends) -> tuple[Waiting, ...]:
    """The visits of a participant that wait for something to be done."""
    schedule = protocol.plan.schedule if protocol.plan else None
    return () if schedule is None else plan_visits(schedule, attended(protocol, known), ends).waiting


def plan_visits(schedule: Schedule, seen: Attended, ends: Ends) -> Planned:
    """Every occurrence up to the last day that follow-up may have.

    Where follow-up ends earlier, the later ones are planned all the same: whoever reads them says that they are
    cancelled.
    """
    planning = _Planning(schedule, seen, ends)
    for visit in schedule.in_order:
        if not visit.arms or seen.about.arm in visit.arms:
            planning.plan(visit)
    order = {name: place for place, name in enumerate(schedule.visits)}
    slots = sorted(
        (slot for found in planning.slots.values() for slot in found),
        key=lambda slot: (slot.planned, order[slot.visit.id], slot.number),
    )
    return Planned(tuple(slots), tuple(planning.waiting))


class _Planning:
    """The slots of the visits planned so far, by visit, for those that are anchored to them."""

    def __init__(self, schedule: Schedule, seen: Attended, ends: Ends) -> None:
        self.schedule = schedule
        self.seen = seen
        self.at_most, self.end = ends.at_most, ends.last
        self.slots: dict[str, list[Slot]] = {}
        self.waiting: list[Waiting] = []

    def plan(self, visit: PlannedVisit) -> None:
        """Add the slots of a visit, or what it waits for."""
        if visit.each:
            self.slots[visit.id] = list(self._following(visit))
            return
        start = self._start(visit.anchor)
        if start is None:
            self.slots[visit.id] = []
            self.waiting.append(Waiting(visit, visit.anchor))
            return
        self.slots[visit.id] = list(self._from(visit, start))

    def _start(self, anchor: Anchor) -> date | None:
        if anchor.kind != "visit":
            return self.seen.day_of(anchor)
        found = self.slots.get(anchor.names[0])
        return self._day(found[0]) if found else None

    def _day(self, slot: Slot) -> date:
        """When an occurrence took place, else when it is planned."""
        return self.seen.took_place(slot.id) or slot.planned

    def _following(self, visit: PlannedVisit) -> Iterator[Slot]:
        for slot in self.slots.get(visit.anchor.names[0], ()):
            start = self._day(slot)
            yield self._slot(visit, slot.number, visit.offset.after(start), start)

    def _from(self, visit: PlannedVisit, start: date) -> Iterator[Slot]:
        until = self._until(visit)
        planned = visit.planned(start, 1)
        for number in count(1):
            if not self._goes_on(visit, number, planned, until):
                return
            slot = self._slot(visit, number, planned, start)
            yield slot
            if not visit.series:
                return
            moved = visit.moves == "later"
            planned = visit.following(self._day(slot)) if moved else visit.planned(start, number + 1)

    def _until(self, visit: PlannedVisit) -> date | None:
        """The last day on which an occurrence of a series may be planned."""
        said = self._start(visit.until) if visit.until else None
        days = [day for day in (said, self.at_most) if day is not None]
        return min(days, default=None)

    def _goes_on(self, visit: PlannedVisit, number: int, planned: date, until: date | None) -> bool:
        """Whether an occurrence is planned at all: a series needs an end in sight, and a visit a day within it."""
        if visit.times is not None and number > visit.times:
            return False
        if until is None:
            return number == 1 or visit.times is not None
        return planned <= until

    def _slot(self, visit: PlannedVisit, number: int, planned: date, start: date) -> Slot:
        first, last = visit.days_of(planned, start, number)
        if self.end is not None and planned <= self.end < last:
            last = self.end  # nothing is in time after follow-up has ended
        return Slot(visit, number, planned, first, last)
