"""Events and people wanted, power, and the effect that a trial can detect, for a log-rank test.

Schoenfeld, Biometrika 1981;68:316-319, and Biometrics 1983;39:499-503: z is expected to be -log(hazard ratio) times the
root of p (1 - p) events, with p the experimental share. Freedman, Statistics in Medicine 1982;1:121-129, for any
allocation r (experimental to control): (1 - hazard ratio) / (1 + r hazard ratio) times the root of r events.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from evenhand.statistics.boundaries import Bounds
from evenhand.statistics.checks import checked_alpha, checked_power
from evenhand.statistics.crossing import Crossing
from evenhand.statistics.events import Course, Pair, expected_total, month_of_events
from evenhand.statistics.expected import expected_logrank
from evenhand.statistics.normal import quantile
from evenhand.statistics.roots import root

Formula = Literal["schoenfeld", "freedman"]
EVEN: Pair = (1, 1)


def information(events: float, allocation: Pair = EVEN) -> float:
    """The information about the log hazard ratio in so many ``events``: p (1 - p) each (Schoenfeld 1981)."""
    control, experimental = allocation
    if not (min(allocation) > 0 and events >= 0):
        raise ValueError(f"{events:g} events and the allocation {allocation} must be from 0 on and above 0")
    return events * control * experimental / (control + experimental) ** 2


def drift(hazard_ratio: float, events: float, allocation: Pair = EVEN, formula: Formula = "schoenfeld") -> float:
    """The z that is expected after so many ``events``; above 0 where the hazard ratio is below 1.

    Raises ValueError for a hazard ratio that is not above 0, or an unknown formula.
    """
    if not (math.isfinite(hazard_ratio) and hazard_ratio > 0):
        raise ValueError(f"the hazard ratio is {hazard_ratio}; give a number above 0")
    if formula == "schoenfeld":
        return -math.log(hazard_ratio) * math.sqrt(information(events, allocation))
    if formula != "freedman":
        raise ValueError(f"there is no formula {formula!r}; write schoenfeld or freedman")
    information(events, allocation)  # refuses what cannot be
    ratio = allocation[1] / allocation[0]
    return math.sqrt(ratio * events) * (1 - hazard_ratio) / (1 + ratio * hazard_ratio)


def events_wanted(
    hazard_ratio: float,
    *,
    alpha: float,
    sided: int,
    power: float,
    allocation: Pair = EVEN,
    formula: Formula = "schoenfeld",
    inflation: float = 1.0,
) -> float:
    """The events, not rounded, that give ``power``; ``inflation`` is that of the bounds of a design with looks.

    Raises ValueError for a hazard ratio of 1, which no number of events detects.
    """
    side = checked_alpha(alpha, sided)
    checked_power(power, side)
    each = drift(hazard_ratio, 1.0, allocation, formula)
    if each == 0:
        raise ValueError("a hazard ratio of 1 is no effect to detect; give another")
    return inflation * ((quantile(power) - quantile(side)) / each) ** 2


def people_wanted(course: Course, events: float) -> float:
    """The people, not rounded, of whom so many ``events`` are expected in all.

    Accrual lasts as long as in ``course`` and its rates grow or shrink with the number of people.
    """
    return events / (math.fsum(expected_total(course)) / course.people)


def ratio_at(z: float, events: float, allocation: Pair = EVEN) -> float:
    """The hazard ratio that an observed ``z`` after so many ``events`` stands for (Schoenfeld): exp(-z / root)."""
    known = information(events, allocation)
    if known == 0:
        raise ValueError("no events tell no hazard ratio; give a number above 0")
    return math.exp(-z / math.sqrt(known))


@dataclass(frozen=True, slots=True)
class Power:
    """What a course gives a design: at each look the events, the month and the z expected, and how it may stop."""

    events: tuple[float, ...]
    months: tuple[float, ...]
    z: tuple[float, ...]
    crossing: Crossing

    @property
    def power(self) -> float:
        """The probability of crossing the efficacy bound at any look."""
        return self.crossing.power


def power_under(
    course: Course,
    design: Bounds,
    *,
    events: float | None = None,
    method: Literal["schoenfeld", "freedman", "logrank"] = "logrank",
    stratified: bool = False,
) -> Power:
    """The power of ``design`` under ``course``; all its information is ``events``, or all that are ever expected.

    ``logrank`` takes the expected log-rank statistic at each look and serves any course; ``schoenfeld`` and
    ``freedman`` serve a constant hazard ratio. Raises ValueError where so many events never come, or the ratio is
    not constant.
    """
    total = math.fsum(expected_total(course)) if events is None else events
    looks = tuple(share * total for share in design.information)
    months = tuple(month_of_events(course, look) for look in looks)
    if method == "logrank":
        z = tuple(expected_logrank(course, month, stratified=stratified).z for month in months)
    else:
        ratio = _constant(course)
        z = tuple(drift(ratio, look, course.allocation, method) for look in looks)
    return Power(looks, months, z, design.crossing(z))


def _constant(course: Course) -> float:
    ratios = {ratio for _, ratio in course.hazard_ratio}
    if len(ratios) > 1:
        raise ValueError(f"the hazard ratio changes {course.hazard_ratio}; a formula needs one, so take method logrank")
    return ratios.pop()


def detectable_ratio(course: Course, design: Bounds, power: float, formula: Formula = "schoenfeld") -> float:
    """The constant hazard ratio below 1 that ``design`` detects with ``power`` when all of ``course`` is complete.

    The course's own ratio does not matter. Raises ValueError where the power is none, or no effect is enough.
    """
    wanted = needed_drift(design, power)

    def excess(ratio: float) -> float:
        events = math.fsum(expected_total(replace(course, hazard_ratio=((0.0, ratio),))))
        return drift(ratio, events, course.allocation, formula) - wanted

    if excess(1e-6) < 0:
        raise ValueError(
            f"no effect gives {course.people:g} people the power {power:g}; plan for more people or events"
        )
    return root(excess, 1e-6, 1.0, within=1e-12)


def needed_drift(design: Bounds, power: float) -> float:
    """The z at full information with which ``design`` has ``power``."""
    checked_power(power, design.alpha_spent[-1] / design.sided)
    high = 4.0
    while design.crossing(high).power < power:
        high *= 1.5
        if high > 1e4:
            raise ValueError("these bounds never reach the power; let futility stop less early")
    return root(lambda z: design.crossing(z).power - power, 0.0, high, within=1e-12)
