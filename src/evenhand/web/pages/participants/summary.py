"""Treatment, adverse events and reports of a participant as short tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from evenhand.conduct import safety
from evenhand.conduct.safety import AdverseEvent, Obligation
from evenhand.conduct.treatment import Treated
from evenhand.web.pages.participants.course import Course
from evenhand.web.templatetags.evenhand import day


@dataclass(frozen=True, slots=True)
class Part:
    """One part of local therapy, and where it stands."""

    label: str
    treated: Treated


@dataclass(frozen=True, slots=True)
class Event:
    """One adverse event, with what must still be reported about it."""

    event: AdverseEvent
    days: str
    serious: bool
    reports: tuple[tuple[Obligation, str], ...]


def local_parts(course: Course) -> list[Part]:
    """The parts of local therapy that the arm plans; none where it plans none."""
    local = course.local
    if local is None or not local.planned:
        return []
    parts = [("Surgery of the primary", local.surgery), ("Locoregional radiation", local.locoregional)]
    found = [Part(label, treated) for label, treated in parts if treated is not None]
    lesions = local.lesions.by_label.items() if local.lesions else ()
    return [*found, *(Part(f"Metastasis {label}", treated) for label, treated in lesions)]


def report_states(course: Course, at: datetime) -> tuple[str, ...]:
    """How the report of each obligation stands at a moment."""
    return tuple(one.state(at) for one in course.obligations)


def events(course: Course, states: tuple[str, ...]) -> Iterator[Event]:
    """The adverse events, the latest first; ``states`` are those of the obligations."""
    owed: dict[int, list[tuple[Obligation, str]]] = {}
    for one, state in zip(course.obligations, states, strict=True):
        if state in ("open", "overdue"):
            owed.setdefault(one.event.entry.seq, []).append((one, state))
    found = safety.adverse_events(course.protocol, course.known)
    for event in sorted(found, key=lambda one: one.entry.day, reverse=True):
        yield Event(event, _days(event), event.answered("serious") is True, tuple(owed.get(event.entry.seq, ())))


def _days(event: AdverseEvent) -> str:
    begun = day(event.onset) if event.onset else "begin not known"
    return f"{begun} to {day(event.ended)}" if event.ended else f"{begun}, going on"
