"""Whom a stopping rule watches, and what became of each by the cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.cut import Participant
from evenhand.analysis.reading import nameless_death
from evenhand.analysis.tables import Behind
from evenhand.conduct import disposition
from evenhand.conduct.disposition import Ended
from evenhand.conduct.ending import ends_of
from evenhand.conduct.safety import AdverseEvent, adverse_events, given_on, safety_of, suspected
from evenhand.dates import DateSpan
from evenhand.logic import NO, YES, Reason, Truth, Unknown, conjunction, disjunction, truth
from evenhand.protocol.monitoring import EventRule
from evenhand.protocol.plan.safety_rules import Safety

State = Literal["event", "free", "open", "left"]


@dataclass(frozen=True, slots=True)
class Watched:
    """One person treated, since the ``first`` day: had the ``event``; is ``free`` of it, the time being over (or death
    before); ``open``: the time runs, or what is recorded leaves it open; ``left`` before the time was over."""

    subject: str
    first: date
    state: State
    seqs: tuple[int, ...]

    @property
    def behind(self) -> Behind:
        """The person, and the entries of the treatment or of the event."""
        return Behind(self.subject, self.seqs)


def watched(analysis: Analysis, rule: EventRule) -> tuple[Watched, ...]:
    """Everybody treated, in the order of the first treatment (of one day: in that of randomization)."""
    return watched_among((one.person for one in analysis.people), rule, analysis.cut.effective)


def watched_among(people: Iterable[Participant], rule: EventRule, on: date) -> tuple[Watched, ...]:
    """As ``watched``, of whoever is given, by a day."""
    found = [one for person in people if (one := _watched(person, rule, on)) is not None]
    return tuple(sorted(found, key=lambda one: one.first))


def had_event(person: Participant, rule: EventRule) -> bool:
    """Whether somebody treated had the event. It asks nothing of how follow-up ended, which takes far longer to know:
    a rule that too few people had the event of is not met, whoever was passed over."""
    treated = _treated(person, rule)
    return treated is not None and _happened(person, rule, treated)[0] is YES


def _watched(person: Participant, rule: EventRule, on: date) -> Watched | None:
    treated = _treated(person, rule)
    if treated is None:
        return None
    happened, seqs = _happened(person, rule, treated)
    if happened is YES:
        return Watched(person.subject, treated.first, "event", seqs)
    state = "open" if happened is not NO else _without(person, treated.windows[0][1], on)
    return Watched(person.subject, treated.first, state, treated.seqs)


_Windows = tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class _Treated:
    """The first day of treatment, the time after each, and the entries that say so."""

    safety: Safety
    first: date
    windows: _Windows
    seqs: tuple[int, ...]


def _treated(person: Participant, rule: EventRule) -> _Treated | None:
    """What somebody was given of what a rule names, from randomization on; None for nothing."""
    protocol, known = person.protocol, person.known
    safety, start = safety_of(protocol), known.allocation
    if safety is None or start is None:
        return None
    given = given_on(protocol, known, safety)
    treated = sorted(found for name in rule.treated for found in given.get(name, ()) if found[0] >= start.effective)
    if not treated:
        return None
    windows = tuple((day, rule.within.after(day)) for day, _ in treated)
    return _Treated(safety, treated[0][0], windows, tuple(sorted({seq for _, seq in treated})))


def _happened(person: Participant, rule: EventRule, treated: _Treated) -> tuple[Truth, tuple[int, ...]]:
    """Whether the event came about, and the entries that say so."""
    told = list(_deaths(person, treated.windows) if rule.death else _events(person, rule, treated))
    happened = disjunction(answer for answer, _ in told)
    return happened, tuple(sorted({seq for answer, seq in told if answer is YES}))


def _death_of(person: Participant) -> Ended | None:
    """The death of somebody; the determined progression, which takes longest to know, has no part in it."""
    ends = disposition.ends(person.protocol, person.known)
    return next((one for one in ends.endings if one.ending.by == "death"), None)


def _without(person: Participant, last: date, on: date) -> State:
    """Where somebody stands who had no event so far. Who died had all the time there was ([P])."""
    died = _death_of(person)
    if died is not None and died.span.last <= min(last, on):
        return "free"
    followed = ends_of(person.protocol, person.known)
    if followed.last is not None and followed.last < min(last, on):
        return "left"
    return "free" if last <= on else "open"


def _deaths(person: Participant, windows: _Windows) -> Iterator[tuple[Truth, int]]:
    died = _death_of(person)
    if died is not None:
        if died.seq is not None:
            yield _within(died.span, windows), died.seq
        return
    nameless = nameless_death(person.protocol, person.known)
    if nameless is not None:
        yield Unknown(Reason("missing", "died", "the day of the death is not known")), nameless


def _events(person: Participant, rule: EventRule, treated: _Treated) -> Iterator[tuple[Truth, int]]:
    protocol, known, safety = person.protocol, person.known, treated.safety
    given = given_on(protocol, known, safety)
    for event in adverse_events(protocol, known):
        if rule.terms and event.name not in rule.terms:
            continue
        firsts = {name: days[0][0] for name, days in given.items()}
        yield _counts(event, rule, safety, treated.windows, firsts), event.entry.seq


def _counts(event: AdverseEvent, rule: EventRule, safety: Safety, windows: _Windows, first: dict[str, date]) -> Truth:
    """Whether an event counts: by its worst grade, whenever it became so ([P]), its first day, and its relation."""
    grade = (
        Unknown(Reason("missing", "grade", "no grade")) if event.grade is None else truth(event.grade in rule.grades)
    )
    if event.onset is None:
        return conjunction((grade, Unknown(Reason("missing", "onset", "no first day"))))
    begun = [name for name, day in first.items() if day <= event.onset.last]
    related = suspected(event, safety, rule.related_to, begun) if rule.related_to else YES
    return conjunction((grade, _within(event.onset, windows), related))


def _within(span: DateSpan, windows: _Windows) -> Truth:
    """Whether something lies within a window, both ends included."""
    if any(first <= span.first and span.last <= last for first, last in windows):
        return YES
    if any(span.first <= last and first <= span.last for first, last in windows):
        return Unknown(Reason("imprecise", "day", f"{span} may lie within"))
    return NO
