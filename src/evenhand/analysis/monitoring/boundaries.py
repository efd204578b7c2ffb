"""How many events are too many: boundaries of a stopping rule for a proportion, and what the rule does, exactly.

``exact``: at each look the rule stops where a one-sided exact binomial test of "the rate is the tolerated one" has a
p-value of at most one nominal level, the same at every look and the largest with which the probability of stopping at
any look is at most ``error`` while the rate is just the tolerated one (Ivanova, Qaqish and Schell, Biometrics
2005;61:540-545, who spread it likewise after Pocock). ``beta_binomial``: where the posterior probability that the rate
is above the tolerated one exceeds ``probable`` (Thall, Simon and Estey, Statistics in Medicine 1995;14:357-379).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc, betainc, gammaln, xlog1py, xlogy

from evenhand.protocol.monitoring import Boundary

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bound:
    """A look after so many ``people``: stopped with ``events`` or more; None where no number of events would."""

    people: int
    events: int | None


@dataclass(frozen=True, slots=True)
class Operating:
    """At a true ``rate``: the probability of stopping at each look, at any, and the people expected until then (all of
    the last look where it does not stop)."""

    rate: float
    at_look: tuple[float, ...]
    stopped: float
    people: float


def bounds_of(boundary: Boundary, tolerated: float, looks: Sequence[int]) -> tuple[Bound, ...]:
    """The bound of each look. Raises ValueError for looks that do not rise, or a rate that is no share."""
    _checked(looks, tolerated)
    if boundary.method == "exact":
        return _exact(float(boundary.error or 0), tolerated, looks)
    events, people = float(boundary.prior_events or 0), float(boundary.prior_people or 0)
    return tuple(_posterior(events, people, float(boundary.probable or 0), tolerated, one) for one in looks)


def operating(bounds: Sequence[Bound], rates: Sequence[float]) -> tuple[Operating, ...]:
    """What the rule does at each true rate, by summing over all courses that the counts may take."""
    return tuple(_operating(bounds, rate) for rate in rates)


def _checked(looks: Sequence[int], tolerated: float) -> None:
    if not looks or looks[0] < 1 or any(later <= earlier for earlier, later in pairwise(looks)):
        raise ValueError(f"the looks {list(looks)} do not rise from one person on")
    if not 0 < tolerated < 1:
        raise ValueError(f"the tolerated rate is {tolerated}; it lies between 0 and 1")


def _exact(error: float, tolerated: float, looks: Sequence[int]) -> tuple[Bound, ...]:
    """The largest nominal level that keeps the error, found among those at which a bound changes."""
    tails = [bdtrc(np.arange(people) + 0.0, people, tolerated) for people in looks]  # of 1, 2, ... events or more
    levels = sorted({float(p) for tail in tails for p in tail if p <= error})
    low, high = 0, len(levels)  # the first so many levels keep the error
    while low < high:
        middle = (low + high + 1) // 2
        if _operating(_at_level(levels[middle - 1], tails, looks), tolerated).stopped <= error:
            low = middle
        else:
            high = middle - 1
    return _at_level(levels[low - 1] if low else -1.0, tails, looks)


def _at_level(level: float, tails: list[Floats], looks: Sequence[int]) -> tuple[Bound, ...]:
    found = (np.flatnonzero(tail <= level) for tail in tails)
    return tuple(Bound(people, int(one[0]) + 1 if one.size else None) for people, one in zip(looks, found, strict=True))


def _posterior(events: float, prior: float, probable: float, tolerated: float, people: int) -> Bound:
    seen = np.arange(people + 1.0)
    above = 1 - betainc(events + seen, prior - events + people - seen, tolerated)
    found = np.flatnonzero(above > probable)
    return Bound(people, int(found[0]) if found.size else None)


def _operating(bounds: Sequence[Bound], rate: float) -> Operating:
    at_look = tuple(_stopping(bounds, rate))
    stopped = min(1.0, sum(at_look))
    people = sum(one.people * chance for one, chance in zip(bounds, at_look, strict=True))
    return Operating(rate, at_look, stopped, people + bounds[-1].people * (1 - stopped))


def _stopping(bounds: Sequence[Bound], rate: float) -> Iterator[float]:
    """The probability of stopping first at each look: counts are carried on where the look before did not stop."""
    going, before = np.ones(1), 0
    for one in bounds:
        going = np.convolve(going, _binomial(one.people - before, rate))
        before = one.people
        kept = len(going) if one.events is None else one.events
        yield float(going[kept:].sum())
        going = going[:kept]


def _binomial(people: int, rate: float) -> Floats:
    """The probability of 0, 1, ... events in so many people."""
    seen = np.arange(people + 1.0)
    ways = gammaln(people + 1) - gammaln(seen + 1) - gammaln(people - seen + 1)
    return np.asarray(np.exp(ways + xlogy(seen, rate) + xlog1py(people - seen, -rate)))
