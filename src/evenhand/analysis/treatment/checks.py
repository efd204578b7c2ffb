"""Prescriptions and plans of radiation against the tables that the study names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.tables import Row, Table
from evenhand.analysis.treatment.cells import Said, all_of, by_code, each_of, of_things
from evenhand.conduct.treatment import CheckedPlan, checked_plans, checked_prescriptions, courses_without_plan
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.oncology.radiation import Outcome
from evenhand.protocol.endpoints import Population

OUTCOMES: Mapping[str, str] = {
    Outcome.PASS: "kept",
    Outcome.FAIL: "not kept",
    Outcome.NOT_ASSESSABLE: "cannot be assessed",
}


METHOD = (
    "Prescriptions of courses since randomization against {prescriptions}; plans against the limits of {limits}. A "
    "plan keeps its limits when each organ that has a dose, or has to be reported for its target, does."
)
BESIDE = (
    "A plan is asked of courses of the protocol alone: radiation in an arm that plans none, or of a lesion that is "
    "none of those at registration, is beside it."
)


def checks(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Table | None:
    """Each prescription and each organ limit; None where the study names no table."""
    treatment = treatment_of(analysis.protocol)
    rows: list[Row] = []
    for allowed in treatment.prescriptions:
        given = each_of(columns, partial(_prescriptions, role=allowed.role))
        rows += _block(f"prescriptions/{allowed.role}", f"Prescriptions: {_title(analysis, allowed.role)}", given)
    limits = treatment.organ_limits
    if limits is not None:
        rows += _organs(columns, by_arm=len(columns) > 1)
    if not rows:
        return None
    named = ", ".join(dict.fromkeys(str(allowed.table.id) for allowed in treatment.prescriptions)) or "no table"
    return Table(
        id="radiation_checks",
        title="Prescriptions and organ limits",
        population=of_whom(population, columns[-1]),
        method=METHOD.format(prescriptions=named, limits=limits.table.id if limits else "no table"),
        head=("", *(one.head for one in columns)),
        rows=tuple(rows),
        notes=(
            "Prescriptions are counted of all prescriptions, plans of all plans.",
            *([BESIDE] if limits is not None and len(columns) > 1 else []),
        ),
        by_arm=len(columns) > 1,
    )


def _title(analysis: Analysis, role: str) -> str:
    """What the form of a role is called."""
    plan = analysis.protocol.plan
    return next((form.title.lower() for form in (plan.reading(role) if plan else ())), role)


def _block(id: str, label: str, given: list[list[Said]]) -> list[Row]:
    """All of them, and how the check of each ended."""
    many = [len(those) for those in given]
    return [all_of(id, label, given, [None] * len(given), of_things), *by_code(id, OUTCOMES, given, many, of_things)]


def _prescriptions(one: Analysed, role: str) -> Iterator[Said]:
    for checked in checked_prescriptions(one.person.protocol, one.person.known):
        course = checked.course
        if course.role == role and (course.started is None or course.started >= one.seen.start):
            yield Said(one.person.subject, checked.check.answer.outcome, (course.entry.seq,))


def _organs(columns: tuple[Group, ...], *, by_arm: bool) -> Iterator[Row]:
    """Plans as a whole, then the organs whose limits were not kept; where arms are told apart, courses without a plan,
    for whether a course needs one goes by the arm."""
    plans = each_of(columns, _plans)
    yield from _block("plans", "Plans of radiation", plans)
    many = [len(those) for those in plans]
    failed = each_of(columns, _failed)
    yield all_of("organs", "Limits not kept, by organ", failed, many, of_things)
    yield from by_code("organs", {}, failed, many, of_things)
    if not by_arm:
        return
    unplanned = each_of(columns, _unplanned)
    label = "Courses of the protocol that ended without a plan on record"
    yield all_of("no_plan", label, unplanned, [None] * len(columns), of_things)


def _of_study(one: Analysed) -> Iterator[CheckedPlan]:
    """Plans of courses of the study; those of earlier treatment are recorded for adding doses."""
    return (each for each in checked_plans(one.person.protocol, one.person.known) if not each.earlier)


def _plans(one: Analysed) -> Iterator[Said]:
    for each in _of_study(one):
        ends = {check.answer.outcome for check in each.checks}
        lacks = not ends or each.unusable or Outcome.NOT_ASSESSABLE in ends
        outcome = Outcome.FAIL if Outcome.FAIL in ends else Outcome.NOT_ASSESSABLE if lacks else Outcome.PASS
        yield Said(one.person.subject, outcome, (each.entry.seq,))


def _failed(one: Analysed) -> Iterator[Said]:
    for each in _of_study(one):
        organs = dict.fromkeys(check.organ for check in each.checks if check.answer.outcome is Outcome.FAIL)
        yield from (Said(one.person.subject, organ.replace("_", " "), (each.entry.seq,)) for organ in organs)


def _unplanned(one: Analysed) -> Iterator[Said]:
    for course in courses_without_plan(one.person.protocol, one.person.known):
        yield Said(one.person.subject, None, (course.entry.seq,))
