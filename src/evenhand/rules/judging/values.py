"""The values that rules compute with, beside plain facts: elapsed time, age, and sums of bounded numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from evenhand.dates import DateSpan, Period, age_on
from evenhand.facts import Scalar, said
from evenhand.logic import Unknown, merged
from evenhand.units import Measured, Number, Range, as_range


class Elapsed(NamedTuple):
    """The time from ``start`` to the day ``on``."""

    start: DateSpan
    on: date

    @staticmethod
    def of(start: Value, on: date) -> Elapsed | Unknown:
        """The time since a date; unknown when the date is."""
        return start if isinstance(start, Unknown) else Elapsed(_span(start), on)


class AgeOf(NamedTuple):
    """Whole years of age, as a range when the birth date is partial."""

    years: Measured

    @staticmethod
    def of(birth: Value, on: date) -> AgeOf | Unknown:
        """The age by birthday on a day; unknown when the birth date is."""
        if isinstance(birth, Unknown):
            return birth
        span = _span(birth)
        youngest, oldest = age_on(span.last, on), age_on(span.first, on)
        return AgeOf(youngest if youngest == oldest else Range(youngest, oldest))


Value = Scalar | Mapping[str, Scalar] | Unknown | Period | Elapsed | AgeOf


def _span(value: Value) -> DateSpan:
    if not isinstance(value, DateSpan):
        raise TypeError(f"a date was expected, not {value!r}")
    return value


def calculated(operator: str, left: Value, right: Value) -> Value:
    """A sum, difference or product of numbers that may be ranges."""
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return merged(*(side for side in (left, right) if isinstance(side, Unknown)))
    a, b = _number(left), _number(right)
    if not isinstance(a, Range) and not isinstance(b, Range):
        return {"+": a + b, "-": a - b, "*": a * b}[operator]
    if operator == "*":
        return _product(as_range(a), as_range(b))
    return _sum(as_range(a), as_range(b) if operator == "+" else _negative(as_range(b)))


def _number(value: Value) -> Measured:
    if isinstance(value, (int, Decimal, Range)):
        return value
    raise TypeError(f"a number was expected, not {value!r}")


def _sum(a: Range, b: Range) -> Range:
    low = None if a.low is None or b.low is None else a.low + b.low
    high = None if a.high is None or b.high is None else a.high + b.high
    return Range(low, high, a.low_open or b.low_open, a.high_open or b.high_open)


def _negative(a: Range) -> Range:
    return Range(None if a.high is None else -a.high, None if a.low is None else -a.low, a.high_open, a.low_open)


def _product(a: Range, b: Range) -> Measured:
    """The type check allows a product with a literal only, so one side is a single number."""
    factor, other = (a.low, b) if a.exact else (b.low, a)
    assert factor is not None
    if factor == 0:
        return 0
    if factor > 0:
        return Range(_times(other.low, factor), _times(other.high, factor), other.low_open, other.high_open)
    return Range(_times(other.high, factor), _times(other.low, factor), other.high_open, other.low_open)


def _times(end: Number | None, factor: Number) -> Number | None:
    return None if end is None else end * factor


def known_value(value: Value) -> str:
    """A value as people read it."""
    match value:
        case AgeOf(years):
            return f"{years} years"
        case Elapsed(start):
            return f"since {start}"
    return said(value)
