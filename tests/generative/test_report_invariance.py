"""What names, numbers and the order of things may change in a whole report: which row a number stands in, no number.

A made-up trial is told again with its people or its sites under other names, and its people in another order.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.analysis import analyse, cut
from evenhand.analysis.datasets import datasets
from evenhand.reports import KINDS, make_report
from evenhand.reports.behind import People
from evenhand.reports.parts import PARTS
from evenhand.reports.results import results_json
from tests.double.recount.comparing import leaves
from tests.retelling import retold
from tests.walked_help import PROTOCOL, walked

FEW = settings(max_examples=3, deadline=None)  # each makes a report
LISTS = {"death_list", "serious_events", "record_findings_each"}  # a row a person, in the order of randomization
DRAWN = {"site_measures"}  # p-values of permutations, which are drawn in the order of people
CLOSE = 1e-9


@cache
def history():
    return walked(24, 11)


def reported(known):
    """The numbers of the final report of a record, by table."""
    until = known.entries[-1].recorded_at.date()
    report = make_report("final", PROTOCOL, known, effective=until, recorded=datetime.combine(until, time.max, UTC))
    return leaves(json.loads(results_json(report, People())))


@cache
def as_it_is():
    return reported(history())


def alike(values, found):
    """Whether two cells hold the same: numbers nearly, words exactly."""
    assert set(values) == set(found)
    for name, value in values.items():
        if isinstance(value, float) and isinstance(found[name], float):
            assert found[name] == pytest.approx(value, rel=CLOSE, abs=CLOSE, nan_ok=True), name
        else:
            assert found[name] == value, name


def same(told, other, tables):
    for table in tables:
        assert set(told[table]) == set(other[table]), table
        for place, values in told[table].items():
            alike(values, other[table][place])


@FEW
@given(st.randoms(use_true_random=False))
def test_people_under_other_names(random):
    names = list(history().subjects)
    other = list(names)
    random.shuffle(other)
    renamed = dict(zip(names, other, strict=True))
    found = reported(retold(history(), lambda one: replace(one, subject=renamed.get(one.subject, one.subject))))
    same(as_it_is(), found, set(found) - LISTS)


@FEW
@given(st.permutations(["north", "south", "west"]))
def test_sites_under_other_names(order):
    """Everything that is not about sites; and each site's own numbers, in the row of its other name."""
    renamed = dict(zip(("north", "south", "west"), order, strict=True))

    def change(one):
        body = dict(one.body)
        if "sites" in body:
            body["sites"] = [renamed.get(site, site) for site in body["sites"]]
        if body.get("site") in renamed and one.kind in ("role_granted", "protocol_adopted", "site_opened"):
            body["site"] = renamed[body["site"]]
        by = replace(one.by, site=renamed.get(one.by.site, one.by.site))
        return replace(one, by=by, body=body)

    found = reported(retold(history(), change))
    told = as_it_is()
    about = {"accrual_by_site", "overdue", *DRAWN}
    same(told, found, set(told) - about)
    for (row, place), values in told["accrual_by_site"].items():
        name = row.removeprefix("site_")
        assert found["accrual_by_site"][f"site_{renamed.get(name, name)}", place] == pytest.approx(values)


@cache
def analysed():
    known = history()
    until = known.entries[-1].recorded_at
    return analyse(cut(PROTOCOL, known, effective=until.date(), recorded=until))


def numbers(analysis, name):
    """Every number of a section, by table, row and column."""
    return {
        (table.id, row.id, place): dict(cell.values)
        for section in PARTS[name](analysis, True)
        for table in section.parts
        if hasattr(table, "rows") and table.id not in LISTS | DRAWN
        for row in table.rows
        for place, cell in enumerate(row.cells)
    }


@pytest.mark.parametrize("name", ["efficacy", "safety", "treatment", "flow", "inclusion", "stopping"])
@FEW
@given(st.randoms(use_true_random=False))
def test_people_in_another_order(name, random):
    people = list(analysed().people)
    random.shuffle(people)
    before, after = numbers(analysed(), name), numbers(replace(analysed(), people=tuple(people)), name)
    assert set(before) == set(after)
    for place, values in before.items():
        alike(values, after[place])


def test_datasets_have_the_same_rows_in_another_order():
    people = tuple(reversed(analysed().people))
    before, after = datasets(analysed()), datasets(replace(analysed(), people=people))
    for one, other in zip(before, after, strict=True):
        assert sorted(map(repr, one.rows)) == sorted(map(repr, other.rows)), one.name


def test_every_kind_of_report_is_looked_at():
    assert {"efficacy", "safety", "treatment", "flow", "inclusion"} <= set(KINDS["final"].sections)
