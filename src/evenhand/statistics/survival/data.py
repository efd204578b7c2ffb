"""The people of an analysis, checked before anything is counted: what is wrong, and how to mend it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..normal import quantile

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

NOBODY = "nobody was followed"
NO_EVENT = "nobody had the event"
LARGEST = 1e100  # its square is still a number; so is that of its inverse


def checked_times(time: npt.ArrayLike) -> Floats:
    """Times of follow-up, in any one unit. Raises ValueError unless they are a list of finite numbers from 0 on."""
    times = numbers(time, "time")
    if (times < 0).any():
        raise ValueError("a time is below 0; time runs from randomization, so look for a date before it")
    return times


def numbers(values: npt.ArrayLike, name: str, size: int | None = None) -> Floats:
    """A list of finite numbers, of length ``size`` if that is known. Raises ValueError for anything else."""
    try:
        known = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a list of numbers, one a person ({error})") from None
    if known.ndim != 1 or size not in (None, known.size):
        raise ValueError(f"{name} has the shape {known.shape}; give one value a person, as many as there are times")
    if not np.isfinite(known).all():
        raise ValueError(f"a {name} is missing or not finite; leave out whoever has none, and say so")
    if (np.abs(known) > LARGEST).any():
        raise ValueError(f"a {name} is beyond {LARGEST:g}; look for a slip, or take a larger unit")
    return known


def checked_flags(values: npt.ArrayLike, name: str, size: int) -> Floats:
    """1 for yes and 0 for no. Raises ValueError for any other value, so that unknown is never taken for no."""
    known = numbers(values, name, size)
    if not ((known == 0) | (known == 1)).all():
        raise ValueError(f"{name} must be 0 or 1 for everybody, and known")
    return known


def checked_strata(stratum: npt.ArrayLike | None, size: int) -> Ints:
    """The number of each person's stratum, from 0; labels are words or numbers. Raises ValueError if one is unknown."""
    if stratum is None:
        return np.zeros(size, dtype=np.intp)
    labels: npt.NDArray[Any] = np.asarray(stratum)
    if labels.shape != (size,):
        raise ValueError(f"stratum has the shape {labels.shape}; give one value a person, as many as there are times")
    if any(_unknown(one) for one in set(labels.tolist())):
        raise ValueError("a stratum is unknown; leave out whoever has none, or make them a stratum of their own")
    if labels.dtype == object:
        labels = np.asarray([f"{type(one).__name__} {one}" for one in labels])
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.intp)


def _unknown(label: object) -> bool:
    return label is None or (isinstance(label, float) and math.isnan(label))


def checked_confidence(confidence: float) -> float:
    """The normal quantile of a two-sided interval. Raises ValueError unless ``confidence`` is between 0.5 and 1."""
    if not 0.5 < confidence < 1:
        raise ValueError(f"the confidence is {confidence}; give one between 0.5 and 1, such as 0.95")
    return quantile((1 + confidence) / 2)


def missing_arm(arm: Floats) -> str:
    """Why two arms cannot be compared, or nothing: nobody at all, or nobody in one arm."""
    if not arm.size:
        return NOBODY
    return "" if 0 < arm.sum() < arm.size else f"{NOBODY} in arm {0 if arm[0] else 1}"


def counted(which: Ints, size: int, weights: Floats | None = None) -> Floats:
    """How many of each number from 0 to ``size`` there are in ``which``, or the sum of their weights."""
    return np.bincount(which, weights, size).astype(np.float64)
