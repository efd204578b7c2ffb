"""The looks of a design at the outcomes of one faithful trial, added up as the fast path adds up its own."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from evenhand.dates import DAYS_PER_MONTH
from evenhand.design.assumptions import Assumptions, Look
from evenhand.record import Allocation
from evenhand.simulation.faithful.cox import log_hazard_ratio
from evenhand.simulation.faithful.outcomes import Outcome, cut_at
from evenhand.simulation.fast import Limits
from evenhand.simulation.fast.arrays import Floats
from evenhand.simulation.fast.sums import (
    EFFICACY,
    ESTIMATES,
    FUTILITY,
    HARM,
    HELD,
    LARGEST_IMBALANCE,
    NEVER_FUTILE,
    SUM_DROPOUTS,
    SUM_DURATION,
    SUM_ESTIMATE,
    SUM_EVENTS,
    SUM_GUESSES,
    SUM_IMBALANCE,
    SUM_LAST_EVENTS,
    SUM_LAST_PEOPLE,
    SUM_MONTH,
    SUM_PEOPLE,
    SUM_Z,
    TRIALS,
    Sums,
)
from evenhand.statistics.logrank import LogRank, logrank

Found = tuple[Outcome, ...]


def looks_of(
    found: Found, allocations: Sequence[Allocation], start: date, design: Assumptions, limits: Limits, control: str
) -> Sums:
    """Hold every look of the design at the outcomes of one trial at full length, which began on ``start``."""
    sums = Sums.none(len(design.looks))
    sums.totals[TRIALS] = 1
    _add_allocations(sums.totals, allocations, design, control)
    days = look_days(found, start, design.looks)
    going_on, never_futile = True, True
    for place, day in enumerate(days):
        if day is None:
            continue
        seen, row = cut_at(found, day), sums.looks[place]
        z = compared(seen, control, stratified=design.stratified_test).z
        z = 0.0 if math.isnan(z) else z
        _add_look(row, seen, (day - start).days / DAYS_PER_MONTH, z)
        shown, harmful = z >= limits.efficacy[place], design.sided == 2 and z <= -limits.efficacy[place]
        if never_futile and (shown or harmful):
            never_futile = False
            sums.totals[NEVER_FUTILE] += shown
        if going_on:
            column = _crossed(shown, harmful, _futility(limits, place), z)
            if column is not None:
                row[column] += 1
            if column is not None or place == len(days) - 1:
                going_on = False
                _add_end(sums.totals, seen, (day - start).days / DAYS_PER_MONTH, control, design.stratified_test)
    return sums


def look_days(found: Found, start: date, looks: Sequence[Look]) -> list[date | None]:
    """The day of each look, None where it is not held: at more events than there will be, unless it is the last one,
    which is then held when all is complete. No look is held before the one in front of it."""
    events = sorted(one.until for one in found if one.event)
    complete = max(one.until for one in found)
    days: list[date | None] = []
    before = start
    for number, look in enumerate(looks, start=1):
        day: date | None = None
        if look.month is not None:
            day = start + timedelta(days=int(look.month * DAYS_PER_MONTH))
        elif look.events is not None and look.events <= len(events):
            day = events[look.events - 1]
        elif look.complete or number == len(looks):
            day = complete
        before = before if day is None else max(before, day)
        days.append(None if day is None else before)
    return days


def compared(found: Found, control: str, *, stratified: bool) -> LogRank:
    """The log-rank test of outcomes; the other arm is the experimental one."""
    return logrank(
        [one.months for one in found],
        [one.event for one in found],
        [one.arm != control for one in found],
        np.array([one.stratum for one in found]) if stratified else None,
    )


def _crossed(shown: bool, harmful: bool, futility: float, z: float) -> int | None:
    """The column of the bound that is crossed at a look."""
    if shown or harmful:
        return EFFICACY if shown else HARM
    return FUTILITY if z <= futility else None


def _futility(limits: Limits, place: int) -> float:
    """The bound for futility; at the last look nothing is left to stop, as on the fast path."""
    last = place == len(limits.efficacy) - 1
    return -math.inf if last or limits.futility is None else limits.futility[place]


def _add(sums: Floats, column: int, value: float) -> None:
    """Add a value to a column and its square to the next."""
    sums[column] += value
    sums[column + 1] += value * value


def _add_look(row: Floats, seen: Found, month: float, z: float) -> None:
    row[HELD] += 1
    _add(row, SUM_EVENTS, sum(one.event for one in seen))
    _add(row, SUM_MONTH, month)
    _add(row, SUM_PEOPLE, len(seen))
    _add(row, SUM_Z, z)
    _add(row, SUM_DROPOUTS, sum(dropped(one) for one in seen))


def dropped(one: Outcome) -> bool:
    """Whether somebody left before the event and before the end of follow-up."""
    return bool(one.why) and not one.event and not one.in_time


def _add_end(totals: Floats, seen: Found, month: float, control: str, stratified: bool) -> None:
    _add(totals, SUM_DURATION, month)
    _add(totals, SUM_LAST_EVENTS, sum(one.event for one in seen))
    _add(totals, SUM_LAST_PEOPLE, len(seen))
    people = [(one.stratum if stratified else "", one.months, one.event, one.arm != control) for one in seen]
    estimate = log_hazard_ratio(people)
    if estimate is not None:
        totals[ESTIMATES] += 1
        _add(totals, SUM_ESTIMATE, estimate)


def _add_allocations(totals: Floats, made: Sequence[Allocation], design: Assumptions, control: str) -> None:
    """Imbalance over all strata, and how many allocations are guessed right by who knows the stratum's arms so far."""
    unit = math.gcd(*design.allocation)
    shares = design.allocation[0] // unit, design.allocation[1] // unit
    experimental = sum(one.arm != control for one in made)
    imbalance = abs(experimental * shares[0] - (len(made) - experimental) * shares[1])
    _add(totals, SUM_IMBALANCE, imbalance)
    totals[LARGEST_IMBALANCE] = imbalance
    ahead: Counter[str] = Counter()
    guessed = 0.0
    for one in made:
        lead, other = ahead[one.stratum], one.arm != control
        guessed += 0.5 if lead == 0 else float((lead < 0) == other)
        ahead[one.stratum] += shares[0] if other else -shares[1]
    _add(totals, SUM_GUESSES, guessed)
