"""Cumulative incidence when one kind of event keeps another from happening: Aalen and Johansen."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .bands import log_log_interval
from .data import NOBODY, Floats, checked_confidence, checked_times, counted, numbers

METHOD = (
    "Aalen-Johansen estimate of cumulative incidence; error by the delta method with multinomial increments (with one "
    "kind of event it is Greenwood's), pointwise {level} interval on the log(-log) scale"
)


@dataclass(frozen=True, slots=True)
class IncidenceAt:
    """Cumulative incidence at one time; ``reason`` says why something is None."""

    time: float
    incidence: float | None
    se: float | None
    low: float | None
    high: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Incidence:
    """Cumulative incidence of ``cause``, one entry for each time at which anybody had any event, in order.

    ``se``, ``low`` and ``high`` are None where the incidence is 0 or 1, and where no spread can be seen. It is known up
    to ``last``, the longest follow-up (and beyond, where ``complete``: everybody had an event).
    """

    cause: int
    people: int
    events: int
    time: tuple[float, ...]
    incidence: tuple[float, ...]
    se: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    last: float | None
    complete: bool
    method: str
    reason: str

    def at(self, time: float) -> IncidenceAt:
        """The estimate at ``time``. Raises ValueError for a time below 0."""
        if not time >= 0:
            raise ValueError(f"the time is {time}; give one from 0 on, in the unit of the curve")
        if self.last is None or (time > self.last and not self.complete):
            reason = self.reason or f"nobody was followed until {time:g}; the longest follow-up is {self.last:g}"
            return IncidenceAt(time, None, None, None, None, reason)
        row = bisect_right(self.time, time) - 1
        if row < 0 or self.se[row] is None:
            value = self.incidence[row] if row >= 0 else 0.0
            return IncidenceAt(time, value, None, None, None, f"the error is unknown where the incidence is {value:g}")
        return IncidenceAt(time, self.incidence[row], self.se[row], self.low[row], self.high[row], "")


def cumulative_incidence(time: npt.ArrayLike, cause: npt.ArrayLike, of: int, *, confidence: float = 0.95) -> Incidence:
    """The incidence of cause ``of``; ``cause`` is 0 for the censored, else the number of the event that came first.

    Aalen and Johansen, Scand J Statist 1978;5:141-150. Raises ValueError for times that are not finite numbers from 0
    on, and for causes that are not whole numbers from 0 on.
    """
    times = checked_times(time)
    causes = checked_causes(cause, of, times.size)
    z = checked_confidence(confidence)
    moments, died, died_of, at_risk = _counts(times, causes, of)
    incidence, variance = _recursion(died, died_of, at_risk)
    rows = [_interval(value, math.sqrt(max(spread, 0.0)), z) for value, spread in zip(incidence, variance, strict=True)]
    se, low, high = (tuple(column) for column in zip(*rows, strict=True)) if rows else ((), (), ())
    last = float(times.max()) if times.size else None
    complete = bool(times.size) and bool(causes[times == last].all())
    method, events = METHOD.format(level=f"{100 * confidence:g} %"), int((causes == of).sum())
    head = of, times.size, events, tuple(moments.tolist()), tuple(incidence)
    return Incidence(*head, se, low, high, last, complete, method, "" if times.size else NOBODY)


def checked_causes(cause: npt.ArrayLike, of: int, size: int) -> Floats:
    """The causes as numbers. Raises ValueError unless they are whole numbers from 0 on, and ``of`` one from 1 on."""
    causes = numbers(cause, "cause", size)
    if not ((causes >= 0) & (causes == np.rint(causes))).all():
        raise ValueError("cause must be 0 (censored) or the whole number of an event for everybody")
    if of < 1:
        raise ValueError(f"the cause asked for is {of}; give the number of an event, from 1 on")
    return causes


def _counts(time: Floats, cause: Floats, of: int) -> tuple[Floats, Floats, Floats, Floats]:
    """(times of any event, events of any cause, events of this cause, people at risk just before)."""
    moments = np.unique(time[cause > 0])
    died, died_of = (counted(np.searchsorted(moments, time[which]), moments.size) for which in (cause > 0, cause == of))
    at_risk = time.size - np.searchsorted(np.sort(time), moments, side="left").astype(np.float64)
    return moments, died, died_of, at_risk


def _recursion(died: Floats, died_of: Floats, at_risk: Floats) -> tuple[list[float], list[float]]:
    """(incidence, its variance) after each moment, carried forward with the variance of survival and their covariance.

    The shares that die of each cause at a moment are multinomial among those at risk.
    """
    survival, incidence = 1.0, 0.0
    of_survival, together, of_incidence = 0.0, 0.0, 0.0
    values, variances = [], []
    for d, d1, n in zip(died.tolist(), died_of.tolist(), at_risk.tolist(), strict=True):
        any_share, share, square = d / n, d1 / n, survival * survival / (n * n * n)
        of_incidence += 2 * share * together + share * share * of_survival + square * d1 * (n - d1)
        together = (1 - any_share) * (together + share * of_survival) - square * d1 * (n - d)
        of_survival = (1 - any_share) ** 2 * of_survival + square * d * (n - d)
        incidence += survival * share
        survival *= (n - d) / n
        values.append(incidence)
        variances.append(of_incidence)
    return values, variances


_ROUNDING: Final = 1e-12
"""Sums of shares that make 0 or 1 may miss it by rounding; a share so small would need more people than there are."""


def _interval(incidence: float, se: float, z: float) -> tuple[float | None, float | None, float | None]:
    """(se, low, high), or nothing where there is no spread or none can be told from rounding."""
    if not _ROUNDING < incidence < 1 - _ROUNDING or se < 1e-9 * min(incidence, 1 - incidence):
        return None, None, None
    low, high = log_log_interval(incidence, se / incidence, z)
    return se, low, high
