"""The product-limit estimate as plain arrays: the common ground of curves, landmarks and restricted means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .data import Floats, counted


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """One row for each distinct time, in order.

    ``at_risk`` counts people followed until that time or longer; ``died`` and ``censored`` those whose follow-up ended
    there; ``survival`` is the estimate from that time on. ``spread`` is Greenwood's sum of d / (n (n - d)), the
    variance of the logarithm of survival; where everybody at risk died it is infinite and stands as 0 beside a
    survival of 0.
    """

    time: Floats
    at_risk: Floats
    died: Floats
    censored: Floats
    survival: Floats
    spread: Floats


def product_limit(time: Floats, event: Floats) -> Steps:
    """Kaplan and Meier, J Am Stat Assoc 1958;53:457-481. Who is censored at the time of an event was at risk of it."""
    moments, which = np.unique(time, return_inverse=True)
    leaving = counted(which, moments.size)
    died = counted(which, moments.size, event)
    at_risk = np.cumsum(leaving[::-1])[::-1]
    left = at_risk - died
    spread = np.cumsum(np.divide(died, at_risk * left, out=np.zeros_like(died), where=left > 0))
    survival = np.asarray(np.cumprod(left / at_risk), dtype=np.float64)
    return Steps(moments, at_risk, died, leaving - died, survival, np.where(survival > 0, spread, 0.0))


def just_before(values: Floats, first: float) -> Floats:
    """The value just before each step: ``first`` before the first one."""
    return np.concatenate(([first], values[:-1]))
