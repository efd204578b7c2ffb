"""From the record to the API's answers."""

from __future__ import annotations

from datetime import date

from evenhand.eligibility import Assessment, Calendar, CriterionVerdict, Interval, assessor_of, explanation
from evenhand.protocol import Protocol
from evenhand.record import Entry, History, SubjectHistory
from evenhand.record.facts import recorded_person
from evenhand.web.api import answers


def verdict_on(protocol: Protocol, known: SubjectHistory, on: date, *, arm_seen: bool) -> answers.Verdict:
    """What the criteria say about a candidate on a day, by what is recorded now.

    ``arm_seen``: whether the asker may see the arm of a participant.
    """
    assessor = assessor_of(protocol)
    person = recorded_person(known, protocol.vocabulary)
    assessment = assessor.assess(person, on)
    registration, allocation = known.registration, known.allocation
    return answers.Verdict(
        subject=known.subject or "",
        on=on,
        stage="randomized" if allocation else "registered" if registration else "screened",
        consents=known.consent_on(on) is not None,
        declined=known.declined.effective if known.declined else None,
        participant=registration.value("participant", str) if registration else None,
        arm=allocation.arm if allocation and arm_seen else None,
        verdict=assessment.standing,
        provisional=assessment.provisional,
        criteria=[_criterion(assessment, item, protocol) for item in assessment.criteria],
        calendar=[_interval(one) for one in Calendar(assessor).of(person)],
        flags=[flag.say for flag in assessment.flags],
    )


def _criterion(assessment: Assessment, item: CriterionVerdict, protocol: Protocol) -> answers.Criterion:
    return answers.Criterion(
        id=item.criterion.id,
        kind=item.criterion.kind,
        title=item.criterion.title,
        verdict=item.verdict,
        provisional=item.provisional,
        explanation=explanation(assessment, item, protocol),
        missing=[answers.Missing(why=one.why, about=one.about, detail=one.detail) for one in item.reasons],
    )


def _interval(one: Interval) -> answers.Interval:
    return answers.Interval(
        first=one.first,
        last=one.last,
        verdict=one.standing,
        provisional=one.provisional,
        because=list(one.because),
        opened_by=list(one.opened_by),
        closed_by=list(one.closed_by),
    )


def recorded(entry: Entry) -> answers.Recorded:
    """The entry that a request made."""
    return answers.Recorded(seq=entry.seq, hash=entry.hash, recorded_at=entry.recorded_at, effective=entry.effective)


def as_it_was(history: History, entry: Entry) -> SubjectHistory:
    """What was recorded about a subject up to an entry, so that a request asked again gets the answer that it got."""
    known = history.subject(entry.subject or "")
    if known.entries[-1].seq == entry.seq:
        return known
    then = SubjectHistory(entry.subject)
    for one in known.entries:
        if one.seq <= entry.seq:
            then = then.after(one, history.kinds)
    return then
