"""Who may take part: verdicts with evidence, over time, in words."""

from evenhand.eligibility.calendar import Calendar, Interval
from evenhand.eligibility.evidence import Evidence, evidence
from evenhand.eligibility.explain import explanation, missing_sentence, rule_phrase
from evenhand.eligibility.strata import level_of
from evenhand.eligibility.verdict import Assessment, Assessor, CriterionVerdict, Situation, assessor_of

__all__ = [
    "Assessment",
    "Assessor",
    "Calendar",
    "CriterionVerdict",
    "Evidence",
    "Interval",
    "Situation",
    "assessor_of",
    "evidence",
    "explanation",
    "level_of",
    "missing_sentence",
    "rule_phrase",
]
