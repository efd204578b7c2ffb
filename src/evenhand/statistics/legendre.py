"""Gauss-Legendre quadrature without numpy."""

from __future__ import annotations

import math
from functools import cache

Rule = tuple[tuple[float, ...], tuple[float, ...]]


@cache
def rule(nodes: int) -> Rule:
    """The places between -1 and 1 and their weights (Newton's method on the Legendre polynomial)."""
    found = [_node(nodes, place) for place in range(nodes)]
    return tuple(x for x, _ in found), tuple(weight for _, weight in found)


def _node(nodes: int, place: int) -> tuple[float, float]:
    x = -math.cos(math.pi * (place + 0.75) / (nodes + 0.5))
    for _ in range(8):  # from this start, four are enough
        value, slope = _polynomial(nodes, x)
        x -= value / slope
    slope = _polynomial(nodes, x)[1]
    return x, 2 / ((1 - x * x) * slope * slope)


def _polynomial(degree: int, x: float) -> tuple[float, float]:
    before, value = 1.0, x
    for k in range(2, degree + 1):
        before, value = value, ((2 * k - 1) * x * value - (k - 1) * before) / k
    return value, degree * (x * value - before) / (x * x - 1)


def spread(low: float, high: float, nodes: int = 16) -> list[tuple[float, float]]:
    """(place, weight) between ``low`` and ``high``."""
    half, middle = (high - low) / 2, (high + low) / 2
    return [(middle + half * x, half * weight) for x, weight in zip(*rule(nodes), strict=True)]
