"""What a look sees: when it is held, and who was seen until when.

People are sorted once by the months that they were followed. At a look some of them are still being followed; those
are censored after as many months as they have been in, which is the order of entry backwards. So each look merges two
sorted lists and sorts nothing.
"""

from __future__ import annotations

import math

from evenhand.simulation.fast.compiling import compiled
from evenhand.simulation.fast.inputs import AT, AT_COMPLETION, AT_EVENTS, KIND, Inputs
from evenhand.simulation.fast.log_rank import add_stratum
from evenhand.simulation.fast.people import DONE, EVENT
from evenhand.simulation.fast.scratch import (
    BOXES,
    BOXES_A_PERSON,
    CELL,
    ENDS,
    ENTRY,
    FOUND,
    GOING_ARM,
    GOING_FOR,
    GONE_AFTER,
    GONE_HOW,
    HOW,
    KEYS,
    LASTS,
    LOOK_MONTHS,
    ORDER,
    SORTED,
    WHO,
    Scratch,
)
from evenhand.simulation.fast.sorting import count_boxes, smallest, sort_both


@compiled
def schedule(inputs: Inputs, of: Scratch) -> float:
    """Fill ``LOOK_MONTHS`` with the month of each look, NaN where it is not held; returns when follow-up closes.

    A look at more events than there will be is not held, unless it is the last: that one is held when all is complete.
    No look is held before the one in front of it.
    """
    months, looks, keys, boxes = of.real[LOOK_MONTHS], inputs.looks, of.real[KEYS], of.whole[BOXES]
    close = of.real[ENTRY, inputs.people - 1] + inputs.after_last
    size = BOXES_A_PERSON * inputs.people
    events, before = -1, 0.0
    for look in range(looks.shape[1]):
        kind, at = looks[KIND, look], looks[AT, look]
        month = at
        if kind == AT_EVENTS:
            if events < 0:
                events = _events(inputs, of, close)
                count_boxes(keys[:events], size / inputs.scale, boxes[: size + 2])
            month = math.nan
            if at <= events:
                month = smallest(keys[:events], size / inputs.scale, boxes[: size + 2], int(at), of.real[SORTED])
        if kind == AT_COMPLETION or (math.isnan(month) and look == looks.shape[1] - 1):
            month = min(close, of.real[ENDS, : inputs.people].max())
        if not math.isnan(month):
            month = before = max(before, month)
        months[look] = month
    return float(close)


@compiled
def _events(inputs: Inputs, of: Scratch, close: float) -> int:
    """Put the months in which events are found at the front of ``KEYS``; returns how many."""
    keys, ends, how = of.real[KEYS], of.real[ENDS], of.whole[HOW]
    events = 0
    for i in range(inputs.people):
        keys[events] = ends[i]
        events += int(how[i] == EVENT) & int(ends[i] <= close)
    return events


@compiled
def in_order(inputs: Inputs, of: Scratch, latest: float) -> int:
    """Put those whose follow-up ended early by month ``latest`` into ``ORDER``, shortest first; returns how many.

    Those followed to their planned end stay at risk at every event, so they need no place.
    """
    keys, who, ends, lasts, how = of.real[KEYS], of.whole[WHO], of.real[ENDS], of.real[LASTS], of.whole[HOW]
    ended = 0
    for i in range(inputs.people):
        who[ended], keys[ended] = i, lasts[i]
        ended += int(how[i] != DONE) & int(ends[i] <= latest)
    size = BOXES_A_PERSON * inputs.people
    per_month = size / min(inputs.cap, max(latest, 1e-9))
    sort_both(keys[:ended], who, per_month, of.whole[BOXES, : size + 2], of.real[SORTED], of.whole[ORDER])
    return ended


@compiled
def look_at(inputs: Inputs, of: Scratch, ended: int, month: float) -> int:
    """Fill ``FOUND`` and the people at risk with what is known in a month; returns how many people have entered."""
    entered = inputs.people
    while entered > 0 and of.real[ENTRY, entered - 1] > month:
        entered -= 1
    of.real[FOUND, :5] = 0.0
    for stratum in range(inputs.tested_strata):
        gone = _gone(inputs, of, ended, month, stratum)
        going, people, experimental = _going(inputs, of, entered, month, stratum)
        add_stratum(of, gone, going, people, experimental)
    return entered


@compiled
def _gone(inputs: Inputs, of: Scratch, ended: int, month: float, stratum: int) -> int:
    """Write those of a stratum whose follow-up ended early by now, shortest first; returns how many."""
    ends, how, cell, stratum_bits = of.real[ENDS], of.whole[HOW], of.whole[CELL], inputs.stratum_bits
    after, order, gone_after, gone_how = of.real[SORTED], of.whole[ORDER], of.real[GONE_AFTER], of.whole[GONE_HOW]
    gone = 0
    for k in range(ended):
        i = order[k]
        gone_after[gone], gone_how[gone] = after[k], 2 * int(how[i] == EVENT) + (cell[i] & 1)
        gone += int(cell[i] & stratum_bits == 2 * stratum) & int(ends[i] <= month)
    return gone


@compiled
def _going(inputs: Inputs, of: Scratch, entered: int, month: float, stratum: int) -> tuple[int, int, int]:
    """Write those of a stratum who are still followed, the last to enter first.

    Returns how many they are, and of all who have entered how many there are and how many in the experimental arm.
    """
    ends, cell, entry, stratum_bits = of.real[ENDS], of.whole[CELL], of.real[ENTRY], inputs.stratum_bits
    going_for, going_arm = of.real[GOING_FOR], of.whole[GOING_ARM]
    going, people, experimental = 0, 0, 0
    for k in range(entered):
        i = entered - 1 - k
        here = int(cell[i] & stratum_bits == 2 * stratum)
        going_for[going], going_arm[going] = month - entry[i], cell[i] & 1
        going += here & int(ends[i] > month)
        people += here
        experimental += here & cell[i]
    return going, people, int(experimental)
