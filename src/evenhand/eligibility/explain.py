"""Verdicts in English."""

from __future__ import annotations

from evenhand.eligibility.decisive import as_stated, decisive_parts
from evenhand.eligibility.evidence import evidence
from evenhand.eligibility.verdict import Assessment, CriterionVerdict, Situation, assessor_of
from evenhand.protocol.model import Protocol
from evenhand.rules import phrase
from evenhand.rules.nodes import Expression, Rule

_SHOWN = 4


def explanation(assessment: Assessment, verdict: CriterionVerdict, protocol: Protocol) -> str:
    """What decided, what it rests on, and what is missing or still to be signed."""
    open_points = missing_sentence(verdict) if verdict.reasons else ""
    if verdict.verdict == "unknown":
        return f"Open: {open_points}"
    head = {"pass": "Passes", "fail": "Fails"}[verdict.verdict]
    said = f"{head}: {because(assessment, verdict, protocol)}. {rests_on(assessment, verdict, protocol)}".strip()
    return f"{said} Provisional: {open_points}" if verdict.provisional else said


def because(assessment: Assessment, verdict: CriterionVerdict, protocol: Protocol) -> str:
    """The parts of the rule that decided, each worded as it turned out."""
    assessor = assessor_of(protocol)
    situation = Situation(assessor, assessment.person, assessment.on)
    parts = decisive_parts(verdict.criterion.rule.expression, lambda part: assessor.compiled_part(part)(situation))
    stated = (_phrase(as_stated(part, found), protocol) for part, found in parts)
    return "; ".join(dict.fromkeys(stated))


def rule_phrase(rule: Rule, protocol: Protocol) -> str:
    """A rule of a protocol in English."""
    return _phrase(rule.expression, protocol)


def _phrase(expression: Expression, protocol: Protocol) -> str:
    statements = {name: judgement.statement for name, judgement in protocol.judgements.items()}
    return phrase(expression, protocol.vocabulary, statements)


def missing_sentence(verdict: CriterionVerdict) -> str:
    """What is missing or disagrees, each once."""
    return "; ".join(dict.fromkeys(str(reason) for reason in verdict.reasons)) + "."


def rests_on(assessment: Assessment, verdict: CriterionVerdict, protocol: Protocol) -> str:
    """The first pieces of evidence, shortly."""
    pieces = evidence(assessment, verdict, protocol)
    if not pieces:
        return ""
    shown = [f"{piece.fact} {piece.value}{f' ({piece.date})' if piece.date else ''}" for piece in pieces[:_SHOWN]]
    more = f" and {len(pieces) - _SHOWN} more" if len(pieces) > _SHOWN else ""
    return f"On record: {'; '.join(shown)}{more}."
