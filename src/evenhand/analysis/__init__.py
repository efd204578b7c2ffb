"""The answer: endpoints, populations and datasets of a record as it stood at a data cut."""

from evenhand.analysis.analysing import Analysed, Analysis, analyse
from evenhand.analysis.cut import Cut, Participant, cut
from evenhand.analysis.finding import Mistake
from evenhand.analysis.outcome import CENSORED, Outcome
from evenhand.analysis.populations import Membership, Reason
from evenhand.analysis.progression_free import progression_free
from evenhand.analysis.reading import seen_of
from evenhand.analysis.seen import Seen

__all__ = [
    "CENSORED",
    "Analysed",
    "Analysis",
    "Cut",
    "Membership",
    "Mistake",
    "Outcome",
    "Participant",
    "Reason",
    "Seen",
    "analyse",
    "cut",
    "progression_free",
    "seen_of",
]
