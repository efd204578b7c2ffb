"""How probable it is that a trial stops at each of its looks, and on which side."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.statistics.checks import checked_information
from evenhand.statistics.walk import NODES, Step, Walk, start

Drift = float | Sequence[float]
"""The z expected at full information (1), or the z expected at each look where effects are not proportional."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """The probability of stopping at each look: above (``upper``), below (``lower``), and of never (``none``)."""

    upper: tuple[float, ...]
    lower: tuple[float, ...]
    none: float

    @property
    def power(self) -> float:
        """The probability of crossing the upper bound at any look."""
        return min(1.0, math.fsum(self.upper))  # what is added up may round to a hair above

    def by_look(self) -> tuple[float, ...]:
        """The probability of having crossed the upper bound by each look."""
        return running(self.upper)

    def stopping(self) -> tuple[float, ...]:
        """The probability that each look is the last; whoever crosses nothing ends at the last look."""
        both = [above + below for above, below in zip(self.upper, self.lower, strict=True)]
        return (*both[:-1], both[-1] + self.none)


def running(parts: Sequence[float]) -> tuple[float, ...]:
    """The parts added up from the first."""
    return tuple(math.fsum(parts[: end + 1]) for end in range(len(parts)))


def steps(information: Sequence[float], drift: Drift) -> list[Step]:
    """The walk's steps from look to look. Raises ValueError where the drifts do not fit the looks."""
    times = checked_information(information)
    if isinstance(drift, int | float):
        means = [drift * time for time in times]
    else:
        if len(drift) != len(times):
            raise ValueError(f"{len(drift)} expected z for {len(times)} looks; give one a look")
        means = [z * math.sqrt(time) for z, time in zip(drift, times, strict=True)]
    if not all(map(math.isfinite, means)):
        raise ValueError(f"the drift {drift} is not finite; give the z that is expected")
    return [Step(*one) for one in zip(times, means, (*times[1:], None), strict=True)]


def crossing(
    information: Sequence[float],
    drift: Drift,
    upper: Sequence[float],
    lower: Sequence[float] | None = None,
    *,
    nodes: int = NODES,
) -> Crossing:
    """The probabilities of stopping under ``drift``.

    ``upper`` and ``lower`` are z at each look (plus or minus infinity: no bound there); no ``lower`` means that nothing
    stops below. Raises ValueError where the lengths differ or a lower bound lies above its upper bound.
    """
    lower = (-math.inf,) * len(upper) if lower is None else lower
    path = steps(information, drift)
    if not len(path) == len(upper) == len(lower):
        raise ValueError(f"{len(path)} looks, {len(upper)} upper and {len(lower)} lower bounds; give as many of each")
    return cross(start(), path, upper, lower, nodes)


def cross(
    walk: Walk, path: Sequence[Step], upper: Sequence[float], lower: Sequence[float], nodes: int = NODES
) -> Crossing:
    """The same from where ``walk`` stands. Raises ValueError where a lower bound lies above its upper bound."""
    above, below = [], []
    for look, (step, low, high) in enumerate(zip(path, lower, upper, strict=True), start=1):
        if not low <= high:
            raise ValueError(f"at look {look} the lower bound {low:g} is not at or below the upper bound {high:g}")
        above.append(walk.beyond(step, high))
        below.append(walk.beyond(step, low, -1))
        if step.following is not None:
            walk = walk.onward(step, low, high, nodes)
        else:
            none = max(0.0, walk.remaining() - above[-1] - below[-1])
    return Crossing(tuple(above), tuple(below), none)
