"""What the safety room asks about entries that were taken: contradictions, gaps, and values without an event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from evenhand.conduct.findings import DoubtAt, doubt_about
from evenhand.conduct.forms import context, entries_reading
from evenhand.conduct.safety.clocks import SAFETY_REPORT
from evenhand.conduct.safety.events import AdverseEvent, adverse_events, safety_of, word
from evenhand.conduct.safety.given import begun_by, first_given
from evenhand.conduct.safety.laboratory import Suggested, suggested
from evenhand.conduct.safety.seriousness import serious
from evenhand.logic import NO
from evenhand.protocol import Protocol
from evenhand.protocol.plan.safety_rules import Safety
from evenhand.record import SubjectHistory

_DEATH = "death"
_OVER = ("recovered", "recovered_with_sequelae")


def doubts(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[DoubtAt]:
    """Every question about safety data; the day of asking changes nothing."""
    safety = safety_of(protocol)
    if safety is None:
        return
    events = adverse_events(protocol, known)
    given = first_given(protocol, known, safety) if events else {}
    of_arm = {one.id for one in safety.given_in(context(known).arm)} if events else set()
    dead = bool(entries_reading(protocol, known, _DEATH)) or not (protocol.plan and protocol.plan.reading(_DEATH))
    for event in events:
        yield from _about(event)
        if event.grade == 5 and not dead:
            yield doubt_about(event.entry, "death", "Its grade is 5, and no death is recorded.", "course")
        yield from _related(safety, event, given, of_arm)
    yield from _twice(events)
    yield from (_unreported(one) for one in suggested(protocol, known))
    items = {event.item for event in events}
    for report in entries_reading(protocol, known, SAFETY_REPORT):
        if (item := word(report, "event")) not in items:
            yield doubt_about(report, "event", f"There is no adverse event {item}.", "event")


def _about(event: AdverseEvent) -> Iterator[DoubtAt]:
    entry = event.entry
    if event.answered("serious") is True and serious(event) is NO:
        yield doubt_about(entry, "criteria", "It is called serious and meets no criterion.", "serious")
    if word(entry, "outcome") in _OVER and event.ended is None:
        yield doubt_about(entry, "last day", "It is over, and its last day is not recorded.", "ended")


def _related(safety: Safety, event: AdverseEvent, given: Mapping[str, date], of_arm: set[str]) -> Iterator[DoubtAt]:
    """A treatment that had been given and is not rated; one that is suspected and belongs to another arm."""
    if event.onset is None:
        return
    for one in sorted(begun_by(given, event.onset.last) - event.relations.keys()):
        say = f"{safety.interventions[one].label} had been given by then, and the relation to it is not recorded."
        yield doubt_about(event.entry, f"relation {one}", say, "attribution")
    for one in sorted(event.relations.keys() - of_arm):
        if safety.suspected(event.relations[one]):
            say = f"{safety.interventions[one].label} is no treatment of this arm."
            yield doubt_about(event.entry, f"arm {one}", say, "attribution")


def _twice(events: tuple[AdverseEvent, ...]) -> Iterator[DoubtAt]:
    """Events of one kind that may have lasted on the same day are one event, or one of them has another end."""
    alike: dict[tuple[str, str], list[AdverseEvent]] = {}
    for event in events:
        earlier = alike.setdefault(event.kind, [])
        for other in earlier:
            if _together(event, other):
                say = f"{event.name} is event {other.item} already, and may have lasted at the same time."
                yield doubt_about(event.entry, f"twice {other.item}", say, "term")
        earlier.append(event)


def _together(one: AdverseEvent, other: AdverseEvent) -> bool:
    """Whether one of them may have begun while the other lasted; said of no event without a first day."""
    if one.onset is None or other.onset is None:
        return False
    return other.lasted_on(one.onset.last) or one.lasted_on(other.onset.last)


def _unreported(found: Suggested) -> DoubtAt:
    value, grading = found.graded.value, found.grading
    grades = " or ".join(map(str, grading.possible))
    say = f"The value is {grading.term}, grade {grades}, and no such adverse event is recorded on that day."
    if found.lower is not None:
        say = f"The value is {grading.term}, grade {grades}; event {found.lower.item} has a lower grade."
    return doubt_about(value.entry, f"no event {value.sample.analyte} {grading.term}", say, value.path)
