"""Refusals of input that means nothing: what is wrong and how to mend it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

CLOSEST = 0.001  # of the largest information; nearer looks would need a very fine mesh and tell nothing new


def checked_alpha(alpha: float, sided: int) -> float:
    """The error of one side. Raises ValueError unless ``alpha`` lies between 0 and 0.5 and ``sided`` is 1 or 2."""
    if sided not in (1, 2):
        raise ValueError(f"a test has 1 or 2 sides, not {sided}; write sided: 1 or sided: 2")
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha is {alpha}; give an error between 0 and 0.5, such as 0.025")
    return alpha / sided


def checked_power(power: float, alpha: float) -> float:
    """``power`` as it is. Raises ValueError unless it lies between the one-sided ``alpha`` and 1."""
    if not alpha < power < 1:
        raise ValueError(f"the power is {power}; give one above the one-sided alpha {alpha:g} and below 1")
    return power


def checked_information(information: Sequence[float]) -> tuple[float, ...]:
    """Information in its order. Raises ValueError unless it rises, from above 0, by enough from look to look."""
    known = tuple(map(float, information))
    if not known:
        raise ValueError("there is no look; give the information at one look at least, such as [0.5, 1]")
    if not all(math.isfinite(one) for one in known) or known[0] <= 0:
        raise ValueError(f"information {list(known)} must be finite and above 0 at every look")
    for look, (before, after) in enumerate(pairwise(known), start=2):
        if after <= before:
            raise ValueError(f"look {look} has information {after:g} after {before:g}; it must rise from look to look")
        if after - before < CLOSEST * known[-1]:
            raise ValueError(
                f"looks {look - 1} and {look} lie too close ({before:g}, {after:g}); leave one of them out"
            )
    return known


def checked_fractions(fractions: Sequence[float]) -> tuple[float, ...]:
    """Shares of the planned information; the last may be 1 at most (a hair's breadth of rounding is forgiven)."""
    known = checked_information(fractions)
    if known[-1] > 1 + 1e-9:
        raise ValueError(
            f"the last look has {known[-1]:g} of the planned information, above 1; divide by the last look's "
            "information, or use monitoring.observed_bounds for a trial that runs over"
        )
    return (*known[:-1], min(known[-1], 1.0))
