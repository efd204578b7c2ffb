"""Restricted mean survival time: the area under the curve up to a horizon."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .data import NOBODY, Floats, checked_confidence, checked_flags, checked_times
from .product_limit import product_limit
from .tails import both_tails

METHOD = (
    "area under the Kaplan-Meier curve up to the horizon, its error after Greenwood (as survRM2 in R), {level} "
    "interval and two-sided test of the difference by the normal distribution"
)


@dataclass(frozen=True, slots=True)
class RestrictedMean:
    """Mean time free of the event within ``horizon``, in its unit; ``reason`` says why something is None."""

    horizon: float
    mean: float | None
    se: float | None
    low: float | None
    high: float | None
    method: str
    reason: str


@dataclass(frozen=True, slots=True)
class RestrictedMeanDifference:
    """``difference`` is arm 1 less arm 0; ``reason`` says why something is None."""

    horizon: float
    arms: tuple[RestrictedMean, RestrictedMean]
    difference: float | None
    se: float | None
    low: float | None
    high: float | None
    p: float | None
    method: str
    reason: str


def restricted_mean(
    time: npt.ArrayLike, event: npt.ArrayLike, horizon: float, *, confidence: float = 0.95
) -> RestrictedMean:
    """Uno and others, J Clin Oncol 2014;32:2380-2385; Klein and Moeschberger, Survival Analysis 2003, section 4.5.

    The horizon belongs in the protocol. There is no mean where the curve is not known up to it, and no error while
    nobody had the event. Raises ValueError as kaplan_meier does, and unless the horizon is finite and above 0.
    """
    times = checked_times(time)
    events = checked_flags(event, "event", times.size)
    z = checked_confidence(confidence)
    if not (math.isfinite(horizon) and horizon > 0):
        raise ValueError(f"the horizon is {horizon}; give a finite time above 0, in the unit of the times")
    method = METHOD.format(level=f"{100 * confidence:g} %")
    if not times.size:
        return RestrictedMean(horizon, None, None, None, None, method, NOBODY)
    share, variance, known = _area(times, events, horizon)
    mean = share * horizon
    if not known:
        reason = f"the curve is known up to {times.max():g} only, before the horizon {horizon:g}"
        return RestrictedMean(horizon, None, None, None, None, method, reason)
    if variance <= 0:
        reason = f"the error is unknown: {_why_no_error(times, events, horizon)}"
        return RestrictedMean(horizon, mean, None, None, None, method, reason)
    se = math.sqrt(variance) * horizon
    return RestrictedMean(horizon, mean, se, mean - z * se, mean + z * se, method, "")


def restricted_mean_difference(
    time: npt.ArrayLike, event: npt.ArrayLike, arm: npt.ArrayLike, horizon: float, *, confidence: float = 0.95
) -> RestrictedMeanDifference:
    """The restricted means of both arms and their difference. Raises ValueError as restricted_mean does."""
    times = checked_times(time)
    events, arms = checked_flags(event, "event", times.size), checked_flags(arm, "arm", times.size)
    control, experimental = (
        restricted_mean(times[arms == one], events[arms == one], horizon, confidence=confidence) for one in (0, 1)
    )
    both, method = (control, experimental), METHOD.format(level=f"{100 * confidence:g} %")
    reason = "; ".join(f"arm {number}: {one.reason}" for number, one in enumerate(both) if one.reason)
    if control.mean is None or experimental.mean is None:
        return RestrictedMeanDifference(horizon, both, None, None, None, None, None, method, reason)
    difference = experimental.mean - control.mean
    if control.se is None or experimental.se is None:
        return RestrictedMeanDifference(horizon, both, difference, None, None, None, None, method, reason)
    se, z = math.hypot(control.se, experimental.se), checked_confidence(confidence)
    low, high, p = difference - z * se, difference + z * se, both_tails(difference / se)
    return RestrictedMeanDifference(horizon, both, difference, se, low, high, p, method, reason)


def _area(time: Floats, event: Floats, horizon: float) -> tuple[float, float, bool]:
    """(area, its variance, both as shares of the horizon; whether the curve is known up to there)."""
    steps = product_limit(time, event)
    known = bool(steps.time[-1] >= horizon or steps.survival[-1] == 0)
    within = steps.time <= horizon
    at, died, at_risk = steps.time[within], steps.died[within], steps.at_risk[within]
    heights = np.concatenate(([1.0], steps.survival[within]))
    pieces = heights * np.diff(np.concatenate(([0.0], at / horizon, [1.0])))
    later = np.cumsum(pieces[::-1])[::-1][1:]
    left = at_risk * (at_risk - died)
    spread = np.divide(died, left, out=np.zeros_like(died), where=left > 0)
    return float(pieces.sum()), float((later**2 * spread).sum()), known


def _why_no_error(time: Floats, event: Floats, horizon: float) -> str:
    inside = (event == 1) & (time < horizon)
    return "everybody at risk had the event at one time" if inside.any() else "no event before the horizon"
