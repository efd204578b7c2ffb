"""Survival curves with their bands, ticks of censoring and numbers at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .curves import Counts, Steps
from .drawing import Drawing
from .panel import Plot, draw_curves
from .widths import also_narrow


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """``survival`` (0 to 1) holds from its time in ``times`` on; before the first it is 1. ``lower`` and ``upper`` are
    its band, None where there is none. ``censored``: the times of the ticks.

    ``at_risk``: how many are at risk just before a time, as a function of the time, or as (times, numbers) at the times
    of the curve, when it is 0 after the last; None leaves the numbers out. ``events``: how many had the event up to a
    time, in the same forms (the last number holds on).
    """

    name: str
    times: Sequence[float]
    survival: Sequence[float]
    lower: Sequence[float | None] = ()
    upper: Sequence[float | None] = ()
    censored: Sequence[float] = ()
    at_risk: Counts | None = None
    events: Counts | None = None


@also_narrow
def survival_curves(
    curves: Sequence[SurvivalCurve],
    *,
    prefix: str,
    label: str,
    unit: str = "months",
    risk_every: float = 6.0,
    landmarks: Sequence[float] = (),
    annotation: Sequence[str] = (),
    width: float = 640,
) -> Drawing:
    """Kaplan-Meier curves, the control first. ``label`` says what the curve is of ("Progression-free survival").

    ``unit`` heads the axis ("months since randomization"); ``landmarks``: times at which the estimates are written;
    ``annotation``: lines such as the hazard ratio. Raises ValueError for a number that is not finite.
    """
    plot = Plot("Kaplan-Meier curves", label, unit, 1.0, risk_every, landmarks, annotation)
    return draw_curves([_steps(one, place) for place, one in enumerate(curves)], plot, prefix=prefix, width=width)


def _steps(curve: SurvivalCurve, place: int) -> Steps:
    band = curve.lower, curve.upper
    return Steps(
        curve.name, place, 1.0, curve.times, curve.survival, *band, curve.censored, curve.at_risk, curve.events
    )
