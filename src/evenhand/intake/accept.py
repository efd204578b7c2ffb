"""Whether a value is one that the study declares for a fact: its kind, range, step, unit and codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from typing import Final

from evenhand.codes import Unmapped
from evenhand.dates import DateSpan
from evenhand.facts import FactType, Scalar
from evenhand.intake.elements import LARGEST
from evenhand.units import Measured, Number, Range, convert


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measure with the unit that it was given in (UCUM)."""

    value: Measured
    unit: str


Check = Callable[[Scalar | Quantity], Scalar]


def accept(kind: FactType, value: Scalar | Quantity) -> Scalar:
    """The value as the study has it; a quantity is converted to the study's unit.

    Raises ValueError with what was found and what would be right.
    """
    return check_for(kind)(value)


def check_for(kind: FactType) -> Check:
    """The check of one fact's values, made once and used for many: see :func:`accept`."""
    if kind.kind == "number":
        return partial(_number, kind)
    if kind.kind == "code":
        return partial(_code, kind, kind.codes)
    return partial(_plain, kind.kind, _TYPES[kind.kind])


_NO_NUMBERS: Final = (bool, str, DateSpan, Unmapped)
_TYPES: Final[dict[str, type]] = {"date": DateSpan, "text": str, "yes_no": bool, "record": type(None)}


def _plain(kind: str, wanted: type, value: Scalar | Quantity) -> Scalar:
    if isinstance(value, str) and "\0" in value:
        raise ValueError("the text holds a NUL character, which no record can keep: take it out")
    if type(value) is wanted:
        return value  # type: ignore[return-value]  # no type wanted is a Quantity
    raise ValueError(f"{shown(value)} is no {kind.replace('_', '/')}")


def _number(kind: FactType, value: Scalar | Quantity) -> Measured:
    if type(value) is int or type(value) is Decimal:  # the usual case in one look
        low, high, step = kind.low, kind.high, kind.step
        fits = low is not None and low <= value and (value < LARGEST if high is None else value <= high)
        if fits and (step is None or not (value - (low or 0)) % step):
            return value
    if isinstance(value, Quantity):
        if kind.unit is None:
            raise ValueError(f"{kind.name} has no unit, but {shown(value)} was given")
        value = convert(value.value, value.unit, kind.unit)
    if isinstance(value, _NO_NUMBERS):
        raise ValueError(f"{shown(value)} is no number")
    _check_size(value)
    _check_range(kind, value)
    if kind.step is not None:
        _check_step(kind, kind.step, value)
    return value


def _check_size(value: Measured) -> None:
    """No number of a form or a laboratory is so large; one with thousands of digits could not even be printed."""
    least, most = (value.low, value.high) if isinstance(value, Range) else (value, value)
    small = least is None or -LARGEST < least < LARGEST
    if not small or not (most is None or -LARGEST < most < LARGEST):
        raise ValueError("the number is too large to be a measure")


def _check_range(kind: FactType, value: Measured) -> None:
    least, most = (value.low, value.high) if isinstance(value, Range) else (value, value)
    below = kind.low is not None and most is not None and most < kind.low
    above = kind.high is not None and least is not None and least > kind.high
    if below or above:
        raise ValueError(f"{value} is out of range: {kind.name} goes {_span(kind.low, kind.high)}")


def _span(low: Number | None, high: Number | None) -> str:
    return " ".join(part for part in (f"from {low}" * (low is not None), f"up to {high}" * (high is not None)) if part)


def _check_step(kind: FactType, step: Number, value: Measured) -> None:
    if not isinstance(value, Range) and (value - (kind.low or 0)) % step != 0:
        raise ValueError(f"{value} is none of its values: {kind.name} goes in steps of {step}")


def _code(kind: FactType, codes: Mapping[str, str], value: Scalar | Quantity) -> str | Unmapped:
    if isinstance(value, Unmapped) or (isinstance(value, str) and value in codes):
        return value
    raise ValueError(f"{shown(value)} is none of {', '.join(codes)}{did_you_mean(str(value), kind.codes)}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint at the nearest known word; empty when none is near."""
    near = get_close_matches(word[:100], list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def shown(value: object) -> str:
    """A value in a message: short, however long it is."""
    if isinstance(value, Quantity):
        return f"{value.value} {value.unit}"
    if isinstance(value, int) and abs(value) >= LARGEST:
        return "so large a number"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
