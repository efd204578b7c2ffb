"""The hazard ratio of two arms, as an analysis would report it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

_STEPS: Final = 30
_NEAR_ENOUGH: Final = 1e-9

Timed = tuple[str, float, bool, bool]
"""Somebody: stratum, months, whether with the event, whether in the experimental arm."""


def log_hazard_ratio(people: Sequence[Timed]) -> float | None:
    """The logarithm of Cox's hazard ratio (Cox DR, J R Stat Soc B 1972;34:187-220), ties by Efron (J Am Stat Assoc
    1977;72:557-565), by Newton's steps; None where no finite one fits best. People of one stratum are compared."""
    risk = [one for _, those in groupby(sorted(people), key=lambda one: one[0]) for one in _at_risk(list(those))]
    observed = sum(event and experimental for _, _, event, experimental in people)
    if observed in (0, sum(event for _, _, event, _ in people)):
        return None
    found = 0.0
    for _ in range(_STEPS):
        shares = [exposed * math.exp(found) / (others + exposed * math.exp(found)) for others, exposed in risk]
        information = sum(share * (1 - share) for share in shares)
        if information <= 0:
            return None
        step = max(-1.0, min(1.0, (observed - sum(shares)) / information))
        found += step
        if abs(step) < _NEAR_ENOUGH:
            return found
    return None


def _at_risk(people: list[Timed]) -> Iterator[tuple[float, float]]:
    """People at risk at each event, those of the control arm and those of the other one; of those with an event at the
    same time, parts have left."""
    control = sum(not experimental for _, _, _, experimental in people)
    exposed = len(people) - control
    for _, at_once in groupby(sorted(people, key=lambda one: one[1]), key=lambda one: one[1]):
        gone = list(at_once)
        events = [experimental for _, _, event, experimental in gone if event]
        for number in range(len(events)):
            part = number / len(events)
            yield control - part * events.count(False), exposed - part * events.count(True)
        exposed -= sum(experimental for _, _, _, experimental in gone)
        control -= sum(not experimental for _, _, _, experimental in gone)
