"""From values to places on the paper, and the round numbers that head an axis."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log, log10


@dataclass(frozen=True, slots=True)
class Scale:
    """``low`` is drawn at ``start``, ``high`` at ``stop``; on a log scale both are above 0.

    Values beyond the ends are drawn at the ends. Where low and high are the same, all stand in the middle.
    """

    low: float
    high: float
    start: float
    stop: float
    log: bool = False

    def at(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        low, high, here = (log(one) if self.log else one for one in (self.low, self.high, inside))
        share = (here - low) / (high - low) if high > low else 0.5
        return self.start + share * (self.stop - self.start)

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def nice_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that parts a span into at most ``most``; 1 for hardly any span."""
    if not span > 1e-9:
        return 1.0
    rough = span / max(most, 1)
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))


def ticks(low: float, high: float, step: float) -> tuple[float, ...]:
    """The multiples of a step from low to high."""
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple(round(place * step, 10) for place in range(first, last + 1))


def whole_step(span: float, most: int) -> float:
    """As `nice_step`, but at least 1: for counts."""
    return max(1.0, nice_step(span, most))


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """Powers of two from low to high, where these are few (0.25, 0.5, 1 ...); else those of ten, or of 100 ..."""
    halves = tuple(2.0**p for p in range(-7, 8) if low <= 2.0**p * (1 + 1e-9) and 2.0**p <= high)
    if len(halves) <= 6 and high <= 64 * low:
        return halves
    powers = range(floor(log10(low)) - 1, ceil(log10(high)) + 2)
    few, every = halves, 0
    while not every or len(few) > 7:
        every += 1
        few = tuple(10.0**p for p in powers if p % every == 0 and low <= 10.0**p * (1 + 1e-9) and 10.0**p <= high)
    return few


def printed(value: float) -> str:
    """A tick's number as short as it is exact: "0.25", "60", "1200", with a true minus."""
    return f"{round(value, 6):.6f}".rstrip("0").rstrip(".").replace("-", "\u2212")
