"""What is expected of a design at a month: people, events, and the log-rank statistic.

Where progression is known at once, this is ``evenhand.statistics`` for the course that the assumptions describe. Where
it is found at visits, sums over visits take its place, with the variance for ties of the log-rank test (Mantel, Cancer
Chemotherapy Reports 1966;50:163-170): ours, after Lakatos, Biometrics 1988;44:229-241. There, a visit falls on the
month itself, whoever leaves before it takes an unseen event along, and what happened after the last visit within
follow-up stays unseen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from evenhand.design.lengths import completion_month, spans
from evenhand.design.shape import MONTHS_A_YEAR, Assumptions
from evenhand.statistics.events import Course, Pair, entered, expected_events
from evenhand.statistics.expected import expected_logrank
from evenhand.statistics.hazards import cumulative, product
from evenhand.statistics.legendre import spread
from evenhand.statistics.roots import root

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Expected:
    """At ``month``: people who entered; events of the control and of the experimental arm; the log-rank ``score``
    (positive where the experimental arm has fewer events than expected) and its ``variance``."""

    month: float
    people: float
    events: tuple[float, float]
    score: float
    variance: float

    @property
    def total(self) -> float:
        """Events of both arms."""
        return sum(self.events)

    @property
    def z(self) -> float:
        """The log-rank statistic; 0 before there are any events."""
        return self.score / math.sqrt(self.variance) if self.variance > 0 else 0.0


def expected_at(assumptions: Assumptions, month: float) -> Expected:
    """What is expected ``month`` months after the first person could enter."""
    course = course_of(assumptions)
    if assumptions.detection_months is not None:
        parts = _by_visits(assumptions, course, month)
        score, variance = _tied_logrank(parts, assumptions.stratified_test)
        events = _summed(parts)
    else:
        found = expected_logrank(course, month, stratified=assumptions.stratified_test)
        score, variance = found.score, found.variance
        events = expected_events(course, month)
    return Expected(month, entered(course, month), events, score, variance)


def events_at(assumptions: Assumptions, month: float) -> Pair:
    """The expected events of both arms alone, which is quicker."""
    course = course_of(assumptions)
    if assumptions.detection_months is not None:
        return _summed(_by_visits(assumptions, course, month))
    return expected_events(course, month)


def month_of_events(assumptions: Assumptions, events: float) -> float | None:
    """The month in which so many events are expected; None where there will never be as many."""
    last = completion_month(assumptions)
    if sum(events_at(assumptions, last)) < events:
        return None
    return root(lambda month: sum(events_at(assumptions, month)) - events, 0.0, last, within=1e-10)


@lru_cache(maxsize=64)
def course_of(assumptions: Assumptions) -> Course:
    """The assumptions as ``evenhand.statistics`` reads them; visits that find progression are no part of it."""
    return Course(
        people=assumptions.sample_size,
        accrual=assumptions.accrual,
        control_hazard=assumptions.control_hazard,
        hazard_ratio=assumptions.hazard_ratio,
        dropout=-math.log1p(-assumptions.dropout_yearly) / MONTHS_A_YEAR,
        cap=assumptions.cap_months,
        after_last=assumptions.after_last_months,
        allocation=assumptions.allocation,
        strata=tuple((one.share, one.hazard_factor) for one in assumptions.strata) or ((1.0, 1.0),),
        yearly_drift=assumptions.drift_yearly,
    )


@dataclass(frozen=True, slots=True)
class _Visits:
    """Of one stratum, by arm and visit: who may be found there, and whose progression is."""

    at_risk: Floats
    events: Floats


def _by_visits(now: Assumptions, course: Course, month: float) -> list[_Visits]:
    assert now.detection_months is not None
    month = min(month, course.end)
    longest = month if course.cap is None else min(month, course.cap)
    visits = np.arange(1, int(longest / now.detection_months + 1e-9) + 1, dtype=np.float64) * now.detection_months
    entry, mass = _entries(course, month - visits)
    mass = mass * np.exp(-course.dropout * visits)[:, None]
    drift = course.yearly_drift ** (entry / MONTHS_A_YEAR)
    return [
        _of_stratum(course, visits, now.detection_months, mass * share, drift * factor)
        for share, factor in course.strata
    ]


def _of_stratum(course: Course, visits: Floats, apart: float, mass: Floats, factor: Floats) -> _Visits:
    at_risk, events = np.empty((2, len(visits))), np.empty((2, len(visits)))
    for arm in (0, 1):
        hazard = product(course.control_hazard, course.hazard_ratio) if arm else course.control_hazard
        before, until = (
            np.array([cumulative(hazard, visit) for visit in some])[:, None] for some in (visits - apart, visits)
        )
        earlier, later = (mass * np.exp(-factor * gathered) for gathered in (before, until))
        at_risk[arm] = course.shares[arm] * earlier.sum(axis=1)
        events[arm] = course.shares[arm] * (earlier - later).sum(axis=1)
    return _Visits(at_risk, events)


def _entries(course: Course, until: Floats) -> tuple[Floats, Floats]:
    """For each month in ``until``: months of entry up to then (a row of nodes) and how many enter at each."""
    if course.yearly_drift == 1:
        return np.zeros((len(until), 1)), np.array([[entered(course, month)] for month in until]).reshape(-1, 1)
    places, masses = [], []
    for start, end, pace in spans(course.accrual):
        width = np.clip(until, start, max(start, min(end, course.last_entry))) - start
        for at, weight in spread(0.0, 1.0):
            places.append(start + at * width)
            masses.append(pace * weight * width)
    return np.stack(places, axis=1), np.stack(masses, axis=1)


def _summed(parts: list[_Visits]) -> Pair:
    control, experimental = np.sum([part.events.sum(axis=1) for part in parts], axis=0)
    return float(control), float(experimental)


def _tied_logrank(parts: list[_Visits], stratified: bool) -> tuple[float, float]:
    """Score and variance, stratum by stratum or of all strata together."""
    if not stratified:
        parts = [_Visits(sum(one.at_risk for one in parts), sum(one.events for one in parts))]  # type: ignore[arg-type]  # arrays
    score = variance = 0.0
    for part in parts:
        there = part.at_risk.sum(axis=0) > 1
        at_risk, events = part.at_risk[:, there], part.events[:, there]
        everybody, found = at_risk.sum(axis=0), events.sum(axis=0)
        share = at_risk[1] / everybody
        score += float((found * share - events[1]).sum())
        untied = np.clip((everybody - found) / (everybody - 1), 0.0, 1.0)
        variance += float((found * share * (1 - share) * untied).sum())
    return score, variance
