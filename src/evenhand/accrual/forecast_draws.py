"""Ways in which a trial may go on from today, drawn many times over from what is known of its pace and its events.

Events and losses come by constant hazards, each with a gamma distribution: a prior from the design and what was seen in
the days of follow-up so far (the gamma is conjugate to events counted over time). Pure Python and a generator that is
handed in, so that the same record gives the same forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf, log
from random import Random
from typing import Final

from evenhand.accrual.forecast_follow_up import Followed
from evenhand.accrual.forecast_pace import Pace

DRAWS: Final = 2_000
FEWEST: Final = 250  # assumed: the early edge is then the 13th of the draws, and of so many people it hardly moves
_WORK: Final = 1_000_000  # people drawn in all; assumed: about a second of one core
TAIL: Final = 0.05  # of each side of an interval, which then holds 90 %
EVENT_WEIGHT: Final = 5.0  # assumed: what the design says of events weighs as much as five of them
LOSS_WEIGHT: Final = 2.0  # assumed: and what it says of losses, as two


def draws_for(people: int) -> int:
    """How many draws for so many people who are followed or still to come: fewer, the more they are, since what becomes
    of many together varies less than what becomes of few."""
    return max(FEWEST, min(DRAWS, _WORK // max(1, people)))


@dataclass(frozen=True, slots=True)
class Hazard:
    """A hazard that is not known: a gamma of ``shape`` over ``days``. A shape of 0 is a hazard of nothing."""

    shape: float
    days: float

    def drawn(self, random: Random) -> float:
        """One hazard a day that may be the true one."""
        return random.gammavariate(self.shape, 1 / self.days) if self.shape > 0 and self.days > 0 else 0.0


def hazard_of(seen: int, days: float, prior: float, weight: float) -> Hazard:
    """The hazard after so many events in so many days, where the design says ``prior`` a day (0: there is none)."""
    return Hazard(weight + seen, weight / prior + days) if prior > 0 else Hazard(float(seen), float(days))


def drawn_entries(pace: Pace, people: int, random: Random, draws: int = DRAWS) -> list[list[float]]:
    """The days from today on which the next ``people`` are randomized, in each draw."""
    drawn = []
    for _ in range(draws):
        rate, chance = pace.drawn(random), random.random
        drawn.append(list(accumulate([-log(1.0 - chance()) / rate for _ in range(people)])))
    return drawn


@dataclass(frozen=True, slots=True)
class Ends:
    """What follow-up comes to in one draw: the days from today on which further events are, in order, and the last
    day of the last person followed."""

    events: list[float]
    complete: float


def drawn_ends(
    entries: Sequence[Sequence[float]], who: Followed, event: Hazard, loss: Hazard, random: Random
) -> list[Ends]:
    """How follow-up ends in each draw of entries: for those followed today, and for those who are still to come."""
    return [_ended(new, who, event.drawn(random), loss.drawn(random), random) for new in entries]


def _ended(new: Sequence[float], who: Followed, event: float, loss: float, random: Random) -> Ends:
    chance, rate, cap = random.random, event + loss, float(who.cap)
    stays = [(0.0, float(left)) for left in who.remaining]
    stays += [(entry, entry + cap) for entry in new]
    complete, events = 0.0, []
    for left in who.beside:  # no event of theirs counts; follow-up ends in the same ways
        complete = max(complete, min(float(left), -log(1.0 - chance()) / rate if rate else inf))
    for since, until in stays:
        day = since - log(1.0 - chance()) / rate if rate else inf
        if day >= until:
            day = until
        elif chance() * rate < event:
            events.append(day)
        complete = max(complete, day)
    events.sort()
    return Ends(events, complete)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which a share of the ordered draws lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
