"""Made-up people who are eligible: found once by the real steps, and drawn again for any day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from evenhand import steps
from evenhand.dates import DateSpan, on_day, parse_date
from evenhand.facts import Fact, Person
from evenhand.protocol import Protocol
from evenhand.record import Allocation
from evenhand.refusal import Refusal
from evenhand.simulation.candidates import draw_candidate
from evenhand.simulation.course import Course
from evenhand.simulation.faithful.scenario import Levels
from evenhand.simulation.running import Running
from evenhand.simulation.scenario import Scenario
from evenhand.simulation.signing import items_of, signed

_EACH: Final = 4  # made-up people of each stratum, who come again and again
_TRIES: Final = 4000
_REFERENCE: Final = date(2026, 1, 1)  # any day would do
_ON: Final = (0, 17, 160, 420)  # days after the start on which each of them must be eligible

Found = tuple[tuple[int, ...], ...]
"""The numbers of eligible people, stratum by stratum."""


class Enrolling(Running):
    """Takes people from screening to allocation within a day."""

    def __init__(self, protocol: Protocol, scenario: Scenario, secret: bytes) -> None:
        super().__init__(protocol, Course(), parse_date(scenario.start).first)
        self.scenario = scenario
        self.secret = secret
        first = self.clock.date()
        by = self.actor("administrator", None)
        self.take(steps.activate, by, first, secret=secret, sites=scenario.sites)

    def drawn(self, number: int, day: date) -> Person:
        """The person of a number, as seen on a day: the same one, whatever the trial."""
        return moved(_drawn(self.protocol, self.scenario, number), (day - _REFERENCE).days)

    def admit(self, person: Person, site: str, day: date) -> Allocation:
        """Screen, consent, sign, register, randomize. Raises Refusal for whoever is not eligible."""
        by = self.actor("coordinator", site)
        (entry,) = self.take(steps.screen, by, day, person=person)
        subject = entry.subject or ""
        self.take(steps.consent, by, day, subject=subject)
        for judgement in self.protocol.judgements.values():
            signer = self.actor(judgement.roles[0], site)
            for item in items_of(judgement, person, self.protocol):
                name = self.course.staff(signer.role, site).printed
                self.take(steps.attest, signer, day, subject=subject, given=signed(judgement, item, True, name, day))
        self.take(steps.register, by, day, subject=subject)
        self.take(steps.randomize, by, day, subject=subject, secret=self.secret)
        allocation = self.history.subject(subject).allocation
        assert allocation is not None  # just made
        return allocation


_DRAWN: dict[tuple[str, int], tuple[Protocol, Scenario, Person]] = {}


def _drawn(protocol: Protocol, scenario: Scenario, number: int) -> Person:
    """The person of a number as seen on the day of reference; drawn once for all trials of one scenario."""
    held = _DRAWN.get((protocol.digest, number))
    if held is None or held[0] is not protocol or held[1] is not scenario:
        random = Random(f"{protocol.study}|person {number}")
        person = draw_candidate(scenario, protocol.vocabulary, number, _REFERENCE, random)
        held = _DRAWN[protocol.digest, number] = protocol, scenario, person
    return held[2]


def moved(person: Person, days: int) -> Person:
    """The same person so many days later: everything that happened, happened that much later, birth too."""
    by = timedelta(days=days)

    def later(span: DateSpan) -> DateSpan:
        return on_day(span.first + by) if span.exact else DateSpan(span.first + by, span.last + by)

    def moved_value(value: Any) -> Any:
        if type(value) is dict:
            return {name: later(item) if type(item) is DateSpan else item for name, item in value.items()}
        return later(value) if type(value) is DateSpan else value

    facts = {
        name: tuple(
            [Fact(fact.name, moved_value(fact.value), fact.date and later(fact.date), fact.source) for fact in given]
        )
        for name, given in person.facts.items()
    }
    return Person(person.id, facts, source=person.source)


def find_people(protocol: Protocol, scenario: Scenario, strata: Sequence[Levels]) -> Found:
    """Some people of every stratum who are eligible on whatever day they come. The same ones each time.

    Raises Refusal where the scenario draws nobody for a stratum.
    """
    found: list[list[int]] = [[] for _ in strata]
    for number in range(1, _TRIES + 1):
        place = _stratum(protocol, scenario, strata, number) if any(len(one) < _EACH for one in found) else None
        if place is not None and len(found[place]) < _EACH:
            found[place].append(number)
        if all(len(one) == _EACH for one in found):
            break
    for levels, numbers in zip(strata, found, strict=True):
        if not numbers:
            said = ", ".join(f"{name} {level}" for name, level in levels.items()) or "any"
            raise Refusal(
                f"of {_TRIES} candidates of scenario.yaml nobody is eligible in the stratum: {said}",
                "faithful simulation",
                "Let the scenario draw such people.",
            )
    return tuple(map(tuple, found))


def _stratum(protocol: Protocol, scenario: Scenario, strata: Sequence[Levels], number: int) -> int | None:
    """In which stratum somebody is eligible on each of some days; None where not on every one, or not in the same."""
    found: set[int] = set()
    for days in _ON:
        trial = Enrolling(protocol, scenario, b"nobody's trial, only a look".ljust(32))
        day = trial.clock.date() + timedelta(days=days)
        try:
            made = trial.admit(trial.drawn(number, day), scenario.sites[0], day)
        except Refusal:
            return None
        found.add(_place(strata, made.levels))
    return found.pop() if len(found) == 1 else None


def _place(strata: Sequence[Levels], levels: Mapping[str, object]) -> int:
    return next(
        place for place, wanted in enumerate(strata) if all(levels.get(name) == one for name, one in wanted.items())
    )
