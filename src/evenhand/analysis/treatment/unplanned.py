"""Local therapy in an arm that plans none: an intercurrent event, told apart by whether it followed progression."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.tables import Table, row
from evenhand.analysis.treatment.cells import Said, all_of, by_code, each_of
from evenhand.conduct.treatment import Intercurrent, intercurrent_events
from evenhand.conduct.treatment.local import LOCAL_ROLES
from evenhand.protocol.endpoints import Population

METHOD = (
    "Local therapy since randomization by a form that the person's arm does not plan. Before or after: the first "
    "progression that a clinician determined and signed; without one it counts as before."
)
WHEN = {"before": "before progression, or without one", "after": "after progression"}


def unplanned(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Table | None:
    """Whoever had such therapy; None where every arm plans all local therapy."""
    plan = analysis.protocol.plan
    forms = [form for role in LOCAL_ROLES for form in (plan.reading(role) if plan else ()) if form.arms]
    arms = tuple(group for group in columns[:-1] if any(group.id not in form.arms for form in forms))
    if not arms:
        return None
    sizes = [group.size for group in arms]
    every = each_of(arms, _events)
    first = each_of(arms, _first)
    rows = [
        all_of("unplanned", "Local therapy that the arm does not plan", every, sizes),
        *by_code("unplanned", {form.id: form.title for form in forms}, every, sizes),
        row("when", "The first of it"),
        *by_code("when", WHEN, first, sizes),
    ]
    return Table(
        id="unplanned_local_therapy",
        title="Local therapy beside the plan",
        population=of_whom(population, columns[-1]),
        method=METHOD,
        head=("", *(one.head for one in arms)),
        rows=tuple(rows),
        by_arm=True,
    )


def _found(one: Analysed) -> tuple[Intercurrent, ...]:
    progressed = min((each.day for each in one.seen.determined), default=None)
    return intercurrent_events(one.person.protocol, one.person.known, progressed)


def _events(one: Analysed) -> Iterator[Said]:
    return (Said(one.person.subject, each.entry.form.id, (each.entry.seq,)) for each in _found(one))


def _first(one: Analysed) -> Iterator[Said]:
    for each in _found(one)[:1]:
        yield Said(one.person.subject, "after" if each.after_progression else "before", (each.entry.seq,))
