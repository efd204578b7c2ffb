"""Do hazards stay proportional? The score test of coefficients that change over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from .cox import Fit, fitted
from .data import Floats, checked_flags, checked_times
from .maximum import aliased
from .product_limit import just_before, product_limit
from .tails import ChiSquare, chi_square

Scale = Literal["km", "identity", "log", "rank"]

METHOD = (
    "score test of a coefficient that changes in proportion to time ({scale}) in the Cox model with Efron's ties, as "
    "cox.zph of R's survival from 3.0 on; two-sided"
)
SCALES: dict[str, str] = {
    "km": "1 less the Kaplan-Meier estimate of all people just before it",
    "identity": "as it is",
    "log": "its logarithm",
    "rank": "its rank among all times",
}


@dataclass(frozen=True, slots=True)
class ProportionalHazards:
    """The test of each covariate by its name, and of all together; a small p speaks against proportional hazards.

    ``reason`` says why there is no test.
    """

    scale: Scale
    terms: tuple[tuple[str, ChiSquare], ...]
    together: ChiSquare | None
    method: str
    reason: str


def proportional_hazards(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    covariates: Mapping[str, npt.ArrayLike],
    stratum: npt.ArrayLike | None = None,
    *,
    scale: Scale = "km",
) -> ProportionalHazards:
    """Grambsch and Therneau, Biometrika 1994;81:515-526, in the exact form of R's survival 3.0.

    Raises ValueError as cox does, and for a scale of time that is none of km, identity, log and rank.
    """
    if scale not in get_args(Scale):
        raise ValueError(f"the scale of time is {scale!r}; give one of {', '.join(get_args(Scale))}")
    times = checked_times(time)
    fit = fitted(times, event, covariates, stratum)
    method = METHOD.format(scale=SCALES[scale])
    if fit.reason:
        return ProportionalHazards(scale, (), None, method, fit.reason)
    events = checked_flags(event, "event", times.size)
    if scale == "log" and (times[events == 1] == 0).any():
        return ProportionalHazards(scale, (), None, method, "an event at time 0 has no logarithm")
    return _tested(fit, _scaled(times, events, scale), method, scale)


def _tested(fit: Fit, of_time: Floats, method: str, scale: Scale) -> ProportionalHazards:
    if fit.likelihood is None or fit.maximum is None:  # pragma: no cover - a fit without a reason has both
        raise ArithmeticError("there is no fit")
    ordered = of_time[fit.likelihood.table.order]
    at_event = ordered[fit.likelihood.table.starts][fit.likelihood.moment]
    if np.ptp(at_event) == 0:
        return ProportionalHazards(scale, (), None, method, "all events happened at one time")
    centred = (at_event - at_event.mean()) / np.ptp(at_event)
    centred /= centred.std()
    gradient, shared, own = fit.likelihood.over_time(fit.maximum.coefficients, centred)
    left = own - shared @ np.linalg.solve(fit.maximum.slope.information, shared)
    if aliased(_joint(fit.maximum.slope.information, shared, own), centred.size) is not None:
        return ProportionalHazards(scale, (), None, method, "there are too few events to see a change over time")
    single = [
        chi_square(float(one**2) / _left(fit.maximum.slope.information, shared[:, row], own[row, row]), 1)
        for row, one in enumerate(gradient)
    ]
    together = chi_square(float(gradient @ np.linalg.solve(left, gradient)), len(single))
    return ProportionalHazards(scale, tuple(zip(fit.names, single, strict=True)), together, method, "")


def _joint(information: Floats, shared: Floats, own: Floats) -> Floats:
    return np.block([[information, shared], [shared.T, own]])


def _left(information: Floats, shared: Floats, own: float) -> float:
    """The information of one change over time that the coefficients leave."""
    return float(own - shared @ np.linalg.solve(information, shared))


def _scaled(time: Floats, event: Floats, scale: Scale) -> Floats:
    """The scale of time for each person; what stands for the censored is not used."""
    if scale == "identity":
        return time
    if scale == "log":
        return np.asarray(np.log(np.maximum(time, time[event == 1].min())))
    if scale == "rank":
        _, which, count = np.unique(time, return_inverse=True, return_counts=True)
        return np.asarray((np.cumsum(count) - (count - 1) / 2)[which])
    steps = product_limit(time, event)
    return np.asarray(just_before(1 - steps.survival, 0.0)[np.searchsorted(steps.time, time)])
