"""Adverse events by the intervention that may have caused them.

An intervention that one arm alone plans would tell the arms apart, so it stands in the tables by arm only (our
proposal).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.happenings import SEVERE, Ask, Happening, Happenings, answered, together
from evenhand.analysis.safety.overview import method, related_when
from evenhand.analysis.tables import Behind, Row, Table, count, row
from evenhand.logic import YES, Reason, Truth, Unknown, conjunction, truth
from evenhand.protocol.endpoints import Population
from evenhand.protocol.plan.safety_rules import RELATIONS, Intervention, Safety

HIGHEST = "Below each intervention: the highest relation of any event of a person."


def relations(safety: Safety, population: Population, columns: tuple[Group, ...], found: Happenings) -> Table:
    """Every intervention: whoever had an event related to it, of any grade, of severe ones, serious ones."""
    by_arm = len(columns) > 1
    shown = columns[:-1] if by_arm else columns
    rows = [
        each
        for one in safety.interventions.values()
        if by_arm or not one.arms
        for each in _rows(safety, one, shown, found)
    ]
    head = [
        f"{group.head}: {what}" for group in shown for what in ("any grade", f"grade {SEVERE} or higher", "serious")
    ]
    return Table(
        id="adverse_event_relations",
        title="Adverse events by what they are related to",
        population=of_whom(population, columns[-1]),
        method=f"{HIGHEST} {related_when(safety)} {method(safety)}",
        head=("Related to", *head),
        rows=tuple(rows),
        notes=() if by_arm else ("Interventions that one arm alone plans are left out where arms are not told apart.",),
        by_arm=by_arm,
    )


def _rows(safety: Safety, one: Intervention, columns: tuple[Group, ...], found: Happenings) -> Iterator[Row]:
    asked = [(group, side) for group in columns for side in _SIDES]
    answers = [(group, answered(group, found, _both(_related(safety, one), side))) for group, side in asked]
    yield row(one.id, one.label, *(count(answer.yes, group.size) for group, answer in answers))
    for relation in reversed(RELATIONS):
        if safety.suspected(relation):
            cells = [count(_highest(one.id, relation, group, found, side), group.size) for group, side in asked]
            if any(cell.behind for cell in cells):
                yield row(f"{one.id}/{relation}", relation.capitalize(), *cells, indent=1)
    if any(answer.unknown for _, answer in answers):
        open_ = (count(answer.unknown, group.size) for group, answer in answers)
        yield row(f"{one.id}/not_recorded", "Not recorded", *open_, indent=1)


_SIDES: Final[tuple[Ask, ...]] = (lambda each: YES, lambda each: each.at_least(SEVERE), lambda each: each.serious)
"""The columns of a group: all events, severe ones, serious ones."""


def _related(safety: Safety, one: Intervention) -> Ask:
    """Whether an event counts as related; unknown where the intervention had been given and is not rated."""

    def ask(each: Happening) -> Truth:
        rated = each.event.relations.get(one.id)
        if rated is None and one.id in each.given:
            return Unknown(Reason("missing", one.id, "had been given, and the relation is not recorded"))
        return truth(rated is not None and safety.suspected(rated))

    return ask


def _both(one: Ask, other: Ask) -> Ask:
    return lambda each: conjunction((one(each), other(each)))


def _highest(intervention: str, relation: str, group: Group, found: Happenings, side: Ask) -> Iterator[Behind]:
    """Whoever had no event (of that column) with a higher relation to the intervention, and one with this."""
    for one in group.people:
        mine = [each for each in found[one.person.subject] if each.counts and side(each) is YES]
        rated = [each for each in mine if intervention in each.event.relations]
        highest = max((RELATIONS.index(each.event.relations[intervention]) for each in rated), default=None)
        if highest == RELATIONS.index(relation):
            yield together(each for each in rated if each.event.relations[intervention] == relation)
