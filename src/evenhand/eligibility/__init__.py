"""Who may take part: verdicts with evidence, over time, in words."""

from evenhand.eligibility.calendar import Calendar, Interval
from evenhand.eligibility.evidence import Evidence, Pieces, attestation_piece, evidence, fact_piece
from evenhand.eligibility.explain import because, explanation, missing_sentence, rule_phrase
from evenhand.eligibility.remedies import Remedy, remedies
from evenhand.eligibility.signing import evidence_answer, evidence_behind, goes_against, signed_so_far
from evenhand.eligibility.strata import level_of, level_open_because
from evenhand.eligibility.verdict import Assessment, Assessor, CriterionVerdict, Situation, assessor_of

__all__ = [
    "Assessment",
    "Assessor",
    "Calendar",
    "CriterionVerdict",
    "Evidence",
    "Interval",
    "Pieces",
    "Remedy",
    "Situation",
    "assessor_of",
    "attestation_piece",
    "because",
    "evidence",
    "evidence_answer",
    "evidence_behind",
    "explanation",
    "fact_piece",
    "goes_against",
    "level_of",
    "level_open_because",
    "missing_sentence",
    "remedies",
    "rule_phrase",
    "signed_so_far",
]
