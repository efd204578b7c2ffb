"""Dose points of a plan against the limits of organs at risk.

A point is one of a dose-volume histogram, and the histogram passes through it. A larger hot volume never receives
more, a larger spared volume never less, so a point decides limits of other volumes and doses in one direction:

    limit                    point                    met                        broken
    hottest V at most T      hottest v gets d         v <= V and d <= T          v >= V and d > T
                             coldest s gets d         organ - s < V and d <= T   organ - s >= V and d > T
    coldest S at most T      coldest s gets d         s >= S and d <= T          s <= S and d > T
                             hottest v gets d         organ - v >= S and d <= T  organ - v < S and d > T

("hottest v gets d": d is the least dose in it; "coldest s gets d": d is the greatest in it.) What no point decides is
not assessable, never a pass. This inference is ours; the limits are the table's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from evenhand.oncology.radiation.limits import Limit, LimitTable, Rule
from evenhand.oncology.radiation.outcome import Answer, Outcome, failed, not_assessable, passed
from evenhand.oncology.radiation.tables import TableId
from evenhand.units import Number


@dataclass(frozen=True, slots=True)
class DosePoint:
    """One point: volumes in cc, dose in Gy.

    ``kind`` hot: the hottest ``volume_cc`` receive ``dose_gy`` or more. ``spared``: the coldest ``volume_cc`` receive
    ``dose_gy`` or less. ``organ_cc``: the volume of the whole organ, where it is known. Raises ValueError for volumes
    and doses that no organ has.
    """

    organ: str
    kind: Rule
    volume_cc: Number
    dose_gy: Number
    organ_cc: Number | None = None

    def __post_init__(self) -> None:
        if self.volume_cc < 0 or self.dose_gy < 0 or (self.organ_cc is not None and self.organ_cc < self.volume_cc):
            raise ValueError(
                f"{self} of {self.organ} ({self.organ_cc} cc): volumes and doses are 0 or more, and no part "
                "of an organ is larger than the organ"
            )

    def __str__(self) -> str:
        hottest, least = ("hottest", "or more") if self.kind == "hot" else ("coldest", "or less")
        return f"the {hottest} {self.volume_cc} cc receive {self.dose_gy} Gy {least}"


@dataclass(frozen=True, slots=True)
class LimitCheck:
    """What the points say about one limit; ``limit`` is None where the table has none for the organ."""

    organ: str
    limit: Limit | None
    answer: Answer
    table: TableId


def check_plan(
    table: LimitTable, fractions: int | None, points: Iterable[DosePoint], organs: Iterable[str] = ()
) -> tuple[LimitCheck, ...]:
    """Every limit of every organ that has a point, or is among ``organs`` (those that must be reported).

    ``fractions`` is that of the plan. A number of fractions or an organ that the table lacks is not assessable:
    nothing is interpolated, and no other table is asked.
    """
    given = tuple(points)
    named = dict.fromkeys([*organs, *(point.organ for point in given)])
    return tuple(
        check
        for organ in named
        for check in _of_organ(table, organ, fractions, tuple(point for point in given if point.organ == organ))
    )


def _of_organ(
    table: LimitTable, organ: str, fractions: int | None, points: tuple[DosePoint, ...]
) -> tuple[LimitCheck, ...]:
    lacking = _lacking(table, organ, fractions)
    if lacking or fractions is None:
        return (LimitCheck(organ, None, not_assessable(lacking), table.id),)
    return tuple(LimitCheck(organ, limit, judge(limit, points), table.id) for limit in table.of(organ, fractions))


def _lacking(table: LimitTable, organ: str, fractions: int | None) -> str:
    if fractions is None:
        return "the number of fractions is not recorded"
    if organ not in table.organs:
        return f"{table.id} has no limit for {organ.replace('_', ' ')}"
    if not table.of(organ, fractions):
        known = ", ".join(str(limit) for limit in table.fractions)
        return f"{table.id} has no limit of {organ.replace('_', ' ')} for {fractions} fractions: it has {known}"
    return ""


def judge(limit: Limit, points: Iterable[DosePoint]) -> Answer:
    """What the points of the limit's organ say about it.

    Where sources disagree on the dose, the strictest has to be met and the laxest broken.
    """
    given = tuple(points)
    if not given:
        return not_assessable(f"no dose is entered for the {limit.label}")
    strict, lax = _judge_at(limit, limit.gy[0], given), _judge_at(limit, limit.gy[-1], given)
    if strict.outcome is Outcome.FAIL and lax.outcome is Outcome.PASS:
        return not_assessable(f"the sources of the table disagree: {limit}; {lax.why}")
    return lax if strict.outcome is Outcome.FAIL else strict


def _judge_at(limit: Limit, dose_gy: Number, points: tuple[DosePoint, ...]) -> Answer:
    met = [point for point in points if _side(limit, point) in ("met", "both") and point.dose_gy <= dose_gy]
    broken = [point for point in points if _side(limit, point) in ("broken", "both") and point.dose_gy > dose_gy]
    if met and broken:
        return not_assessable(f"the points contradict each other: {met[0]}, but {broken[0]}")
    if met:
        return passed(str(met[0]))
    return failed(str(broken[0])) if broken else _open(limit)


def _open(limit: Limit) -> Answer:
    whole = " and the volume of the organ" if limit.part is not None else ""
    which = "coldest" if limit.rule == "spared" else "hottest"
    volume = f"{limit.volume_cc} cc" if limit.part is None else f"{limit.part}"
    return not_assessable(f"no point decides it: enter the dose to the {which} {volume} of the {limit.label}{whole}")


def _side(limit: Limit, point: DosePoint) -> Literal["met", "broken", "both", "neither"]:
    """What a point can prove about a limit, by their volumes alone."""
    wanted = _wanted(limit, point)
    same = point.kind == limit.rule
    if wanted is None or (not same and point.organ_cc is None):
        return "neither"
    volume = Fraction(point.volume_cc) if same else Fraction(point.organ_cc or 0) - Fraction(point.volume_cc)
    if volume == wanted:
        return "both" if same else "broken" if limit.rule == "hot" else "met"
    return "met" if (volume < wanted) == (limit.rule == "hot") else "broken"


def _wanted(limit: Limit, point: DosePoint) -> Fraction | None:
    """The volume of a limit in cc; None where it is a part of an organ whose volume is not known."""
    if limit.part is None:
        return Fraction(limit.volume_cc or 0)
    return None if point.organ_cc is None else limit.part * Fraction(point.organ_cc)
