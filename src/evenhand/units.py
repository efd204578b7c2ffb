"""Numbers that may be known only as bounds, and the few units that forms and laboratories use.

"greater than 1.8" is the open interval above 1.8: it proves "at least 1.5" and leaves "at least 2.0" open. Numbers are
exact: ``int`` or ``Decimal``, never ``float``, because 14.0 -> 9.8 must be a decrease of exactly 30 %.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from evenhand.logic import NO, YES, Reason, Truth, Unknown

Number = int | Decimal

_IMPRECISE = Unknown(Reason("imprecise", "number", "only bounds are known"))


@dataclass(frozen=True, slots=True)
class Range:
    """All numbers between ``low`` and ``high``; None is unbounded; an open end is not included."""

    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None:
            empty = self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))
            if empty:
                raise ValueError(f"no number lies between {self.low} and {self.high}")

    @property
    def exact(self) -> bool:
        return self.low is not None and self.low == self.high

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return str(self.low) if self.low == self.high else f"{self._low_phrase()} and {self._high_phrase()}"
        return self._low_phrase() if self.low is not None else self._high_phrase() if self.high is not None else "any"

    def _low_phrase(self) -> str:
        return f"{'more than' if self.low_open else 'at least'} {self.low}"

    def _high_phrase(self) -> str:
        return f"{'less than' if self.high_open else 'at most'} {self.high}"


Measured = Number | Range

_BOUNDS: Final = {
    "greater than or equal to": "ge", "at least": "ge", ">=": "ge", "≥": "ge", "not less than": "ge",
    "less than or equal to": "le", "at most": "le", "<=": "le", "≤": "le", "not more than": "le", "up to": "le",
    "greater than": "gt", "more than": "gt", "above": "gt", ">": "gt",
    "less than": "lt", "below": "lt", "fewer than": "lt", "<": "lt",
}  # fmt: skip
_BOUNDED = re.compile(
    rf"(?P<bound>{'|'.join(sorted(map(re.escape, _BOUNDS), key=len, reverse=True))})?\s*(?P<number>[-+]?\d+(?:\.\d+)?)"
    r"(?:\s*(?:-|–|to|and(?: at most)?)\s*(?P<high>\d+(?:\.\d+)?))?",
    re.IGNORECASE,
)


def parse_measured(text: str) -> Measured:
    """Read ``1.8``, ``greater than 1.8``, ``>= 3``, ``at least 3`` or ``2 to 4``.

    Raises ValueError with what was read and what would be right.
    """
    match = _BOUNDED.fullmatch(text.strip())
    if match is None or (match["bound"] and match["high"] and _BOUNDS[match["bound"].lower()] != "ge"):
        raise ValueError(f"{text!r} is no number: write 1.8, 'greater than 1.8', 'at least 3' or '2 to 4'")
    number = exact(match["number"])
    if match["high"]:
        return Range(number, exact(match["high"]))
    return bounded(number, _BOUNDS[match["bound"].lower()]) if match["bound"] else number


def bounded(number: Number, comparator: str) -> Range:
    """The numbers ``ge``, ``gt``, ``le`` or ``lt`` a number (FHIR writes ``>=``, ``>``, ``<=``, ``<``)."""
    comparator = _BOUNDS.get(comparator, comparator)
    if comparator in ("ge", "gt"):
        return Range(low=number, low_open=comparator == "gt")
    if comparator in ("le", "lt"):
        return Range(high=number, high_open=comparator == "lt")
    raise ValueError(f"{comparator!r} is no comparator: use >=, >, <= or <")


def exact(number: str | float | Decimal) -> Number:
    """An exact number from text or from a parsed JSON number; whole numbers become ``int``.

    Raises ValueError for anything that is not a finite number.
    """
    if isinstance(number, bool):
        raise ValueError(f"{number} is yes or no, not a number")
    if isinstance(number, int):
        return number
    try:
        value = Decimal(repr(number) if isinstance(number, float) else number)
    except InvalidOperation:
        raise ValueError(f"{number!r} is no number") from None
    if not value.is_finite():
        raise ValueError(f"{number!r} is no finite number")
    return int(value) if value == value.to_integral_value() else value


def compare_numbers(left: Measured, operator: str, right: Measured) -> Truth:
    """Compare numbers or ranges: YES or NO when every choice agrees, else unknown (imprecise)."""
    if not isinstance(left, Range) and not isinstance(right, Range):
        return YES if _EXACT[operator](left, right) else NO
    a, b = as_range(left), as_range(right)
    if operator in ("==", "!="):
        return _same_number(a, b, wanted=operator == "==")
    if operator in (">", ">="):
        a, b, operator = b, a, {">": "<", ">=": "<="}[operator]
    if operator == "<":
        return YES if _surely_below(a, b, strict=True) else NO if _surely_below(b, a, strict=False) else _IMPRECISE
    return YES if _surely_below(a, b, strict=False) else NO if _surely_below(b, a, strict=True) else _IMPRECISE


def as_range(value: Measured) -> Range:
    """The range that holds a number alone, or the range itself."""
    return value if isinstance(value, Range) else Range(value, value)


def _surely_below(a: Range, b: Range, strict: bool) -> bool:
    """Every number of ``a`` is below (strict) or at most every number of ``b``."""
    if a.high is None or b.low is None:
        return False
    return a.high < b.low or (a.high == b.low and (not strict or a.high_open or b.low_open))


def _same_number(a: Range, b: Range, wanted: bool) -> Truth:
    if a.exact and b.exact and a.low == b.low:
        return YES if wanted else NO
    if _surely_below(a, b, strict=True) or _surely_below(b, a, strict=True):
        return NO if wanted else YES
    return _IMPRECISE


_EXACT: Final = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}

# Factors to the first unit of each family. UCUM codes (ucum.org).
_FAMILIES: Final[tuple[dict[str, Decimal], ...]] = (
    {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000), "[in_i]": Decimal("25.4")},
    {"Gy": Decimal(1), "cGy": Decimal("0.01")},
    {"g": Decimal(1), "kg": Decimal(1000), "mg": Decimal("0.001")},
    {"%": Decimal(1), "1": Decimal(100)},
)
UNITS: Final = frozenset(unit for family in _FAMILIES for unit in family)


def convert(value: Measured, unit: str, wanted: str) -> Measured:
    """A measure in another unit of the same family. Raises ValueError when the units do not belong together."""
    if unit == wanted:
        return value
    for family in _FAMILIES:
        if unit in family and wanted in family:
            return scale(value, family[unit] / family[wanted])
    raise ValueError(f"{unit!r} cannot be converted to {wanted!r}: known units are {', '.join(sorted(UNITS))}")


def scale(value: Measured, factor: Decimal) -> Measured:
    """A measure times a positive factor."""
    if isinstance(value, Range):
        low = None if value.low is None else exact(value.low * factor)
        high = None if value.high is None else exact(value.high * factor)
        return Range(low, high, value.low_open, value.high_open)
    return exact(value * factor)
