"""The maximum of Cox's partial likelihood, or why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .data import Floats
from .partial_likelihood import Likelihood, Slope

NO_MAXIMUM = "the likelihood has no finite maximum"
STEPS, HALVINGS = 60, 40
AT_REST = 1e-8  # of the log hazard; Newton's next step would be of the order of its square
SPENT = 1e-9  # twice what Newton's step could still add to the log-likelihood; a person's death adds about 1
MOVING = 1e-2  # of the log hazard: a step this long that adds nothing means that the likelihood only levels off
ROUNDED = 1e-5  # of the log hazard: a step below this that no longer gets shorter is made of rounding
APART = 300.0  # of the log hazard, between two people: no drug and no risk does that
ALIASED = 1e-10  # share of a covariate's information that the others leave; R's coxph stops at 2e-12


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """``slope`` at ``coefficients``; where there is no maximum ``reason`` says so, and ``culprit`` is its column."""

    coefficients: Floats
    slope: Slope
    reason: str
    culprit: int | None


def aliased(information: Floats, events: int) -> int | None:
    """The first column that does not vary in the risk sets of ``events``, or that those before it determine; or None.

    Columns have the variance 1 among all people, so that an event tells about 1 of each.
    """
    still = np.diag(information) < ALIASED * events
    if still.any():
        return int(np.flatnonzero(still)[0])
    scale = np.sqrt(np.diag(information))
    left = information / np.outer(scale, scale)
    for column in range(left.shape[0]):
        pivot = left[column, column]
        if pivot < ALIASED:
            return column
        left = left - np.outer(left[:, column], left[column]) / pivot
    return None


def maximum(likelihood: Likelihood, start: Slope) -> Maximum:
    """Newton's method from coefficients of 0, with steps halved until the likelihood rises.

    Where it rises for ever (a monotone likelihood), each step adds less while the steps stay about as long: R's coxph
    then warns that a coefficient may be infinite.
    """
    at, slope, before = np.zeros(start.gradient.size), start, math.inf
    for _ in range(STEPS):
        step = _newton(slope)
        if step is None:
            return Maximum(at, slope, "the likelihood is flat", None)
        length, adds = float(np.ptp(likelihood.covariates @ step)), float(slope.gradient @ step)
        if (adds < SPENT and length > MOVING) or np.ptp(likelihood.covariates @ at) > APART:
            culprit = int(np.argmax(np.abs(step) * np.ptp(likelihood.covariates, 0)))
            return Maximum(
                at, slope, NO_MAXIMUM if adds < SPENT else f"{NO_MAXIMUM}, or values very far apart", culprit
            )
        at, slope = _climbed(likelihood, at, slope, step)
        if length < AT_REST or (adds < SPENT and before / 2 < length < ROUNDED):
            return Maximum(at, slope, "", None)
        before = length
    return Maximum(at, slope, f"no maximum was found in {STEPS} steps", None)


def _newton(slope: Slope) -> Floats | None:
    try:
        step = np.asarray(np.linalg.solve(slope.information, slope.gradient), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    return step if np.isfinite(step).all() else None


def _climbed(likelihood: Likelihood, at: Floats, slope: Slope, step: Floats) -> tuple[Floats, Slope]:
    for _ in range(HALVINGS):
        ahead = likelihood.at(at + step)
        if ahead is not None and ahead.value >= slope.value - 1e-12 * abs(slope.value):
            return at + step, ahead
        step = step / 2
    return at, slope
