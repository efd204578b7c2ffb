"""What is drawn on a participant's time line, lane by lane: the same things are listed in words beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct import safety, treatment
from evenhand.conduct.schedule import Occurrence
from evenhand.conduct.treatment import Course as Radiation
from evenhand.conduct.treatment import Regimen
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.web.pages.participants.course import Course
from evenhand.web.pages.participants.words import code_words, short_response

VISITS, DRUGS, SURGERY, RADIATION, SCANS, EVENTS = (
    "Visits",
    "Systemic therapy",
    "Surgery",
    "Radiation",
    "Scans",
    "Adverse events",
)
LANES: Final = (VISITS, DRUGS, SURGERY, RADIATION, SCANS, EVENTS)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing in time. ``last`` None: a moment; ``open``: it goes on. ``sign`` and ``short`` are what is drawn,
    ``says`` the same in words; ``seq`` the entry behind it, if there is one."""

    lane: str
    first: date
    last: date | None
    open: bool
    look: str
    short: str
    says: str
    seq: int | None = None


def drawn(course: Course) -> tuple[Drawn, ...]:
    """Everything that is drawn about a participant."""
    protocol, known, on = course.protocol, course.known, course.on
    return (
        *_visits(course.visits),
        *(_treatment(protocol, known, on)),
        *(_scans(course)),
        *(_events(protocol, known, on)),
    )


_VISIT_WORDS: Final = {
    "done": "took place",
    "missed": "was missed",
    "overdue": "is late",
    "due": "is due",
    "coming": "is planned",
}


def _visits(visits: tuple[Occurrence, ...]) -> Iterator[Drawn]:
    for one in visits:
        if one.state != "cancelled":
            said = _VISIT_WORDS[one.state] + (f": {one.reason}" if one.reason else "")
            seq = one.entries[0].seq if one.entries else None
            yield Drawn(VISITS, one.day, None, False, one.state, "", f"{one.label} {said}", seq)


def _treatment(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[Drawn]:
    if protocol.plan is not None and protocol.plan.treatment is not None:
        yield from _drugs(protocol, known, on)
        yield from _surgery(protocol, known)
        yield from _radiation(protocol, known, on)


def _drugs(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[Drawn]:
    for one in treatment.regimens(protocol, known):
        if one.started is not None:
            label = code_words(one.entry, "regimen")
            line = f"line {one.line}"
            yield Drawn(
                DRUGS, one.started, one.stopped or on, one.stopped is None, "drug", label, f"{label}, {line}",
                one.entry.seq,
            )  # fmt: skip
            yield from _holds(one, on)


def _holds(regimen: Regimen, on: date) -> Iterator[Drawn]:
    for change in regimen.changes:
        if change.changed is not None and change.resumed is not None:
            says = f"{code_words(change.entry, 'what')}{_of(change.agent)}"
            yield Drawn(DRUGS, change.changed, change.resumed, False, "hold", "", says, change.entry.seq)
        elif change.changed is not None:
            says = f"{code_words(change.entry, 'what')}{_of(change.agent)}"
            yield Drawn(DRUGS, change.changed, None, False, "change", "", says, change.entry.seq)


def _of(agent: str | None) -> str:
    return f" ({agent.replace('_', ' ')})" if agent else ""


def _surgery(protocol: Protocol, known: SubjectHistory) -> Iterator[Drawn]:
    for one in treatment.operations(protocol, known):
        if one.performed is not None:
            label = code_words(one.entry, "procedure") or one.entry.form.title
            yield Drawn(SURGERY, one.performed, None, False, "operation", label, label, one.entry.seq)
            for complication in one.complications:
                if complication.began is not None:
                    says = f"complication, Clavien-Dindo {complication.grade or 'not graded'}: {complication.what}"
                    yield Drawn(
                        SURGERY, complication.began, None, False, "complication", "", says, complication.entry.seq
                    )


def _radiation(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[Drawn]:
    for one in treatment.courses(protocol, known):
        if one.started is not None:
            short = _course_words(one)
            says = f"{one.entry.form.title}: {short}"
            yield Drawn(
                RADIATION, one.started, one.ended or on, one.ended is None, "course", short, says, one.entry.seq
            )


def _course_words(one: Radiation) -> str:
    """``S1, M1: 50 of 50 Gy in 5``."""
    name = ", ".join((one.label, *one.lesions))
    doses = [dose for dose in one.doses if dose.planned_gy is not None]
    if not doses:
        return name
    most = max(doses, key=lambda dose: dose.planned_gy or 0)
    got = f"{most.delivered_gy} of " if most.delivered_gy is not None else ""
    return f"{name}: {got}{most.planned_gy} Gy in {most.planned_fractions}"


def _scans(course: Course) -> Iterator[Drawn]:
    listed = course.evaluation.listed
    if listed is not None:
        yield Drawn(SCANS, listed.day, None, False, "scan", "", "lesions at baseline", listed.entry.seq)
    for one in course.compared:
        scan, determined = one.proposed.scan, one.determined
        said = f"; determined {determined.overall}" if determined is not None and determined.overall else ""
        says = f"proposed response {one.proposed.overall}{said}"
        yield Drawn(SCANS, scan.day, None, False, "scan", short_response(one.proposed.overall), says, scan.seq)


def _events(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[Drawn]:
    for one in safety.adverse_events(protocol, known):
        if one.onset is not None:
            grade = f"G{one.grade}" if one.grade else "no grade"
            short = f"{grade} {one.name}"
            serious = ", serious" if one.answered("serious") else ""
            look = f"grade grade-{one.grade or 0}"
            last = one.ended.last if one.ended else on
            says = f"{one.name}, worst grade {one.grade or 'not recorded'}{serious}"
            yield Drawn(EVENTS, one.onset.first, last, one.ended is None, look, short, says, one.entry.seq)


__all__ = ["LANES", "Drawn", "drawn"]
