"""Exact intervals of a rate of events, and the ratio of two."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammainccinv, gammaincinv, gammaln

from .data import checked_confidence
from .proportions import proportion

EXACT = "events over time at risk, exact {level} Poisson interval (Garwood, half the error in each tail)"
RATIO = (
    "ratio of Poisson rates (arm 1 against arm 0), exact {level} interval and two-sided test given the number of "
    "events (all splits no more probable than this one)"
)
NEAR = 1 + 1e-7  # splits as probable as this one but for rounding count too, as in R


@dataclass(frozen=True, slots=True)
class Rate:
    """``rate`` is ``events`` over ``exposure``, per unit of it."""

    events: int
    exposure: float
    rate: float
    low: float
    high: float
    method: str


@dataclass(frozen=True, slots=True)
class RateRatio:
    """``ratio`` and ``high`` are None where arm 0 had no event; ``reason`` says so."""

    ratio: float | None
    low: float
    high: float | None
    p: float
    method: str
    reason: str


def rate(events: int, exposure: float, *, confidence: float = 0.95) -> Rate:
    """Garwood, Biometrika 1936;28:437-442. Raises ValueError for events that are no whole number, or no exposure."""
    _check(events, exposure)
    checked_confidence(confidence)
    tail = (1 - confidence) / 2
    low = float(gammaincinv(events, tail)) / exposure if events else 0.0
    high = float(gammainccinv(events + 1, tail)) / exposure
    return Rate(events, exposure, events / exposure, low, high, EXACT.format(level=f"{100 * confidence:g} %"))


def rate_ratio(control: tuple[int, float], experimental: tuple[int, float], *, confidence: float = 0.95) -> RateRatio:
    """Przyborowski and Wilenski, Biometrika 1940;31:313-323; arms are (events, exposure). Raises ValueError as rate."""
    _check(*control)
    _check(*experimental)
    checked_confidence(confidence)
    (events0, exposure0), (events1, exposure1) = control, experimental
    method = RATIO.format(level=f"{100 * confidence:g} %")
    if not events0 + events1:
        return RateRatio(None, 0.0, None, 1.0, method, "nobody had an event")
    share = proportion(events1, events0 + events1, confidence=confidence)
    low, high = (_odds(one, exposure0 / exposure1) for one in (share.low, share.high))
    ratio = (events1 / exposure1) / (events0 / exposure0) if events0 else None
    p = _p(events1, events0 + events1, exposure1 / (exposure0 + exposure1))
    reason = "" if events0 else "the ratio and its upper limit are infinite: arm 0 had no event"
    return RateRatio(ratio, low or 0.0, high, p, method, reason)


def _check(events: int, exposure: float) -> None:
    if events != int(events) or events < 0:
        raise ValueError(f"{events} events; give a whole number from 0 on")
    if not (math.isfinite(exposure) and exposure > 0):
        raise ValueError(f"the exposure is {exposure}; give a finite time at risk above 0")


def _odds(share: float | None, exposure: float) -> float | None:
    return None if share is None or share == 1 else share / (1 - share) * exposure


def _p(count: int, total: int, share: float) -> float:
    """The probability of all splits no more probable than this one."""
    counts = np.arange(total + 1, dtype=np.float64)
    ways = gammaln(total + 1) - gammaln(counts + 1) - gammaln(total - counts + 1)
    log = ways + counts * math.log(share) + (total - counts) * math.log1p(-share)
    return min(1.0, float(np.exp(log[log <= log[count] + math.log(NEAR)]).sum()))
