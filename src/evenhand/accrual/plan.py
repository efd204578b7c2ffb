"""The planned accrual: the target reached at an even pace, from activation on, within the planned months."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from evenhand.accrual.courses import Timeline
from evenhand.dates import add_months
from evenhand.protocol import Protocol
from evenhand.record import History

RECENT = timedelta(days=90)  # assumed: long enough for a pace, short enough to be the present one


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


def projected_end(of: Timeline, target: int, day: date) -> date | None:
    """When the target is reached at the pace of the last 90 days; None without a pace, or once it is reached."""
    now = bisect_right(of.randomized, day)
    recent = now - bisect_right(of.randomized, day - RECENT)
    missing = target - now
    if not recent or missing <= 0:
        return None
    wait = -(-missing * RECENT.days // recent)
    return day + timedelta(days=wait) if wait < (date.max - day).days else None
