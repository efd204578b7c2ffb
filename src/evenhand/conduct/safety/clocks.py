"""Who must hear of an event by when, and whether they have: one obligation for each report that a regime wants.

The clock starts when the site became aware. Days are calendar days where the site is, the day of awareness being day
0, and end at midnight; hours count from the very moment. Our proposals: where the time of day is missing, hours count
from midnight before it; where even the day is missing, from when the event was entered; and where it is not known
whether a report is due, the clock runs, and says that it may be for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from evenhand.conduct.forms import FormEntry, entries_reading
from evenhand.conduct.safety.events import AdverseEvent, adverse_events, safety_of, span, word
from evenhand.conduct.safety.given import begun_by, first_given
from evenhand.conduct.safety.seriousness import admitted, expected, fatal_or_life_threatening, serious, suspected
from evenhand.logic import NO, YES, Reason, Truth, Unknown, conjunction, negation, truth
from evenhand.protocol import Protocol
from evenhand.protocol.plan.safety_rules import Deadline, Question, Regime, Safety, Within
from evenhand.record import SubjectHistory

SAFETY_REPORT: Final = "safety_report"
State = Literal["open", "overdue", "met", "late", "not known"]
_LAST_MOMENT: Final = time(23, 59, 59, 999_999)
_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ANSWERS: Final[Mapping[Question, Callable[[AdverseEvent], Truth]]] = {
    "serious": serious,
    "expected": expected,
    "fatal_or_life_threatening": fatal_or_life_threatening,
    "hospitalized": admitted,
}


@dataclass(frozen=True, slots=True)
class Obligation:
    """One report about one event.

    ``applies`` is YES, or unknown with what to record. ``due`` is the last moment (with its time zone).
    ``aware_known`` is False where the clock starts at the entry for want of a day of awareness. ``sent`` is the first
    report that answers it.
    """

    event: AdverseEvent
    regime: Regime
    deadline: Deadline
    applies: Truth
    start: datetime
    aware_known: bool
    due: datetime
    sent: FormEntry | None

    def state(self, at: datetime) -> State:
        """Sent in time or late, or still open or overdue at a moment; not known where the time of sending decides."""
        if self.sent is None:
            return "overdue" if at > self.due else "open"
        in_time = _sent_in_time(self.sent, self.due, self.deadline.within)
        return "met" if in_time is YES else "late" if in_time is NO else "not known"


def obligations(protocol: Protocol, known: SubjectHistory, zone: ZoneInfo | None = None) -> tuple[Obligation, ...]:
    """Everything that active regimes want or may want to hear about a participant's events, the soonest due first.

    ``zone`` is where the site counts its days; without it, the study's.
    """
    safety = safety_of(protocol)
    if safety is None:
        return ()
    reports = entries_reading(protocol, known, SAFETY_REPORT)
    given = first_given(protocol, known, safety)
    here = zone or ZoneInfo(safety.time_zone)
    found = [
        obligation
        for event in adverse_events(protocol, known)
        for obligation in _of_event(safety, event, here, given, reports)
    ]
    return tuple(sorted(found, key=lambda one: (one.due, one.event.entry.seq, one.regime.id)))


def applies(event: AdverseEvent, safety: Safety, regime: Regime, deadline: Deadline, given: frozenset[str]) -> Truth:
    """Whether a regime wants this report of this event.

    What a regime exempts (endpoints of the study, 21 CFR 312.64(b)) it wants only where a treatment is suspected.
    """
    return conjunction(_asked(event, safety, regime, deadline, given))


def _asked(
    event: AdverseEvent, safety: Safety, regime: Regime, deadline: Deadline, given: frozenset[str]
) -> Iterator[Truth]:
    """The answers, one after the other: the first NO decides."""
    if deadline.grades:
        yield _graded(event, deadline.grades)
    for question, wanted in deadline.when.items():
        if question == "suspected":
            answer = suspected(event, safety, regime.concerns, given)
        else:
            answer = _ANSWERS[question](event)
        yield answer if wanted else negation(answer)
    if event.name in regime.exempt:
        yield suspected(event, safety, regime.concerns, given)


def aware_at(event: AdverseEvent, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The moment from which clocks count, in the time zone, and whether it is the recorded one."""
    aware = span(event.entry, "aware")
    if aware is None:
        return event.entry.standing.original.recorded_at.astimezone(zone), False
    at = read_time(word(event.entry, "aware_time")) or time(0)
    return datetime.combine(aware.first, at, zone), True


def due_at(start: datetime, within: Within) -> datetime:
    """The last moment of a deadline that began at ``start`` (with its time zone)."""
    if within.unit == "hours":
        return (start.astimezone(UTC) + timedelta(hours=within.count)).astimezone(start.tzinfo)
    day = start.date()
    for _ in range(within.count):
        day += timedelta(days=1)
        while within.unit == "working_days" and day.weekday() >= 5:
            day += timedelta(days=1)
    return datetime.combine(day, _LAST_MOMENT, start.tzinfo)


def read_time(text: str) -> time | None:
    """A time of day such as 14:05; None for anything else."""
    match = _CLOCK.fullmatch(text.strip())
    return time(int(match[1]), int(match[2])) if match else None


def _of_event(
    safety: Safety, event: AdverseEvent, zone: ZoneInfo, first: Mapping[str, date], reports: tuple[FormEntry, ...]
) -> Iterator[Obligation]:
    start, aware_known = aware_at(event, zone)
    given = begun_by(first, event.onset.last if event.onset else start.date())
    for regime in safety.regimes:
        for deadline in regime.deadlines if regime.active else ():
            wanted = applies(event, safety, regime, deadline, given)
            if wanted is NO:
                continue
            sent = _answering(reports, event.item, regime.id, deadline.report)
            yield Obligation(event, regime, deadline, wanted, start, aware_known, due_at(start, deadline.within), sent)


def _answering(reports: tuple[FormEntry, ...], event: str, regime: str, report: str) -> FormEntry | None:
    """The first report of a kind about an event to a regime, by the day on which it was sent."""
    wanted = (event, regime, report)
    found = [one for one in reports if (word(one, "event"), word(one, "regime"), word(one, "report")) == wanted]
    return min(found, key=lambda one: (_sent_on(one), read_time(word(one, "sent_time")) or time.max), default=None)


def _sent_on(report: FormEntry) -> date:
    day = span(report, "sent")
    return day.last if day else report.day


def _sent_in_time(sent: FormEntry, due: datetime, within: Within) -> Truth:
    day = _sent_on(sent)
    if within.unit != "hours" or day != due.date():
        return truth(day <= due.date())
    at = read_time(word(sent, "sent_time"))
    if at is None:
        return Unknown(Reason("missing", "sent_time", "the time of sending decides, and is not recorded"))
    return truth(datetime.combine(day, at, due.tzinfo) <= due)


def _graded(event: AdverseEvent, grades: frozenset[int]) -> Truth:
    if event.grade is None:
        return Unknown(Reason("missing", "grade", "no grade is recorded"))
    return truth(event.grade in grades)
