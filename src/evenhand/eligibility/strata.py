"""Stratification levels, read from facts and never typed."""

from __future__ import annotations

from evenhand.eligibility.verdict import Assessment, Situation, assessor_of
from evenhand.logic import NO, YES, Reason, Truth, Unknown
from evenhand.protocol.model import Protocol, Stratum


def level_of(protocol: Protocol, stratum: Stratum, assessment: Assessment) -> str | None:
    """The one level whose rule is answered yes while all others are answered no; None when that is not known."""
    return level_in(stratum, _situation(protocol, assessment))


def level_in(stratum: Stratum, situation: Situation) -> str | None:
    """The same of a situation in which nothing else need be judged."""
    answers = _answered(stratum, situation)
    met = [level for level, answer in answers.items() if answer is YES]
    if len(met) != 1 or any(answer is not NO for level, answer in answers.items() if level != met[0]):
        return None
    return met[0]


def level_open_because(protocol: Protocol, stratum: Stratum, assessment: Assessment) -> tuple[Reason, ...]:
    """Why the rules of a stratum's levels have no answer, each reason once; nothing where all are answered."""
    answers = _answers(protocol, stratum, assessment).values()
    return tuple(dict.fromkeys(reason for one in answers if isinstance(one, Unknown) for reason in one.reasons))


def _answers(protocol: Protocol, stratum: Stratum, assessment: Assessment) -> dict[str, Truth]:
    return _answered(stratum, _situation(protocol, assessment))


def _situation(protocol: Protocol, assessment: Assessment) -> Situation:
    """That of the assessment, which has seen the facts already, unless it was judged under another version."""
    assessor, judged = assessor_of(protocol), assessment.situation
    return judged if judged.assessor is assessor else Situation(assessor, assessment.person, assessment.on)


def _answered(stratum: Stratum, situation: Situation) -> dict[str, Truth]:
    return {level.id: situation.assessor.compiled(level.rule)(situation) for level in stratum.levels}
