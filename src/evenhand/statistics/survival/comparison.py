"""The log-rank test and its weighted kin, plain and stratified."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..normal import upper_tail
from .data import NO_EVENT, Floats, checked_flags, checked_strata, checked_times, missing_arm
from .product_limit import just_before
from .risk import RiskTable, risk_table
from .tails import ChiSquare, chi_square

METHOD = (
    "{name} test with the hypergeometric variance{strata}; z is above 0 where arm 1 had fewer events than expected, "
    "p_better is the upper tail of z (arm 1 better), the chi-square test is two-sided"
)
NOT_TOGETHER = "no event happened while both arms were at risk"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two arms compared over all their events.

    ``observed`` and ``expected`` are (weighted) events of arm 0 and arm 1, ``variance`` that of their difference.
    ``reason`` says why there is no ``z``.
    """

    observed: tuple[float, float]
    expected: tuple[float, float]
    variance: float
    z: float | None
    p_better: float | None
    test: ChiSquare | None
    people: int
    events: int
    strata: int
    method: str
    reason: str


def log_rank(
    time: npt.ArrayLike, event: npt.ArrayLike, arm: npt.ArrayLike, stratum: npt.ArrayLike | None = None
) -> Comparison:
    """Mantel, Cancer Chemotherapy Reports 1966;50:163-170; strata are compared within and added up.

    ``arm`` is 1 for the experimental arm, else 0. Raises ValueError for times that are not finite numbers from 0 on,
    for events or arms that are not 0 or 1, and for an unknown stratum.
    """
    return weighted_log_rank(time, event, arm, stratum)


def weighted_log_rank(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    arm: npt.ArrayLike,
    stratum: npt.ArrayLike | None = None,
    *,
    rho: float = 0.0,
    gamma: float = 0.0,
) -> Comparison:
    """Fleming and Harrington, Counting Processes and Survival Analysis 1991, section 7.2.

    An event weighs S to the ``rho`` times (1 - S) to the ``gamma``, S the Kaplan-Meier estimate of both arms of its
    stratum together just before it: rho = 0, gamma = 1 looks at late differences. Raises ValueError as log_rank does,
    and unless both numbers are finite and from 0 on.
    """
    if not (math.isfinite(rho) and math.isfinite(gamma) and rho >= 0 and gamma >= 0):
        raise ValueError(f"rho is {rho} and gamma {gamma}; give numbers from 0 on")
    times = checked_times(time)
    events, arms = checked_flags(event, "event", times.size), checked_flags(arm, "arm", times.size)
    strata = checked_strata(stratum, times.size)
    reason = missing_arm(arms) or ("" if events.any() else NO_EVENT)
    sums = _sums(risk_table(times, strata), events, arms, (rho, gamma)) if times.size else (0.0,) * 5
    observed, expected, variance = sums[0:2], sums[2:4], sums[4]
    name = "log-rank" if rho == gamma == 0 else f"Fleming-Harrington (rho {rho:g}, gamma {gamma:g})"
    number = len(set(strata.tolist()))
    return Comparison(
        (observed[0], observed[1]),
        (expected[0], expected[1]),
        variance,
        *_tests(expected[1] - observed[1], 0.0 if reason else variance),
        people=times.size,
        events=int(events.sum()),
        strata=number,
        method=METHOD.format(name=name, strata="" if stratum is None else f", stratified ({number} strata)"),
        reason=reason or ("" if variance > 0 else NOT_TOGETHER if rho == gamma == 0 else f"{NOT_TOGETHER} with weight"),
    )


def _tests(difference: float, variance: float) -> tuple[float | None, float | None, ChiSquare | None]:
    if not variance > 0:
        return None, None, None
    z = difference / math.sqrt(variance)
    return z, upper_tail(z), chi_square(z * z, 1)


def _sums(table: RiskTable, event: Floats, arm: Floats, powers: tuple[float, float]) -> tuple[float, ...]:
    """(observed in arm 0, in arm 1, expected in arm 0, in arm 1, variance), each over all moments of all strata."""
    events, arms = event[table.order], arm[table.order]
    at_risk = table.from_here_on(table.sums(np.ones_like(events)))
    share = table.from_here_on(table.sums(arms)) / at_risk
    died, died_here = table.sums(events), table.sums(events * arms)
    weight = _weights(table, died, at_risk, *powers)
    ties = np.where(at_risk > 1, (at_risk - died) / np.maximum(at_risk - 1, 1), 0.0)
    parts = (
        weight * (died - died_here),
        weight * died_here,
        weight * died * (1 - share),
        weight * died * share,
        weight**2 * died * share * (1 - share) * ties,
    )
    return tuple(float(part.sum()) for part in parts)


def _weights(table: RiskTable, died: Floats, at_risk: Floats, rho: float, gamma: float) -> Floats:
    if rho == gamma == 0:
        return np.ones_like(died)
    stay = 1 - died / at_risk
    before = np.concatenate(
        [just_before(np.asarray(np.cumprod(stay[one]), dtype=np.float64), 1.0) for one in table.strata]
    )
    return np.asarray(before**rho * (1 - before) ** gamma)
