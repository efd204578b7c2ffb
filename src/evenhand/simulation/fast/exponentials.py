"""Standard exponential numbers by layers of equal area, so that 98.9 % of them need no logarithm.

The area under exp(-x) is cut into 256 layers; a point falls in a layer by the lowest 8 bits of a word, and across it
by the upper 53. Source: Marsaglia G, Tsang WW, The ziggurat method for generating random variables, J Stat Softw
2000;5(8), which gives the edge of the lowest layer; the tables here follow from that edge.
"""

from __future__ import annotations

import math

import numpy as np

from evenhand.simulation.fast.arrays import Floats, Words
from evenhand.simulation.fast.compiling import compiled
from evenhand.simulation.fast.streams import after, uniform, word_of

LAYERS = 256
EDGE = 7.69711747013104972  # where the lowest layer ends and the tail begins
AREA = (EDGE + 1.0) * math.exp(-EDGE)  # of each layer, the tail counted with the lowest
UNITS = 2.0**53


def edges() -> list[float]:
    """The right edges of the layers from the lowest, whose edge stands for its area with the tail, up to 0."""
    found = [AREA / math.exp(-EDGE), EDGE]
    while len(found) < LAYERS:
        found.append(-math.log(math.exp(-found[-1]) + AREA / found[-1]))
    return [*found, 0.0]


_EDGES = np.array(edges())
_WIDTHS = _EDGES[:-1] / UNITS
_INSIDE = (_EDGES[1:] / _EDGES[:-1] * UNITS).astype(np.int64)  # so far across, a layer lies wholly under the curve
_HEIGHTS = np.exp(-_EDGES)
_LOWEST_BITS = np.uint64(LAYERS - 1)


@compiled
def exponentials(state: Words, out: Floats, count: int) -> None:
    """Fill the first ``count`` of ``out`` with the next standard exponential numbers of a stream."""
    a, b, c, d = state[0], state[1], state[2], state[3]
    for i in range(count):
        base = 0.0
        while True:
            word = word_of(a, d)
            a, b, c, d = after(a, b, c, d)
            layer = word & _LOWEST_BITS
            units = np.int64(word >> np.uint64(11))
            x = float(units) * _WIDTHS[layer]
            if units < _INSIDE[layer]:
                break
            if layer == np.uint64(0):
                base += EDGE  # beyond the edge the tail is again a standard exponential
                continue
            height = uniform(word_of(a, d))
            a, b, c, d = after(a, b, c, d)
            floor = _HEIGHTS[layer]
            if floor + height * (_HEIGHTS[layer + np.uint64(1)] - floor) < math.exp(-x):
                break
        out[i] = base + x
    state[0], state[1], state[2], state[3] = a, b, c, d
