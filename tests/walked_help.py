"""A small made-up trial of the shipped study, walked once, its answer at any moment, and what it would be with other
arms, for tests of tables."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from evenhand.analysis import analyse, cut
from evenhand.record import History, SubjectHistory
from evenhand.simulation import load_scenario, walk
from tests.retelling import randomized_as
from tests.studies_here import SHIPPED, protocol_of

PROTOCOL = protocol_of(SHIPPED[0])
ARMS = [arm.id for arm in PROTOCOL.arms]


@cache
def walked(people=24, seed=11):
    """The record, to its end."""
    scenario = load_scenario(SHIPPED[0], PROTOCOL.version.id)
    return walk(PROTOCOL, scenario, people=people, seed=seed).history


def cut_at(share=1.0, days=0, history=None):
    """The cut at a share of the time that the trial took, the events of the last days left out."""
    history = history or walked()
    first, last = history.entries[0].recorded_at, history.entries[-1].recorded_at
    moment = first + share * (last - first)
    return cut(PROTOCOL, history, effective=(moment - timedelta(days=days)).date(), recorded=moment)


@cache
def answer(share=1.0):
    """The analysis at such a cut."""
    return analyse(cut_at(share))


def with_arms(given, arm_of):
    """The same cut, had everybody been allocated to what ``arm_of`` makes of the pseudonym and the arm."""
    people = {name: _allocated(given.history.subject(name), arm_of) for name in given.history.subjects}
    allocations = tuple(replace(one, arm=arm_of(one.subject, one.arm)) for one in given.history.allocations)
    history = given.history
    other = History(
        history.study, history.kinds, history.entries, history.complete, history.state, history.registered,
        allocations, history.counts, {None: history.about_study, **people},
    )  # fmt: skip
    return replace(given, history=other)


def _allocated(known, arm_of):
    standing = randomized_as(known.standing, lambda body: {"arm": arm_of(known.subject, body["arm"])})
    return SubjectHistory(known.subject, known.entries, standing)


def swapped(_, arm):
    """The other arm."""
    return ARMS[1 - ARMS.index(arm)]


def cells(table, column=0):
    """The texts of a column by the id of the row; headings left out."""
    return {row.id: row.cells[column].text for row in table.rows if row.cells}


def counts(table, column=0):
    """The counts of a column by the id of the row."""
    found = {row.id: dict(row.cells[column].values).get("count") for row in table.rows if len(row.cells) > column}
    return {name: number for name, number in found.items() if number is not None}


def part(section, id):
    """A table or figure of a section."""
    return next(one for one in section.parts if one.id == id)


def assert_adds_up(whole):
    """Parts that are apart make the whole, and nobody is in two of them; all others are within it."""
    for one in whole.within():
        below = [name for part in one.parts for name in part.subjects]
        assert set(below) <= one.subjects, one.id
        if one.parts and one.apart:
            assert sorted(below) == sorted(one.subjects), one.id
