"""The adverse events of a participant, read from the entries of forms that read as ``adverse_event``.

The item of an entry is the event; a correction corrects it, and its table ``course`` says each grade from its day on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from evenhand.conduct.forms import FormEntry, entries_reading
from evenhand.conduct.safety.kept import Kept
from evenhand.dates import DateSpan
from evenhand.oncology.ctcae import Term, dictionary, one_version
from evenhand.protocol import Protocol
from evenhand.protocol.plan.safety_rules import Safety
from evenhand.record import SubjectHistory

ADVERSE_EVENT: Final = "adverse_event"


@dataclass(frozen=True, slots=True)
class GradeFrom:
    """A grade, and the day from which on it stood."""

    day: DateSpan | None
    grade: int


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One event. ``term`` is None where the dictionary has no such name; ``relations`` maps interventions to how the
    event relates to them; ``course`` is in the order of its days."""

    entry: FormEntry
    name: str
    term: Term | None
    specified: str
    onset: DateSpan | None
    ended: DateSpan | None
    course: tuple[GradeFrom, ...]
    relations: Mapping[str, str]
    version: str

    @property
    def item(self) -> str:
        """Its number among the events of the participant; reports name it."""
        return self.entry.item

    @property
    def grade(self) -> int | None:
        """The worst grade; None where none is recorded."""
        return worst(self.course)

    @property
    def kind(self) -> tuple[str, str]:
        """What kind of event it is: two of one kind are the same thing at two times."""
        return _kind(self.name, self.specified, self.term)

    def answered(self, name: str) -> bool | None:
        """The answer to a yes-or-no field; None where there is none."""
        found = self.entry.values.get(name)
        return found if isinstance(found, bool) else None

    def lasted_on(self, day: date) -> bool:
        """Whether it may have been there on a day: begun, and not surely over."""
        begun = self.onset is None or self.onset.first <= day
        return begun and (self.ended is None or day <= self.ended.last)


_KEPT: Final[Kept[AdverseEvent]] = Kept()


def safety_of(protocol: Protocol) -> Safety | None:
    """What the study says about safety; None where it says nothing."""
    return protocol.plan.safety if protocol.plan else None


def adverse_events(protocol: Protocol, known: SubjectHistory) -> tuple[AdverseEvent, ...]:
    """All events of a participant, in the order of their numbers of entry; none where the study has no safety plan."""
    safety = safety_of(protocol)
    if safety is None:
        return ()
    return tuple(
        _KEPT.of((protocol.digest, entry.standing.latest.hash), partial(_event, entry, safety.ctcae))
        for entry in entries_reading(protocol, known, ADVERSE_EVENT)
    )


def by_term(events: Iterable[AdverseEvent]) -> dict[str, int | None]:
    """The worst grade of each term (None: none recorded). Raises VersionsMixed where events were graded by several
    versions of CTCAE, whose grades cannot be put together."""
    given = tuple(events)
    one_version(event.version for event in given)
    found: dict[str, int | None] = {}
    for event in given:
        grades = (grade for grade in (found.get(event.name), event.grade) if grade is not None)
        found[event.name] = max(grades, default=None)
    return found


def worst(course: Iterable[GradeFrom]) -> int | None:
    """The highest of some grades."""
    return max((one.grade for one in course), default=None)


def kind_of(entry: FormEntry, version: str) -> tuple[str, str]:
    """What kind of event or condition an entry with ``term`` and ``specify`` is about."""
    name = word(entry, "term")
    return _kind(name, word(entry, "specify"), dictionary(version).find(name))


def word(entry: FormEntry, name: str) -> str:
    """A text or a code; empty where there is none."""
    found = entry.values.get(name)
    return found.strip() if isinstance(found, str) else ""


def span(entry: FormEntry, name: str) -> DateSpan | None:
    """A date, which may be partial."""
    found = entry.values.get(name)
    return found if isinstance(found, DateSpan) else None


def _event(entry: FormEntry, version: str) -> AdverseEvent:
    name = word(entry, "term")
    term = dictionary(version).find(name)
    return AdverseEvent(
        entry=entry,
        name=term.name if term else name,
        term=term,
        specified=word(entry, "specify"),
        onset=span(entry, "onset"),
        ended=span(entry, "ended"),
        course=_course(entry),
        relations=_relations(entry),
        version=version,
    )


def _course(entry: FormEntry) -> tuple[GradeFrom, ...]:
    found = []
    for row in entry.rows("course"):
        grade, day = row.get("grade"), row.get("day")
        if isinstance(grade, int):
            found.append(GradeFrom(day if isinstance(day, DateSpan) else None, grade))
    return tuple(sorted(found, key=lambda one: one.day.first if one.day else date.min))


def _relations(entry: FormEntry) -> dict[str, str]:
    rows = ((row.get("intervention"), row.get("relation")) for row in entry.rows("attribution"))
    return {one: relation for one, relation in rows if isinstance(one, str) and isinstance(relation, str)}


def _kind(name: str, specified: str, term: Term | None) -> tuple[str, str]:
    """A term, and for "Other, specify" or a term of no dictionary what was written besides."""
    told_apart = term is None or term.specify
    return (term.name if term else name.casefold()), (" ".join(specified.casefold().split()) if told_apart else "")
