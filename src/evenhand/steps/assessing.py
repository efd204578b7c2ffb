"""The verdicts about a subject, remembered while nothing changes."""

from __future__ import annotations

from datetime import date

from evenhand.eligibility import Assessment, assessor_of
from evenhand.protocol import Protocol
from evenhand.record import History, SubjectHistory
from evenhand.record.facts import recorded_person


def assess(protocol: Protocol, history: History, *, subject: str, on: date) -> Assessment:
    """The verdicts about a subject of the record on a day.

    The last answer about each subject is kept, and given again while the question is the very same: what was checked
    before a transaction is not computed a second time inside it.
    """
    known = history.subject(subject)
    question = (protocol, known, on)
    asked, answer = _ASSESSED.get((protocol.study, subject), (None, None))
    if answer is None or asked is None or not _same(asked, question):
        answer = assessor_of(protocol).assess(recorded_person(known, protocol.vocabulary), on)
        if len(_ASSESSED) >= _MOST_ASSESSED:
            _ASSESSED.clear()
        _ASSESSED[protocol.study, subject] = question, answer
    return answer


_Question = tuple[Protocol, SubjectHistory, date]
_MOST_ASSESSED = 10_000  # assumed: more open candidates than any trial has
_ASSESSED: dict[tuple[str, str], tuple[_Question, Assessment]] = {}


def _same(one: _Question, other: _Question) -> bool:
    """Histories are values that never change, so the same object says the same."""
    return one[0] is other[0] and one[1] is other[1] and one[2] == other[2]
