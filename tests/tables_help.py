"""A small trial of several made-up people, and what stands in the cells of tables about it, for tests."""

from dataclasses import replace
from typing import Any

from evenhand.analysis import Analysis, analyse, cut
from evenhand.analysis.analysing import Analysed
from evenhand.analysis.tables import Section, Table
from tests.retelling import randomized_as


def world(*participants, until) -> Analysis:
    """The analysis of several participants, each from a record of its own, as P1, P2, and so on of one trial."""
    alone = [
        analyse(cut(one.protocol, one.history, effective=until, recorded=one.history.head.recorded_at))
        for one in participants
    ]
    people = tuple(_renamed(one.people[0], f"P{number}") for number, one in enumerate(alone, start=1))
    return replace(alone[0], people=people)


def _renamed(one: Analysed, subject: str) -> Analysed:
    known = replace(one.person.known, subject=subject)
    return replace(one, person=replace(one.person, known=known), seen=replace(one.seen, subject=subject))


def arms_exchanged(analysis: Analysis) -> Analysis:
    """The same with everybody in the other arm, in the record and in every population."""
    other = {"usual": "local", "local": "usual", None: None}

    def exchanged(one: Analysed) -> Analysed:
        standing = randomized_as(one.person.known.standing, lambda body: {"arm": other[str(body["arm"])]})
        known = replace(one.person.known, standing=standing)
        members = tuple(replace(each, arm=other[each.arm]) for each in one.memberships)
        return replace(one, person=replace(one.person, known=known), memberships=members)

    return replace(analysis, people=tuple(map(exchanged, analysis.people)))


def parts(*sections: Section) -> dict[str, Any]:
    """Tables and figures by id."""
    return {part.id: part for section in sections for part in section.parts}


def texts(table: Table) -> dict[str, list[str]]:
    """What is printed in each row, by the id of the row."""
    return {row.id: [cell.text for cell in row.cells] for row in table.rows}


def value(table: Table, row: str, column: int, name: str):
    """One number of a cell."""
    (cell,) = [one.cells[column] for one in table.rows if one.id == row]
    return dict(cell.values)[name]


def people(table: Table, row: str, column: int) -> dict[str, tuple[int, ...]]:
    """Whom a cell counts, and by which entries."""
    (cell,) = [one.cells[column] for one in table.rows if one.id == row]
    return {one.subject: one.seqs for one in cell.behind}


def check_shape(table: Table) -> None:
    """What holds of every table: as many cells as the head says, ids unique, counts of people with as many behind."""
    assert len({row.id for row in table.rows}) == len(table.rows), table.id
    for row in table.rows:
        assert len(row.cells) in (0, len(table.head) - 1), (table.id, row.id)
        for cell in row.cells:
            values: dict[str, Any] = dict(cell.values)
            if set(values) == {"count", "of", "share"}:
                assert 0 <= values["count"] <= values["of"], (table.id, row.id)
                assert len({one.subject for one in cell.behind}) <= values["count"]
