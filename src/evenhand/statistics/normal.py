"""The standard normal distribution, exact in its tails, without numpy."""

from __future__ import annotations

import math
from statistics import NormalDist

_STANDARD = NormalDist()


def upper_tail(z: float) -> float:
    """The probability above ``z``; right to the last digits where it is tiny, which 1 - cdf is not."""
    return math.erfc(z / math.sqrt(2)) / 2


def quantile(probability: float) -> float:
    """The z below which ``probability`` lies; where that is near 1, ask for the other tail.

    Raises ValueError outside of 0 to 1.
    """
    if not 0 < probability < 1:
        raise ValueError(f"the probability is {probability}; give one between 0 and 1")
    return _STANDARD.inv_cdf(probability)
