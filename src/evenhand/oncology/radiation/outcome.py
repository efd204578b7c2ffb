"""How a check ends: pass, fail, or not assessable with the reason, which is never taken for a pass."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The three ways in which a check of radiation can end."""

    PASS = "pass"
    FAIL = "fail"
    NOT_ASSESSABLE = "not assessable"


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome and, in words, what it rests on or what is lacking."""

    outcome: Outcome
    why: str


def passed(why: str) -> Answer:
    return Answer(Outcome.PASS, why)


def failed(why: str) -> Answer:
    return Answer(Outcome.FAIL, why)


def not_assessable(why: str) -> Answer:
    return Answer(Outcome.NOT_ASSESSABLE, why)
