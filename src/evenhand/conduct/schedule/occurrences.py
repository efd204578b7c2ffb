"""All visits of a participant on a day: what is planned met with what was entered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from evenhand.conduct.disposition import Ends
from evenhand.conduct.forms import FormEntry
from evenhand.conduct.schedule.attended import Attended, attended
from evenhand.conduct.schedule.expecting import expected_at
from evenhand.conduct.schedule.occurrence import Occurrence, State
from evenhand.conduct.schedule.planning import Slot, plan_visits
from evenhand.protocol import Protocol
from evenhand.protocol.plan.visits import UNSCHEDULED, Schedule
from evenhand.record import SubjectHistory


def occurrences(protocol: Protocol, known: SubjectHistory, on: date, ends: Ends) -> tuple[Occurrence, ...]:
    """The visits in the order of their days (as done, else as planned); every entry of a visit belongs to one.

    Nothing before registration; nothing either for a study without a schedule. The last answer about each participant
    is kept, and given again while the question is the very same: pages ask more than once.
    """
    schedule = protocol.plan.schedule if protocol.plan else None
    if schedule is None:
        return ()
    key = (protocol.digest, known.subject)
    kept = _KEPT.get(key)
    if kept is not None and kept[0] is protocol and kept[1] is known and kept[2:4] == (on, ends):
        return kept[4]
    found = meet(schedule, attended(protocol, known), on, ends)
    if len(_KEPT) >= _MOST_SUBJECTS:
        _KEPT.clear()
    _KEPT[key] = protocol, known, on, ends, found
    return found


_MOST_SUBJECTS: Final = 2_000  # assumed: what one process looks at again soon; more are computed anew
_KEPT: dict[tuple[str, str | None], tuple[Protocol, SubjectHistory, date, Ends, tuple[Occurrence, ...]]] = {}


def meet(schedule: Schedule, seen: Attended, on: date, ends: Ends) -> tuple[Occurrence, ...]:
    """The same, of what was entered already."""
    slots = plan_visits(schedule, seen, ends).slots
    meeting = _Meeting(schedule, seen, ends, on)
    found = [*(meeting.planned(slot) for slot in slots), *meeting.others({slot.id for slot in slots})]
    return tuple(sorted(found, key=lambda one: (one.day, not one.scheduled)))


class _Meeting:
    """One participant's plan and entries on a day."""

    def __init__(self, schedule: Schedule, seen: Attended, ends: Ends, on: date) -> None:
        self.schedule = schedule
        self.seen = seen
        self.on = on
        self.ended, self.end = ends.follow_up, ends.last

    def planned(self, slot: Slot) -> Occurrence:
        """A planned occurrence as it stands."""
        entries = self.seen.at.get(slot.id, ())
        said = self.seen.visit_form(slot.id)
        state, reason = self._state(slot, said)
        done = said.day if said is not None and state == "done" else None
        visit = slot.visit
        label = f"{visit.label} {slot.number}" if visit.series else visit.label
        return Occurrence(
            slot.id, label, visit, slot.number, slot.planned, slot.first, slot.last, state, done, reason, entries,
            self._missing(slot.id, state, done or slot.planned),
            tuple(self._remarks(slot, done)) if done is not None else (),
        )  # fmt: skip

    def _state(self, slot: Slot, said: FormEntry | None) -> tuple[State, str]:
        if said is not None:
            return ("done", "") if said.not_done is None else ("missed", said.not_done)
        if self.ended is not None and slot.planned > self.ended.day:
            return "cancelled", f"{self.ended.ending.label}, {self.ended.span}"
        if self.on > slot.last:
            return "overdue", ""
        return ("due", "") if self.on >= slot.first else ("coming", "")

    def _remarks(self, slot: Slot, done: date) -> Iterator[str]:
        if done < slot.first:
            yield f"{_days(slot.first, done)} before its window ({slot.first} to {slot.last})"
        if done > slot.last:
            yield f"{_days(done, slot.last)} after its window ({slot.first} to {slot.last})"
        if self.end is not None and done > self.end:
            yield f"after the end of follow-up on {self.end}"
        before = self.seen.took_place(slot.visit.occurrence(slot.number - 1)) if slot.number > 1 else None
        if before is not None and done < before:
            yield f"before {slot.visit.label} {slot.number - 1}, which took place on {before}"

    def others(self, planned: set[str]) -> Iterator[Occurrence]:
        """Whatever entries name besides, so that none of them is lost: unscheduled visits, and visits of no plan."""
        for name, entries in self.seen.at.items():
            if name not in planned:
                yield self._other(name, entries)

    def _other(self, name: str, entries: tuple[FormEntry, ...]) -> Occurrence:
        said = self.seen.visit_form(name)
        missed = said.not_done if said is not None else None
        days = [entry.day for entry in entries]
        done = None if missed is not None else said.day if said is not None else min(days)
        state: State = "done" if missed is None else "missed"
        visit, number = self.schedule.find(name) or (None, _number(name))
        unscheduled = name.startswith(f"{UNSCHEDULED}.")
        label = f"Unscheduled visit {number}" if unscheduled else name
        if visit is not None:
            label = f"{visit.label} {number}" if visit.series else visit.label
        remarks = () if unscheduled else ("not planned for this participant",)
        return Occurrence(
            name, label, visit, number, None, None, None, state, done, missed or "", entries,
            self._missing(name, state, done) if done else (), remarks,
        )  # fmt: skip

    def _missing(self, name: str, state: State, day: date) -> tuple[str, ...]:
        """The forms that are asked for and were neither filled in nor marked as not done."""
        if state not in ("done", "overdue", "due"):
            return ()
        there = {entry.form.id for entry in self.seen.at.get(name, ())}
        return expected_at(self.schedule, self.seen, name, day, there)


def _days(later: date, earlier: date) -> str:
    number = (later - earlier).days
    return f"{number} day{'' if number == 1 else 's'}"


def _number(name: str) -> int:
    number = name.partition(".")[2]
    return int(number) if number.isdecimal() else 0
