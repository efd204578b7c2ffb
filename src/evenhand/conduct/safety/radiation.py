"""Acute or late: when an event began, counted from the first fraction of each radiation course.

Acute is up to 90 days from the first fraction, late is after (RTOG/EORTC 1995; the number is the study's). An event
belongs to the most recent course that had begun when it began; that is our proposal for participants with several.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from evenhand.conduct.forms import FormEntry, entries_reading
from evenhand.conduct.safety.events import AdverseEvent, safety_of, span, word
from evenhand.dates import DateSpan
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

ROLES: Final = ("locoregional_radiation", "metastasis_radiation")
When = Literal["before", "acute", "late", "not known"]


@dataclass(frozen=True, slots=True)
class Timing:
    """An event and one course: ``days`` from the first fraction to its first day, both as exact as recorded."""

    course: FormEntry
    label: str
    started: date
    days: tuple[int, int] | None
    when: When


def timings(protocol: Protocol, known: SubjectHistory, event: AdverseEvent) -> tuple[Timing, ...]:
    """The event against each course that has a first day, in the order of these days."""
    safety = safety_of(protocol)
    acute_days = safety.acute_days if safety else 0
    found = [_timing(entry, started, event.onset, acute_days) for entry, started in _courses(protocol, known)]
    return tuple(sorted(found, key=lambda timing: (timing.started, timing.course.seq)))


def after_radiation(protocol: Protocol, known: SubjectHistory, event: AdverseEvent) -> Timing | None:
    """The event against the most recent course that had surely begun when it began; None where none had."""
    begun = [one for one in timings(protocol, known, event) if one.days is not None and one.days[0] >= 0]
    return begun[-1] if begun else None


def when_of(days: tuple[int, int] | None, acute_days: int) -> When:
    """Before, acute or late, for the fewest and the most days that it may have been."""
    if days is None:
        return "not known"
    said = {_said(day, acute_days) for day in days}
    return said.pop() if len(said) == 1 else "not known"


def _said(days: int, acute_days: int) -> When:
    return "before" if days < 0 else "acute" if days <= acute_days else "late"


def _courses(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[FormEntry, date]]:
    for role in ROLES:
        for entry in entries_reading(protocol, known, role):
            started = span(entry, "started")
            if started is not None and started.exact:
                yield entry, started.first


def _timing(entry: FormEntry, started: date, onset: DateSpan | None, acute_days: int) -> Timing:
    days = None if onset is None else ((onset.first - started).days, (onset.last - started).days)
    label = word(entry, "course") or f"{entry.form.title} {entry.item}"
    return Timing(entry, label, started, days, when_of(days, acute_days))
