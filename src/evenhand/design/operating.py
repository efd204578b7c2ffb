"""What a design does under its assumptions: bounds, events and months of each look, power, and what it can detect."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from evenhand.design.expected import Expected, expected_at
from evenhand.design.lengths import accrual_months, completion_month
from evenhand.design.looking import (
    Held,
    Method,
    held_looks,
    method_of,
    planned_bounds,
    ratio_of,
    stopping,
)
from evenhand.design.shape import Assumptions, Look
from evenhand.refusal import Refusal
from evenhand.statistics.boundaries import Bounds
from evenhand.statistics.crossing import Crossing
from evenhand.statistics.roots import root


@dataclass(frozen=True, slots=True)
class DesignedLook:
    """One look. ``information`` is the planned share, ``events`` what the bounds and hazard ratios count with.

    ``z`` and ``p`` (of both sides in a two-sided test) are the bound for efficacy, ``ratio`` the hazard ratio that is
    just significant there; ``futility_z`` and ``futility_ratio`` likewise, None without a bound. ``alpha_spent`` adds
    up. Under the assumptions, ``efficacy`` is the probability of showing the effect at this look, and ``below`` that of
    stopping before the last one for futility (in a two-sided test: for harm). ``null`` is the probability of stopping
    for efficacy where the arms do not differ. ``reached``: its events are expected at all.
    """

    look: Look
    month: float
    people: float
    expected: Expected
    events: float
    information: float
    z: float
    p: float
    ratio: float
    futility_z: float | None
    futility_ratio: float | None
    alpha_spent: float
    efficacy: float
    below: float
    null: float
    reached: bool

    @property
    def bounded(self) -> bool:
        """Whether the effect can be shown at this look at all: some spend no error so early."""
        return math.isfinite(self.z)


@dataclass(frozen=True, slots=True)
class Designed:
    """A design under its assumptions.

    ``power`` is by ``method`` (Schoenfeld's formula, or the expected log-rank test), ``power_log_rank`` always by the
    second. ``type_one``: the probability to reject where the arms do not differ, with the events expected then.
    ``events`` and ``months`` are means over the looks at which the trial may stop; ``complete`` is what is expected
    when everybody's follow-up has ended.
    """

    assumptions: Assumptions
    bounds: Bounds
    looks: tuple[DesignedLook, ...]
    method: Method
    power: float
    power_log_rank: float
    type_one: float
    events: float
    months: float
    accrual_months: float
    completion_month: float
    complete: Expected


def designed(assumptions: Assumptions) -> Designed:
    """The design under its assumptions. Raises Refusal where they make no design, with what to mend."""
    planned, held = planned_bounds(assumptions), held_looks(assumptions)
    method = method_of(assumptions)
    here = stopping(assumptions, planned, method)
    exact = stopping(assumptions, planned, "log_rank")
    alike = under_null(assumptions)
    null = stopping(alike, planned)
    last = here.stopping()
    return Designed(
        assumptions=assumptions,
        bounds=planned,
        looks=tuple(_look(place, held, planned, here, null, assumptions) for place in range(len(held))),
        method=method,
        power=here.power,
        power_log_rank=exact.power,
        type_one=null.power + (math.fsum(null.lower) if assumptions.sided == 2 else 0.0),
        events=math.fsum(share * one.expected.total for share, one in zip(last, held, strict=True)),
        months=math.fsum(share * one.expected.month for share, one in zip(last, held, strict=True)),
        accrual_months=accrual_months(assumptions),
        completion_month=completion_month(assumptions),
        complete=expected_at(assumptions, completion_month(assumptions)),
    )


def _look(
    place: int, held: tuple[Held, ...], planned: Bounds, here: Crossing, null: Crossing, now: Assumptions
) -> DesignedLook:
    one = held[place]
    low = planned.futility[place] if planned.futility is not None else -math.inf
    events = one.expected.total if one.look.events is None else min(one.expected.total, float(one.look.events))
    return DesignedLook(
        look=one.look,
        month=one.expected.month,
        people=one.expected.people,
        expected=one.expected,
        events=events,
        information=planned.information[place],
        z=planned.efficacy[place],
        p=planned.nominal[place],
        ratio=ratio_of(planned.efficacy[place], events, now),
        futility_z=low if math.isfinite(low) else None,
        futility_ratio=ratio_of(low, events, now) if math.isfinite(low) else None,
        alpha_spent=planned.alpha_spent[place],
        efficacy=here.upper[place],
        below=here.lower[place] if place < len(held) - 1 else 0.0,
        null=null.upper[place],
        reached=one.reached,
    )


def under_null(assumptions: Assumptions) -> Assumptions:
    """The same where the arms do not differ: both have the hazard of the control arm."""
    return replace(assumptions, hazard_ratio=((0.0, 1.0),))


def with_ratio(assumptions: Assumptions, hazard_ratio: float) -> Assumptions:
    """The same with a constant hazard ratio."""
    return replace(assumptions, hazard_ratio=((0.0, hazard_ratio),))


def power_at(assumptions: Assumptions, planned: Bounds | None = None) -> float:
    """The power alone, quicker; with bounds planned elsewhere, those."""
    return stopping(assumptions, planned or planned_bounds(assumptions)).power


def detectable_ratio(assumptions: Assumptions, power: float, planned: Bounds | None = None) -> float | None:
    """The constant hazard ratio below 1 that is shown with this power; None where not even 0.05 would be.

    Bounds stay as they are ``planned`` (None: under these assumptions), and what is expected follows the ratio: a
    stronger effect leaves fewer events.
    """
    planned = planned or planned_bounds(assumptions)

    def beyond(log_ratio: float) -> float:
        return power_at(with_ratio(assumptions, math.exp(log_ratio)), planned) - power

    low, high = math.log(0.05), math.log(0.9999)
    if beyond(low) < 0 or beyond(high) > 0:
        return None
    return math.exp(root(beyond, low, high, within=1e-9))


def resized(assumptions: Assumptions, people: int) -> Assumptions:
    """The same design with another number of people in the same months; planned events grow with it."""
    factor = people / assumptions.sample_size
    whole = assumptions.planned_events
    return replace(
        assumptions,
        sample_size=people,
        accrual=tuple((month, pace * factor) for month, pace in assumptions.accrual),
        planned_events=max(1, round(whole * factor)) if whole is not None else None,
        looks=tuple(
            replace(look, events=max(1, round(look.events * factor))) if look.events is not None else look
            for look in assumptions.looks
        ),
    )


def people_needed(assumptions: Assumptions, power: float, most: int = 20_000) -> int | None:
    """About the fewest people, in whole rounds of the allocation, with this power; None beyond ``most``.

    Looks are at whole events, so that a few people fewer can happen to have it as well.
    """
    step = sum(assumptions.allocation) // math.gcd(*assumptions.allocation)

    def enough(rounds: int) -> bool:
        try:
            return power_at(resized(assumptions, rounds * step)) >= power
        except Refusal:  # too few people for the looks to be apart
            return False

    low, high = 0, 1
    while not enough(high):
        low, high = high, high * 2
        if high * step > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high * step


def other_follow_up(assumptions: Assumptions) -> Assumptions:
    """The same with the other convention: so long after the last entry instead of so long for each, and back."""
    return replace(assumptions, cap_months=assumptions.after_last_months, after_last_months=assumptions.cap_months)
