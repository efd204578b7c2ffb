"""One person's course under two competing constant-in-pieces hazards, in closed form: an event, or being lost."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

from evenhand.statistics.hazards import Pieces


@dataclass(frozen=True, slots=True)
class Curve:
    """From each month on: the hazard of the event, of both, and what there is at that month.

    ``staying`` is the probability of being followed without event, ``events`` that of an event seen, ``event_area``
    and ``staying_area`` their integrals from month 0.
    """

    months: tuple[float, ...]
    hazards: tuple[float, ...]
    totals: tuple[float, ...]
    staying: tuple[float, ...]
    events: tuple[float, ...]
    event_area: tuple[float, ...]
    staying_area: tuple[float, ...]

    def at(self, month: float) -> tuple[float, float, float, float]:
        """(staying, events, event area, staying area) at ``month``."""
        piece = bisect_right(self.months, month) - 1
        now = (self.staying[piece], self.events[piece], self.event_area[piece], self.staying_area[piece])
        return _later(now, self.hazards[piece], self.totals[piece], month - self.months[piece])


def curve(hazard: Pieces, dropout: float) -> Curve:
    """The course under ``hazard`` of the event and a constant hazard of ``dropout``, both a month."""
    months = tuple(month for month, _ in hazard)
    hazards = tuple(value for _, value in hazard)
    totals = tuple(value + dropout for value in hazards)
    rows = [(1.0, 0.0, 0.0, 0.0)]
    for piece in range(len(months) - 1):
        rows.append(_later(rows[-1], hazards[piece], totals[piece], months[piece + 1] - months[piece]))
    staying, events, event_area, staying_area = zip(*rows, strict=True)
    return Curve(months, hazards, totals, staying, events, event_area, staying_area)


def _later(
    now: tuple[float, float, float, float], hazard: float, total: float, months: float
) -> tuple[float, float, float, float]:
    """The same so many ``months`` later within one piece."""
    staying, events, event_area, staying_area = now
    if math.isinf(months):
        return 0.0 if total > 0 else staying, events + staying * (hazard / total if total else 0.0), math.inf, math.inf
    once, twice = _once(total * months), _twice(total * months)
    return (
        staying * math.exp(-total * months),
        events + staying * hazard * months * once,
        event_area + events * months + staying * hazard * months**2 * twice,
        staying_area + staying * months * once,
    )


def _once(x: float) -> float:
    """(1 - exp(-x)) / x, also at 0."""
    return -math.expm1(-x) / x if x > 0 else 1.0


def _twice(x: float) -> float:
    """(x - 1 + exp(-x)) / x squared, also near 0, where the difference would lose all digits."""
    if x > 0.5:
        return (x + math.expm1(-x)) / x**2
    term, total = 0.5, 0.0
    for power in range(3, 20):
        total += term
        term *= -x / power
    return total
