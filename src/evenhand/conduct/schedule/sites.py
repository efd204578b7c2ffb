"""The visits of many participants between two days, for the calendar of a site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from evenhand.conduct.disposition import Ends
from evenhand.conduct.schedule.occurrence import Occurrence
from evenhand.conduct.schedule.occurrences import occurrences
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Appointment:
    """One visit of one participant at a site (None: of no known site)."""

    site: str | None
    subject: str
    occurrence: Occurrence


def calendar(
    protocol: Protocol,
    people: Iterable[tuple[str | None, SubjectHistory]],
    days: Mapping[str | None, date],
    between: tuple[date, date],
    ends_of: Callable[[SubjectHistory], Ends],
) -> tuple[Appointment, ...]:
    """Every visit that took place, or whose window lies, between two days (both included), by day.

    ``people`` are the participants, each with the site; ``days`` says today by site, and under None for those of no
    known site. Cancelled and missed visits are among them, as such.
    """
    found = [
        Appointment(site, known.subject or "", one)
        for site, known in people
        for one in occurrences(protocol, known, days.get(site, days[None]), ends_of(known))
        if _meets(one, between)
    ]
    return tuple(sorted(found, key=lambda item: (item.occurrence.day, item.subject, item.occurrence.id)))


def _meets(one: Occurrence, between: tuple[date, date]) -> bool:
    first, last = between
    if one.on is not None or one.first is None or one.last is None:
        return first <= one.day <= last
    return one.first <= last and first <= one.last
