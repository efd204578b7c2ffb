"""Each adverse event with everything that tables ask of it, answered once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.safety.groups import Group
from evenhand.analysis.tables import Behind
from evenhand.conduct.safety import (
    AdverseEvent,
    adverse_events,
    after_radiation,
    criteria_met,
    emergent,
    given_by,
    serious,
    suspected,
    timings,
)
from evenhand.conduct.safety.radiation import When
from evenhand.logic import NO, YES, Reason, Truth, Unknown, conjunction, disjunction, truth
from evenhand.oncology.ctcae import one_version
from evenhand.protocol import Protocol
from evenhand.protocol.plan.safety_rules import Safety
from evenhand.record import SubjectHistory

SEVERE = 3  # source: CTCAE 5.0, grade 3 is severe


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of one person. ``start``: the day of randomization; ``given``: the interventions begun by its onset;
    ``related``: to any treatment; ``timing``: against the latest radiation course ("before": before any)."""

    subject: str
    start: date
    event: AdverseEvent
    emergent: Truth
    serious: Truth
    related: Truth
    given: frozenset[str]
    timing: When

    @property
    def counts(self) -> bool:
        """New or worse since randomization, or perhaps: where it cannot be told the event counts, rather too much than
        too little ([P])."""
        return self.emergent is not NO

    @property
    def behind(self) -> Behind:
        """The person and the entry."""
        return Behind(self.subject, (self.event.entry.seq,))

    def at_least(self, grade: int) -> Truth:
        """Whether its worst grade is so high."""
        worst = self.event.grade
        if worst is None:
            return Unknown(Reason("missing", "grade", "no grade is recorded"))
        return truth(worst >= grade)

    @property
    def fatal(self) -> Truth:
        """Grade 5, which CTCAE makes death, or death as a criterion of seriousness."""
        return disjunction((self.at_least(5), truth("death" in criteria_met(self.event))))

    @property
    def severe_related(self) -> Truth:
        """Severe, and related to a treatment."""
        return conjunction((self.at_least(SEVERE), self.related))

    @property
    def serious_related(self) -> Truth:
        """Serious, and related to a treatment."""
        return conjunction((self.serious, self.related))


Happenings = Mapping[str, tuple[Happening, ...]]
Ask = Callable[[Happening], Truth]


def happenings(analysis: Analysis, safety: Safety) -> Happenings:
    """The events of each person by pseudonym, in the order of their entries.

    Raises VersionsMixed where they were graded by several versions of CTCAE, which cannot be counted together.
    """
    found = {one.person.subject: tuple(_of(one, safety)) for one in analysis.people}
    one_version(each.event.version for those in found.values() for each in those)
    return found


def treatments(safety: Safety) -> tuple[str, ...]:
    """What events may be suspected of: neither the disease nor another cause."""
    return tuple(name for name, one in safety.interventions.items() if one.treatment)


def _of(one: Analysed, safety: Safety) -> Iterable[Happening]:
    protocol, known = one.person.protocol, one.person.known
    for event in adverse_events(protocol, known):
        begun = given_by(protocol, known, safety, event.onset.last if event.onset else one.seen.until)
        yield Happening(
            subject=one.person.subject,
            start=one.seen.start,
            event=event,
            emergent=emergent(protocol, known, event),
            serious=serious(event),
            related=suspected(event, safety, treatments(safety), begun),
            given=begun,
            timing=_timing(protocol, known, event),
        )


def _timing(protocol: Protocol, known: SubjectHistory, event: AdverseEvent) -> When:
    """Against the latest course that had surely begun; not known where one may have begun, and none surely had."""
    latest = after_radiation(protocol, known, event)
    if latest is not None:
        return latest.when
    return "not known" if any(one.when == "not known" for one in timings(protocol, known, event)) else "before"


class Answered(NamedTuple):
    """The people of a group for whom something holds of an event, and those for whom it may and is not known."""

    yes: tuple[Behind, ...]
    unknown: tuple[Behind, ...]


def answered(group: Group, found: Happenings, ask: Ask, *, of_all: bool = False) -> Answered:
    """Whoever had an event of which it holds, each once with all such entries; of events that count, unless ``of_all``
    are asked."""
    yes, unknown = [], []
    for one in group.people:
        answers = [(each, ask(each)) for each in found[one.person.subject] if of_all or each.counts]
        holds = [each for each, answer in answers if answer is YES]
        open_ = [each for each, answer in answers if isinstance(answer, Unknown)]
        if holds:
            yes.append(together(holds))
        elif open_:
            unknown.append(together(open_))
    return Answered(tuple(yes), tuple(unknown))


def together(those: Iterable[Happening]) -> Behind:
    """One person and the entries of several of the person's events."""
    given = tuple(those)
    return Behind(given[0].subject, tuple(one.event.entry.seq for one in given))
