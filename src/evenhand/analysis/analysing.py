"""Everybody randomized, with the outcome of every endpoint: the whole answer of a record at a cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evenhand.analysis.cut import Cut, Participant
from evenhand.analysis.finding import Mistake
from evenhand.analysis.local_failure import local_failures
from evenhand.analysis.mistakes import mistakes
from evenhand.analysis.outcome import Outcome
from evenhand.analysis.overall import distant_failure, overall_survival
from evenhand.analysis.populations import Membership, memberships
from evenhand.analysis.progression_free import progression_free
from evenhand.analysis.reading import seen_of
from evenhand.analysis.seen import Seen
from evenhand.enrollment import newest_adopted
from evenhand.protocol import Protocol
from evenhand.protocol.endpoints import Endpoint, Endpoints
from evenhand.protocol.endpoints_sheets import DayOfDeath


@dataclass(frozen=True, slots=True)
class Analysed:
    """One person: what is known, every outcome, in which populations, and what is wrong with the record."""

    person: Participant
    seen: Seen
    outcomes: tuple[Outcome, ...]
    memberships: tuple[Membership, ...]
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer at a cut: ``protocol`` is the newest version that a site adopted, ``endpoints`` are its."""

    cut: Cut
    protocol: Protocol
    endpoints: Endpoints
    people: tuple[Analysed, ...]

    def outcomes(self, endpoint: str, estimand: str = "primary") -> tuple[Outcome, ...]:
        """Those of an endpoint under an estimand, in the order of randomization."""
        return tuple(
            outcome
            for one in self.people
            for outcome in one.outcomes
            if outcome.endpoint == endpoint and outcome.estimand == estimand
        )

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Everything that is wrong with the record, person by person."""
        return tuple(mistake for one in self.people for mistake in one.mistakes)


def analyse(cut: Cut) -> Analysis:
    """The answer at a cut. Raises LookupError for a study that names no endpoints, RecordError for an entry that does
    not fit the protocol's forms."""
    protocol = newest_adopted(cut.versions, cut.history)
    endpoints = protocol.endpoints
    if endpoints is None:
        raise LookupError(f"{protocol.study} {protocol.version.id} names no endpoints: it has no endpoints.yaml")
    return Analysis(cut, protocol, endpoints, tuple(_analysed(person, cut, endpoints) for person in cut.participants))


def outcome_of(person: Participant, until: date, endpoint: Endpoint, endpoints: Endpoints) -> Outcome:
    """The outcome of one participant for one endpoint of ``endpoints`` under its primary estimand, at a cut of day
    ``until``: the same as in ``analyse``, without the rest. Raises RecordError as ``analyse``."""
    return next(_outcomes(person, _seen(person, until, endpoints), endpoint, endpoints))


def _seen(person: Participant, until: date, endpoints: Endpoints) -> Seen:
    series = next((one.visits for one in endpoints.by_id.values() if one.visits), None)
    seen = seen_of(person, until, series)
    assert seen is not None  # participants are randomized
    return seen


def _analysed(person: Participant, cut: Cut, endpoints: Endpoints) -> Analysed:
    seen = _seen(person, cut.effective, endpoints)
    outcomes = [outcome for one in endpoints.by_id.values() for outcome in _outcomes(person, seen, one, endpoints)]
    return Analysed(
        person,
        seen,
        tuple(outcomes),
        memberships(person, seen, endpoints, cut.effective),
        mistakes(person, seen, cut.history),
    )


def _outcomes(person: Participant, seen: Seen, endpoint: Endpoint, endpoints: Endpoints) -> Iterator[Outcome]:
    chosen = _day_of_death(endpoints)
    if endpoint.kind == "progression_free":
        yield from (progression_free(seen, endpoint, rule) for rule in endpoint.estimands)
    elif endpoint.kind == "overall_survival":
        yield overall_survival(seen, endpoint, chosen)
    elif endpoint.kind == "distant_failure":
        yield distant_failure(seen, endpoint, chosen)
    elif endpoint.kind == "local_failure":
        yield from local_failures(person, seen, endpoint, chosen)


def _day_of_death(endpoints: Endpoints) -> DayOfDeath:
    """As the primary estimand has it, so that a person dies on one day; the middle where none says ([P])."""
    return next((one.primary.day_of_death for one in endpoints.by_id.values() if one.primary), "middle")
