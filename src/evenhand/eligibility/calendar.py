"""The eligibility calendar: for each person the dated intervals of eligible, ineligible and undetermined.

Past and future. The future takes what is known now as it stands: only time passes. Each interval names the criteria
that bind: those that fail, those that are unknown, or, for an eligible interval, those that bound it on either side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.eligibility.boundaries import Watch, watch
from evenhand.eligibility.verdict import Assessor, CriterionVerdict, Situation, Standing, judged, standing
from evenhand.facts import Person

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interval:
    """Days ``first`` to ``last`` inclusive (None: no end on that side) with one standing."""

    first: date | None
    last: date | None
    standing: Standing
    because: tuple[str, ...]
    provisional: bool
    opened_by: tuple[str, ...] = ()
    closed_by: tuple[str, ...] = ()

    def holds(self, day: date) -> bool:
        """Whether a day lies in the interval."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


Row = tuple[CriterionVerdict, ...]


class Calendar:
    """Makes calendars for one protocol."""

    def __init__(self, assessor: Assessor) -> None:
        self._assessor = assessor
        self._watches: list[Watch] = [watch(item.rule, assessor.protocol) for item in assessor.protocol.criteria]

    def of(self, person: Person) -> tuple[Interval, ...]:
        """The calendar of one person: intervals that follow each other without a gap, from no beginning to no end."""
        watched = [sorted(item.days(person)) for item in self._watches]
        cuts = sorted({day for days in watched for day in days})
        rows = self._rows(person, watched, cuts)
        return tuple(_linked(_intervals(cuts, rows)))

    def _rows(self, person: Person, watched: list[list[date]], cuts: list[date]) -> list[Row]:
        """The verdicts before the first cut, and from each cut on; a criterion is judged on its own days alone."""
        before = (cuts[0] if cuts else date(2000, 1, 1)) - _DAY
        situations: dict[date, Situation] = {}
        columns = []
        for (criterion, rule), days in zip(self._assessor.criteria, watched, strict=True):
            own = set(days)
            column: list[CriterionVerdict] = []
            for day in (before, *cuts):
                if day in own or not column:
                    situation = situations.get(day)
                    if situation is None:
                        situation = situations[day] = Situation(self._assessor, person, day)
                    column.append(judged(criterion, rule, situation))
                else:
                    column.append(column[-1])
            columns.append(column)
        return list(zip(*columns, strict=True))


def _intervals(cuts: list[date], rows: list[Row]) -> Iterator[tuple[Interval, Row, Row]]:
    """Runs of equal standing and cause, each with its first and last row."""
    start = 0
    for number in range(1, len(rows) + 1):
        if number < len(rows) and _summary(rows[number]) == _summary(rows[start]):
            continue
        first = None if start == 0 else cuts[start - 1]
        last = None if number == len(rows) else cuts[number - 1] - _DAY
        yield Interval(first, last, *_summary(rows[start])), rows[start], rows[number - 1]
        start = number


def _summary(row: Row) -> tuple[Standing, tuple[str, ...], bool]:
    stands = standing(item.verdict for item in row)
    wanted = {"ineligible": "fail", "undetermined": "unknown", "eligible": ""}[stands]
    because = tuple(item.criterion.id for item in row if item.verdict == wanted)
    return stands, because, stands == "eligible" and any(item.provisional for item in row)


def _linked(runs: Iterator[tuple[Interval, Row, Row]]) -> Iterator[Interval]:
    """Name at each edge the criteria whose verdicts change there."""
    known = list(runs)
    for number, (interval, head, tail) in enumerate(known):
        opened = _changed(known[number - 1][2], head) if number else ()
        closed = _changed(tail, known[number + 1][1]) if number + 1 < len(known) else ()
        because = interval.because or tuple(dict.fromkeys(opened + closed))
        yield Interval(interval.first, interval.last, interval.standing, because, interval.provisional, opened, closed)


def _changed(before: Row, after: Row) -> tuple[str, ...]:
    return tuple(
        new.criterion.id
        for old, new in zip(before, after, strict=True)
        if (old.verdict, old.provisional) != (new.verdict, new.provisional)
    )
