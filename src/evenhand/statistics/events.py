"""How many events are to be expected by which month of a trial, exactly.

Closed forms of the kind of Lachin and Foulkes, Biometrics 1986;42:507-519: hazards, accrual and hazard ratio constant
in pieces, people lost at a constant hazard. Two ways to end follow-up are offered and are not the same: each person for
at most ``cap`` months, or all until ``after_last`` months after the last entry. The factor for people who enter later
(``yearly_drift``) is our own proposal; with it the entry is integrated numerically (Gauss-Legendre, to about 1e-12).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from evenhand.statistics.curve import Curve, curve
from evenhand.statistics.hazards import MONTHS_A_YEAR, Pieces, checked_pieces, cumulative, month_of, product, scaled
from evenhand.statistics.legendre import spread
from evenhand.statistics.roots import root

ONE: Pieces = ((0.0, 1.0),)
Pair = tuple[float, float]
"""A number for each arm: control, experimental."""


@dataclass(frozen=True, slots=True)
class Course:
    """What is assumed to happen to people; times in months, hazards a month.

    ``people`` enter at the rates of ``accrual`` (people a month, by month of the trial) until all are in, and go to the
    arms by ``allocation`` (control, experimental). ``control_hazard`` and ``hazard_ratio`` go by month since entry,
    ``dropout`` is a constant hazard of both arms. ``cap`` ends each person's follow-up, ``after_last`` everybody's;
    neither means follow-up without end. ``strata`` are (share, factor on the hazard of both arms), and
    ``yearly_drift`` is the factor on the hazard of both arms for each year between the start and a person's entry.
    Raises ValueError for what cannot be, and says how to mend it.
    """

    people: float
    accrual: Pieces
    control_hazard: Pieces
    hazard_ratio: Pieces = ONE
    dropout: float = 0.0
    cap: float | None = None
    after_last: float | None = None
    allocation: Pair = (1, 1)
    strata: tuple[Pair, ...] = ((1.0, 1.0),)
    yearly_drift: float = 1.0

    def __post_init__(self) -> None:
        if not self.strata:
            raise ValueError("there is no stratum; give one at least, such as ((1, 1),)")
        checked_pieces(self.accrual, "accrual")
        checked_pieces(self.control_hazard, "the control hazard")
        checked_pieces(self.hazard_ratio, "the hazard ratio", positive=True)
        for name, value, least in (
            ("people", self.people, "above"),
            ("dropout", self.dropout, "from"),
            ("cap", self.cap, "above"),
            ("after_last", self.after_last, "from"),
            ("yearly_drift", self.yearly_drift, "above"),
            ("allocation", min(self.allocation), "above"),
            ("the factor of a stratum", min(factor for _, factor in self.strata), "above"),
            ("the share of a stratum", min(share for share, _ in self.strata), "above"),
        ):
            if value is not None and (not math.isfinite(value) or value < 0 or (least == "above" and value == 0)):
                raise ValueError(f"{name} is {value}; give a number {least} 0")
        if abs(math.fsum(share for share, _ in self.strata) - 1) > 1e-9:
            raise ValueError(f"the shares of the strata {[share for share, _ in self.strata]} must add up to 1")
        if math.isinf(month_of(self.accrual, self.people)):
            raise ValueError(
                f"accrual never reaches {self.people:g} people; let its last rate go on, or plan for fewer"
            )

    @property
    def last_entry(self) -> float:
        """The month in which the last person enters."""
        return month_of(self.accrual, self.people)

    @property
    def end(self) -> float:
        """The month in which the last follow-up ends; infinite where it does not."""
        ends = [self.last_entry + limit for limit in (self.cap, self.after_last) if limit is not None]
        return min(ends, default=math.inf)

    @property
    def shares(self) -> Pair:
        """The share of people in each arm."""
        control, experimental = self.allocation
        return control / (control + experimental), experimental / (control + experimental)


def entered(course: Course, month: float) -> float:
    """How many people have entered by ``month``."""
    return min(course.people, cumulative(course.accrual, month)) if month > 0 else 0.0


def expected_events(course: Course, month: float) -> Pair:
    """The expected events of the control and the experimental arm by ``month`` of the trial."""
    return _both(course, month, 0)


def expected_lost(course: Course, month: float) -> Pair:
    """How many are expected to be lost by ``month``, in each arm."""
    return _both(course, month, 1)


def expected_total(course: Course) -> Pair:
    """The expected events of each arm when everybody's follow-up is complete."""
    return expected_events(course, course.end)


def month_of_events(course: Course, events: float) -> float:
    """The month by which so many ``events`` of both arms are expected; infinite where only follow-up without end has
    them all. Raises ValueError where so many never come.
    """
    total = math.fsum(expected_total(course))
    if not 0 < events <= total * (1 + 1e-12):
        raise ValueError(f"{events:g} events are never expected; give a number above 0 and up to {total:g}")
    if events >= total * (1 - 1e-12):
        return course.end
    high = course.end
    if math.isinf(high):
        high = course.last_entry + 12
        while math.fsum(expected_events(course, high)) < events:
            high *= 2
    return root(lambda month: math.fsum(expected_events(course, month)) - events, 0.0, high)


def _both(course: Course, month: float, which: int) -> Pair:
    """Events (0) or lost (1) of both arms by ``month``."""
    month = min(month, course.end)
    if month <= 0:
        return 0.0, 0.0
    control, experimental = (
        math.fsum(part * _of_stratum(course, month, factor, arm)[which] for part, factor in course.strata)
        for arm in (0, 1)
    )
    return control * course.shares[0], experimental * course.shares[1]


def _of_stratum(course: Course, month: float, factor: float, arm: int) -> Pair:
    """Events and lost by ``month``, were all people of this stratum and arm."""
    if math.isinf(month):
        return _for_ever(course, factor, arm)
    if course.yearly_drift != 1:
        return _drifting(course, month, factor, arm)
    one = _curve(course, arm, factor)
    events, lost = [], []
    for first, last, rate in _entries(course, month):
        longest, shortest = _area(course, one, month - first), _area(course, one, month - last)
        events.append(rate * (longest[0] - shortest[0]))
        lost.append(rate * (longest[1] - shortest[1]))
    return math.fsum(events), math.fsum(lost)


def _area(course: Course, one: Curve, months: float) -> Pair:
    """The probabilities of an event and of being lost, integrated over entries up to so many ``months`` ago."""
    within = months if course.cap is None else min(months, course.cap)
    staying, events, event_area, staying_area = one.at(within)
    beyond = months - within
    return event_area + beyond * events, within - staying_area - event_area + beyond * (1 - staying - events)


def _drifting(course: Course, month: float, factor: float, arm: int) -> Pair:
    """The same where the hazard depends on the entry: integrated numerically between all that bends the curve."""
    cap = math.inf if course.cap is None else course.cap
    bends = {month - start for start, _ in product(course.control_hazard, course.hazard_ratio)} | {month - cap}
    events, lost = [], []
    for first, last, rate in _entries(course, month):
        edges = [first, *sorted(bend for bend in bends if first < bend < last), last]
        for low, high in pairwise(edges):
            for entry, weight in spread(low, high):
                one = _curve(course, arm, factor * course.yearly_drift ** (entry / MONTHS_A_YEAR))
                staying, seen, _, _ = one.at(min(month - entry, cap))
                events.append(rate * weight * seen)
                lost.append(rate * weight * (1 - staying - seen))
    return math.fsum(events), math.fsum(lost)


def _for_ever(course: Course, factor: float, arm: int) -> Pair:
    """Events and lost where follow-up has no end and drift does not matter."""
    if course.yearly_drift != 1:
        return _drifting(course, 1e6, factor, arm)
    staying, events, _, _ = _curve(course, arm, factor).at(math.inf)
    return course.people * events, course.people * (1 - staying - events)


def _entries(course: Course, month: float) -> list[tuple[float, float, float]]:
    """(from, until, rate) of the entries by ``month``."""
    until = min(month, course.last_entry)
    ends = (*(start for start, _ in course.accrual[1:]), math.inf)
    pieces = zip(course.accrual, ends, strict=True)
    return [(start, min(end, until), rate) for (start, rate), end in pieces if start < until]


@lru_cache(maxsize=4096)
def _curve(course: Course, arm: int, factor: float) -> Curve:
    hazard = product(course.control_hazard, course.hazard_ratio) if arm else course.control_hazard
    return curve(scaled(hazard, factor), course.dropout)
