"""The planned accrual: the target reached at an even pace, from activation on, within the planned months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evenhand.dates import add_months
from evenhand.protocol import Protocol
from evenhand.record import History


@dataclass(frozen=True, slots=True)
class Plan:
    """From ``start`` (nobody) to ``end`` (``target`` randomized participants), on a straight line."""

    start: date
    end: date
    target: int

    def expected(self, day: date) -> Fraction:
        """How many should be randomized by a day; exact, so that whoever draws or writes it rounds once."""
        if day >= self.end:
            return Fraction(self.target)
        passed = max(0, (day - self.start).days)
        return Fraction(self.target * passed, (self.end - self.start).days)


def plan_of(protocol: Protocol, history: History) -> Plan | None:
    """The plan of an activated study; None before activation, and for a protocol that plans no duration."""
    activation, months = history.state.activation, protocol.enrollment.accrual_months
    if activation is None or months is None:
        return None
    start = activation.effective
    return Plan(start, add_months(start, months), protocol.enrollment.target)
