"""Which criteria stand in the way: failures and open questions among those who were never registered, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from evenhand.eligibility.judged import Judged, last_judged, stopped_by
from evenhand.enrollment.courses import courses
from evenhand.protocol import Criterion, Protocol
from evenhand.record import History, SubjectHistory
from evenhand.record.remembered import Remembered

_TALLIES: Remembered[Tally] = Remembered(16)
_EACH: Remembered[Judged] = Remembered(100_000)  # assumed: more candidates than all trials of one place have


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
    judged = {
        course.subject: _judged(protocol, history.subject(course.subject))
        for course in courses(history)
        if course.registered is None
    }
    return Tally(
        candidates=len(judged),
        failing=sum(bool(one.failed) for one in judged.values()),
        undetermined=sum(bool(one.unknown) and not one.failed for one in judged.values()),
        criteria=tuple(
            CriterionTally(one.criterion, len(one.failed), len(one.alone), len(one.unknown))
            for one in stopped_by(protocol.criteria, judged)
        ),
    )


def _judged(protocol: Protocol, known: SubjectHistory) -> Judged:
    """A candidate's last judgement, for whose day nothing needs to be looked through again."""
    return _EACH.answer((protocol.study, known.subject), (protocol, known), lambda: last_judged(protocol, known))


def judgements_ahead(protocol: Protocol, history: History) -> Iterator[None]:
    """Judge one candidate who is not registered after the other; whoever asks may stop at any time."""
    for course in courses(history):
        if course.registered is None:
            _judged(protocol, history.subject(course.subject))
            yield
