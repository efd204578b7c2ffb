"""The people of one trial: when each enters, in which stratum and arm, and when each one's follow-up ends and how."""

from __future__ import annotations

import math

import numpy as np

from evenhand.simulation.fast.arrays import Floats, Ints, Words
from evenhand.simulation.fast.compiling import compiled
from evenhand.simulation.fast.exponentials import exponentials
from evenhand.simulation.fast.inputs import BEFORE, BELOW, EXPERIMENTAL, FACTOR, FROM, RATE, SIZE, Inputs
from evenhand.simulation.fast.scratch import (
    BLOCK_ARM,
    BLOCK_GUESS,
    BLOCK_UNTIL,
    CELL,
    DROPOUT_MONTHS,
    ENDS,
    ENTRY,
    EVENT_MONTHS,
    GAPS,
    HOW,
    LASTS,
    UNUSED,
    Scratch,
)
from evenhand.simulation.fast.streams import after, begin, next_word, word_of

EVENT, LEFT, DONE = 0, 1, 2
"""How follow-up ends: with the event found, by dropping out, or at its planned end."""

LOWER_HALF, HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


@compiled
def draw_people(inputs: Inputs, seed: np.uint64, trial: np.uint64, of: Scratch) -> int:
    """Draw the people of one trial; returns twice the number of allocations that an observer guesses right.

    The events are drawn first and the losses last, so that assumptions that differ in little else share their luck.
    """
    begin(seed, trial, of.state)
    exponentials(of.state, of.real[EVENT_MONTHS], inputs.people)
    enter(inputs, of)
    guesses = allocate(inputs, of)
    if inputs.dropout > 0.0:
        exponentials(of.state, of.real[DROPOUT_MONTHS], inputs.people)
    follow(inputs, of)
    return guesses


@compiled
def month_when(gathered: float, starts: Floats, before: Floats, rates: Floats) -> float:
    """The month by which a rate in pieces has gathered so much; infinite if it never does."""
    piece = starts.size - 1
    while piece > 0 and before[piece] >= gathered:
        piece -= 1
    if rates[piece] > 0.0:
        return float(starts[piece] + (gathered - before[piece]) / rates[piece])
    return math.inf


@compiled
def enter(inputs: Inputs, of: Scratch) -> None:
    """Fill ``ENTRY`` with months of entry in order.

    The sums of exponential gaps are a Poisson process, and divided by the last of them sorted uniform numbers.
    """
    gaps, entry, people, accrual = of.real[GAPS], of.real[ENTRY], inputs.people, inputs.accrual
    exponentials(of.state, gaps, people + 1)
    total = 0.0
    for i in range(people):
        total += gaps[i]
        entry[i] = total
    unit = 1.0 if inputs.arrivals_exponential else people / (total + gaps[people])
    if accrual.shape[1] == 1:
        unit /= accrual[RATE, 0]
        for i in range(people):
            entry[i] *= unit
    else:
        for i in range(people):
            entry[i] = month_when(entry[i] * unit, accrual[FROM], accrual[BEFORE], accrual[RATE])


@compiled
def allocate(inputs: Inputs, of: Scratch) -> int:
    """Fill ``CELL`` by permuted blocks in each stratum; returns twice the right guesses."""
    cell, unused, until = of.whole[CELL], of.whole[UNUSED], of.whole[BLOCK_UNTIL]
    arm, guess, state = of.whole[BLOCK_ARM], of.whole[BLOCK_GUESS], of.state
    below, blocks = inputs.strata[BELOW], inputs.blocks
    strata, longest = below.size, blocks[SIZE].max()
    for stratum in range(strata):
        unused[stratum] = until[stratum] = stratum * longest
    guesses = 0
    for i in range(inputs.people):
        stratum = _stratum(below, state) if strata > 1 else 0
        place = unused[stratum]
        if place == until[stratum]:
            place = stratum * longest
            drawn = _block(blocks, state) if blocks.shape[1] > 1 else 0
            until[stratum] = place + blocks[SIZE, drawn]
            _draw_block(state, arm, place, blocks[SIZE, drawn], blocks[EXPERIMENTAL, drawn])
            _guess_block(arm, place, until[stratum], inputs.control, inputs.experimental, guess)
        unused[stratum] = place + 1
        cell[i] = 2 * stratum + arm[place]
        guesses += guess[place]
    return int(guesses)


@compiled
def _stratum(below: Floats, state: Words) -> int:
    chance = np.int64(next_word(state) & LOWER_HALF)
    stratum = 0
    while chance >= below[stratum]:
        stratum += 1
    return stratum


@compiled
def _block(blocks: Ints, state: Words) -> int:
    """Which of the kinds of blocks comes next."""
    return int(np.int64((next_word(state) >> HALF) * np.uint64(blocks.shape[1]) >> HALF))


@compiled
def _draw_block(state: Words, arms: Ints, first: int, size: int, experimental: int) -> None:
    """Write ``size`` arms from place ``first`` on, so many of them experimental, in random order."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    for place in range(size):
        chance = (word_of(a, d) >> HALF) * np.uint64(size - place) >> HALF
        a, b, c, d = after(a, b, c, d)
        arm = int(np.int64(chance) < experimental)
        arms[first + place] = arm
        experimental -= arm
    state[0], state[1], state[2], state[3] = a, b, c, d


@compiled
def _guess_block(arms: Ints, first: int, until: int, control: int, experimental: int, guess: Ints) -> None:
    """Write twice the chance that an observer is right who knows the stratum and the arms before.

    The guess is the arm that is behind its share; a tie is half a guess (Blackwell D, Hodges JL, Ann Math Stat
    1957;28:449-460). At the beginning of a block no arm is ahead.
    """
    ahead = 0
    for place in range(first, until):
        arm = arms[place]
        right = 2 * int((ahead < 0) == (arm == 1))
        guess[place] = 1 if ahead == 0 else right
        ahead += arm * (control + experimental) - experimental


@compiled
def follow(inputs: Inputs, of: Scratch) -> None:
    """Fill ``LASTS`` and ``ENDS`` with the months of follow-up and the month of its end, ``HOW`` with how it ends."""
    entry, event, dropout = of.real[ENTRY], of.real[EVENT_MONTHS], of.real[DROPOUT_MONTHS]
    lasts, ends, how = of.real[LASTS], of.real[ENDS], of.whole[HOW]
    _months_of_events(inputs, entry, of.whole[CELL], event)
    lost_after = 1.0 / inputs.dropout if inputs.dropout > 0.0 else 0.0
    for i in range(inputs.people):
        leaves = dropout[i] * lost_after if lost_after > 0.0 else math.inf
        first = min(event[i], leaves, inputs.cap)
        lasts[i] = first
        ends[i] = entry[i] + first
        how[i] = EVENT if event[i] == first else (LEFT if first < inputs.cap else DONE)
        dropout[i] = leaves


@compiled
def _months_of_events(inputs: Inputs, entry: Floats, cell: Ints, event: Floats) -> None:
    """Turn standard exponential numbers into months since randomization in which events are found."""
    hazard, factor, drift, visits = inputs.hazard, inputs.strata[FACTOR], inputs.drift, inputs.visits
    if hazard.shape[1] == 1 and drift == 0.0 and min(hazard[RATE, 0], hazard[RATE + 2, 0]) > 0.0:
        for i in range(inputs.people):
            event[i] /= factor[cell[i] >> 1] * hazard[RATE + 2 * (cell[i] & 1), 0]
    else:
        for i in range(inputs.people):
            arm, times = cell[i] & 1, factor[cell[i] >> 1] * math.exp(drift * entry[i])
            event[i] = month_when(event[i] / times, hazard[FROM], hazard[BEFORE + 2 * arm], hazard[RATE + 2 * arm])
    if visits > 0.0:
        for i in range(inputs.people):
            event[i] = math.ceil(event[i] / visits) * visits
