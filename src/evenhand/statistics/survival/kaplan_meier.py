"""Survival curves after Kaplan and Meier, with their bands, quantiles and values at given times."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .bands import log_log_bands, optional
from .data import NOBODY, Floats, checked_confidence, checked_flags, checked_times
from .product_limit import Steps, product_limit

METHOD = (
    "Kaplan-Meier estimate with Greenwood's standard error and pointwise {level} intervals on the log(-log) scale; "
    "people censored at the time of an event were at risk of it"
)
NO_EVENT_YET = "no event up to this time: the estimate is 1, and its error is unknown"
ALL_DIED = "everybody at risk had the event: the estimate is 0, and its error is unknown"


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve, one entry for each distinct time of an event or a censoring, in order.

    ``at_risk`` is counted just before that time, ``survival`` holds from that time on. ``se``, ``low`` and ``high`` are
    None while survival is 1 and once it is 0: an error of 0 would claim a certainty that nobody has.
    ``reason`` says why there is no curve, and is empty where there is one.
    """

    people: int
    events: int
    time: tuple[float, ...]
    at_risk: tuple[int, ...]
    died: tuple[int, ...]
    censored: tuple[int, ...]
    survival: tuple[float, ...]
    se: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    confidence: float
    method: str
    reason: str

    def censor_marks(self) -> tuple[tuple[float, float], ...]:
        """(time, survival) wherever somebody was censored: the ticks of a figure."""
        rows = zip(self.time, self.survival, self.censored, strict=True)
        return tuple((time, survival) for time, survival, censored in rows if censored)

    def numbers_at_risk(self, times: Iterable[float]) -> tuple[int, ...]:
        """How many were followed until each of ``times`` or longer: the line under a figure."""
        return tuple(self._at_risk(float(one)) for one in times)

    def at(self, time: float) -> SurvivalAt:
        """The estimate at ``time``, in the curve's unit. Raises ValueError for a time below 0."""
        if not time >= 0:
            raise ValueError(f"the time is {time}; give one from 0 on, in the unit of the curve")
        risk, row = self._at_risk(time), bisect_right(self.time, time) - 1
        events = sum(self.died[: row + 1])
        if not self.time or (time > self.time[-1] and self.survival[-1] > 0):
            reason = self.reason or f"nobody was followed until {time:g}; the longest follow-up is {self.time[-1]:g}"
            return SurvivalAt(time, risk, events, None, None, None, None, reason)
        if row < 0 or self.survival[row] == 1:
            return SurvivalAt(time, risk, events, 1.0, None, None, None, NO_EVENT_YET)
        reason = ALL_DIED if self.survival[row] == 0 else ""
        values = self.survival[row], self.se[row], self.low[row], self.high[row]
        return SurvivalAt(time, risk, events, *values, reason)

    def _at_risk(self, time: float) -> int:
        row = bisect_left(self.time, time)
        return self.at_risk[row] if row < len(self.time) else 0


@dataclass(frozen=True, slots=True)
class SurvivalAt:
    """Survival at one time; ``at_risk`` just before it, ``events`` up to it. ``reason`` says why something is None."""

    time: float
    at_risk: int
    events: int
    survival: float | None
    se: float | None
    low: float | None
    high: float | None
    reason: str


def kaplan_meier(time: npt.ArrayLike, event: npt.ArrayLike, *, confidence: float = 0.95) -> Curve:
    """The curve of people followed for ``time``, with ``event`` 1 (0: censored then).

    The band is S to the power exp(±z s / log S), s the error of log S by Greenwood (Kalbfleisch and Prentice, The
    Statistical Analysis of Failure Time Data, 2nd ed. 2002, section 1.4): SAS's default, R's conf.type = "log-log".
    Raises ValueError for times that are not finite numbers from 0 on, and events that are not 0 or 1.
    """
    times = checked_times(time)
    events = checked_flags(event, "event", times.size)
    z = checked_confidence(confidence)
    steps = product_limit(times, events)
    low, high = log_log_bands(steps.survival, np.sqrt(steps.spread), z)
    inside = (steps.survival > 0) & (steps.survival < 1)
    return Curve(
        people=times.size,
        events=int(events.sum()),
        time=tuple(steps.time.tolist()),
        **_counts(steps),
        survival=tuple(steps.survival.tolist()),
        se=optional(steps.survival * np.sqrt(steps.spread), inside),
        low=optional(low, inside),
        high=optional(high, inside),
        confidence=confidence,
        method=METHOD.format(level=f"{100 * confidence:g} %"),
        reason="" if times.size else NOBODY,
    )


def _counts(steps: Steps) -> dict[str, tuple[int, ...]]:
    counted: dict[str, Floats] = {"at_risk": steps.at_risk, "died": steps.died, "censored": steps.censored}
    return {name: tuple(np.rint(values).astype(np.int64).tolist()) for name, values in counted.items()}
