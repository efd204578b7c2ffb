"""Stratification levels, read from facts and never typed."""

from __future__ import annotations

from evenhand.eligibility.verdict import Assessment, Situation, assessor_of
from evenhand.logic import NO, YES
from evenhand.protocol.model import Protocol, Stratum


def level_of(protocol: Protocol, stratum: Stratum, assessment: Assessment) -> str | None:
    """The one level whose rule is answered yes while all others are answered no; None when that is not known."""
    assessor = assessor_of(protocol)
    situation = Situation(assessor, assessment.person, assessment.on)
    answers = {level.id: assessor.compiled(level.rule)(situation) for level in stratum.levels}
    met = [level for level, answer in answers.items() if answer is YES]
    if len(met) != 1 or any(answer is not NO for level, answer in answers.items() if level != met[0]):
        return None
    return met[0]
