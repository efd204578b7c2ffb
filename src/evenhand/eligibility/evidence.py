"""The evidence behind a verdict: every fact and signature that its rule reads, with date and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evenhand.eligibility.verdict import Assessment, CriterionVerdict
from evenhand.facts import COMPLETE, Attestation, Fact
from evenhand.logic import Unknown
from evenhand.protocol.model import Protocol
from evenhand.rules.judging.values import known_value
from evenhand.rules.nodes import Rule


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece: what it says, when it was so, where it is written."""

    fact: str
    value: str
    date: str | None
    source: str


def evidence(assessment: Assessment, verdict: CriterionVerdict, protocol: Protocol) -> tuple[Evidence, ...]:
    """The facts that the criterion's rule and its judgements read, derived values after what they come from, and
    the attestations of its judgements, all as of the day of the assessment."""
    rules = _rules(verdict.criterion.rule, protocol)
    pieces = list(pieces_of(assessment, [name for rule in rules for name in rule.facts], protocol))
    for name in verdict.criterion.rule.judgements:
        pieces += _of_judgement(assessment, name)
    return tuple(dict.fromkeys(pieces))


def pieces_of(assessment: Assessment, names: Iterable[str], protocol: Protocol) -> tuple[Evidence, ...]:
    """What stands behind some facts on the day of the assessment, each piece once."""
    return tuple(
        dict.fromkeys(piece for name in dict.fromkeys(names) for piece in _of_fact(assessment, name, protocol))
    )


def _rules(rule: Rule, protocol: Protocol) -> list[Rule]:
    judgements = (protocol.judgements[name] for name in rule.judgements)
    return [rule, *(judgement.evidence for judgement in judgements if judgement.evidence is not None)]


def _of_fact(assessment: Assessment, name: str, protocol: Protocol) -> Iterator[Evidence]:
    for raw in protocol.vocabulary.raw_inputs(name):
        for fact in assessment.view.visible(raw):
            yield fact_piece(fact)
    if protocol.vocabulary.facts[name].derived is not None:
        value = assessment.view.one(name)
        if not isinstance(value, Unknown):
            yield Evidence(name, known_value(value), None, f"computed by {protocol.vocabulary.facts[name].derived}")


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
