"""Cumulative incidence curves, of one cause or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from .curves import Counts, Steps
from .drawing import Drawing, finite
from .panel import Plot, draw_curves
from .scales import nice_step
from .widths import also_narrow


@dataclass(frozen=True, slots=True)
class IncidenceCurve:
    """``incidence`` (0 to 1) holds from its time on; before the first it is 0. The rest as of a survival curve."""

    name: str
    times: Sequence[float]
    incidence: Sequence[float]
    lower: Sequence[float | None] = ()
    upper: Sequence[float | None] = ()
    censored: Sequence[float] = ()
    at_risk: Counts | None = None
    events: Counts | None = None


@also_narrow
def incidence_curves(
    curves: Sequence[IncidenceCurve],
    *,
    prefix: str,
    label: str,
    unit: str = "months",
    risk_every: float = 6.0,
    landmarks: Sequence[float] = (),
    annotation: Sequence[str] = (),
    width: float = 640,
) -> Drawing:
    """Cumulative incidence, rising from 0; the arguments as of survival curves."""
    plot = Plot("Cumulative incidence", label, unit, _top(curves), risk_every, landmarks, annotation)
    return draw_curves([_steps(one, place) for place, one in enumerate(curves)], plot, prefix=prefix, width=width)


def _top(curves: Sequence[IncidenceCurve]) -> float:
    """The end of the axis: a round share that holds the highest value and band, at least 0.2."""
    values = [value for one in curves for value in (*one.incidence, *one.upper) if value is not None]
    finite("the curves", *values)
    highest = max(values, default=1.0)
    step = nice_step(max(highest, 0.2), 5)
    return min(1.0, step * ceil(max(highest, 0.2) / step - 1e-9))


def _steps(curve: IncidenceCurve, place: int) -> Steps:
    band = curve.lower, curve.upper
    return Steps(
        curve.name, place, 0.0, curve.times, curve.incidence, *band, curve.censored, curve.at_risk, curve.events
    )
