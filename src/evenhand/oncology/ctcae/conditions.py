"""The conditions of laboratory grades, such as ``> 3 ULN or > 3 BASE``: read once, answered for a sample.

A condition is joined by ``or``, inside it by ``and``; each part compares the value with a number, or with a multiple of
LLN, ULN or BASE to which a number may be added. A limit that is not known is any number at all, so that a condition is
answered only where every such number agrees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from evenhand.logic import Truth, conjunction, disjunction
from evenhand.units import Measured, Range, as_range, compare_numbers, exact, scale

LLN, ULN, BASE = "LLN", "ULN", "BASE"
Limits = Mapping[str, Measured]
_PART = re.compile(
    r"(?P<operator><=|>=|<|>) (?:(?P<factor>[0-9.]+)(?: |$))?(?:(?P<limit>LLN|ULN|BASE)(?: (?P<shift>[-+] [0-9.]+))?)?"
)
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The value compared with ``factor`` times ``limit`` plus ``shift``, or with ``shift`` alone."""

    operator: str
    limit: str | None
    factor: Decimal
    shift: Decimal

    def answer(self, value: Measured, limits: Limits) -> Truth:
        """YES or NO, or unknown where the value or the limit leaves it open."""
        if self.limit is None:
            return compare_numbers(value, self.operator, self.shift)
        return compare_numbers(value, self.operator, _shifted(scale(limits[self.limit], self.factor), self.shift))


@dataclass(frozen=True, slots=True)
class Condition:
    """Alternatives, each of which is a list of comparisons that must hold together."""

    alternatives: tuple[tuple[Comparison, ...], ...]

    def answer(self, value: Measured, limits: Limits) -> Truth:
        """Whether the value meets the condition under these limits."""
        return disjunction(
            conjunction(part.answer(value, limits) for part in together) for together in self.alternatives
        )

    @property
    def limits(self) -> frozenset[str]:
        """The names of the limits that the condition looks at."""
        return frozenset(part.limit for together in self.alternatives for part in together if part.limit)


@cache
def condition(text: str) -> Condition:
    """Read a condition. Raises ValueError for what is none."""
    return Condition(
        tuple(tuple(_comparison(part) for part in together.split(" and ")) for together in text.split(" or "))
    )


def _comparison(text: str) -> Comparison:
    match = _PART.fullmatch(text.strip())
    if match is None or not (match["limit"] or match["factor"]):
        raise ValueError(f"{text!r} is no condition: write < 80, > 3 ULN, >= 1.5 BASE or > ULN + 20")
    shift = Decimal((match["shift"] or "0").replace(" ", ""))
    if match["limit"] is None:
        return Comparison(match["operator"], None, _ONE, Decimal(match["factor"]))
    return Comparison(match["operator"], match["limit"], Decimal(match["factor"] or 1), shift)


def _shifted(measure: Measured, shift: Decimal) -> Measured:
    if not shift:
        return measure
    if not isinstance(measure, Range):
        return exact(measure + shift)
    ends = as_range(measure)
    low = None if ends.low is None else exact(ends.low + shift)
    high = None if ends.high is None else exact(ends.high + shift)
    return Range(low, high, ends.low_open, ends.high_open)
