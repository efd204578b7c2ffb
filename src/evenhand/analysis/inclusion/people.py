"""Each candidate as reports describe people: age, sex, race and ethnicity, as they stood on a day.

The day is that of randomization, else that of the last judgement: what is dated later does not describe the person who
was enrolled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from evenhand.analysis.cut import Cut
from evenhand.analysis.inclusion.categories import Category, Ethnicity, ethnicity_in, races_in
from evenhand.analysis.tables import Behind
from evenhand.dates import DateSpan, age_on
from evenhand.eligibility import Situation, assessor_of
from evenhand.eligibility.judged import last_judged_on
from evenhand.enrollment import protocol_for
from evenhand.facts import Person
from evenhand.protocol import Protocol
from evenhand.protocol.baseline import Baseline
from evenhand.record import SubjectHistory
from evenhand.record.facts import recorded_facts, recorded_person
from evenhand.record.remembered import Remembered


@dataclass(frozen=True, slots=True)
class Described:
    """A candidate, and the protocol version that holds; ``situation`` gives the facts as they stood on ``on``.
    ``entries``: the numbers of the entries of each fact."""

    protocol: Protocol
    known: SubjectHistory
    on: date
    person: Person
    situation: Situation
    entries: Mapping[str, tuple[int, ...]]

    @property
    def subject(self) -> str:
        """The pseudonym."""
        return self.known.subject or ""

    def behind(self, *facts: str) -> Behind:
        """The person with the entries of some facts, derived ones by what they are computed from."""
        words = self.protocol.vocabulary
        wanted = {raw for name in facts if name in words.facts for raw in words.raw_inputs(name)}
        return Behind(self.subject, tuple(sorted({seq for name in wanted for seq in self.entries.get(name, ())})))

    def text(self, name: str | None) -> str:
        """A fact that is text or a code; empty where it is unknown, or the study has none of that name."""
        if name is None or name not in self.protocol.vocabulary.facts:
            return ""
        value = self.situation.view.one(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Origins:
    """What somebody answered of race and ethnicity; ``unplaced``: answers that are in no category."""

    races: frozenset[Category]
    ethnicity: Ethnicity | None
    unplaced: tuple[str, ...]


_DESCRIBED: Remembered[Described] = Remembered(20_000)  # assumed: more candidates than any trial has


def described_as(protocol: Protocol, known: SubjectHistory, on: date) -> Described:
    """A candidate as known on a day, under the protocol version that holds for the person."""
    key = protocol.study, known.subject
    return _DESCRIBED.answer(key, (protocol, known, on), lambda: _read(protocol, known, on))


def described(cut: Cut, subjects: Iterable[str]) -> tuple[Described, ...]:
    """Some candidates, in their order. Raises StudyError as ``protocol_for``."""
    return tuple(_described(cut, name) for name in subjects)


def _described(cut: Cut, subject: str) -> Described:
    known, protocol = cut.history.subject(subject), protocol_for(cut.versions, cut.history, subject)
    allocation = known.allocation
    on = allocation.effective if allocation else last_judged_on(known)
    return described_as(protocol, known, on)


def _read(protocol: Protocol, known: SubjectHistory, on: date) -> Described:
    entries: dict[str, tuple[int, ...]] = {}
    for one, fact in recorded_facts(known, protocol.vocabulary):
        entries[fact.name] = tuple(dict.fromkeys((*entries.get(fact.name, ()), one.seq)))
    person = recorded_person(known, protocol.vocabulary)
    return Described(protocol, known, on, person, Situation(assessor_of(protocol), person, on), entries)


def origins_of(one: Described, baseline: Baseline) -> Origins:
    """Race and ethnicity. A combined answer that names Hispanic or Latino tells the ethnicity if nothing else does."""
    races, strange = races_in(one.text(baseline.race))
    ethnicity, other = ethnicity_in(one.text(baseline.ethnicity))
    if ethnicity is None and "hispanic" in races:
        ethnicity = "hispanic"
    return Origins(races, ethnicity, (*strange, *other))


def age_of(one: Described, baseline: Baseline) -> int | None:
    """Whole years on the day when the age was recorded; None where unknown."""
    if baseline.age is None:
        return None
    return recorded_age(one.person, baseline.age.fact)


def recorded_age(person: Person, fact: str) -> int | None:
    """The record keeps no birth date but the days of birth of one age, and when that was; so this is the age then.

    None where two ages are left open.
    """
    for given in reversed(person.facts.get(fact, ())):
        if isinstance(given.value, DateSpan) and given.date is not None:
            ages = {age_on(day, given.date.first) for day in (given.value.first, given.value.last)}
            return ages.pop() if len(ages) == 1 else None
    return None
