"""Treatment given as a part of a report."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.safety.groups import Group, groups, randomized
from evenhand.analysis.tables import Figure, Section, Table
from evenhand.analysis.treatment.checks import checks
from evenhand.analysis.treatment.completeness import COMPLETENESS, completeness, windows_kept
from evenhand.analysis.treatment.lesions import lesions
from evenhand.analysis.treatment.radiation import ROLES, radiation
from evenhand.analysis.treatment.surgery import complications, surgery
from evenhand.analysis.treatment.swimming import course_figure
from evenhand.analysis.treatment.systemic import changed, over_time
from evenhand.analysis.treatment.unplanned import unplanned
from evenhand.protocol.endpoints import Population

TITLE = "Treatment given"
POOLED = (
    "Arms are not told apart here. Completeness and time limits of local therapy, complications of surgery, and local "
    "therapy beside the plan are of one arm alone, and stay out. Surgery and radiation themselves are shown: nearly "
    "all of it was given where the arm plans it, which says how that arm is treated, and nothing of how anybody fares."
)


def treatment_section(analysis: Analysis, *, by_arm: bool) -> Section:
    """The treatment of everybody randomized, as allocated; with ``by_arm`` the arms beside each other, else everybody
    as one, without looking at anybody's arm. A sentence alone where the study plans no treatment."""
    plan, population = analysis.protocol.plan, randomized(analysis)
    if plan is None or plan.treatment is None or population is None:
        lacks = "population of everybody randomized" if population is None else "treatment.yaml"
        return Section("treatment", TITLE, (f"The study has no {lacks}, so that nothing is counted here.",))
    columns = groups(analysis, population, by_arm=by_arm)
    parts = _parts(analysis, population, columns, by_arm)
    says = tuple(_says(parts)) if by_arm else (POOLED,)
    return Section("treatment", TITLE, says, parts)


def _says(parts: tuple[Table | Figure, ...]) -> Iterator[str]:
    """How complete local therapy was, arm by arm."""
    for table in parts:
        if not isinstance(table, Table) or table.id != COMPLETENESS:
            continue
        for place, arm in enumerate(table.head[1:]):
            stands = [one for one in table.rows if one.id.startswith(f"{COMPLETENESS}/")]
            told = ", ".join(f"{one.label[:1].lower()}{one.label[1:]}: {one.cells[place].text}" for one in stands)
            yield f"Local therapy in {arm}: {told}." if told else f"Nobody is in {arm}."


def _parts(
    analysis: Analysis, population: Population, columns: tuple[Group, ...], by_arm: bool
) -> tuple[Table | Figure, ...]:  # fmt: skip
    given: list[Table | Figure | None] = [
        course_figure(analysis, population, columns) if by_arm else None,
        over_time(analysis, population, columns),
        changed(analysis, population, columns),
        completeness(population, columns) if by_arm else None,
        windows_kept(analysis, population, columns) if by_arm else None,
        surgery(analysis, population, columns),
        complications(analysis, population, columns) if by_arm else None,
        *(radiation(analysis, population, columns, role) for role in ROLES),
        lesions(analysis, population, columns),
        checks(analysis, population, columns),
        unplanned(analysis, population, columns) if by_arm else None,
    ]
    return tuple(one for one in given if one is not None)
