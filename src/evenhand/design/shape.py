"""What a design takes for granted: one record of numbers, from which everything else about it is computed."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.statistics.spending import Spending

Pieces = tuple[tuple[float, float], ...]
"""A value that changes with time: (from this month on, value) in order, the first from month 0, the last going on."""

MONTHS_A_YEAR = 12.0


@dataclass(frozen=True, slots=True)
class Look:
    """When the data are looked at: at so many ``events``, at a ``month`` since the first could enter, or when
    everybody's follow-up is ``complete``. One of the three."""

    events: int | None = None
    month: float | None = None
    complete: bool = False

    def __post_init__(self) -> None:
        if (self.events is not None) + (self.month is not None) + self.complete != 1:
            raise ValueError("a look is at so many events, or at a month, or when all is complete: one of the three")


@dataclass(frozen=True, slots=True)
class Stratum:
    """A share of the people, and the factor on their hazard in both arms."""

    share: float
    hazard_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Times in months, hazards a month; the control arm comes first wherever two arms stand together.

    ``accrual``: people a month, by month since the first could enter; entries stop at ``sample_size``. ``hazard_ratio``
    (experimental over control) and ``control_hazard`` go by month since randomization. ``drift_yearly``: the factor on
    the hazard of both arms for each year between the start and somebody's entry, since the usual approach moves; 1 is
    none. ``dropout_yearly``: the share lost in a year. Each person is followed at most ``cap_months``, or all are until
    ``after_last_months`` after the last entry: one of the two. ``detection_months``: an event is found at the next of
    visits so far apart; None finds it at once. ``strata`` empty is one. ``block_sizes`` are drawn with equal chance.
    ``planned_events``: the events that count as all the information; None takes those that are expected.
    """

    sample_size: int
    allocation: tuple[int, int]
    accrual: Pieces
    control_hazard: Pieces
    hazard_ratio: Pieces
    drift_yearly: float
    dropout_yearly: float
    cap_months: float | None
    after_last_months: float | None
    detection_months: float | None
    strata: tuple[Stratum, ...]
    stratified_test: bool
    block_sizes: tuple[int, ...]
    alpha: float
    sided: int
    looks: tuple[Look, ...]
    efficacy: Spending
    futility: Spending | None
    binding: bool
    beta: float
    planned_events: int | None = None

    def __post_init__(self) -> None:
        if (self.cap_months is None) == (self.after_last_months is None):
            raise ValueError("people are followed for cap_months each, or until after_last_months: one of the two")
