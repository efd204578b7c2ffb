"""Where treatment departs from the plan: data for deviations and for questions to the site.

Nothing here judges anybody: the standard of care is recorded and not mandated, and a departure may be right for the
participant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from evenhand.conduct.forms import context
from evenhand.conduct.treatment.courses import LOCOREGIONAL, Course, Dose, courses, said_percent
from evenhand.conduct.treatment.local import LocalTherapy, local_therapy
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.conduct.treatment.planning import checked_plans, checked_prescriptions, courses_without_plan, of_protocol
from evenhand.conduct.treatment.systemic import regimens
from evenhand.conduct.treatment.windows import windows_of
from evenhand.oncology.radiation import Outcome
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

Kind = Literal[
    "dose delivered", "unexplained gap", "prescription", "organ limit", "no plan", "label", "window", "lesion",
    "line of therapy",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure: what kind, when it showed, in words, and the numbers of the entries that it rests on.

    ``about`` tells it from others of its kind; ``clause`` is what the study's plan rests on.
    """

    kind: Kind
    on: date
    say: str
    seqs: tuple[int, ...] = ()
    about: str = ""
    clause: str = "treatment plan"


def departures(
    protocol: Protocol, known: SubjectHistory, labels: Iterable[str], on: date, ended: date | None = None
) -> tuple[Departure, ...]:
    """Everything by ``on`` that departs from the plan, by day; ``labels`` and ``ended`` as for ``windows``.

    Raises LookupError where the study plans no treatment.
    """
    local = local_therapy(protocol, known, labels)
    found = [*_of_entries(protocol, known, local), *_windows(protocol, known, local, on, ended)]
    return tuple(sorted((one for one in found if one.on <= on), key=_in_order))


def departures_of_entries(protocol: Protocol, known: SubjectHistory, labels: Iterable[str]) -> tuple[Departure, ...]:
    """Those that an entry says, whatever the day, and so all but windows; ``labels`` as above. Raises LookupError as
    above."""
    found = _of_entries(protocol, known, local_therapy(protocol, known, labels))
    return tuple(sorted(found, key=_in_order))


def _of_entries(protocol: Protocol, known: SubjectHistory, local: LocalTherapy) -> list[Departure]:
    return [*(one for look in _LOOKS for one in look(protocol, known)), *_lesions(known, local)]


def _in_order(one: Departure) -> tuple[date, tuple[int, ...], str]:
    return one.on, one.seqs, one.kind


def _courses(protocol: Protocol, known: SubjectHistory) -> Iterator[Departure]:
    wanted = treatment_of(protocol).delivered_percent
    found = courses(protocol, known)
    labels = Counter(course.label for course in found)
    for course in found:
        seqs = (course.entry.seq,)
        if labels[course.label] > 1:
            said = f"{labels[course.label]} courses have the label {course.label!r}: give each its own"
            yield Departure("label", course.started or course.entry.day, said, seqs, course.label)
        if course.ended is None:
            continue
        for dose in course.doses:
            if dose.percent is not None and dose.percent < wanted:
                yield Departure("dose delivered", course.ended, _short(course, dose), seqs, dose.target or "")
        if course.role == LOCOREGIONAL and course.unexplained_days:
            said = f"{course.label}: {course.unexplained_days} weekdays without a fraction and without a recorded gap"
            yield Departure("unexplained gap", course.ended, said, seqs)


def _short(course: Course, dose: Dose) -> str:
    assert dose.percent is not None  # it was compared
    why = f": {course.stopped_because}" if course.stopped_because else ""
    return f"{course.label} delivered {said_percent(dose.percent)} of the planned dose{_to(dose.target)}{why}"


def _prescriptions(protocol: Protocol, known: SubjectHistory) -> Iterator[Departure]:
    for checked in checked_prescriptions(protocol, known):
        if checked.check.answer.outcome is Outcome.FAIL and of_protocol(protocol, known, checked.course):
            entry = checked.course.entry
            said = f"{checked.course.label}{_to(checked.target)}: {checked.check.answer.why}"
            on, clause = checked.course.started or entry.day, str(checked.check.table)
            yield Departure("prescription", on, said, (entry.seq,), checked.target or "", clause)


def _organs(protocol: Protocol, known: SubjectHistory) -> Iterator[Departure]:
    unplanned = tuple(courses_without_plan(protocol, known))
    for course in unplanned:
        assert course.ended is not None  # it says so
        yield Departure("no plan", course.ended, f"{course.label} has ended and has no plan", (course.entry.seq,))
    for plan in checked_plans(protocol, known):
        seqs, on = (plan.entry.seq,), plan.entry.day
        for check in plan.checks:
            if check.answer.outcome is Outcome.FAIL:
                said = f"{plan.label}: {check.answer.why}; the limit is: {check.limit}"
                yield Departure("organ limit", on, said, seqs, check.organ, str(check.table))
        if plan.course is None and not plan.earlier and unplanned:  # else the course is yet to begin
            said = f"the plan names the course {plan.label!r}, which is not recorded"
            yield Departure("no plan", on, said, seqs)


def _lines(protocol: Protocol, known: SubjectHistory) -> Iterator[Departure]:
    for regimen in regimens(protocol, known):
        if regimen.disagrees:
            said = f"recorded as line {regimen.said_line}, but its reason makes it line {regimen.line}"
            yield Departure("line of therapy", regimen.started or regimen.entry.day, said, (regimen.entry.seq,))


def _lesions(known: SubjectHistory, local: LocalTherapy) -> Iterator[Departure]:
    lesions = local.lesions
    if lesions is None:
        return
    for label in lesions.contradicted:
        treated = lesions.by_label[label]
        assert treated.on is not None  # it is complete
        said = f"{label} is recorded as treated and, from that day on, as left untreated"
        yield Departure("lesion", treated.on, said, treated.seqs, label)
    randomized = context(known).randomized
    for label, seqs in lesions.unknown.items():
        said = f"{label!r} is treated here and is none of the metastases at registration"
        yield Departure("lesion", randomized or date.min, said, seqs, label)


def _windows(
    protocol: Protocol, known: SubjectHistory, local: LocalTherapy, on: date, ended: date | None
) -> Iterator[Departure]:
    for seen in windows_of(protocol, known, local, on, ended):
        if seen.state == "overdue" and seen.closes is not None:
            said, after = f"{seen.window.label}: not by {seen.closes}", seen.closes + timedelta(days=1)
            yield Departure("window", after, said, (), seen.window.id, seen.window.source)
        elif seen.state in ("early", "late") and seen.happened is not None:
            said = f"{seen.window.label}: on {seen.happened}, not from {seen.opens} to {seen.closes}"
            yield Departure("window", seen.happened, said, (), seen.window.id, seen.window.source)


def _to(target: str | None) -> str:
    return f" to the {target.replace('_', ' ')}" if target else ""


_LOOKS: Final[tuple[Callable[[Protocol, SubjectHistory], Iterator[Departure]], ...]] = (
    _courses,
    _prescriptions,
    _organs,
    _lines,
)
