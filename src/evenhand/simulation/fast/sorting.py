"""Sorting the people of a trial by a month, in time that grows with their number alone."""

from __future__ import annotations

from evenhand.simulation.fast.arrays import Floats, Ints
from evenhand.simulation.fast.compiling import compiled


@compiled
def count_boxes(keys: Floats, per_month: float, boxes: Ints) -> None:
    """Count keys (0 or more) into boxes of equal width: ``boxes[i]`` becomes how many lie before box i.

    The last box but one takes all that lies beyond; the last place of ``boxes`` becomes how many there are.
    """
    last = boxes.size - 2
    boxes[:] = 0
    for k in range(keys.size):
        boxes[1 + int(min(keys[k] * per_month, float(last)))] += 1
    before = 0
    for box in range(1, last + 2):
        before += boxes[box]
        boxes[box] = before


@compiled
def sort_both(keys: Floats, who: Ints, per_month: float, boxes: Ints, by: Floats, order: Ints) -> None:
    """Sort keys into ``by``, and whose they are into ``order``: into boxes, then by insertion.

    ``per_month``: boxes a unit of the keys; a poor one costs time and changes nothing.
    """
    last = float(boxes.size - 2)
    count_boxes(keys, per_month, boxes)
    for k in range(keys.size):
        key = keys[k]
        box = int(min(key * per_month, last))
        at = boxes[box]
        boxes[box] = at + 1
        by[at] = key
        order[at] = who[k]
    for k in range(1, keys.size):
        key = by[k]
        if by[k - 1] > key:
            j, whose = k, order[k]
            while j > 0 and by[j - 1] > key:
                by[j], order[j] = by[j - 1], order[j - 1]
                j -= 1
            by[j], order[j] = key, whose


@compiled
def smallest(keys: Floats, per_month: float, boxes: Ints, rank: int, spare: Floats) -> float:
    """The key that is ``rank``-th from the smallest, from 1, after ``count_boxes`` with the same keys."""
    last = boxes.size - 2
    box = 0
    while boxes[box + 1] < rank:
        box += 1
    held = 0
    for k in range(keys.size):
        spare[held] = keys[k]
        held += int(int(min(keys[k] * per_month, float(last))) == box)
    for k in range(1, held):
        key, j = spare[k], k
        while j > 0 and spare[j - 1] > key:
            spare[j] = spare[j - 1]
            j -= 1
        spare[j] = key
    return float(spare[rank - 1 - boxes[box]])
