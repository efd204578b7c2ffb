"""Safety of participants: adverse events, laboratory grades, and who must hear of what by when."""

from evenhand.conduct.safety.asking import doubts
from evenhand.conduct.safety.clocks import Obligation, aware_at, due_at, obligations
from evenhand.conduct.safety.emergence import conditions, emergent
from evenhand.conduct.safety.events import AdverseEvent, GradeFrom, adverse_events, by_term, safety_of
from evenhand.conduct.safety.given import given_by, given_on
from evenhand.conduct.safety.laboratory import GradedValue, Suggested, Value, graded, suggested
from evenhand.conduct.safety.radiation import Timing, after_radiation, timings
from evenhand.conduct.safety.seriousness import (
    admitted,
    criteria_met,
    expected,
    fatal_or_life_threatening,
    known_of,
    serious,
    suspected,
)
from evenhand.conduct.safety.taking import faults

__all__ = [
    "AdverseEvent",
    "GradeFrom",
    "GradedValue",
    "Obligation",
    "Suggested",
    "Timing",
    "Value",
    "admitted",
    "adverse_events",
    "after_radiation",
    "aware_at",
    "by_term",
    "conditions",
    "criteria_met",
    "doubts",
    "due_at",
    "emergent",
    "expected",
    "fatal_or_life_threatening",
    "faults",
    "given_by",
    "given_on",
    "graded",
    "known_of",
    "obligations",
    "safety_of",
    "serious",
    "suggested",
    "suspected",
    "timings",
]
