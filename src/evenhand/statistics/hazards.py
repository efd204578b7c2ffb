"""Hazards that are constant in pieces: what they mean for a person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

Pieces = tuple[tuple[float, float], ...]
"""(from this month on, value) in order, the first from month 0, the last going on."""

MONTHS_A_YEAR = 12.0


def checked_pieces(pieces: Pieces, name: str, *, positive: bool = False) -> Pieces:
    """``pieces`` as they are. Raises ValueError where they do not start at 0, do not rise, or have a value below 0."""
    if not pieces or pieces[0][0] != 0:
        raise ValueError(f"{name} must say its value from month 0 on, such as ((0, 0.04), (6, 0.03))")
    months = [month for month, _ in pieces]
    if any(not later > earlier for earlier, later in pairwise(months)):
        raise ValueError(f"the months {months} of {name} must rise")
    for month, value in pieces:
        if not math.isfinite(value) or value < 0 or (positive and value == 0):
            raise ValueError(
                f"{name} is {value} from month {month:g} on; give a number {'above' if positive else 'from'} 0"
            )
    return pieces


def value_at(pieces: Pieces, month: float) -> float:
    """The value that holds at ``month``."""
    return [value for start, value in pieces if start <= month][-1]


def product(first: Pieces, second: Pieces) -> Pieces:
    """The product of two, over the months at which either changes."""
    months = sorted({month for month, _ in (*first, *second)})
    return tuple((month, value_at(first, month) * value_at(second, month)) for month in months)


def scaled(pieces: Pieces, factor: float) -> Pieces:
    """Every value times ``factor``."""
    return tuple((month, value * factor) for month, value in pieces)


def cumulative(pieces: Pieces, month: float) -> float:
    """The integral of the values from month 0 to ``month``."""
    ends = (*(start for start, _ in pieces[1:]), math.inf)
    return math.fsum(
        value * (min(month, end) - start) for (start, value), end in zip(pieces, ends, strict=True) if start < month
    )


def survival(hazard: Pieces, month: float) -> float:
    """The probability of no event by ``month``."""
    return math.exp(-cumulative(hazard, month))


def median(hazard: Pieces) -> float:
    """The month by which half have had the event; infinite where the hazard never gets there."""
    return month_of(hazard, math.log(2))


def month_of(pieces: Pieces, amount: float) -> float:
    """The month at which the integral of the values reaches ``amount``; infinite where it never does."""
    ends: Sequence[float] = (*(start for start, _ in pieces[1:]), math.inf)
    there = 0.0
    for (start, value), end in zip(pieces, ends, strict=True):
        if value > 0 and (end == math.inf or there + value * (end - start) >= amount):
            return start + (amount - there) / value
        there += value * (end - start) if value > 0 else 0.0
    return math.inf


def hazard_of_median(months: float) -> float:
    """The constant hazard a month whose median is ``months``. Raises ValueError unless that is above 0."""
    if not (math.isfinite(months) and months > 0):
        raise ValueError(f"the median is {months} months; give a number above 0")
    return math.log(2) / months


def hazard_of_yearly(share: float) -> float:
    """The constant hazard a month by which ``share`` is lost in a year. Raises ValueError unless 0 <= share < 1."""
    if not 0 <= share < 1:
        raise ValueError(f"the share lost in a year is {share}; give one from 0 to below 1, such as 0.05")
    return -math.log1p(-share) / MONTHS_A_YEAR
