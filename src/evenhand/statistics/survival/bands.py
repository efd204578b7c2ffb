"""Intervals of a probability on the log(-log) scale, which keeps them between 0 and 1."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from .data import Floats


def log_log_bands(probability: Floats, log_se: Floats, z: float) -> tuple[Floats, Floats]:
    """(low, high): p to the power exp(±z s / log p), s the error of log p; p itself where p is 0 or 1."""
    inside = (probability > 0) & (probability < 1)
    log = np.log(probability, where=inside, out=np.full(probability.shape, -1.0))
    width = np.minimum(-z * log_se / log, 700.0)
    bounds = (np.exp(log * np.exp(sign * width)) for sign in (1, -1))
    low, high = (np.where(inside, bound, probability) for bound in bounds)
    return low, high


def log_log_interval(probability: float, log_se: float, z: float) -> tuple[float, float]:
    """The same for one probability between 0 and 1."""
    log = math.log(probability)
    width = min(-z * log_se / log, 700.0)
    return math.exp(log * math.exp(width)), math.exp(log * math.exp(-width))


def optional(values: Floats, known: npt.NDArray[np.bool_]) -> tuple[float | None, ...]:
    """The values, None where they are not known."""
    if known.all():
        return tuple(values.tolist())
    pairs = zip(values.tolist(), known.tolist(), strict=True)
    return tuple(value if one else None for value, one in pairs)
