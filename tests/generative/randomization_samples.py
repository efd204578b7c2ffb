"""What the property tests of randomization share: many secrets, designs, and bounds for chance."""

import hashlib
from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from evenhand.randomization import Arms, PermutedBlocks

EVEN = Arms.from_ratio({"control": 1, "experimental": 1})
TWO_TO_ONE = Arms.from_ratio({"control": 1, "experimental": 2})
THREE_ARMS = Arms.from_ratio({"high": 2, "low": 1, "none": 1})

FOUR_OR_SIX = PermutedBlocks(EVEN, (4, 6))
BLOCK_DESIGNS = [
    FOUR_OR_SIX,
    PermutedBlocks(EVEN, (4,)),
    PermutedBlocks(EVEN, (2, 4, 8), (1, 2, 3)),
    PermutedBlocks(TWO_TO_ONE, (3, 6, 9)),
    PermutedBlocks(THREE_ARMS, (4, 8)),
]

FOUR_ERRORS = 4.0
ONE_IN_A_MILLION = 4.75  # standard normal quantile


def secret(number: int) -> bytes:
    """A secret of 32 bytes, the same for the same number on every run."""
    return hashlib.sha256(f"test secret {number}".encode()).digest()


def chi_square(counts: Sequence[int]) -> float:
    """Pearson's statistic of `counts` against equal expectation."""
    expected = sum(counts) / len(counts)
    return sum((count - expected) ** 2 / expected for count in counts)


def chi_square_limit(cells: int) -> float:
    """What the statistic of `cells` exceeds by chance once in a million (Wilson and Hilferty 1931)."""
    freedom = cells - 1
    step = 2 / (9 * freedom)
    return freedom * (1 - step + ONE_IN_A_MILLION * sqrt(step)) ** 3


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """The mean of independent values and its standard error."""
    return fmean(values), stdev(values) / sqrt(len(values))
