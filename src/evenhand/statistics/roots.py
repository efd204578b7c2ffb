"""Where a function of one number is zero."""

from __future__ import annotations

import math
from collections.abc import Callable


def root(function: Callable[[float], float], low: float, high: float, *, within: float = 1e-13) -> float:
    """A zero of ``function`` between ``low`` and ``high``, to ``within`` of its size.

    Chandrupatla, Advances in Engineering Software 1997;28:145-149: bisection, and inverse quadratic interpolation
    where that is safe. Raises ValueError where the function has the same sign at both ends.
    """
    a, b = high, low
    fa, fb = function(a), function(b)
    if fa == 0 or fb == 0:
        return a if fa == 0 else b
    if math.isnan(fa * fb) or (fa > 0) == (fb > 0):
        raise ValueError(f"the function has no change of sign between {low:g} and {high:g} ({fb:g} and {fa:g})")
    share, best = 0.5, a
    while fa != 0 and abs(b - a) > within * max(1.0, abs(best)):
        at = a + share * (b - a)
        value = function(at)
        if (value > 0) == (fa > 0):
            c, fc = a, fa
        else:
            c, b, fc, fb = b, a, fb, fa
        a, fa = at, value
        best = a if abs(fa) < abs(fb) else b
        least = min(0.5, 0.5 * within * max(1.0, abs(best)) / abs(b - a))
        share = min(max(_next_share((a, b, c), (fa, fb, fc)), least), 1 - least)
    return best


def _next_share(at: tuple[float, float, float], values: tuple[float, float, float]) -> float:
    """Where to look next, as a share of the way from the newest end to the other."""
    (a, b, c), (fa, fb, fc) = at, values
    if fc in (fa, fb) or b == c:
        return 0.5
    xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
    if phi**2 < xi and (1 - phi) ** 2 < 1 - xi:
        return fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    return 0.5
