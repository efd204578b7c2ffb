"""Statistics with their degrees of freedom and the probabilities of their tails."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import chdtrc

from ..normal import upper_tail


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """Chi-square with ``df`` degrees of freedom where there is no effect; ``p`` is the upper tail."""

    statistic: float
    df: int
    p: float


def chi_square(statistic: float, df: int) -> ChiSquare:
    """The upper tail of a chi-square statistic; a hair below 0, as rounding leaves it, is 0."""
    known = max(float(statistic), 0.0)
    return ChiSquare(known, df, float(chdtrc(df, known)))


def both_tails(z: float) -> float:
    """The probability that a standard normal lies farther from 0 than ``z``."""
    return 2 * upper_tail(abs(z))


def exponential(value: float) -> float | None:
    """e to ``value``, or None where no float can hold it."""
    return math.exp(value) if value < 709 else None
