"""Whether an event is new since randomization, or worse than what the participant had then.

Both arms are compared from randomization on, so that is where counting begins; an event of that very day counts as
after it. Both are our proposal.
"""

from __future__ import annotations

from datetime import date

from evenhand.conduct.forms import FormEntry, context, entries_reading
from evenhand.conduct.safety.events import AdverseEvent, kind_of, span, worst
from evenhand.dates import compare_dates, on_day
from evenhand.logic import NO, YES, Reason, Truth, Unknown, truth
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

BASELINE_CONDITION = "baseline_condition"


def emergent(protocol: Protocol, known: SubjectHistory, event: AdverseEvent) -> Truth:
    """YES for what began after randomization, or became worse than it was then; unknown where that cannot be told."""
    randomized = context(known).randomized
    if randomized is None:
        return Unknown(Reason("missing", "randomized", "the participant is not randomized"))
    if event.onset is None:
        return Unknown(Reason("missing", "onset", "the first day of the event is not recorded"))
    before = compare_dates(event.onset, "<", on_day(randomized))
    if before is YES:
        return _became_worse(event, randomized)
    if before is not NO:
        return before
    had = conditions(protocol, known, event)
    return _worse(event.grade, had) if had else YES


def conditions(protocol: Protocol, known: SubjectHistory, event: AdverseEvent) -> tuple[FormEntry, ...]:
    """The conditions at baseline of the same kind as an event that were not surely over when it began."""
    return tuple(
        entry
        for entry in entries_reading(protocol, known, BASELINE_CONDITION)
        if kind_of(entry, event.version) == event.kind and not _over_before(entry, event)
    )


def _over_before(entry: FormEntry, event: AdverseEvent) -> bool:
    ended = span(entry, "ended")
    return ended is not None and event.onset is not None and ended.last < event.onset.first


def _worse(grade: int | None, had: tuple[FormEntry, ...]) -> Truth:
    """Worse than the worst of the conditions that there were."""
    grades = [entry.values.get("grade") for entry in had]
    known = [one for one in grades if isinstance(one, int)]
    if grade is None:
        return Unknown(Reason("missing", "grade", "the event has no grade"))
    if known and grade <= max(known):
        return NO
    if len(known) < len(grades):
        return Unknown(Reason("missing", "grade", "the grade at baseline is not recorded"))
    return YES


def _became_worse(event: AdverseEvent, randomized: date) -> Truth:
    """Of an event that began before: a grade after randomization above those before."""
    earlier = [one for one in event.course if one.day is not None and one.day.last < randomized]
    later = [one for one in event.course if one.day is not None and one.day.first >= randomized]
    if len(earlier) + len(later) < len(event.course):
        return Unknown(Reason("imprecise", "course", "a grade is not dated exactly"))
    before, after = worst(earlier), worst(later)
    if after is None:
        return NO
    if before is None:
        return Unknown(Reason("missing", "course", "the grade before randomization is not recorded"))
    return truth(after > before)
