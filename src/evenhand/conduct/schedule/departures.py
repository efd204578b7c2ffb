"""Visits missed, held outside of their window, or never accounted for: deviations that follow by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from evenhand.conduct.disposition import Ends
from evenhand.conduct.findings import Deviation
from evenhand.conduct.schedule.occurrence import Occurrence
from evenhand.conduct.schedule.occurrences import occurrences
from evenhand.protocol import Protocol
from evenhand.protocol.plan.visits import PlannedVisit
from evenhand.record import SubjectHistory


def deviations(protocol: Protocol, known: SubjectHistory, on: date, ends: Ends) -> Iterator[Deviation]:
    """One for each such visit, dated to the day of the visit, or to the last day of its window."""
    for one in occurrences(protocol, known, on, ends):
        if one.visit is not None and one.first is not None and one.last is not None:
            yield from _of(one, one.visit, (one.first, one.last))


def _of(one: Occurrence, visit: PlannedVisit, window: tuple[date, date]) -> Iterator[Deviation]:
    first, last = window
    clause = f"schedule, {visit.id}"
    seq = next((entry.seq for entry in one.entries if entry.form.reads == "visit"), None)
    if one.state == "missed":
        said = f"{one.label} was missed: {one.reason}."
        yield Deviation("visit missed", last, said, clause, "Nothing mends it; see that the next one is held.", seq)
    elif one.state == "overdue":
        said = f"{one.label} was due by {last}, and nobody says whether it was held."
        yield Deviation("visit unaccounted for", last, said, clause, "Enter it, or mark it as missed with the reason.")
    elif one.on is not None and not first <= one.on <= last:
        said = f"{one.label} on {one.on} lies outside of its window, {first} to {last}."
        yield Deviation("visit window", one.on, said, clause, "Correct the date if it is wrong.", seq)
