"""The window of a candidate: the run of days, out of the eligibility calendar, on which time leaves a way in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from evenhand.eligibility import Assessment, Calendar, Interval, Situation, assessor_of
from evenhand.eligibility.boundaries import Watch, watch
from evenhand.eligibility.verdict import judged
from evenhand.facts import Person
from evenhand.protocol import Protocol
from evenhand.worklist.row import Window

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Run:
    first: date | None
    last: date | None
    opened_by: tuple[str, ...]
    closed_by: tuple[str, ...]


class Windows:
    """Finds windows for one protocol, whose calendar and time terms are made ready once."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._assessor = assessor_of(protocol)
        self._calendar = Calendar(self._assessor)
        self._watches = {item.id: watch(item.rule, protocol) for item in protocol.criteria}
        self._rules = {item.id: (item, rule) for item, rule in self._assessor.criteria}

    def of(self, person: Person, on: date) -> Window | None:
        """The present window, else the next one, else the last that there was; None when there never is one."""
        _, windows = self.all_of(person)
        return next((one for one in windows if one.last is None or one.last >= on), windows[-1] if windows else None)

    def all_of(self, person: Person) -> tuple[tuple[Interval, ...], tuple[Window, ...]]:
        """The calendar of a person, and all windows in it, the earliest first."""
        calendar = self._calendar.of(person)
        return calendar, tuple(
            Window(run.first, run.last, *self._sure(person, run), run.opened_by, run.closed_by)
            for run in _runs(calendar)
        )

    def lacks_a_date(self, assessment: Assessment) -> bool:
        """Whether a criterion is open because a date that it holds against a period is missing, vague or in doubt."""
        return any(
            reason.about.partition(".")[0] in {term.fact for term in self._watches[item.criterion.id].terms}
            for item in assessment.criteria
            if item.verdict == "unknown"
            for reason in item.reasons
        )

    def _sure(self, person: Person, run: _Run) -> tuple[date | None, date | None]:
        """The run without the days at its ends on which a partial date leaves the criterion of that end open."""
        first = None if run.first is None else self._sure_first(person, run, run.first)
        last = None if run.last is None else self._sure_last(person, run, run.last)
        vanished = (first is None) != (run.first is None) or (last is None) != (run.last is None)
        return (None, None) if vanished or (first and last and last < first) else (first, last)

    def _sure_first(self, person: Person, run: _Run, first: date) -> date | None:
        days = [day for day in self._days(person, run.opened_by) if first < day <= (run.last or day)]
        return next((day for day in (first, *days) if not self._vague(person, run.opened_by, day)), None)

    def _sure_last(self, person: Person, run: _Run, last: date) -> date | None:
        ends = [day - _DAY for day in self._days(person, run.closed_by) if day <= last]
        return next((day for day in (last, *reversed(ends)) if not self._vague(person, run.closed_by, day)), None)

    def _days(self, person: Person, criteria: Sequence[str]) -> list[date]:
        return sorted({day for name in criteria for day in self._watches[name].days(person)})

    def _vague(self, person: Person, criteria: Sequence[str], day: date) -> bool:
        situation = Situation(self._assessor, person, day)
        found = (judged(*self._rules[name], situation) for name in criteria)
        return any(
            item.verdict == "unknown" and _is_timed(reason.about, self._watches[item.criterion.id])
            for item in found
            for reason in item.reasons
            if reason.why == "imprecise"
        )


def _is_timed(about: str, watched: Watch) -> bool:
    return about.partition(".")[0] in {term.fact for term in watched.terms}


def _runs(calendar: Sequence[Interval]) -> Iterator[_Run]:
    """Runs of intervals that are not ineligible, with the criteria that fail on either side."""
    start: Interval | None = None
    before: Interval | None = None
    for interval, after in pairwise((*calendar, None)):
        assert interval is not None
        if interval.standing == "ineligible":
            before, start = interval, None
            continue
        start = start or interval
        if after is None or after.standing == "ineligible":
            opened = _common(start.opened_by, before)
            yield _Run(start.first, interval.last, opened, _common(interval.closed_by, after))


def _common(changed: Sequence[str], failing: Interval | None) -> tuple[str, ...]:
    return () if failing is None else tuple(name for name in changed if name in failing.because)


_WINDOWS: dict[str, Windows] = {}


def windows_of(protocol: Protocol) -> Windows:
    """The finder of windows of a protocol, made once for each protocol object."""
    known = _WINDOWS.get(protocol.digest)
    if known is None or known.protocol is not protocol:
        known = _WINDOWS[protocol.digest] = Windows(protocol)
    return known
