"""What happens beside the plan: local therapy that the arm does not plan, and treatments that ask for care together.

Local therapy that the protocol plans is study treatment; in an arm that does not plan it, it is an intercurrent event
(reference section 2.6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from evenhand.conduct.forms import FormEntry, context
from evenhand.conduct.treatment.courses import Course, courses
from evenhand.conduct.treatment.local import given
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.conduct.treatment.systemic import Regimen, regimens
from evenhand.protocol import Protocol
from evenhand.protocol.plan.therapy import Caution
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Intercurrent:
    """Local therapy in an arm that does not plan it. ``after_progression``: None where progression is not known."""

    on: date
    entry: FormEntry
    after_progression: bool | None


@dataclass(frozen=True, slots=True)
class CautionSeen:
    """A regimen and radiation close together that the study asks people to think about."""

    caution: Caution
    course: Course
    regimen: Regimen


def intercurrent_events(
    protocol: Protocol, known: SubjectHistory, progressed: date | None = None
) -> tuple[Intercurrent, ...]:
    """Local therapy from randomization on that the participant's arm does not plan, by day.

    ``progressed`` is the day of progression, where it is known: afterwards it is treatment of the progression.
    """
    about = context(known)
    if about.arm is None or about.randomized is None:
        return ()
    found = [
        Intercurrent(happened, entry, None if progressed is None else happened > progressed)
        for happened, entry in given(protocol, known)
        if happened >= about.randomized and entry.form.arms and about.arm not in entry.form.arms
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.entry.seq)))


def cautions(protocol: Protocol, known: SubjectHistory) -> tuple[CautionSeen, ...]:
    """Regimens given close to radiation where the study asks for care, by course."""
    given_regimens = regimens(protocol, known)
    return tuple(
        CautionSeen(caution, course, regimen)
        for course in courses(protocol, known)
        for caution in treatment_of(protocol).cautions
        if course.targets & caution.codes
        for regimen in given_regimens
        if regimen.regimen in caution.regimens and _close(regimen, course, caution.days_around)
    )


def _close(regimen: Regimen, course: Course, days: int) -> bool:
    """Whether the days of a regimen and of a course lie within so many days; what has not ended goes on."""
    if regimen.started is None or course.started is None:
        return False
    room = timedelta(days=days)
    regimen_ends, course_ends = regimen.stopped or date.max - room, course.ended or date.max - room
    return regimen.started <= course_ends + room and course.started <= regimen_ends + room
