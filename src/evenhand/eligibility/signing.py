"""A judgement before it is signed: what the evidence says, and whether an answer would go against anything."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.eligibility.attested import who_signed
from evenhand.eligibility.evidence import Evidence, Pieces
from evenhand.eligibility.verdict import Assessment
from evenhand.facts import Attestation
from evenhand.logic import NO, YES, Truth, Unknown
from evenhand.protocol.model import Judgement


def evidence_answer(assessment: Assessment, judgement: Judgement) -> Truth:
    """What the facts alone say about a judgement; unknown where it names no evidence."""
    _, _, rule = assessment.situation.assessor.judgements[judgement.name]
    return Unknown() if rule is None else rule(assessment.situation)


def evidence_behind(assessment: Assessment, judgement: Judgement) -> tuple[Evidence, ...]:
    """The facts that a judgement's evidence reads; where it names none, the list that it is about."""
    protocol = assessment.situation.assessor.protocol
    names = judgement.evidence.facts if judgement.evidence is not None else ()
    return Pieces(assessment, protocol).behind(names or ((judgement.about,) if judgement.about else ()))


def signed_so_far(assessment: Assessment, judgement: Judgement, item: str | None) -> tuple[Attestation, ...]:
    """The signatures under a judgement (about one entry) by the day of the assessment, oldest first."""
    given = (
        one
        for one in assessment.person.attestations
        if one.judgement == judgement.name and one.item == item and one.date.first <= assessment.on
    )
    return tuple(sorted(given, key=lambda one: one.date.last))


def goes_against(assessment: Assessment, judgement: Judgement, item: str | None, answer: bool) -> tuple[str, ...]:
    """What an answer would contradict: the evidence, or what was signed before. Such an answer needs a reason."""
    return tuple(_contradictions(assessment, judgement, item, answer))


def _contradictions(assessment: Assessment, judgement: Judgement, item: str | None, answer: bool) -> Iterator[str]:
    evidence = evidence_answer(assessment, judgement)
    if evidence is YES and not answer:
        yield "the facts on record speak for the statement"
    if evidence is NO and answer:
        yield "the facts on record speak against the statement"
    for given in signed_so_far(assessment, judgement, item):
        if given.answer is not answer:  # also one that no longer holds: two answers are a conflict until explained
            yield who_signed(given)
