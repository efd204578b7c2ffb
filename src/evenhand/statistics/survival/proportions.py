"""Exact intervals of a proportion, and the difference of two."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import betainccinv, betaincinv

from .data import checked_confidence

EXACT = "exact {level} interval of a proportion (Clopper and Pearson, half the error in each tail)"
NEWCOMBE = (
    "difference of proportions (arm 1 - arm 0), {level} interval of Newcombe (method 10, of Wilson's intervals, "
    "without correction for continuity)"
)


@dataclass(frozen=True, slots=True)
class Proportion:
    """``count`` of ``people``; ``reason`` says why something is None."""

    count: int
    people: int
    proportion: float | None
    low: float | None
    high: float | None
    method: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProportionDifference:
    """``difference`` is the proportion of arm 1 less that of arm 0; ``reason`` says why something is None."""

    arms: tuple[Proportion, Proportion]
    difference: float | None
    low: float | None
    high: float | None
    method: str
    reason: str


def checked_count(count: int, people: int) -> None:
    """Raises ValueError unless both are whole numbers and ``count`` lies between 0 and ``people``."""
    if count != int(count) or people != int(people) or not 0 <= count <= people:
        raise ValueError(f"{count} of {people} is no proportion; count whole people, from none to all")


def proportion(count: int, people: int, *, confidence: float = 0.95) -> Proportion:
    """Clopper and Pearson, Biometrika 1934;26:404-413. Raises ValueError unless 0 <= count <= people."""
    checked_count(count, people)
    checked_confidence(confidence)
    method, tail = EXACT.format(level=f"{100 * confidence:g} %"), (1 - confidence) / 2
    if people == 0:
        return Proportion(0, 0, None, None, None, method, "there is nobody")
    low = float(betaincinv(count, people - count + 1, tail)) if count else 0.0
    high = float(betainccinv(count + 1, people - count, tail)) if count < people else 1.0
    return Proportion(count, people, count / people, low, high, method, "")


def wilson(count: int, people: int, confidence: float) -> tuple[float, float]:
    """Wilson's score interval, J Am Stat Assoc 1927;22:209-212. Raises ValueError unless 0 <= count <= people > 0."""
    checked_count(count, people)
    if people == 0:
        raise ValueError("there is nobody; a score interval needs at least one person")
    z, share = checked_confidence(confidence), count / people
    middle = share + z * z / (2 * people)
    width = z * math.sqrt(share * (1 - share) / people + z * z / (4 * people * people))
    low, high = ((middle + side * width) / (1 + z * z / people) for side in (-1, 1))
    return 0.0 if count == 0 else low, 1.0 if count == people else high


def proportion_difference(
    control: tuple[int, int], experimental: tuple[int, int], *, confidence: float = 0.95
) -> ProportionDifference:
    """Newcombe, Statistics in Medicine 1998;17:873-890, method 10; each arm is (count, people).

    Not exact, but it covers close to its level, stays between -1 and 1, and needs no search as exact ones do. Raises
    ValueError as proportion does.
    """
    arms = (proportion(*control, confidence=confidence), proportion(*experimental, confidence=confidence))
    method = NEWCOMBE.format(level=f"{100 * confidence:g} %")
    (one, other) = arms
    if one.proportion is None or other.proportion is None:
        empty = " and ".join(f"arm {number}" for number, arm in enumerate(arms) if not arm.people)
        return ProportionDifference(arms, None, None, None, method, f"there is nobody in {empty}")
    (low0, high0), (low1, high1) = (wilson(arm.count, arm.people, confidence) for arm in arms)
    difference = other.proportion - one.proportion
    low = difference - math.hypot(other.proportion - low1, high0 - one.proportion)
    high = difference + math.hypot(high1 - other.proportion, one.proportion - low0)
    return ProportionDifference(arms, difference, low, high, method, "")
