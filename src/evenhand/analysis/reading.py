"""From the record to what endpoints ask about one person. What forms say is read by the rooms of conduct alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from evenhand.analysis.cut import Participant
from evenhand.analysis.seen import Assessed, Basis, Begun, Died, Progressed, Seen, Visit
from evenhand.conduct.disposition import Ends
from evenhand.conduct.ending import ends_of
from evenhand.conduct.forms import context, entries_reading
from evenhand.conduct.lesions import Lives, lives
from evenhand.conduct.response import Determination, Evaluation, Proposed, determinations, evaluation, progression
from evenhand.conduct.schedule import occurrences
from evenhand.conduct.treatment.local import given
from evenhand.conduct.treatment.systemic import new_line_on, regimens
from evenhand.oncology.recist import LesionState, Pattern, Response
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

ALIVE: Final = frozenset({"visit", "scan"})
"""Roles of forms that show somebody alive, where the study names none."""
_BASES: Final[dict[str, Basis]] = {
    "radiographic": "radiographic",
    "clinical": "clinical",
    "pathological": "pathological",
}


def seen_of(person: Participant, until: date, series: str | None = None) -> Seen | None:
    """What is known of one person up to a cut of day ``until``; ``series``: the visits of assessment.

    None before randomization. Raises RecordError for an entry that does not fit the protocol's forms.
    """
    protocol, known = person.protocol, person.known
    allocation = known.allocation
    if allocation is None:
        return None
    evaluated, ends = evaluation(protocol, known), ends_of(protocol, known)
    died = next((one for one in ends.endings if one.ending.by == "death"), None)
    listed = evaluated.listed
    return Seen(
        subject=person.subject,
        start=allocation.effective,
        seq=allocation.seq,
        until=until,
        end=ends.at_most or until,
        lacks=_lacks(evaluated),
        listed=listed.entry.seq if listed else None,
        assessments=tuple(_assessments(evaluated, lives(protocol, known), allocation.effective)),
        determined=tuple(_determined(determinations(protocol, known))),
        unsigned=_unsigned(protocol, known),
        scanned=tuple(_scanned(evaluated)),
        died=Died(died.span, died.seq) if died else None,
        nameless=None if died else nameless_death(protocol, known),
        alive=last_alive(protocol, known),
        therapy=_therapy(protocol, known),
        unplanned=_unplanned(protocol, known),
        left=_left(ends),
        visits=tuple(_visits(protocol, known, until, ends, series)),
    )


def _lacks(evaluated: Evaluation) -> str:
    """Why the baseline is not complete; empty where it is."""
    if evaluated.listed is None:
        return "the lesions at baseline are not entered"
    unmeasured = [
        one.label for one in evaluated.listed.lesions if one.followed == "target" and one.candidate.size is None
    ]
    return f"at baseline {', '.join(unmeasured)} has no size, and is a target" if unmeasured else ""


def _assessments(evaluated: Evaluation, all_lives: Lives, start: date) -> Iterator[Assessed]:
    """The scans after randomization. One is adequate where a progression would have been seen: every region imaged, and
    the response evaluable or each lesion that is left assessed ([P], reference 2.7: sums need not be)."""
    for point in evaluated.points:
        if point.scan.day > start:
            lacks = _inadequate(point, all_lives)
            yield Assessed(point.scan.day, point.scan.seq, not lacks, lacks)


def _inadequate(point: Proposed, all_lives: Lives) -> str:
    if point.point is None:
        return f"the scan cannot be read: {point.fault}"
    if not point.scan.complete:
        return "not every region was imaged"
    if point.overall is Response.INDETERMINATE:
        return "the response is indeterminate"
    if point.overall is not Response.NE:
        return ""
    unseen = [
        life.label
        for life in all_lives.lesions
        if life.kind != "new" and life.state(point.scan.day) is not LesionState.RESECTED and _unseen(point, life.label)
    ]
    return f"{', '.join(unseen)} not assessed" if unseen else ""


def _unseen(point: Proposed, label: str) -> bool:
    row = point.scan.lesions.get(label)
    return row is None or row.seen == "not_assessed"


def _determined(found: Iterable[Determination]) -> Iterator[Progressed]:
    for one in found:
        if one.since is not None and one.signed:
            yield _progressed(one)


def _progressed(one: Determination) -> Progressed:
    values = one.entry.values
    local, regional, distant = (values.get(name) for name in ("local", "regional", "distant"))
    return Progressed(
        one.since or one.day,
        one.seq,
        _BASES.get(one.basis or "", "clinical"),
        local is True and regional is not True and distant is not True,
        distant if isinstance(distant, bool) else None,
    )


def _unsigned(protocol: Protocol, known: SubjectHistory) -> Progressed | None:
    """The progression of a participant of whom none is signed: entered alone, or proposed by the scans."""
    found = progression(protocol, known)
    if found is None or found.determined:
        return None
    domain = "TR" if found.basis == "proposed" else "RS"
    return Progressed(found.day, found.seq, _BASES.get(found.basis, "proposed"), domain=domain)


def _scanned(evaluated: Evaluation) -> Iterator[Progressed]:
    for one in evaluated.points:
        if one.point is not None and one.point.progressed is not None:
            patterns = one.patterns
            distant = Pattern.DISTANT in patterns if patterns else None
            yield Progressed(
                one.point.progressed, one.scan.seq, "proposed", patterns == {Pattern.LOCAL}, distant, "TR"
            )  # fmt: skip


def nameless_death(protocol: Protocol, known: SubjectHistory) -> int | None:
    """The entry of a death that gives no day at all."""
    return next((entry.seq for entry in entries_reading(protocol, known, "death") if "died" not in entry.values), None)


def last_alive(protocol: Protocol, known: SubjectHistory) -> date | None:
    """The last day on which somebody saw the person alive, by forms of the roles that the study names."""
    endpoints = protocol.endpoints.by_id.values() if protocol.endpoints else ()
    roles = frozenset[str]().union(*(one.alive for one in endpoints)) or ALIVE
    days = (entry.day for role in roles for entry in entries_reading(protocol, known, role))
    return max(days, default=None)


def _therapy(protocol: Protocol, known: SubjectHistory) -> Begun | None:
    if protocol.plan is None or protocol.plan.treatment is None:
        return None
    day = new_line_on(protocol, known)
    if day is None:
        return None
    seq = next((one.entry.seq for one in regimens(protocol, known) if one.started == day), None)
    return Begun(day, seq, "new anticancer therapy")


def _unplanned(protocol: Protocol, known: SubjectHistory) -> Begun | None:
    """The first local therapy from randomization on of a kind that is planned in other arms alone."""
    about = context(known)
    found = [
        (day, entry.seq, entry.form.title)
        for day, entry in given(protocol, known)
        if entry.form.arms and about.arm not in entry.form.arms
        if about.randomized is not None and day >= about.randomized
    ]
    return Begun(*min(found)) if found else None


def _left(ends: Ends) -> Begun | None:
    """The first end of follow-up that is neither progression nor death nor the end of its time."""
    for one in ends.endings:
        if one.ending.ends == "follow_up" and one.ending.by in ("consent", "disposition"):
            return Begun(one.day, one.seq, one.ending.label.lower())
    return None


def _visits(
    protocol: Protocol, known: SubjectHistory, until: date, ends: Ends, series: str | None
) -> Iterator[Visit]:  # fmt: skip
    if series is None:
        return
    for one in occurrences(protocol, known, until, ends):
        if one.visit is not None and one.visit.id == series and one.planned and one.first and one.last:
            yield Visit(one.planned, one.first, one.last)
