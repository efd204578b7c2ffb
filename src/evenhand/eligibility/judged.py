"""What each candidate fails or leaves open, and what became of whoever is not randomized.

Each is judged on the day of the newest thing recorded about the person (the last judgement): a later day would count
everybody's window as missed, whatever the reason was at the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

from evenhand.eligibility.verdict import Assessment, assessor_of
from evenhand.protocol import Criterion, Protocol
from evenhand.record import NAMING, StudyState, SubjectHistory
from evenhand.record.facts import recorded_person
from evenhand.record.remembered import Remembered

_MOST = 200_000  # assumed: more candidates than any trial has, twice; beyond it everybody would be judged at each page
_JUDGED: Remembered[Judged] = Remembered(_MOST)

Fate = Literal["not eligible", "declined", "ran out of time", "withdrew", "halted", "closed", "open"]
FATES: Final[Mapping[Fate, str]] = {
    "not eligible": "failed a criterion at the last judgement, and fails on the day of judging",
    "declined": "was asked for consent and declined, and did not consent since",
    "ran out of time": "failed nothing at the last judgement, and fails on the day of judging: time passed",
    "withdrew": "consent was withdrawn",
    "halted": "nothing failed on the day on which accrual was halted",
    "closed": "nothing failed on the day on which the study was closed",
    "open": "may still be randomized: nothing fails on the day of judging",
}
"""``declined`` and ``withdrew`` come first, as either is the person's own word, after which nothing further is asked;
then in this order. Who declined may come back: with consent, the rest counts again (our proposal)."""


class Judged(NamedTuple):
    """One candidate on one day: the ids of the criteria that fail and of those that are unknown."""

    failed: tuple[str, ...]
    unknown: tuple[str, ...]


class Stopped(NamedTuple):
    """Whom one criterion stops: everybody who failed it, those of them who failed no other, and those for whom it was
    unknown. A person who fails two criteria is among those of both."""

    criterion: Criterion
    failed: tuple[str, ...]
    alone: tuple[str, ...]
    unknown: tuple[str, ...]


def stopped_by(criteria: Iterable[Criterion], judged: Mapping[str, Judged]) -> tuple[Stopped, ...]:
    """Each criterion with the people, by name, whom it stops."""
    return tuple(
        Stopped(
            one,
            tuple(name for name, found in judged.items() if one.id in found.failed),
            tuple(name for name, found in judged.items() if found.failed == (one.id,)),
            tuple(name for name, found in judged.items() if one.id in found.unknown),
        )
        for one in criteria
    )


def last_judged(protocol: Protocol, known: SubjectHistory) -> Judged:
    """A candidate on the day of the newest thing recorded about the person; a correction counts where it corrects."""
    return judged_on(protocol, known, last_judged_on(known), "last")


def last_judged_on(known: SubjectHistory) -> date:
    """The day of the last judgement; to mend or erase a name is none."""
    return max(one.original.effective for one in known.standing if one.original.kind not in NAMING)


def judged_on(protocol: Protocol, known: SubjectHistory, day: date, asker: str) -> Judged:
    """A candidate on a day; each ``asker`` has one remembered answer about each candidate."""
    key = (protocol.study, known.subject, asker)
    return _JUDGED.answer(key, (protocol, known, day), lambda: _judge(protocol, known, day))


def day_of_judging(state: StudyState, known: SubjectHistory, day: date) -> date:
    """On which day it is told what became of a candidate: ``day``, or the day on which the study was closed; while
    accrual is halted that of the halt, for whoever was there by then, since the time that passes keeps nobody out."""
    last = state.closure.effective if state.closure else day
    halted = state.halted_since
    return min(last, halted) if halted is not None and known.entries[0].effective <= halted else last


def fate_of(protocol: Protocol, state: StudyState, known: SubjectHistory, day: date) -> Fate:
    """What became of one candidate as of a day, who is not randomized by then; ``state`` is the study's."""
    judged = day_of_judging(state, known, day)
    found = _fate_on(protocol, known, judged)
    if found != "open":
        return found
    return "halted" if judged == state.halted_since else "closed" if state.closure else "open"


def _fate_on(protocol: Protocol, known: SubjectHistory, day: date) -> Fate:
    if known.declined is not None:
        return "declined"
    consents = known.consents
    if consents and all(one.withdrawn is not None for one in consents):
        return "withdrew"
    if not judged_on(protocol, known, day, "today").failed:
        return "open"
    return "not eligible" if last_judged(protocol, known).failed else "ran out of time"


def _judge(protocol: Protocol, known: SubjectHistory, day: date) -> Judged:
    assessment: Assessment = assessor_of(protocol).assess(recorded_person(known, protocol.vocabulary), day)
    verdicts = [(item.criterion.id, item.verdict) for item in assessment.criteria]
    return Judged(
        tuple(name for name, verdict in verdicts if verdict == "fail"),
        tuple(name for name, verdict in verdicts if verdict == "unknown"),
    )
