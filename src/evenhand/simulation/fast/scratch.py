"""The tables that the trials of one batch share, one after the other, so that no trial asks for memory.

They are two, with named rows: each array costs time wherever a compiled function is handed it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenhand.simulation.fast.arrays import Floats, Ints, Words
from evenhand.simulation.fast.compiling import compiled
from evenhand.simulation.fast.inputs import SIZE, Inputs

# Rows of real numbers: one a person, unless said otherwise.
(
    GAPS,  # between entries; one more than people
    ENTRY,  # month of entry, in order
    EVENT_MONTHS,  # from randomization until the event
    DROPOUT_MONTHS,  # from randomization until somebody would drop out
    LASTS,  # months that somebody is followed
    ENDS,  # the month in which that ends, since the first could enter
    KEYS,  # what is to be sorted
    SORTED,
    GONE_AFTER,  # at a look, in one stratum: LASTS of those whose follow-up ended early, shortest first
    GOING_FOR,  # the same of those still followed, the last to enter first
    AT_RISK,  # people at risk at each event
    EXPOSED,  # those of them in the experimental arm
    LOOK_MONTHS,  # the month of each look
    FOUND,  # what a look found, as below
) = range(14)

# Rows of whole numbers.
(
    HOW,  # how follow-up ends
    CELL,  # 2 * stratum + arm
    WHO,  # whose the KEYS are
    ORDER,  # whose the SORTED are
    GONE_HOW,  # beside GONE_AFTER: 2 for an event, 1 for the experimental arm
    GOING_ARM,  # beside GOING_FOR
    BOXES,  # for sorting
    UNUSED,  # in each stratum, the first place of the open block that nobody has
    BLOCK_UNTIL,  # in each stratum, the place after it
    BLOCK_ARM,  # for each stratum, the arms of its open block
    BLOCK_GUESS,  # beside them, twice the chance that each is guessed
) = range(11)

EVENTS, DROPOUTS, OBSERVED, EXPECTED, VARIANCE = range(5)
"""What a look finds; observed and expected are events of the experimental arm."""

BOXES_A_PERSON = 2


class Scratch(NamedTuple):
    """The state of the stream, and the tables."""

    state: Words
    real: Floats
    whole: Ints


@compiled
def empty(inputs: Inputs) -> Scratch:
    """Tables of the sizes that these inputs need."""
    strata = inputs.strata.shape[1]
    real = max(inputs.people + 1, inputs.looks.shape[1], 5)
    whole = max(BOXES_A_PERSON * inputs.people + 2, strata * inputs.blocks[SIZE].max())
    return Scratch(np.zeros(4, np.uint64), np.zeros((14, real)), np.zeros((11, whole), np.int64))
