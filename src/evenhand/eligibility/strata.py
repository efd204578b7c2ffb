"""Stratification levels, read from facts and never typed."""

from __future__ import annotations

from evenhand.eligibility.verdict import Assessment, Situation, assessor_of
from evenhand.logic import NO, YES, Reason, Truth, Unknown
from evenhand.protocol.model import Protocol, Stratum


def level_of(protocol: Protocol, stratum: Stratum, assessment: Assessment) -> str | None:
    """The one level whose rule is answered yes while all others are answered no; None when that is not known."""
    answers = _answers(protocol, stratum, assessment)
    met = [level for level, answer in answers.items() if answer is YES]
    if len(met) != 1 or any(answer is not NO for level, answer in answers.items() if level != met[0]):
        return None
    return met[0]


def level_open_because(protocol: Protocol, stratum: Stratum, assessment: Assessment) -> tuple[Reason, ...]:
    """Why the rules of a stratum's levels have no answer, each reason once; nothing where all are answered."""
    answers = _answers(protocol, stratum, assessment).values()
    return tuple(dict.fromkeys(reason for one in answers if isinstance(one, Unknown) for reason in one.reasons))


def _answers(protocol: Protocol, stratum: Stratum, assessment: Assessment) -> dict[str, Truth]:
    assessor = assessor_of(protocol)
    situation = Situation(assessor, assessment.person, assessment.on)
    return {level.id: assessor.compiled(level.rule)(situation) for level in stratum.levels}
