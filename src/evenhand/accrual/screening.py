"""Which criteria stand in the way: failures and open questions among those who were never registered.

Each is judged on the day of the newest thing recorded about the person (the last judgement): a later day would count
everybody's window as missed, whatever the reason was at the time.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from evenhand.accrual.courses import courses
from evenhand.accrual.remembered import Remembered
from evenhand.eligibility import Assessment, assessor_of
from evenhand.protocol import Criterion, Protocol
from evenhand.record import History, SubjectHistory
from evenhand.record.facts import recorded_person

_MOST = 20_000  # assumed: more candidates than any trial has
_JUDGED: Remembered[Judged] = Remembered(_MOST)
_TALLIES: Remembered[Tally] = Remembered(16)


class Judged(NamedTuple):
    """One candidate on one day: the ids of the criteria that fail and of those that are unknown."""

    failed: tuple[str, ...]
    unknown: tuple[str, ...]


class CriterionTally(NamedTuple):
    """One criterion: how many failed it, how many of them failed no other, and for how many it was unknown."""

    criterion: Criterion
    failed: int
    alone: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The candidates not registered, at their last judgement: how many there are, how many fail, and by criterion."""

    candidates: int
    failing: int
    undetermined: int
    criteria: tuple[CriterionTally, ...]


def screening_tally(protocol: Protocol, history: History) -> Tally:
    """Screening failures by criterion, in the protocol's order; a person who fails two criteria counts under both."""
    return _TALLIES.answer(history.study, (protocol, history), lambda: _tally(protocol, history))


def _tally(protocol: Protocol, history: History) -> Tally:
    judged = [
        last_judged(protocol, history.subject(course.subject))
        for course in courses(history)
        if course.registered is None
    ]
    failed = Counter(name for one in judged for name in one.failed)
    alone = Counter(one.failed[0] for one in judged if len(one.failed) == 1)
    unknown = Counter(name for one in judged for name in one.unknown)
    return Tally(
        candidates=len(judged),
        failing=sum(bool(one.failed) for one in judged),
        undetermined=sum(bool(one.unknown) and not one.failed for one in judged),
        criteria=tuple(
            CriterionTally(item, failed[item.id], alone[item.id], unknown[item.id]) for item in protocol.criteria
        ),
    )


def last_judged(protocol: Protocol, known: SubjectHistory) -> Judged:
    """A candidate on the day of the newest thing recorded about the person; a correction counts where it corrects."""
    return judged_on(protocol, known, max(one.original.effective for one in known.standing), "last")


def judged_on(protocol: Protocol, known: SubjectHistory, day: date, asker: str) -> Judged:
    """A candidate on a day; each ``asker`` has one remembered answer about each candidate."""
    key = (protocol.study, known.subject, asker)
    return _JUDGED.answer(key, (protocol, known, day), lambda: _judge(protocol, known, day))


def _judge(protocol: Protocol, known: SubjectHistory, day: date) -> Judged:
    assessment: Assessment = assessor_of(protocol).assess(recorded_person(known, protocol.vocabulary), day)
    verdicts = [(item.criterion.id, item.verdict) for item in assessment.criteria]
    return Judged(
        tuple(name for name, verdict in verdicts if verdict == "fail"),
        tuple(name for name, verdict in verdicts if verdict == "unknown"),
    )
