"""How quickly people are randomized: what a forecast knows of each open site's pace.

Source: Anisimov and Fedorov, Statistics in Medicine 2007;26:4958-4975. People enter at each site by a Poisson process
of its own; the paces of the sites vary as a gamma distribution, and what was seen at a site (people, and days on which
it could have randomized somebody, also where nobody came) makes another gamma of it.

Assumed, our proposals: the prior is the plan, shared evenly by the sites now open, and weighs as much as
``SITE_WEIGHT`` people at each; only the last ``RECENT`` days are looked at, since older ones tell of a study that no
longer is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from evenhand.accrual.plan import Plan
from evenhand.enrollment.courses import courses
from evenhand.enrollment.open_days import halts_of, open_days, opened_on
from evenhand.record import History

SITE_WEIGHT: Final = 2.0  # assumed: two people; the paces of sites then vary by 71 % about their mean
RECENT: Final = 182  # days, assumed: long enough for a pace, short enough to be the present one


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of all sites together: a sum of gammas (shape, days), sites of equal days in one, which is exact.

    ``people`` were randomized in the ``days`` site-days that were looked at.
    """

    gammas: tuple[tuple[float, float], ...]
    people: int
    days: int

    @property
    def mean(self) -> float:
        """People a day."""
        return sum(shape / days for shape, days in self.gammas)

    def drawn(self, random: Random) -> float:
        """One pace that may be the true one, in people a day."""
        return sum(random.gammavariate(shape, 1 / days) for shape, days in self.gammas)


def pace_of(seen: Sequence[tuple[int, int]], planned: float | None) -> Pace | None:
    """The pace after (people, days) seen at each open site; ``planned`` is that of the plan, people a day of all sites.

    Without a plan the pace seen at all sites takes its place, as its authors estimate it. None where there is neither.
    """
    people, days = sum(n for n, _ in seen), sum(d for _, d in seen)
    each = planned / len(seen) if planned and seen else people / days if people and days else None
    if each is None:
        return None
    shapes: Counter[float] = Counter()
    for came, exposed in seen:
        shapes[SITE_WEIGHT / each + exposed] += SITE_WEIGHT + came  # type: ignore[assignment]  # a counter of floats
    return Pace(tuple((shape, exposure) for exposure, shape in shapes.items()), people, days)


def study_pace(history: History, plan: Plan | None, day: date) -> Pace | None:
    """The pace at the sites open on a day; None before activation."""
    return pace_of(seen_at_sites(history, day), plan.target / (plan.end - plan.start).days if plan else None)


def seen_at_sites(history: History, day: date) -> list[tuple[int, int]]:
    """People randomized at each open site of late, and the days on which accrual was open there."""
    first = day - timedelta(days=RECENT - 1)
    came = Counter(
        one.site for one in courses(history) if one.randomized is not None and first <= one.randomized <= day
    )
    halts = halts_of(history, day)
    opened = opened_on(history).items()
    return [(came[site], open_days(max(since, first), day, halts)) for site, since in opened]
