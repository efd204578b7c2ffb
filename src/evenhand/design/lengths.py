"""How long things take under the assumptions of a design, in months."""

from __future__ import annotations

import math
from collections.abc import Iterator

from evenhand.design.shape import Assumptions, Pieces


def control_median(assumptions: Assumptions) -> float:
    """The month at which half of the control arm has had an event; infinite where that never comes."""
    return month_when(assumptions.control_hazard, math.log(2))


def accrual_months(assumptions: Assumptions) -> float:
    """The month in which the last person enters; infinite where people stop coming before."""
    return month_when(assumptions.accrual, float(assumptions.sample_size))


def completion_month(assumptions: Assumptions) -> float:
    """The month in which the last one's follow-up ends."""
    length = assumptions.cap_months if assumptions.cap_months is not None else assumptions.after_last_months
    assert length is not None  # one of the two is there
    return accrual_months(assumptions) + length


def month_when(pieces: Pieces, gathered: float) -> float:
    """The month by which a rate in pieces has gathered so much; infinite if it never does."""
    for start, end, value in spans(pieces):
        if value > 0 and gathered <= value * (end - start):
            return start + gathered / value
        gathered -= value * (end - start) if value > 0 else 0.0
    return math.inf


def spans(pieces: Pieces) -> Iterator[tuple[float, float, float]]:
    """Start, end and value of each piece; the last one never ends."""
    ends = [*(start for start, _ in pieces[1:]), math.inf]
    return ((start, end, value) for (start, value), end in zip(pieces, ends, strict=True))


def value_at(pieces: Pieces, month: float) -> float:
    """The value that holds from a month on."""
    return next(value for start, value in reversed(pieces) if start <= month)
