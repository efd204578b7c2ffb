"""Response: what the scans propose, what the clinician determines, and the progression that follows."""

from evenhand.conduct.response.comparing import Compared, compared, response_doubts
from evenhand.conduct.response.determining import Determination, determinations
from evenhand.conduct.response.evaluation import Evaluation, Proposed, evaluation
from evenhand.conduct.response.progression import Progression, progression
from evenhand.conduct.response.tracking import LocalPoint

__all__ = [
    "Compared",
    "Determination",
    "Evaluation",
    "LocalPoint",
    "Progression",
    "Proposed",
    "compared",
    "determinations",
    "evaluation",
    "progression",
    "response_doubts",
]
