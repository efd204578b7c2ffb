"""What changes when the assumptions do: tables around a design."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evenhand.design.expected import events_at
from evenhand.design.lengths import completion_month, control_median
from evenhand.design.looking import planned_bounds
from evenhand.design.operating import detectable_ratio, other_follow_up, people_needed, power_at, resized, with_ratio
from evenhand.design.reading import hazard_of_median
from evenhand.design.shape import Assumptions
from evenhand.refusal import Refusal

RATIOS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
MEDIANS = (18.0, 24.0, 30.0)
DROPOUTS = (0.0, 0.05, 0.10)
POWERS = (0.8, 0.9)
SHARES = (0.75, 1.0, 1.25, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class AtMedian:
    """With this median of the control arm: events when all is complete under the design's own effect, the power for
    each hazard ratio asked for, and the ratio that is detected with each power (None: none is)."""

    median: float
    events: float
    powers: tuple[float, ...]
    detectable: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class AtSize:
    """With so many people in the same months: planned events grow with them. ``power`` None: no design of its looks."""

    people: int
    events: float
    power: float | None


@dataclass(frozen=True, slots=True)
class Convention:
    """Follow-up by one of the two conventions, with the same number of months: ``each`` person, or all until so long
    after the last entry. ``events`` when all is complete; ``power`` of one test then, without looks before."""

    each: bool
    length: float
    completion_month: float
    events: float
    power: float


@dataclass(frozen=True, slots=True)
class Around:
    """``needed``: people needed for each of ``targets``, with the effect assumed; None where no number is enough."""

    ratios: tuple[float, ...]
    targets: tuple[float, ...]
    by_median: tuple[AtMedian, ...]
    by_size: tuple[AtSize, ...]
    needed: tuple[int | None, ...]
    conventions: tuple[Convention, ...]


def around(
    assumptions: Assumptions,
    *,
    ratios: Sequence[float] = RATIOS,
    medians: Sequence[float] = MEDIANS,
    targets: Sequence[float] = POWERS,
) -> Around:
    """All tables around a design. Bounds stay as they are planned while effect and median are varied."""
    own = control_median(assumptions)
    shown = sorted({*medians, own} if math.isfinite(own) else {*medians})
    return Around(
        tuple(ratios),
        tuple(targets),
        tuple(at_median(assumptions, median, ratios, targets) for median in shown),
        tuple(at_size(assumptions, size) for size in sizes(assumptions)),
        tuple(people_needed(assumptions, target) for target in targets),
        conventions(assumptions),
    )


def at_median(
    assumptions: Assumptions, median: float, ratios: Sequence[float] = RATIOS, targets: Sequence[float] = POWERS
) -> AtMedian:
    """The row of one median, at a constant hazard unless it is the design's own; bounds stay as they are planned."""
    planned = planned_bounds(assumptions)
    if abs(median - control_median(assumptions)) > 1e-9:
        assumptions = replace(assumptions, control_hazard=((0.0, hazard_of_median(median)),))
    return AtMedian(
        median,
        sum(events_at(assumptions, completion_month(assumptions))),
        tuple(power_at(with_ratio(assumptions, ratio), planned) for ratio in ratios),
        tuple(detectable_ratio(assumptions, target, planned) for target in targets),
    )


def sizes(assumptions: Assumptions) -> tuple[int, ...]:
    """Numbers of people around the design's own, in whole rounds of the allocation."""
    step = sum(assumptions.allocation) // math.gcd(*assumptions.allocation)
    around_it = {max(step, round(assumptions.sample_size * share / step) * step) for share in SHARES if share != 1}
    return tuple(sorted({*around_it, assumptions.sample_size}))


def at_size(assumptions: Assumptions, people: int) -> AtSize:
    """The row of one number of people."""
    other = resized(assumptions, people)
    events = sum(events_at(other, completion_month(other)))
    try:
        return AtSize(people, events, power_at(other))
    except Refusal:
        return AtSize(people, events, None)


def conventions(assumptions: Assumptions) -> tuple[Convention, ...]:
    """The design's own convention of follow-up and the other one, in this order; the own one alone where follow-up
    ends with the last entry, since nobody is followed for no time."""
    own = _convention(assumptions)
    return (own, _convention(other_follow_up(assumptions))) if own.length > 0 else (own,)


def _convention(now: Assumptions) -> Convention:
    each = now.cap_months is not None
    length = (now.cap_months if each else now.after_last_months) or 0.0
    once = replace(now, looks=(replace(now.looks[-1], events=None, month=None, complete=True),), planned_events=None)
    end = completion_month(now)
    return Convention(each, length, end, sum(events_at(now, end)), power_at(replace(once, futility=None)))
