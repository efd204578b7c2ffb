"""One trial at a time, by the same loops: to look at it, and to hold the loops to other programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenhand.simulation.fast.arrays import Floats, Ints
from evenhand.simulation.fast.compiling import kept, sources_digest
from evenhand.simulation.fast.hazard_ratio import log_hazard_ratio
from evenhand.simulation.fast.inputs import Inputs
from evenhand.simulation.fast.log_rank import z_of
from evenhand.simulation.fast.looking import in_order, look_at, schedule
from evenhand.simulation.fast.people import EVENT, LEFT, draw_people
from evenhand.simulation.fast.scratch import (
    CELL,
    DROPOUTS,
    ENDS,
    ENTRY,
    EVENTS,
    EXPECTED,
    FOUND,
    HOW,
    LASTS,
    LOOK_MONTHS,
    OBSERVED,
    VARIANCE,
    Scratch,
    empty,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a look finds; ``observed`` and ``expected`` are events of the experimental arm, the ratio is Cox's."""

    month: float
    people: int
    events: int
    dropouts: int
    observed: float
    expected: float
    variance: float
    z: float
    log_hazard_ratio: float


@dataclass(frozen=True, slots=True)
class Trial:
    """The people of a trial in the order of entry, and its looks; None for a look that is not held.

    ``lasts``: months of follow-up; ``how``: 0 with an event, 1 dropped out, 2 followed to the planned end. ``close``:
    the month in which follow-up ends for all, infinite where each has an end of their own.
    """

    entry: Floats
    stratum: Ints
    arm: Ints
    lasts: Floats
    how: Ints
    close: float
    looks: tuple[Look | None, ...]


def one_trial(inputs: Inputs, seed: int, trial: int) -> Trial:
    """The trial of that number."""
    of, close = _draw(inputs, np.uint64(seed), trial)
    n = inputs.people
    real, whole = of.real.copy(), of.whole.copy()
    months = real[LOOK_MONTHS, : inputs.looks.shape[1]]
    looks = tuple(None if np.isnan(month) else _looked(inputs, of, float(month), close) for month in months)
    cell = whole[CELL, :n]
    return Trial(real[ENTRY, :n], cell >> 1, cell & 1, real[LASTS, :n], whole[HOW, :n], close, looks)


def compared(
    inputs: Inputs, time: npt.ArrayLike, event: npt.ArrayLike, arm: npt.ArrayLike, stratum: npt.ArrayLike | None = None
) -> Look:
    """The log-rank test and the hazard ratio of people from elsewhere, all followed to their ``time``.

    ``inputs`` says how many people and strata there are, and whether the test is stratified.
    """
    times, events, arms = np.asarray(time, np.float64), np.asarray(event, np.int64), np.asarray(arm, np.int64)
    strata = np.zeros_like(arms) if stratum is None else np.asarray(stratum, np.int64)
    of, _ = _draw(inputs, np.uint64(0), 0)
    n = inputs.people
    of.real[ENTRY, :n] = 0.0
    of.real[LASTS, :n] = of.real[ENDS, :n] = times
    of.whole[HOW, :n] = np.where(events == 1, EVENT, LEFT)
    of.whole[CELL, :n] = 2 * strata + arms
    return _looked(inputs, of, float(times.max()), np.inf)


def _looked(inputs: Inputs, of: Scratch, month: float, close: float) -> Look:
    people, z, ratio = _look(inputs, of, min(month, close))
    found = of.real[FOUND]
    return Look(
        month=month,
        people=people,
        events=int(found[EVENTS]),
        dropouts=int(found[DROPOUTS]),
        observed=float(found[OBSERVED]),
        expected=float(found[EXPECTED]),
        variance=float(found[VARIANCE]),
        z=z,
        log_hazard_ratio=ratio,
    )


def _drawing(digest: str) -> Callable[[Inputs, np.uint64, int], tuple[Scratch, float]]:
    @kept
    def drawing(inputs: Inputs, seed: np.uint64, trial: int) -> tuple[Scratch, float]:
        of = empty(inputs)
        if digest:  # closed over, as `kept` asks
            draw_people(inputs, seed, np.uint64(trial), of)
        return of, schedule(inputs, of)

    return drawing


def _looking(digest: str) -> Callable[[Inputs, Scratch, float], tuple[int, float, float]]:
    @kept
    def looking(inputs: Inputs, of: Scratch, month: float) -> tuple[int, float, float]:
        people = 0
        if digest:  # closed over, as `kept` asks
            people = look_at(inputs, of, in_order(inputs, of, month), month)
        return people, z_of(of), log_hazard_ratio(of)

    return looking


_draw = _drawing(sources_digest())
_look = _looking(sources_digest())
