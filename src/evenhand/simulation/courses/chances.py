"""Random numbers by name, and waiting times from monthly rates.

Each thing that chance decides about a participant has a generator of its own, named by what it is. So the order in
which things are asked changes nothing, and a form more in a study does not move anybody's death.
"""

from __future__ import annotations

import math
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from evenhand.dates import DAYS_PER_MONTH
from evenhand.units import Number


@dataclass(frozen=True, slots=True)
class Chances:
    """The chances of one participant; ``name`` tells this participant of this walk from all others."""

    name: str

    def of(self, *what: object) -> Random:
        """The generator of one thing: the same name, the same numbers."""
        return Random("|".join((self.name, *(str(part) for part in what))))


class Rate(typing.Protocol):
    """A monthly rate from a month on, until the next one."""

    @property
    def from_month(self) -> Number: ...

    @property
    def monthly(self) -> Number: ...


def days_until(hazards: Sequence[Rate], random: Random, factor: float = 1.0) -> float:
    """Days until something happens at monthly rates, times a factor, that change with time; infinite where they end
    in 0."""
    return month_when(hazards, random.expovariate(1.0) / factor) * DAYS_PER_MONTH


def month_when(rates: Sequence[Rate], left: float) -> float:
    """The month by which rates have gathered so much; infinite where they never do."""
    for place, rate in enumerate(rates):
        monthly, begins = float(rate.monthly), float(rate.from_month)
        last = float(rates[place + 1].from_month) if place + 1 < len(rates) else math.inf
        if monthly > 0 and left <= monthly * (last - begins):
            return begins + left / monthly
        if monthly > 0:
            left -= monthly * (last - begins)
    return math.inf


def days_at(monthly: Number, random: Random) -> float:
    """Days until something happens at one monthly rate."""
    return random.expovariate(float(monthly)) * DAYS_PER_MONTH if monthly else math.inf


def after(day: date, days: float) -> date | None:
    """The day that many days later; None where it never comes."""
    return day + timedelta(days=int(days)) if days < 36_500 else None


def within(ends: Sequence[int], random: Random) -> int:
    """A whole number between two ends, both included."""
    low, high = ends
    return low if low == high else random.randint(low, high)


def happens(chance: Number, random: Random) -> bool:
    """Whether something with this chance happens."""
    return random.random() < chance


def pick(weights: dict[str, int], random: Random) -> str:
    """One of the words, by weight."""
    (word,) = random.choices(list(weights), weights=list(weights.values()))
    return word
