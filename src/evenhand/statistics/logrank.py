"""The log-rank test, plain and stratified: Mantel, Cancer Chemotherapy Reports 1966;50:163-170."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LogRank:
    """``observed`` and ``expected`` events of the experimental arm, and their ``variance``.

    ``z`` is (expected - observed) / root of the variance: above 0 where the experimental arm has fewer events than
    expected. It is not a number where nothing can be compared (no event, or never both arms at risk).
    """

    z: float
    observed: float
    expected: float
    variance: float


def logrank(
    time: npt.ArrayLike, event: npt.ArrayLike, arm: npt.ArrayLike, stratum: npt.ArrayLike | None = None
) -> LogRank:
    """Compare the arms of people followed for ``time``, with ``event`` (else censored), ``arm`` 1 the experimental.

    People censored at the time of an event were at risk of it; several events at one time have the hypergeometric
    variance. Raises ValueError for arrays of different length, a time that is not a number, or an arm not 0 or 1.
    """
    times, events, arms = np.asarray(time, dtype=np.float64), np.asarray(event), np.asarray(arm)
    strata = np.zeros(times.shape, dtype=np.int64) if stratum is None else np.asarray(stratum)
    if times.ndim != 1 or not times.shape == events.shape == arms.shape == strata.shape:
        raise ValueError("time, event, arm and stratum must be lists of one length, one value a person")
    if np.isnan(times).any():
        raise ValueError("a time is not a number; leave out whoever was not followed")
    for name, values in (("arm", arms), ("event", events)):
        if not np.isin(values, (0, 1)).all():
            raise ValueError(f"{name} must be 0 or 1 for everybody")
    weights = events.astype(np.float64), arms.astype(np.float64)
    parts = [_of_stratum(times[here], *(one[here] for one in weights)) for here in _groups(strata)]
    observed, expected, variance = (math.fsum(part) for part in zip(*parts, strict=True)) if parts else (0.0,) * 3
    z = (expected - observed) / math.sqrt(variance) if variance > 0 else math.nan
    return LogRank(z, observed, expected, variance)


def _groups(strata: npt.NDArray[np.generic]) -> list[npt.NDArray[np.bool_]]:
    return [strata == one for one in np.unique(strata)]


def _of_stratum(time: Floats, event: Floats, arm: Floats) -> tuple[float, float, float]:
    """(observed, expected, variance) of one stratum."""
    moments, which = np.unique(time, return_inverse=True)
    died = np.bincount(which, event, len(moments))
    died_experimental = np.bincount(which, event * arm, len(moments))
    risk = _from_here_on(np.bincount(which, np.ones_like(time), len(moments)))
    share = _from_here_on(np.bincount(which, arm, len(moments))) / risk
    ties = np.where(risk > 1, (risk - died) / np.maximum(risk - 1, 1), 0.0)
    variance = died * share * (1 - share) * ties
    return float(died_experimental.sum()), float((died * share).sum()), float(variance.sum())


def _from_here_on(counts: npt.NDArray[Any]) -> Floats:
    return np.asarray(np.cumsum(counts[::-1])[::-1], dtype=np.float64)
