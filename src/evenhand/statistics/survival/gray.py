"""Gray's test: the cumulative incidence of one cause compared between two arms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .competing import checked_causes
from .data import Floats, checked_flags, checked_strata, checked_times, counted, missing_arm
from .product_limit import just_before
from .tails import ChiSquare, chi_square

METHOD = "Gray's test of equal cumulative incidence (rho = 0), two-sided, with the variance of cmprsk in R{strata}"


@dataclass(frozen=True, slots=True)
class GrayTest:
    """``score`` is observed less expected events of the cause in arm 1; ``reason`` says why there is no ``test``."""

    cause: int
    score: float
    variance: float
    test: ChiSquare | None
    method: str
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class _Arm:
    """One arm on the moments of both: at risk, events of the cause and of the others, survival just before and after.

    ``size`` is at risk / survival just before: the people of the arm who would not be censored by then.
    ``incidence`` is that of the cause just before.
    """

    at_risk: Floats
    died_of: Floats
    died_else: Floats
    before: Floats
    after: Floats
    size: Floats
    incidence: Floats


def gray_test(
    time: npt.ArrayLike, cause: npt.ArrayLike, arm: npt.ArrayLike, of: int, stratum: npt.ArrayLike | None = None
) -> GrayTest:
    """Gray, Annals of Statistics 1988;16:1141-1154, for two arms; scores and variances of strata are added up.

    ``cause`` is 0 for the censored, ``of`` the cause compared, ``arm`` 0 or 1. Raises ValueError as
    cumulative_incidence does, for arms that are not 0 or 1, and for an unknown stratum.
    """
    times = checked_times(time)
    causes, arms = checked_causes(cause, of, times.size), checked_flags(arm, "arm", times.size)
    strata = checked_strata(stratum, times.size)
    number = int(strata.max()) + 1 if times.size else 0
    inside = [strata == one for one in range(number)]
    parts = [_of_stratum(times[here], causes[here], arms[here], of) for here in inside]
    score, variance = (float(sum(part)) for part in zip(*parts, strict=True)) if parts else (0.0, 0.0)
    reason = missing_arm(arms)
    if not reason and not (causes == of).any():
        reason = f"nobody had an event of cause {of}"
    if not reason and not variance > 0:
        reason = f"no event of cause {of} happened while both arms were at risk"
    test = None if reason else chi_square(score * score / variance, 1)
    method = METHOD.format(strata="" if stratum is None else f", stratified ({number} strata)")
    return GrayTest(of, score, variance, test, method, reason)


def _of_stratum(time: Floats, cause: Floats, arm: Floats, of: int) -> tuple[float, float]:
    """(score, variance) of one stratum."""
    moments = np.unique(time)
    here, there = (_arm(moments, time[arm == one], cause[arm == one], of) for one in (1, 0))
    died_of, size = here.died_of + there.died_of, here.size + there.size
    still = [one.size * (1 - one.incidence) for one in (here, there)]
    share = np.divide(still[0], sum(still), out=np.zeros_like(size), where=sum(still) > 0)
    score = float((here.died_of - died_of * share).sum())
    step = np.divide(died_of, size, out=np.zeros_like(size), where=size > 0)
    return score, _variance((here, there), died_of, step)


def _arm(moments: Floats, time: Floats, cause: Floats, of: int) -> _Arm:
    which = np.searchsorted(moments, time)
    leaving, died_of, died = (counted(which[one], moments.size) for one in (cause >= 0, cause == of, cause > 0))
    at_risk = np.cumsum(leaving[::-1])[::-1]
    present = at_risk > 0
    gone, gone_of = (np.divide(one, at_risk, out=np.zeros_like(one), where=present) for one in (died, died_of))
    after = np.cumprod(1 - gone)
    before = just_before(after, 1.0)
    size = np.divide(at_risk, before, out=np.zeros_like(before), where=present)
    incidence = just_before(np.cumsum(before * gone_of), 0.0)
    return _Arm(at_risk, died_of, died - died_of, before, after, size, incidence)


def _variance(arms: tuple[_Arm, _Arm], died_of: Floats, step: Floats) -> float:
    """Of the score, if the arms have one incidence: it rises by ``step`` at each moment.

    The score is a sum of the arms' martingales: of the cause, and of the other causes through the risk sets. With ties
    each moment's part shrinks as in the hypergeometric distribution.
    """
    both = arms[0].size + arms[1].size
    common = np.cumsum(step)
    free = 1 - just_before(common, 0.0)
    weight = np.divide(arms[0].size * arms[1].size, both, out=np.zeros_like(both), where=both > 0)
    ahead = np.divide(weight * step, free, out=np.zeros_like(free), where=free > 0)
    later = np.cumsum(ahead[::-1])[::-1] - ahead
    total = 0.0
    for one in arms:
        present = one.at_risk > 0
        ratio = np.divide(1 - common, one.after, out=np.zeros_like(common), where=one.after > 0)
        own = np.divide(step * _tied(died_of, both * one.before), one.size, out=0 * step, where=present)
        per_person = np.divide(one.before, one.at_risk, out=0 * step, where=present)
        others = one.died_else * _tied(one.died_else, one.at_risk) * per_person**2
        total += float(((weight + (1 - ratio) * later) ** 2 * own + (ratio * later) ** 2 * others).sum())
    return total


def _tied(died: Floats, among: Floats) -> Floats:
    """1 less the share by which ties shrink a variance: (died - 1) / (among - 1)."""
    tied = (died > 1) & (among > 1)
    shrunk = 1 - np.divide(died - 1, among - 1, out=np.zeros_like(died), where=tied)
    return np.asarray(np.maximum(shrunk, 0.0))
