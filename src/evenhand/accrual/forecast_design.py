"""What the protocol's design says of events, for everybody together: the prior of a forecast."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from typing import Final

from evenhand.dates import DAYS_PER_MONTH
from evenhand.design.assumptions import Assumptions, Pieces, assumptions_of
from evenhand.protocol import Protocol

_STEP: Final = 0.25  # months; finer changes nothing that a forecast could show
_LONGEST: Final = 600.0  # months, where nobody's follow-up is capped


@dataclass(frozen=True, slots=True)
class Expected:
    """What the design says of everybody together: events and losses a day, and the numbers of events looked at."""

    event: float
    loss: float
    looks: tuple[int, ...] = ()


def expected_of(protocol: Protocol) -> Expected | None:
    """By the design of a protocol; None for one that has none."""
    planned = protocol.design is not None and protocol.enrollment.accrual_months is not None
    return expected_by(assumptions_of(protocol)) if planned else None


def expected_by(design: Assumptions) -> Expected:
    """Events and losses a day, on average over both arms and over a person's time in the trial; and the looks."""
    loss = -log(1 - design.dropout_yearly) / 12
    events = months = 0.0
    for share, factor, ratio in _groups(design):
        seen, lived = _person(design.control_hazard, factor, ratio, loss, design.cap_months or _LONGEST)
        events, months = events + share * seen, months + share * lived
    looks = tuple(dict.fromkeys(look.events for look in design.looks if look.events is not None))
    return Expected(events / months / DAYS_PER_MONTH, loss / DAYS_PER_MONTH, looks)


def _groups(design: Assumptions) -> list[tuple[float, float, Pieces]]:
    """The share, the factor on the hazard and the hazard ratio of each stratum in each arm."""
    control, experimental = design.allocation
    arms = [(control, ((0.0, 1.0),)), (experimental, design.hazard_ratio)]
    strata = [(one.share, one.hazard_factor) for one in design.strata] or [(1.0, 1.0)]
    return [
        (share * people / (control + experimental), factor, ratio) for share, factor in strata for people, ratio in arms
    ]


def _person(hazard: Pieces, factor: float, ratio: Pieces, loss: float, cap: float) -> tuple[float, float]:
    """Events and months of follow-up that one person is expected to have."""
    events = months = 0.0
    there = 1.0
    steps = [number * _STEP for number in range(int(cap / _STEP))] + [cap]
    for since, until in pairwise(steps):
        rate = factor * _at(hazard, since) * _at(ratio, since)
        stay = there * _mean(rate + loss, until - since)
        events, months, there = events + rate * stay, months + stay, there * exp(-(rate + loss) * (until - since))
    return events, months


def _mean(rate: float, length: float) -> float:
    """Months lived of ``length`` under a constant rate of leaving."""
    return (1 - exp(-rate * length)) / rate if rate else length


def _at(pieces: Pieces, month: float) -> float:
    return next(value for start, value in reversed(pieces) if start <= month)
