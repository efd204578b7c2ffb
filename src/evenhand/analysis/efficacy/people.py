"""How people differed at randomization, as far as the subgroups and covariates of the protocol ask.

What is asked is data (``endpoints.yaml``); what somebody answers is what the table of baseline characteristics tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.efficacy.cases import NO_LEVEL, Cases
from evenhand.analysis.efficacy.comparing import Adjustment
from evenhand.analysis.inclusion.baseline import answers_to
from evenhand.analysis.inclusion.categories import UNKNOWN
from evenhand.analysis.inclusion.characteristics import OTHER, Found
from evenhand.analysis.inclusion.people import Described, described_as
from evenhand.analysis.saying import capital
from evenhand.protocol.endpoints import Endpoint
from evenhand.protocol.factors import Factor
from evenhand.protocol.markdown import flat, small


@dataclass(frozen=True, slots=True)
class Grouping:
    """A way to divide people: ``level`` gives the level of each subject, ``labels`` what levels are called, in order.

    ``NO_LEVEL``, where anybody has it, comes last."""

    id: str
    label: str
    level: Mapping[str, str]
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Profile:
    """Everybody randomized, as the factors of the protocol see them on the day of randomization."""

    analysis: Analysis

    @cached_property
    def _people(self) -> tuple[Described, ...]:
        """By the protocol version that held for each."""
        people = self.analysis.people
        return tuple(described_as(one.person.protocol, one.person.known, one.seen.start) for one in people)

    @cached_property
    def groupings(self) -> tuple[Grouping, ...]:
        """The subgroups of the protocol, in its order; none where it names none."""
        subgroups = self.analysis.endpoints.subgroups
        return tuple(map(self.grouping, subgroups.by)) if subgroups is not None else ()

    def grouping(self, factor: Factor) -> Grouping:
        """Everybody's level, and the levels that anybody has: in the order of the protocol, then of the answers."""
        level, answers = self._stratum(factor) if factor.of == "stratum" else self._described(factor)
        found = set(level.values())
        order = [one.label for one in factor.groups] or [*answers, *sorted(found - {*answers, OTHER, NO_LEVEL})]
        there = [one for one in (*dict.fromkeys(order), OTHER, NO_LEVEL) if one in found]
        return Grouping(factor.id, flat(factor.label), level, {one: capital(one) for one in there})

    def numbers(self, factor: Factor) -> Mapping[str, float | None]:
        """Everybody's number, of a factor that is one; None where it is not known."""
        return {name: one.number for name, one in self._answers(factor)[0].items()}

    def _stratum(self, factor: Factor) -> tuple[Mapping[str, str], Iterable[str]]:
        """The levels that were used for the allocation, whatever turned out later."""
        strata = self.analysis.protocol.randomization.strata
        labels = {level.id: flat(level.label) for one in strata if one.id == factor.key for level in one.levels}
        level = {}
        for one in self.analysis.people:
            label = labels.get(_level(one, factor.key))
            level[one.person.subject] = NO_LEVEL if label is None else _grouped(factor, Found((label,)))
        return level, labels.values()

    def _described(self, factor: Factor) -> tuple[Mapping[str, str], Iterable[str]]:
        answers, values = self._answers(factor)
        return {name: _grouped(factor, one) for name, one in answers.items()}, values

    def _answers(self, factor: Factor) -> tuple[Mapping[str, Found], Iterable[str]]:
        """What everybody answers, and the answers in their order."""
        baseline, people = self.analysis.endpoints.baseline, self._people
        item = answers_to(factor.key, people, baseline, number=factor.number) if baseline is not None else None
        if item is None:  # a protocol that is made in a program: files that name what there is not do not load
            return {one.subject: Found() for one in people}, ()
        return item.answers, item.values


def _level(one: Analysed, stratum: str) -> str:
    allocation = one.person.known.allocation
    return str(allocation.levels.get(stratum) or "") if allocation is not None else ""


def _grouped(factor: Factor, answer: Found) -> str:
    """The group of an answer, else the answer. Unknown is a level of its own, and so is what is in no group."""
    if factor.number:
        number = answer.number
        if number is None:
            return NO_LEVEL
        return next((group.label for group in factor.groups if group.holds(number)), OTHER)
    if len(answer.values) != 1 or answer.values[0] == UNKNOWN:
        return NO_LEVEL
    (value,) = answer.values
    if not factor.groups:
        return value
    return next((group.label for group in factor.groups if value in group.values), OTHER)


def adjustment(found: Cases, known: Profile, endpoint: Endpoint) -> Adjustment | None:
    """The covariates that the protocol names for an endpoint; None where it names none.

    Whoever lacks one is left out of this model alone. A factor in which all are alike says nothing and is left out.
    """
    factors = endpoint.analysis.adjusted_for
    if not factors:
        return None
    values = {one.id: _known(one, known) for one in factors}
    kept = found.where(lambda one: all(one.subject in those for those in values.values()))
    columns = {one.id: _columns(one.id, [values[one.id][case.subject] for case in kept.all]) for one in factors}
    differ = [id for id, part in columns.items() if any(len(set(column)) > 1 for column in part.values())]
    covariates = {name: column for id in differ for name, column in columns[id].items()}
    labels = {one.id: small(flat(one.label)) for one in factors}
    alike = tuple(label for id, label in labels.items() if id not in differ)
    return Adjustment(covariates, kept, ", ".join(labels.values()), len(found.all) - len(kept.all), alike)


def _known(factor: Factor, known: Profile) -> Mapping[str, float | str]:
    """The number or the level of everybody in whom it is known."""
    if factor.number and not factor.groups:
        return {name: number for name, number in known.numbers(factor).items() if number is not None}
    return {name: level for name, level in known.grouping(factor).level.items() if level != NO_LEVEL}


def _columns(id: str, values: Sequence[float | str]) -> dict[str, list[float]]:
    """A number as it is; levels as columns of 0 and 1, one for each but the first of the alphabet."""
    levels = sorted({one for one in values if isinstance(one, str)})
    if not levels:
        return {id: [float(one) for one in values]}
    return {f"{id} {level}": [float(one == level) for one in values] for level in levels[1:]}
