"""Survival at one time in both arms, and the difference between them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy.typing as npt

from .data import checked_confidence, checked_flags, checked_times
from .kaplan_meier import SurvivalAt, kaplan_meier
from .tails import both_tails

METHOD = (
    "difference (arm 1 - arm 0) of the Kaplan-Meier estimates at one time, its error the root of the sum of "
    "Greenwood's variances; {level} interval and two-sided test by the normal distribution"
)


@dataclass(frozen=True, slots=True)
class SurvivalDifference:
    """``difference`` is survival in arm 1 less that in arm 0; ``reason`` says why something is None."""

    time: float
    arms: tuple[SurvivalAt, SurvivalAt]
    difference: float | None
    se: float | None
    low: float | None
    high: float | None
    p: float | None
    method: str
    reason: str


def survival_difference(
    time: npt.ArrayLike, event: npt.ArrayLike, arm: npt.ArrayLike, at: float, *, confidence: float = 0.95
) -> SurvivalDifference:
    """Compare survival at the time ``at``, fixed in the protocol, between arm 0 and arm 1.

    Klein and others, Statistics in Medicine 2007;26:4505-4519, the untransformed difference. There is no interval while
    an arm has had no event or has had nothing else: its error is then unknown. Raises ValueError as kaplan_meier does.
    """
    times = checked_times(time)
    events, arms = checked_flags(event, "event", times.size), checked_flags(arm, "arm", times.size)
    z = checked_confidence(confidence)
    curves = [kaplan_meier(times[arms == one], events[arms == one], confidence=confidence) for one in (0, 1)]
    control, experimental = (curve.at(at) for curve in curves)
    method = METHOD.format(level=f"{100 * confidence:g} %")
    both = (control, experimental)
    reason = "; ".join(f"arm {number}: {one.reason}" for number, one in enumerate(both) if one.reason)
    if control.survival is None or experimental.survival is None:
        return SurvivalDifference(at, both, None, None, None, None, None, method, reason)
    difference = experimental.survival - control.survival
    if control.se is None or experimental.se is None:
        return SurvivalDifference(at, both, difference, None, None, None, None, method, reason)
    se = math.hypot(control.se, experimental.se)
    low, high = difference - z * se, difference + z * se
    return SurvivalDifference(at, both, difference, se, low, high, both_tails(difference / se), method, reason)
