"""The looks of a design: when each is expected, with how many events, and how probable it is to stop there.

Where hazards are proportional and nothing else moves, the z expected after D events is the root of D times both shares
times the log hazard ratio (Schoenfeld, Biometrika 1981;68:316-319), which is how such trials are sized. Everywhere else
it is that of the log-rank test itself (``evenhand.design.expected``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from evenhand.design.expected import Expected, events_at, expected_at, month_of_events
from evenhand.design.lengths import completion_month
from evenhand.design.shape import Assumptions, Look
from evenhand.refusal import Refusal
from evenhand.statistics.boundaries import Bounds, bounds
from evenhand.statistics.checks import CLOSEST
from evenhand.statistics.crossing import Crossing, crossing
from evenhand.statistics.power import drift, ratio_at

Method = Literal["schoenfeld", "log_rank"]
LEAST = 1e-6  # information, in events or in the variance of the score: less is no information


@dataclass(frozen=True, slots=True)
class Held:
    """A look as it is expected. ``reached``: whether its events are expected at all; where they are not, it takes place
    when all is complete, with the events there are."""

    look: Look
    expected: Expected
    reached: bool


def method_of(assumptions: Assumptions) -> Method:
    """Schoenfeld's formula where it holds."""
    alike = len({stratum.hazard_factor for stratum in assumptions.strata}) <= 1
    constant = len(assumptions.hazard_ratio) == 1 and assumptions.drift_yearly == 1
    return "schoenfeld" if alike and constant and assumptions.detection_months is None else "log_rank"


def held_looks(assumptions: Assumptions) -> tuple[Held, ...]:
    """Every look of the design, in order: none is held before the one in front of it."""
    held: list[Held] = []
    for look in assumptions.looks:
        one = _held(assumptions, look)
        if held and one.expected.month < held[-1].expected.month:
            one = replace(one, expected=held[-1].expected)
        held.append(one)
    return tuple(held)


def _held(now: Assumptions, look: Look) -> Held:
    month: float | None = completion_month(now)
    if look.month is not None:
        month = look.month
    elif look.events is not None:
        month = month_of_events(now, look.events)
    at = expected_at(now, month if month is not None else completion_month(now))
    return Held(look, at, month is not None)


def whole_events(assumptions: Assumptions) -> float:
    """The events that are all the information: those of the last look, else the planned ones, else the expected."""
    last = assumptions.looks[-1]
    whole = last.events if last.events is not None else assumptions.planned_events
    return float(whole) if whole is not None else _held(assumptions, last).expected.total


def planned_bounds(assumptions: Assumptions) -> Bounds:
    """The bounds as they are planned, at planned shares of the information. Raises Refusal where there are none."""
    whole = whole_events(assumptions)
    shares = [_share(assumptions, look, whole) for look in assumptions.looks[:-1]]
    futility = assumptions.futility
    try:
        return bounds(
            [*shares, 1.0],
            alpha=assumptions.alpha,
            sided=assumptions.sided,
            efficacy=assumptions.efficacy,
            futility=futility,
            beta=assumptions.beta if futility is not None else None,
            binding=assumptions.binding,
        )
    except ValueError as error:
        said = ", ".join(f"{share:.3g}" for share in shares)
        where = f" (shares of the information before the last look: {said})" if shares else ""
        raise Refusal(f"There are no bounds for this design{where}: {error}.", "design") from None


def _share(now: Assumptions, look: Look, whole: float) -> float:
    events = look.events if look.events is not None else sum(events_at(now, look.month or 0.0))
    return events / whole


def stopping(assumptions: Assumptions, planned: Bounds, method: Method | None = None) -> Crossing:
    """How probable it is to stop at each look under the assumptions, with bounds as they were planned.

    A look whose events are not expected before the next one, or before follow-up is complete, is not held: its
    probabilities are 0. Raises Refusal where no event is expected at all.
    """
    method = method or method_of(assumptions)
    seen = [_seen(assumptions, look, method) for look in assumptions.looks]
    if not seen[-1][0] > LEAST:
        mend = "Take a higher hazard, more people or longer follow-up, and visits within it."
        raise Refusal("No event is expected by the last look.", "design", mend)
    whole = max(known for known, _ in seen)
    kept: list[int] = []
    for place in range(len(seen)):
        if kept and seen[place][0] - seen[kept[-1]][0] < CLOSEST * whole:
            seen[place] = max(seen[place], seen[kept.pop()])  # both on the same data: the later look decides
        kept.append(place)
    found = crossing(
        [seen[place][0] / whole for place in kept],
        [seen[place][1] for place in kept],
        [planned.efficacy[place] for place in kept],
        [planned.lower[place] for place in kept],
    )
    return replace(found, upper=_spread(found.upper, kept, len(seen)), lower=_spread(found.lower, kept, len(seen)))


def _spread(values: Sequence[float], kept: Sequence[int], looks: int) -> tuple[float, ...]:
    by_place = dict(zip(kept, values, strict=True))
    return tuple(by_place.get(place, 0.0) for place in range(looks))


def _seen(now: Assumptions, look: Look, method: Method) -> tuple[float, float]:
    """Information (in any unit) and expected z at a look."""
    if method == "log_rank":
        at = _held(now, look).expected
        return at.variance, at.z
    events = sum(events_at(now, look.month or completion_month(now)))
    events = min(events, look.events) if look.events is not None else events
    return events, drift(now.hazard_ratio[0][1], events, now.allocation)


def ratio_of(z: float, events: float, assumptions: Assumptions) -> float:
    """The hazard ratio that gives this z after so many events (Schoenfeld)."""
    return ratio_at(z, events, assumptions.allocation)
