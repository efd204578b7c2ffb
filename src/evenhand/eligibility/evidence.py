"""The evidence behind a verdict: every fact and signature that its rule reads, with date and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from evenhand.eligibility.verdict import Assessment, CriterionVerdict, assessor_of
from evenhand.facts import COMPLETE, Attestation, Fact, View
from evenhand.logic import Unknown
from evenhand.protocol.model import Protocol
from evenhand.rules.judging.values import known_value


class Evidence(NamedTuple):
    """One piece: what it says, when it was so, where it is written."""

    fact: str
    value: str
    date: str | None
    source: str


class Pieces:
    """The evidence of one assessment, as of its day. What several criteria read is put into words once."""

    def __init__(self, assessment: Assessment, protocol: Protocol) -> None:
        self._assessment = assessment
        self._protocol = protocol
        self._facts: dict[str, tuple[Evidence, ...]] = {}
        self._signed: dict[str, tuple[Evidence, ...]] = {}

    def of(self, verdict: CriterionVerdict) -> tuple[Evidence, ...]:
        """The facts that the criterion's rule and its judgements read, derived values after what they come from, and
        the attestations of its judgements."""
        rule = verdict.criterion.rule
        facts = map(self._of_fact, assessor_of(self._protocol).read_by(rule))
        return tuple(dict.fromkeys(chain(*facts, *map(self._of_judgement, rule.judgements))))

    def behind(self, names: Iterable[str]) -> tuple[Evidence, ...]:
        """What stands behind some facts, each piece once."""
        return tuple(dict.fromkeys(chain.from_iterable(map(self._of_fact, names))))

    def _of_fact(self, name: str) -> tuple[Evidence, ...]:
        found = self._facts.get(name)
        if found is None:
            found = self._facts[name] = tuple(_of_fact(self._assessment.view, name, self._protocol))
        return found

    def _of_judgement(self, name: str) -> tuple[Evidence, ...]:
        found = self._signed.get(name)
        if found is None:
            found = self._signed[name] = tuple(_of_judgement(self._assessment, name))
        return found


def evidence(assessment: Assessment, verdict: CriterionVerdict, protocol: Protocol) -> tuple[Evidence, ...]:
    """The evidence of one criterion; for all of an assessment see ``Pieces``."""
    return Pieces(assessment, protocol).of(verdict)


def _of_fact(view: View, name: str, protocol: Protocol) -> Iterator[Evidence]:
    for raw in protocol.vocabulary.raw_inputs(name):
        for fact in view.visible(raw):
            yield fact_piece(fact)
    derived = protocol.vocabulary.facts[name].derived
    if derived is not None:
        value = view.one(name)
        if not isinstance(value, Unknown):
            yield Evidence(name, known_value(value), None, f"computed by {derived}")


def fact_piece(fact: Fact) -> Evidence:
    """One recorded fact as evidence."""
    value = "the list is complete" if fact.value is COMPLETE else known_value(fact.value)  # type: ignore[arg-type]
    return Evidence(fact.name, value, None if fact.date is None else str(fact.date), str(fact.source))


def _of_judgement(assessment: Assessment, name: str) -> Iterator[Evidence]:
    for given in assessment.person.attestations:
        if given.judgement == name and given.date.first <= assessment.on:
            yield attestation_piece(given)


def attestation_piece(given: Attestation) -> Evidence:
    """One signature as evidence."""
    about = given.judgement if given.item is None else f"{given.judgement}({given.item})"
    signed = f"signed by {given.by}, {given.role.replace('_', ' ')}"
    reason = f", because {given.reason}" if given.reason else ""
    return Evidence(about, "yes" if given.answer else "no", str(given.date), f"{signed}{reason} ({given.source})")
