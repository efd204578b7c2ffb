"""Prescriptions and plans of radiation against the study's tables, and doses of several courses to one organ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from evenhand.conduct.forms import FormEntry, context, entries_reading, remembered
from evenhand.conduct.treatment.answers import number, whole, word
from evenhand.conduct.treatment.courses import METASTASIS, Course, courses
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.conduct.treatment.registered import registered_lesions
from evenhand.oncology.radiation import (
    POINT_CC,
    DosePoint,
    LimitCheck,
    PrescriptionCheck,
    check_plan,
    check_prescription,
    eqd2_sum,
)
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.units import Number

PLAN: Final = "radiation_plan"
_REACH: Final[dict[str, Literal["hot", "spared"]]] = {"hot": "hot", "spared": "spared"}


@dataclass(frozen=True, slots=True)
class CheckedPrescription:
    """One prescription of a course and what the study's set of prescriptions says about it."""

    course: Course
    target: str | None
    check: PrescriptionCheck


@dataclass(frozen=True, slots=True)
class CheckedPlan:
    """One plan: its course (None where no course has that label), the checks of its organs, and points that no organ
    can have, in words."""

    entry: FormEntry
    label: str
    course: Course | None
    fractions: int | None
    points: tuple[DosePoint, ...]
    checks: tuple[LimitCheck, ...]
    unusable: tuple[str, ...]
    earlier: bool


@dataclass(frozen=True, slots=True)
class CumulativeDose:
    """An organ that several courses dosed: for a person to look at, it decides nothing.

    ``eqd2_gy`` adds the greatest dose of each course as if all lay in one place, which is an upper bound; None where a
    course has no point maximum or no number of fractions. ``seqs`` are the entries of the plans.
    """

    organ: str
    courses: tuple[str, ...]
    alpha_beta_gy: Number
    eqd2_gy: Fraction | None
    seqs: tuple[int, ...]


@remembered
def checked_prescriptions(protocol: Protocol, known: SubjectHistory) -> tuple[CheckedPrescription, ...]:
    """Every planned prescription of every course, in the order of the courses; none for a role without a set.

    Raises LookupError where the study plans no treatment.
    """
    treatment = treatment_of(protocol)
    found = []
    for course in courses(protocol, known):
        allowed = treatment.allowed(course.role)
        if allowed is None:
            continue
        for dose in course.doses:
            site = allowed.sites.get(dose.target, dose.target) if dose.target else None
            check = check_prescription(
                allowed.table, site, dose.planned_gy, dose.planned_fractions, allowed.tolerance_percent
            )
            found.append(CheckedPrescription(course, dose.target, check))
    return tuple(found)


@remembered
def checked_plans(protocol: Protocol, known: SubjectHistory) -> tuple[CheckedPlan, ...]:
    """Every plan with its dose points against the study's table of limits; no checks where the study names none."""
    by_label = {course.label: course for course in courses(protocol, known)}
    return tuple(_checked(protocol, entry, by_label) for entry in entries_reading(protocol, known, PLAN))


def _checked(protocol: Protocol, entry: FormEntry, by_label: dict[str, Course]) -> CheckedPlan:
    label = word(entry.values, "course") or ""
    course = by_label.get(label)
    fractions = whole(entry.values, "fractions") or (course.fractions if course else None)
    points, unusable = points_of(entry)
    limits = treatment_of(protocol).organ_limits
    checks: tuple[LimitCheck, ...] = ()
    if limits is not None:
        wanted = (
            [organ for target in sorted(course.targets) for organ in limits.report.get(target, ())] if course else []
        )
        checks = check_plan(limits.table, fractions, points, wanted)
    earlier = entry.values.get("earlier") is True
    return CheckedPlan(entry, label, course, fractions, points, checks, unusable, earlier)


def points_of(entry: FormEntry) -> tuple[tuple[DosePoint, ...], tuple[str, ...]]:
    """The dose points of a plan, and in words those that no organ can have or that are not fully recorded."""
    points, unusable = [], []
    for row in entry.rows("organs"):
        organ, reach = word(row, "organ"), _REACH.get(word(row, "reach") or "")
        volume, dose = number(row, "volume"), number(row, "dose")
        if organ is None or volume is None or dose is None or reach is None:
            unusable.append(f"the dose to {organ or 'an organ'} is not fully recorded")
            continue
        try:
            points.append(DosePoint(organ, reach, volume, dose, number(row, "organ_volume")))
        except ValueError as error:
            unusable.append(str(error))
    return tuple(points), tuple(unusable)


def cumulative_doses(protocol: Protocol, known: SubjectHistory) -> tuple[CumulativeDose, ...]:
    """Every organ with dose points in more than one plan, earlier treatment included."""
    rule = treatment_of(protocol).cumulative
    if rule is None:
        return ()
    plans = checked_plans(protocol, known)
    organs = dict.fromkeys(point.organ for plan in plans for point in plan.points)
    found = []
    for organ in organs:
        dosed = [plan for plan in plans if any(point.organ == organ for point in plan.points)]
        if len(dosed) > 1:
            ratio = rule.of(organ)
            labels, seqs = tuple(plan.label for plan in dosed), tuple(plan.entry.seq for plan in dosed)
            found.append(CumulativeDose(organ, labels, ratio, _sum(organ, dosed, ratio), seqs))
    return tuple(found)


def _sum(organ: str, plans: list[CheckedPlan], alpha_beta_gy: Number) -> Fraction | None:
    doses = [(_maximum(organ, plan), plan.fractions) for plan in plans]
    complete = [(gy, fractions) for gy, fractions in doses if gy is not None and fractions]
    return eqd2_sum(complete, alpha_beta_gy) if len(complete) == len(doses) else None


def _maximum(organ: str, plan: CheckedPlan) -> Number | None:
    """The point maximum of an organ in a plan: the dose to its hottest 0.035 cc or less."""
    doses = [
        point.dose_gy
        for point in plan.points
        if point.organ == organ and point.kind == "hot" and point.volume_cc <= POINT_CC
    ]
    return max(doses, default=None)


def courses_without_plan(protocol: Protocol, known: SubjectHistory) -> Iterator[Course]:
    """Courses of the protocol to metastases that have ended and of which no plan is recorded."""
    planned = {word(entry.values, "course") for entry in entries_reading(protocol, known, PLAN)}
    for course in courses(protocol, known):
        lacks = course.role == METASTASIS and course.ended is not None and course.label not in planned
        if lacks and of_protocol(protocol, known, course):
            yield course


def of_protocol(protocol: Protocol, known: SubjectHistory, course: Course) -> bool:
    """Whether a course is what the protocol plans: by a form that the arm plans and, of metastases, of one at
    registration.

    Our proposal: radiation beside that (for pain, or of a lesion that came later) is the treating clinician's: it needs
    no plan of the protocol, and another dose is no departure. A label that is merely wrong is asked about as it is, and
    once it is corrected the course is held against the plan.
    """
    form, arm = course.entry.form, context(known).arm
    if form.arms and arm not in form.arms:
        return False
    labels = registered_lesions(protocol, known) if course.role == METASTASIS else ()
    return not (labels and course.lesions) or not frozenset(labels).isdisjoint(course.lesions)
