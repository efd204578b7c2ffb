"""Cox's proportional hazards model with Efron's ties: one arm coefficient, stratified, adjusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .data import (
    LARGEST,
    NO_EVENT,
    NOBODY,
    Floats,
    Ints,
    checked_confidence,
    checked_flags,
    checked_strata,
    checked_times,
    numbers,
)
from .maximum import ALIASED, Maximum, aliased, maximum
from .partial_likelihood import Likelihood, Slope, partial_likelihood
from .tails import ChiSquare, both_tails, chi_square, exponential

METHOD = (
    "Cox proportional hazards model with Efron's ties{strata}; {level} intervals and two-sided tests of "
    "coefficients by Wald"
)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """``coefficient`` is the change of the log hazard for one more of the covariate; ``hazard_ratio`` is e to it.

    ``reason`` says why something is None (a hazard ratio that no number can hold).
    """

    name: str
    coefficient: float
    se: float
    hazard_ratio: float | None
    low: float | None
    high: float | None
    z: float
    p: float
    reason: str


@dataclass(frozen=True, slots=True)
class Cox:
    """A fitted model, or in ``reason`` why there is none; the score test may still stand then.

    ``covariance`` is that of the coefficients, in the order of ``terms``.
    """

    people: int
    events: int
    strata: int
    terms: tuple[Coefficient, ...]
    covariance: tuple[tuple[float, ...], ...]
    log_likelihood_without: float | None
    log_likelihood: float | None
    score: ChiSquare | None
    wald: ChiSquare | None
    likelihood_ratio: ChiSquare | None
    method: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """What is behind a model: its likelihood on covariates with mean 0 and variance 1, and the maximum."""

    names: tuple[str, ...]
    scale: Floats
    strata: int
    people: int
    events: int
    likelihood: Likelihood | None
    without: Slope | None
    maximum: Maximum | None
    reason: str


def cox(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    covariates: Mapping[str, npt.ArrayLike],
    stratum: npt.ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> Cox:
    """Fit the model: Cox, J R Statist Soc B 1972;34:187-220.

    ``covariates`` are numbers by name; write a factor of k levels as k - 1 columns of 0 and 1. Each stratum has a
    baseline hazard of its own. Where there is no estimate (nobody, no event, a covariate that does not vary or that
    others determine, a likelihood that rises for ever), ``reason`` says so. Raises ValueError for times that are not
    finite numbers from 0 on, for events that are not 0 or 1, for covariates that are missing or not finite, for none at
    all, and for an unknown stratum.
    """
    z = checked_confidence(confidence)
    fit = fitted(time, event, covariates, stratum)
    strata = "" if stratum is None else f", stratified ({fit.strata} strata)"
    method = METHOD.format(strata=strata, level=f"{100 * confidence:g} %")
    start, top, df = fit.without, fit.maximum, len(fit.names)
    counts = fit.people, fit.events, fit.strata
    if start is None or top is None:
        return Cox(*counts, (), (), None, None, None, None, None, method, fit.reason)
    score = chi_square(float(start.gradient @ np.linalg.solve(start.information, start.gradient)), df)
    if fit.reason:
        return Cox(*counts, (), (), start.value, None, score, None, None, method, fit.reason)
    inverse = np.linalg.inv(top.slope.information)
    covariance = inverse / np.outer(fit.scale, fit.scale)
    at = top.coefficients / fit.scale
    terms = tuple(map(_coefficient, fit.names, at.tolist(), np.sqrt(np.diag(covariance)).tolist(), [z] * df))
    wald = chi_square(float(top.coefficients @ top.slope.information @ top.coefficients), df)
    ratio = chi_square(2 * (top.slope.value - start.value), df)
    rows = tuple(tuple(row) for row in covariance.tolist())
    return Cox(*counts, terms, rows, start.value, top.slope.value, score, wald, ratio, method, "")


def hazard_ratio(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    arm: npt.ArrayLike,
    stratum: npt.ArrayLike | None = None,
    adjusted_for: Mapping[str, npt.ArrayLike] | None = None,
    *,
    confidence: float = 0.95,
) -> Cox:
    """The model of the arm (first of the terms, named "arm"): arm 1 against arm 0. Raises ValueError as cox does."""
    others = dict(adjusted_for or {})
    if "arm" in others:
        raise ValueError('a covariate is called "arm", as the arm itself is; give it another name')
    arms = checked_flags(arm, "arm", checked_times(time).size)
    return cox(time, event, {"arm": arms, **others}, stratum, confidence=confidence)


def fitted(
    time: npt.ArrayLike, event: npt.ArrayLike, covariates: Mapping[str, npt.ArrayLike], stratum: npt.ArrayLike | None
) -> Fit:
    """The fit behind a model, for its tests. Raises ValueError as cox does."""
    times = checked_times(time)
    events, strata = checked_flags(event, "event", times.size), checked_strata(stratum, times.size)
    if not covariates:
        raise ValueError("there is no covariate; give one at least, such as the arm")
    names = tuple(covariates)
    columns = np.stack([numbers(covariates[name], name, times.size) for name in names], axis=1)
    head = names, np.ones(len(names)), len(set(strata.tolist())), times.size, int(events.sum())
    fixed = [name for name, column in zip(names, columns.T, strict=True) if times.size and np.ptp(column) * LARGEST < 1]
    reason = NOBODY if not times.size else NO_EVENT if not events.any() else ""
    if not reason and fixed:
        reason = f"{fixed[0]} is the same for everybody"
    if reason:
        return Fit(*head, None, None, None, reason)
    return _fitted(names, times, events, columns, strata)


def _fitted(names: tuple[str, ...], time: Floats, event: Floats, columns: Floats, stratum: Ints) -> Fit:
    centred = columns - columns.mean(axis=0)
    scale = np.sqrt((centred**2).mean(axis=0))
    likelihood = partial_likelihood(time, event, centred / scale, stratum)
    head = names, scale, len(likelihood.table.strata), time.size, int(event.sum())
    start = likelihood.at(np.zeros(len(names)))
    if start is None:  # pragma: no cover - coefficients of 0 spread no hazards
        raise ArithmeticError("the likelihood has no value without effects")
    same = aliased(start.information, likelihood.share.size)
    if same is not None:
        return Fit(*head, likelihood, None, None, f"{names[same]} {_says_nothing(likelihood, start, same)}")
    top = maximum(likelihood, start)
    return Fit(*head, likelihood, start, top, _why(names, top))


def _says_nothing(likelihood: Likelihood, start: Slope, column: int) -> str:
    if start.information[column, column] < ALIASED * likelihood.share.size:
        return "does not vary among those at risk when an event happened"
    return "says nothing beyond what the covariates before it say"


def _why(names: tuple[str, ...], top: Maximum) -> str:
    if not top.reason or top.culprit is None:
        return top.reason
    towards = "0" if top.coefficients[top.culprit] < 0 else "infinity"
    return f"{top.reason}: the hazard ratio of {names[top.culprit]} tends to {towards}"


def _coefficient(name: str, coefficient: float, se: float, z: float) -> Coefficient:
    ratio, low, high = (exponential(coefficient + side * z * se) for side in (0, -1, 1))
    reason = "" if None not in (ratio, low, high) else f"too large for a number; measure {name} in a larger unit"
    tail = both_tails(coefficient / se)
    return Coefficient(name, coefficient, se, ratio, low, high, coefficient / se, tail, reason)
