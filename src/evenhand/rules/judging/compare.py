"""Comparing two values of a rule, three-valued."""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from evenhand.codes import Unmapped, same_code
from evenhand.dates import DateSpan, Period, compare_dates, on_day
from evenhand.logic import NO, YES, Reason, Truth, Unknown, merged, negation
from evenhand.rules.judging.values import AgeOf, Elapsed, Value, known_value
from evenhand.units import Range, compare_numbers

_NUMBERS = (int, Decimal, Range)
_PLAIN = frozenset({int, str, Decimal})
_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operators.lt,
    "<=": operators.le,
    "==": operators.eq,
    "!=": operators.ne,
    ">=": operators.ge,
    ">": operators.gt,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def compare(left: Value, operator: str, right: Value, about: str, text: str) -> Truth:
    """Compare two values; ``about`` names what is compared, and ``text`` is the comparison as written, for the
    reason why it may stay open."""
    if type(left) is type(right) and type(left) in _PLAIN:  # most comparisons are of plain values, and end here
        return YES if _HOLDS[operator](left, right) else NO
    if isinstance(left, Unknown):
        return merged(left, right) if isinstance(right, Unknown) else left
    if isinstance(right, Unknown):
        return right
    answer = _answer(left, operator, right)
    if answer is YES or answer is NO or answer.reasons[0].why != "imprecise":  # type: ignore[attr-defined]
        return answer
    vague = right if isinstance(left, Period) or _is_exact(left) else left
    return Unknown(Reason("imprecise", about, f"recorded as {known_value(vague)}, which leaves `{text}` open"))


def _answer(left: Value, operator: str, right: Value) -> Truth:
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return compare_numbers(left, operator, right)
    if isinstance(left, (str, Unmapped)) and isinstance(right, (str, Unmapped)):
        same = same_code(left, right)
        return same if operator == "==" else negation(same)
    if isinstance(left, DateSpan) and isinstance(right, DateSpan):
        return compare_dates(left, operator, right)
    if isinstance(right, Period):
        return _against_period(left, operator, right)
    if isinstance(left, Period):
        return _against_period(right, _MIRRORED[operator], left)
    raise TypeError(f"cannot compare {left!r} with {right!r}")


def _against_period(value: Value, operator: str, period: Period) -> Truth:
    """``since(d) >= p`` asks whether ``d + p`` has been reached; ``age(b) >= years(n)`` whether the birthday has."""
    if isinstance(value, AgeOf):
        return compare_numbers(value.years, operator, period.count)
    if isinstance(value, Elapsed):
        return compare_dates(period.span_after(value.start), _MIRRORED[operator], on_day(value.on))
    raise TypeError(f"cannot compare {value!r} with a period")


def _is_exact(value: Value) -> bool:
    match value:
        case DateSpan() | Range():
            return value.exact
        case Elapsed(start):
            return start.exact
        case AgeOf(years):
            return not isinstance(years, Range)
    return True
