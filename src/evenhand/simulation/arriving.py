"""When candidates come where each site opens on its own day and has its own rate."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date
from random import Random

from evenhand.dates import DAYS_PER_MONTH
from evenhand.simulation.courses.chances import after, month_when
from evenhand.simulation.scenario import Scenario


def arriving(scenario: Scenario, start: date, random: Random) -> Iterator[tuple[date, str]]:
    """Days and sites of candidates in order, without end: a Poisson process at each site, in its pieces.

    Each site has a generator of its own, so that another site changes nothing there.
    """
    name = random.random()
    streams = [_at(scenario, site, Random(f"{name}|{site}")) for site in scenario.sites]
    for month, site in heapq.merge(*streams):
        day = after(start, month * DAYS_PER_MONTH)
        if day is None:
            return
        yield day, site


def _at(scenario: Scenario, site: str, random: Random) -> Iterator[tuple[float, str]]:
    """Months since the start in which candidates come to one site; none where nothing is said of it."""
    pieces = [piece for piece in scenario.accrual if piece.site == site]
    gathered = 0.0
    while pieces:
        gathered += random.expovariate(1.0)
        yield month_when(pieces, gathered), site
