"""A trial under way: bounds from the events that were there, and what the end may bring.

Lan and DeMets 1983: error is spent by the information observed, so looks may come early, late or unplanned. Conditional
power: Lan, Simon and Halperin, Communications in Statistics C 1982;1:207-219. Predictive power: Spiegelhalter, Freedman
and Blackburn, Controlled Clinical Trials 1986;7:8-17. z above 0 speaks for the experimental arm.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.statistics.boundaries import Bounds, bounds_meeting, refused_spendings
from evenhand.statistics.checks import checked_alpha, checked_information
from evenhand.statistics.crossing import Crossing, cross
from evenhand.statistics.events import Pair
from evenhand.statistics.normal import upper_tail
from evenhand.statistics.power import EVEN, information
from evenhand.statistics.searching import Goal, efficacy_goals, futility_goals
from evenhand.statistics.spending import CLASSICAL, Spending
from evenhand.statistics.walk import Step, start


@dataclass(frozen=True, slots=True)
class Futility:
    """Futility in monitoring: ``beta`` is spent under the design's ``drift`` (z expected at the planned events)."""

    spending: Spending
    beta: float
    drift: float
    binding: bool = False


def observed_bounds(
    events: Sequence[float],
    planned: float,
    *,
    alpha: float,
    sided: int,
    efficacy: Spending,
    last: bool = False,
    futility: Futility | None = None,
) -> Bounds:
    """The bounds of the looks that were made after so many ``events`` each, of so many ``planned``.

    Spent at a look is what the function gives for min(1, events / planned). Where the newest look is the ``last``,
    it spends all that is left, whether the trial ran under or over. Raises ValueError for a look after one that had
    all planned events, for bounds that hold at planned looks only, and for input that means nothing.
    """
    side = checked_alpha(alpha, sided)
    if not (math.isfinite(planned) and planned > 0):
        raise ValueError(f"{planned} events are planned; give a number above 0")
    times = tuple(one / planned for one in checked_information(events))
    for look, one in enumerate(events[:-1], start=1):
        if one >= planned:
            raise ValueError(
                f"look {look} had all planned events ({one:g} of {planned:g}); it was the last, so end there"
            )
    if efficacy.kind in CLASSICAL:
        raise ValueError(f"{efficacy.kind} holds at planned looks only; monitor with a spending function instead")
    if futility is not None:
        refused_spendings(sided, efficacy, futility.spending, futility.beta, futility.binding)
    ended = last or times[-1] >= 1
    above = _observed(efficacy_goals(times, side, efficacy), efficacy, side, ended)
    if futility is None:
        return bounds_meeting(times, above, sided=sided)
    below = futility_goals(times, futility.beta, futility.spending)
    return bounds_meeting(times, above, below, sided=sided, drift=futility.drift, binding=futility.binding, ended=ended)


def _observed(goals: tuple[Goal, ...], efficacy: Spending, side: float, ended: bool) -> tuple[Goal, ...]:
    """The goals of the looks so far: all that is left at the end, and before it what the rule says of an interim."""
    if ended:
        return (*goals[:-1], Goal(side))
    if efficacy.kind == "haybittle_peto":
        return efficacy_goals((*range(1, len(goals) + 2),), side, efficacy)[:-1]
    return goals


@dataclass(frozen=True, slots=True)
class Interim:
    """What a look found: ``z`` after so many ``events``."""

    z: float
    events: float
    allocation: Pair = EVEN

    def __post_init__(self) -> None:
        if not (math.isfinite(self.z) and self.events > 0):
            raise ValueError(f"the look has z {self.z} after {self.events} events; give a finite z and events above 0")

    @property
    def information(self) -> float:
        """About the log hazard ratio (Schoenfeld 1981)."""
        return information(self.events, self.allocation)

    @property
    def hazard_ratio(self) -> float:
        """The estimate that z stands for."""
        return math.exp(-self.z / math.sqrt(self.information))


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed beforehand: as much as ``events`` of a trial that found ``hazard_ratio``; none is flat."""

    hazard_ratio: float = 1.0
    events: float = 0.0


FLAT = Prior()


def conditional_power(
    interim: Interim, final_events: float, critical: float, hazard_ratio: float | None = None
) -> float:
    """The probability that the final z exceeds ``critical``, given the interim and the ``hazard_ratio`` from here on.

    None takes the current trend: the ratio that the interim estimates. Raises ValueError where the final events are
    not more than the interim's.
    """
    effect = -math.log(_positive(interim.hazard_ratio if hazard_ratio is None else hazard_ratio))
    final, gain = _gain(interim, final_events)
    expected = interim.z * math.sqrt(interim.information) + effect * gain
    return upper_tail((critical * math.sqrt(final) - expected) / math.sqrt(gain))


def predictive_power(interim: Interim, final_events: float, critical: float, prior: Prior = FLAT) -> float:
    """Conditional power averaged over what the interim and the ``prior`` leave possible.

    Raises ValueError where the final events are not more than the interim's, or the prior means nothing.
    """
    weight = information(prior.events, interim.allocation)
    final, gain = _gain(interim, final_events)
    score = interim.z * math.sqrt(interim.information)
    precision = interim.information + weight
    effect = (score - math.log(_positive(prior.hazard_ratio)) * weight) / precision
    deviation = math.sqrt(gain + gain**2 / precision)
    return upper_tail((critical * math.sqrt(final) - score - effect * gain) / deviation)


def conditional_crossing(
    interim: Interim,
    events: Sequence[float],
    upper: Sequence[float],
    lower: Sequence[float] | None = None,
    hazard_ratio: float | None = None,
) -> Crossing:
    """How probable stopping is at each later look (after so many ``events``), given the interim.

    ``hazard_ratio`` as in `conditional_power`. Raises ValueError where looks do not rise from the interim's events.
    """
    effect = -math.log(_positive(interim.hazard_ratio if hazard_ratio is None else hazard_ratio))
    checked_information([interim.events, *events])
    lower = (-math.inf,) * len(upper) if lower is None else lower
    if not len(events) == len(upper) == len(lower):
        raise ValueError(f"{len(events)} looks, {len(upper)} upper, {len(lower)} lower bounds; give as many of each")
    known = [information(one, interim.allocation) for one in events]
    here = interim.z * math.sqrt(interim.information)
    path = [
        Step(one, here + effect * (one - interim.information), after)
        for one, after in zip(known, (*known[1:], None), strict=True)
    ]
    return cross(start(interim.information, here), path, upper, lower)


def _gain(interim: Interim, final_events: float) -> tuple[float, float]:
    """The information at the end, and how much of it is still to come."""
    if not final_events > interim.events:
        raise ValueError(f"the end has {final_events:g} events and the look {interim.events:g}; the end must have more")
    final = information(final_events, interim.allocation)
    return final, final - interim.information


def _positive(hazard_ratio: float) -> float:
    if not (math.isfinite(hazard_ratio) and hazard_ratio > 0):
        raise ValueError(f"the hazard ratio is {hazard_ratio}; give a number above 0")
    return hazard_ratio
