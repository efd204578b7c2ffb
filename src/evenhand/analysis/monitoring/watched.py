"""Whom a stopping rule watches, and what became of each by the cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.tables import Behind
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
    found = [one for person in analysis.people if (one := _watched(person, rule, analysis.cut.effective)) is not None]
    return tuple(sorted(found, key=lambda one: one.first))


def _watched(one: Analysed, rule: EventRule, on: date) -> Watched | None:
    protocol, known = one.person.protocol, one.person.known
    safety = safety_of(protocol)
    given = given_on(protocol, known, safety) if safety is not None else {}
    treated = sorted(found for name in rule.treated for found in given.get(name, ()) if found[0] >= one.seen.start)
    if safety is None or not treated:
        return None
    first = treated[0][0]
    windows = tuple((day, rule.within.after(day)) for day, _ in treated)
    told = list(_deaths(one, windows) if rule.death else _events(one, rule, safety, windows))
    happened = disjunction(answer for answer, _ in told)
    if happened is YES:
        seqs = tuple(sorted({seq for answer, seq in told if answer is YES}))
        return Watched(one.person.subject, first, "event", seqs)
    state = "open" if happened is not NO else _without(one, windows[0][1], on)
    return Watched(one.person.subject, first, state, tuple(sorted({seq for _, seq in treated})))


def _without(one: Analysed, last: date, on: date) -> State:
    """Where somebody stands who had no event so far. Who died had all the time there was ([P])."""
    died = one.seen.died
    if died is not None and died.span.last <= min(last, on):
        return "free"
    followed = ends_of(one.person.protocol, one.person.known)
    if followed.last is not None and followed.last < min(last, on):
        return "left"
    return "free" if last <= on else "open"


_Windows = tuple[tuple[date, date], ...]


def _deaths(one: Analysed, windows: _Windows) -> Iterator[tuple[Truth, int]]:
    died = one.seen.died
    if died is not None and died.seq is not None:
        yield _within(died.span, windows), died.seq
    if one.seen.nameless is not None:
        yield Unknown(Reason("missing", "died", "the day of the death is not known")), one.seen.nameless


def _events(one: Analysed, rule: EventRule, safety: Safety, windows: _Windows) -> Iterator[tuple[Truth, int]]:
    protocol, known = one.person.protocol, one.person.known
    given = given_on(protocol, known, safety)
    for event in adverse_events(protocol, known):
        if rule.terms and event.name not in rule.terms:
            continue
        yield _counts(event, rule, safety, windows, {name: days[0][0] for name, days in given.items()}), event.entry.seq


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
