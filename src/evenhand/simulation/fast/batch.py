"""Many trials, one after the other, and the sums over them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from evenhand.simulation.fast.arrays import Floats, Ints
from evenhand.simulation.fast.compiling import compiled, kept, sources_digest
from evenhand.simulation.fast.hazard_ratio import log_hazard_ratio
from evenhand.simulation.fast.inputs import EFFICACY_BOUND, FUTILITY_BOUND, HARM_BOUND, Inputs
from evenhand.simulation.fast.log_rank import z_of
from evenhand.simulation.fast.looking import in_order, look_at, schedule
from evenhand.simulation.fast.people import draw_people
from evenhand.simulation.fast.scratch import CELL, DROPOUTS, EVENTS, FOUND, LOOK_MONTHS, Scratch, empty
from evenhand.simulation.fast.sums import (
    EFFICACY,
    ESTIMATES,
    FUTILITY,
    HARM,
    HELD,
    LARGEST_IMBALANCE,
    NEVER_FUTILE,
    SUM_DURATION,
    SUM_ESTIMATE,
    SUM_EVENTS,
    SUM_IMBALANCE,
    TRIALS,
    Sums,
)


@compiled
def add(sums: Floats, first: int, values: tuple[float, ...]) -> None:
    """Add each value to a column, from the ``first`` on, and its square to the next one."""
    for place in range(len(values)):
        sums[first + 2 * place] += values[place]
        sums[first + 2 * place + 1] += values[place] * values[place]


@compiled
def hold_looks(inputs: Inputs, of: Scratch, looks: Floats, totals: Floats) -> None:
    """Hold every look of one trial, and add what is found to the sums."""
    close = schedule(inputs, of)
    months, last = of.real[LOOK_MONTHS], inputs.looks.shape[1] - 1
    ended = in_order(inputs, of, min(months[last], close))
    going_on, never_futile = True, True
    for look in range(last + 1):
        month = months[look]
        if math.isnan(month):
            continue
        entered = look_at(inputs, of, ended, min(month, close))
        z = z_of(of)
        _add_look(looks[look], of.real[FOUND], month, entered, z)
        if never_futile and (z >= inputs.looks[EFFICACY_BOUND, look] or z <= inputs.looks[HARM_BOUND, look]):
            never_futile = False
            totals[NEVER_FUTILE] += z >= inputs.looks[EFFICACY_BOUND, look]
        if going_on and (_stops(inputs.looks[:, look], looks[look], z) or look == last):
            going_on = False
            _add_end(totals, of, month, entered)


@compiled
def _stops(limits: Floats, sums: Floats, z: float) -> bool:
    """Whether z crosses a bound of its look, counted as what it crosses."""
    if z >= limits[EFFICACY_BOUND]:
        sums[EFFICACY] += 1
    elif z <= limits[HARM_BOUND]:
        sums[HARM] += 1
    elif z <= limits[FUTILITY_BOUND]:
        sums[FUTILITY] += 1
    else:
        return False
    return True


@compiled
def _add_look(sums: Floats, found: Floats, month: float, entered: int, z: float) -> None:
    sums[HELD] += 1
    add(sums, SUM_EVENTS, (found[EVENTS], month, float(entered), z, found[DROPOUTS]))


@compiled
def _add_end(totals: Floats, of: Scratch, month: float, entered: int) -> None:
    add(totals, SUM_DURATION, (month, of.real[FOUND, EVENTS], float(entered)))
    estimate = log_hazard_ratio(of)
    if not math.isnan(estimate):
        totals[ESTIMATES] += 1
        add(totals, SUM_ESTIMATE, (estimate,))


@compiled
def _add_allocation(inputs: Inputs, totals: Floats, cell: Ints, guesses: int) -> None:
    """Imbalance over all strata: people of the experimental arm beyond its share, in people where the ratio is 1:1."""
    experimental = 0
    for i in range(inputs.people):
        experimental += cell[i] & 1
    imbalance = abs(experimental * inputs.control - (inputs.people - experimental) * inputs.experimental)
    add(totals, SUM_IMBALANCE, (float(imbalance), 0.5 * guesses))
    totals[LARGEST_IMBALANCE] = max(totals[LARGEST_IMBALANCE], imbalance)


@compiled
def run_trials(inputs: Inputs, seed: np.uint64, first: int, count: int, looks: Floats, totals: Floats) -> None:
    """Add the trials of these numbers to sums that begin at zero."""
    of = empty(inputs)
    for trial in range(first, first + count):
        guesses = draw_people(inputs, seed, np.uint64(trial), of)
        totals[TRIALS] += 1
        _add_allocation(inputs, totals, of.whole[CELL], guesses)
        hold_looks(inputs, of, looks, totals)


def _entrance(digest: str) -> Callable[[Inputs, np.uint64, int, int, Floats, Floats], str]:
    @kept
    def entrance(inputs: Inputs, seed: np.uint64, first: int, count: int, looks: Floats, totals: Floats) -> str:
        run_trials(inputs, seed, first, count, looks, totals)
        return digest  # closed over, so that what is kept on disk belongs to these very sources

    return entrance


_run = _entrance(sources_digest())


def batch_sums(inputs: Inputs, seed: int, first: int, count: int) -> Sums:
    """The sums over the trials ``first`` to ``first + count - 1``; any process may be asked for them."""
    found = Sums.none(inputs.looks.shape[1])
    # Copied, since threads that count references to the same arrays wait for each other.
    own = inputs._replace(
        accrual=inputs.accrual.copy(),
        hazard=inputs.hazard.copy(),
        strata=inputs.strata.copy(),
        blocks=inputs.blocks.copy(),
        looks=inputs.looks.copy(),
    )
    _run(own, np.uint64(seed), first, count, found.looks, found.totals)
    return found
