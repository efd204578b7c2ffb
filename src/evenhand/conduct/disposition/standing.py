"""The state of a participant on a day."""

from __future__ import annotations

from datetime import date
from typing import Final

from evenhand.conduct.disposition.ends import Ended, Ends, reached
from evenhand.protocol.plan.endings import Ending

_LOST, _FOLLOW_UP, _CONSENT, _DEATH, _TREATMENT = 2, 3, 4, 5, 1
_FINAL: Final = {"consent": _CONSENT, "death": _DEATH}


def rank(ending: Ending) -> int:
    """How final an ending is: of treatment, lost to follow-up, of follow-up, of consent, death.

    A participant's state only ever moves to a more final ending; our proposal, so that the order in which things are
    entered does not matter.
    """
    if ending.by in _FINAL:
        return _FINAL[ending.by]
    if ending.ends == "treatment":
        return _TREATMENT
    return _LOST if ending.until_seen_again else _FOLLOW_UP


def standing(ends: Ends, on: date) -> Ended | None:
    """The most final ending reached by a day, of two alike the first; None for somebody treated and followed."""
    found: Ended | None = None
    for one in ends.endings:
        if reached(one, on) and (found is None or rank(one.ending) > rank(found.ending)):
            found = one
    return found
