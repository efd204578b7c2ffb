"""Who left treatment or follow-up, when and why, and what may still be collected afterwards."""

from evenhand.conduct.disposition.collecting import may_collect
from evenhand.conduct.disposition.contradictions import Contradiction, contradictions
from evenhand.conduct.disposition.ends import Ended, Ends, Progressed, ends, reached
from evenhand.conduct.disposition.standing import standing

__all__ = [
    "Contradiction",
    "Ended",
    "Ends",
    "Progressed",
    "contradictions",
    "ends",
    "may_collect",
    "reached",
    "standing",
]
