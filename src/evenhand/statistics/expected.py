"""The log-rank statistic that is to be expected, also where hazards are not proportional.

The expectation of the score and of its variance under the alternative, as in Schoenfeld, Biometrika 1981;68:316-319,
and Lakatos, Biometrics 1988;44:229-241, integrated over the time since randomization (Gauss-Legendre panels between all
months at which a rate changes).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from evenhand.statistics.events import Course
from evenhand.statistics.hazards import MONTHS_A_YEAR, Pieces, product
from evenhand.statistics.legendre import spread

Floats = npt.NDArray[np.float64]
LONGEST_PANEL = 12.0  # months; our choice, far finer than the curves of slow diseases bend
EVENTS_A_PANEL = 4.0  # and of fast ones: the first panel after a change is so short that none has more expected in it


@dataclass(frozen=True, slots=True)
class ExpectedLogRank:
    """The expected score (above 0 where the experimental arm does better) and its variance."""

    score: float
    variance: float

    @property
    def z(self) -> float:
        """The z that is expected; 0 before any event."""
        return self.score / math.sqrt(self.variance) if self.variance > 0 else 0.0


def expected_logrank(course: Course, month: float, *, stratified: bool = False) -> ExpectedLogRank:
    """What the log-rank test is expected to say at ``month`` of the trial.

    Raises ValueError where neither ``month`` nor the follow-up has an end.
    """
    month = min(month, course.end)
    if math.isinf(month):
        raise ValueError("the log-rank test needs a month at which it is made; give one, or end the follow-up")
    place, weight = _since_entry(course, month)
    if not len(place):
        return ExpectedLogRank(0.0, 0.0)
    parts = [[_risk(course, month, place, arm, *stratum) for arm in (0, 1)] for stratum in course.strata]
    if not stratified:
        parts = [[_sum([both[arm] for both in parts]) for arm in (0, 1)]]
    score = variance = 0.0
    for (control, control_dies), (experimental, experimental_dies) in parts:
        everybody = np.maximum(control + experimental, np.finfo(float).tiny)
        score += float(weight @ ((experimental * control_dies - control * experimental_dies) / everybody))
        deaths = control_dies + experimental_dies
        variance += float(weight @ (control / everybody * (experimental / everybody) * deaths))  # no square underflows
    return ExpectedLogRank(score, variance)


def _sum(arms: list[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    return np.sum([risk for risk, _ in arms], axis=0), np.sum([dies for _, dies in arms], axis=0)


def _since_entry(course: Course, month: float) -> tuple[Floats, Floats]:
    """Nodes over the months since entry, and their weights."""
    longest = month if course.cap is None else min(month, course.cap)
    changes = {start for start, _ in product(course.control_hazard, course.hazard_ratio)}
    changes |= {month - start for start, _ in course.accrual} | {month - course.last_entry}
    edges = [0.0, *sorted(change for change in changes if 0 < change < longest), longest]
    shortest = min(LONGEST_PANEL, EVENTS_A_PANEL / max(_fastest(course), EVENTS_A_PANEL / LONGEST_PANEL))
    nodes: list[tuple[float, float]] = []
    for low, high in pairwise(edges):
        for start, end in pairwise(_graded(low, high, shortest)):
            nodes += spread(start, end)
    return np.array([place for place, _ in nodes]), np.array([weight for _, weight in nodes])


def _graded(low: float, high: float, shortest: float) -> list[float]:
    """The edges of panels, each at most twice as long as the one before, since the curves bend most at first."""
    edges, width = [low], shortest
    while width < LONGEST_PANEL and edges[-1] + width < high:
        edges.append(edges[-1] + width)
        width *= 2
    start, panels = edges[-1], math.ceil((high - edges[-1]) / LONGEST_PANEL)
    return edges + [start + (high - start) * (panel + 1) / panels for panel in range(panels)]


def _fastest(course: Course) -> float:
    """The highest hazard of anybody."""
    hazards = (*course.control_hazard, *product(course.control_hazard, course.hazard_ratio))
    drift = max(1.0, math.pow(course.yearly_drift, course.last_entry / MONTHS_A_YEAR))
    return max(hazard for _, hazard in hazards) * max(factor for _, factor in course.strata) * drift


def _risk(course: Course, month: float, place: Floats, arm: int, share: float, factor: float) -> tuple[Floats, Floats]:
    """People at risk, and events a month, of one arm and stratum, at each month since entry."""
    hazard = product(course.control_hazard, course.hazard_ratio) if arm else course.control_hazard
    now, until = _values(hazard, place)
    risk, dies = np.zeros_like(place), np.zeros_like(place)
    latest = np.minimum(month - place, course.last_entry)
    ends = (*(start for start, _ in course.accrual[1:]), math.inf)
    for (start, rate), end in zip(course.accrual, ends, strict=True):
        width = np.clip(np.minimum(latest, end) - start, 0.0, None)
        for at, weight in spread(0.0, 1.0):
            raised = factor * course.yearly_drift ** ((start + at * width) / MONTHS_A_YEAR)
            there = rate * weight * width * np.exp(-raised * until - course.dropout * place)
            risk += there
            dies += there * raised * now
    part = share * course.shares[arm]
    return part * risk, part * dies


def _values(pieces: Pieces, place: Floats) -> tuple[Floats, Floats]:
    """The value at each place, and the integral up to it."""
    starts = np.array([start for start, _ in pieces])
    values = np.array([value for _, value in pieces])
    before = np.concatenate([[0.0], np.cumsum(values[:-1] * np.diff(starts))])
    piece = np.searchsorted(starts, place, side="right") - 1
    return values[piece], before[piece] + values[piece] * (place - starts[piece])
