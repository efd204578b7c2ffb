"""The values that a number can still take: an interval, perhaps on a grid, with single values left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from evenhand.rules.nodes import ComparisonOperator


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from ``low`` to ``high`` (None: no bound); with a step, those ``base + n * step``."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_open: bool = False
    left_out: frozenset[Fraction] = frozenset()
    step: Fraction | None = None
    base: Fraction = Fraction(0)

    def cut(self, operator: ComparisonOperator, bound: Fraction) -> Interval:
        """The part that stands so to a bound."""
        match operator:
            case "!=":
                return replace(self, left_out=self.left_out | {bound})
            case "==":
                return self.cut(">=", bound).cut("<=", bound)
            case ">" | ">=":
                return self._from(bound, operator == ">")
            case _:
                return self._up_to(bound, operator == "<")

    @property
    def empty(self) -> bool:
        """Whether no number is left."""
        if self.low is None or self.high is None:
            return False
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            return True
        if self.step is None:
            return self.low == self.high and self.low in self.left_out
        return self._empty_on_grid(self.low, self.high, self.step)

    def times(self, factor: Fraction) -> Interval:
        """Every value times a factor that is not 0."""
        low, high = (None if end is None else end * factor for end in (self.low, self.high))
        left_out = frozenset(value * factor for value in self.left_out)
        step = None if self.step is None else self.step * abs(factor)
        if factor > 0:
            return Interval(low, high, self.low_open, self.high_open, left_out, step, self.base * factor)
        return Interval(high, low, self.high_open, self.low_open, left_out, step, self.base * factor)

    def plus(self, other: Interval) -> Interval:
        """Every sum of a value of each; the grids and the values left out are forgotten."""
        low = None if self.low is None or other.low is None else self.low + other.low
        high = None if self.high is None or other.high is None else self.high + other.high
        return Interval(low, high, self.low_open or other.low_open, self.high_open or other.high_open)

    def __str__(self) -> str:
        """What numbers these are by their ends and grid; nothing when any number will do."""
        grid = "" if self.step in (None, 1) else f" in steps of {self.step}"
        what = ("a whole number" if self.step == 1 else "a number") + grid
        if self.low is not None and self.high is not None:
            return f"{what} from {self.low} to {self.high}"
        if self.low is not None:
            return f"{what}, {self.low} or more"
        return f"{what}, {self.high} or less" if self.high is not None else ""

    def _from(self, bound: Fraction, is_open: bool) -> Interval:
        if self.low is None or bound > self.low:
            return replace(self, low=bound, low_open=is_open)
        return replace(self, low_open=self.low_open or is_open) if bound == self.low else self

    def _up_to(self, bound: Fraction, is_open: bool) -> Interval:
        if self.high is None or bound < self.high:
            return replace(self, high=bound, high_open=is_open)
        return replace(self, high_open=self.high_open or is_open) if bound == self.high else self

    def _empty_on_grid(self, low: Fraction, high: Fraction, step: Fraction) -> bool:
        first, last = ceil((low - self.base) / step), floor((high - self.base) / step)
        if self.low_open and self.base + first * step == low:
            first += 1
        if self.high_open and self.base + last * step == high:
            last -= 1
        number = max(last - first + 1, 0)
        return number <= len(self.left_out) and all(
            self.base + place * step in self.left_out for place in range(first, last + 1)
        )
