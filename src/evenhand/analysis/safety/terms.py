"""Adverse events by system organ class and term: side by side, and grade by grade."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.happenings import SEVERE, Happenings
from evenhand.analysis.safety.kinds import Graded, Kind, Worst, behind, class_of, graded, kind_of, ordered
from evenhand.analysis.safety.overview import method
from evenhand.analysis.tables import Cell, Table, count, row
from evenhand.protocol.endpoints import Population
from evenhand.protocol.plan.safety_rules import Safety

GRADES = (1, 2, 3, 4, 5)
FROM_SEVERE = tuple(grade for grade in GRADES if grade >= SEVERE)
WORST = "Within a term and within a class each person is counted once, at the worst grade. {also}"


def side_by_side(safety: Safety, population: Population, columns: tuple[Group, ...], found: Happenings) -> Table:
    """Every term with any grade and with severe grades, group beside group."""
    given = [(graded(group, found, class_of), graded(group, found, kind_of)) for group in columns]
    sides = tuple(zip(given, columns, strict=True))
    rows = [
        row(kind.id, kind.label, *(cell for one in sides for cell in _two(*one, kind)), indent=indent)
        for kind, indent in _kinds(given[-1][1])
    ]
    head = [f"{group.head}: {what}" for group in columns for what in ("any grade", f"grade {SEVERE} or higher")]
    return Table(
        id="adverse_event_terms",
        title="Adverse events by system organ class and term",
        population=of_whom(population, columns[-1]),
        method=WORST.format(also=method(safety)),
        head=("Class and term", *head),
        rows=tuple(rows),
        by_arm=len(columns) > 1,
    )


def by_grade(safety: Safety, population: Population, group: Group, found: Happenings, *, by_arm: bool) -> Table:
    """Every term of one group by worst grade."""
    given = graded(group, found, class_of), graded(group, found, kind_of)
    ungraded = any(one.grade is None for those in given[1].values() for one in those)
    rows = [
        row(kind.id, kind.label, *_grades(_people(given, kind), group, ungraded), indent=indent)
        for kind, indent in _kinds(given[1])
    ]
    grades = [f"Grade {grade}" for grade in GRADES]
    return Table(
        id=f"adverse_event_grades_{group.id}",
        title=f"Worst grade of each adverse event: {group.label}" if by_arm else "Worst grade of each adverse event",
        population=of_whom(population, group),
        method=WORST.format(also=method(safety)),
        head=("Class and term", "Any grade", *grades, f"Grade {SEVERE} or higher", *(["Not recorded"] * ungraded)),
        rows=tuple(rows),
        by_arm=by_arm,
    )


def _kinds(terms: Graded) -> list[tuple[Kind, int]]:
    """Every row with its indent: a class, then its terms."""
    return [pair for soc, those in ordered(terms) for pair in ((soc, 0), *((one, 1) for one in those))]


def _people(given: tuple[Graded, Graded], kind: Kind) -> Sequence[Worst]:
    return given[bool(kind.name)].get(kind, ())


def _two(given: tuple[Graded, Graded], group: Group, kind: Kind) -> tuple[Cell, Cell]:
    people = _people(given, kind)
    return count(behind(people), group.size), count(behind(people, FROM_SEVERE), group.size)


def _grades(people: Sequence[Worst], group: Group, ungraded: bool) -> tuple[Cell, ...]:
    cells = [count(behind(people), group.size)]
    cells += [count(behind(people, (grade,)), group.size) for grade in GRADES]
    cells.append(count(behind(people, FROM_SEVERE), group.size))
    if ungraded:
        cells.append(count((one.behind for one in people if one.grade is None), group.size))
    return tuple(cells)
