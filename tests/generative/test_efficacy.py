"""Laws of efficacy: what the order of people, the unit of time and the names of the arms may change, and what not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.analysis.efficacy.cases import Cases
from evenhand.analysis.efficacy.comparing import Adjustment, comparison_table
from evenhand.analysis.efficacy.counts import counts_table
from evenhand.analysis.efficacy.distant import incidence_table
from evenhand.analysis.efficacy.estimates import estimates_table
from evenhand.analysis.efficacy.lesions import by_person, lesion_table
from evenhand.analysis.saying import NOT
from tests.analysis_help import PFS
from tests.efficacy_help import ARMS, case, table_of, value

ABOUT = {"id": "x", "population": "Everybody"}
FEW = settings(max_examples=30)  # each makes several models
ROW = st.tuples(st.integers(0, 1), st.integers(1, 1100), st.integers(0, 2), st.sampled_from("ab"), st.integers(20, 90))


@st.composite
def comparisons(draw, least=0):
    """Cases with an age each, some of them of one person."""
    rows = draw(st.lists(ROW, min_size=least, max_size=24))
    found = tuple(
        case(arm, days, event, f"P-{number}", (stratum,))
        for number, (arm, days, event, stratum, _) in enumerate(rows)
    )  # fmt: skip
    return Cases(ARMS, found), {f"P-{number}": float(row[4]) for number, row in enumerate(rows)}


def comparison(found, ages):
    adjusted = Adjustment({"age": [ages[one.subject] for one in found.all]}, found, "age")
    return comparison_table(found, PFS, stratified=True, sided=1, adjusted=adjusted, **ABOUT)


def estimates(found):
    return estimates_table(found, PFS, landmarks=(12.0, 24.0), horizon=36.0, **ABOUT)


def tables(found, ages):
    return [
        counts_table(found, PFS, **ABOUT),
        estimates(found),
        comparison(found, ages),
        incidence_table(found, PFS, landmarks=(12.0,), **ABOUT),
        lesion_table(found, PFS, landmarks=(12.0,), **ABOUT),
    ]


@FEW
@given(comparisons())
def test_every_table_stands_and_every_gap_says_why(made):
    for table in tables(*made):
        for row in table.rows:
            for cell in row.cells:
                assert cell.text != NOT or dict(cell.values)["reason"]
                assert "nan" not in cell.text


@FEW
@given(comparisons(), st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(made, chance):
    found, ages = made
    turned = list(found.all)
    chance.shuffle(turned)
    before, after = (tables(one, ages) for one in (found, replace(found, all=tuple(turned))))
    assert [table_of(table) for table in before] == [table_of(table) for table in after]


@FEW
@given(comparisons(), st.integers(2, 5))
def test_a_longer_unit_of_time_scales_times_alone(made, times):
    """Tests and ratios go by the order of times; medians by their length."""
    found, ages = made
    longer = replace(found, all=tuple(replace(one, days=one.days * times) for one in found.all))
    before, after = comparison(found, ages), comparison(longer, ages)
    for row in before.rows:
        for column, cell in enumerate(row.cells):
            for name, number in cell.values:
                if isinstance(number, float):
                    assert value(after, row.id, column, name) == pytest.approx(number, rel=1e-6, abs=1e-9)
    for column in (0, 1):
        middle, later = (value(estimates(one), "median", column) for one in (found, longer))
        assert (middle is None and later is None) or later == pytest.approx(times * middle)


@FEW
@given(comparisons(least=6))
def test_arms_exchanged_turn_the_sign(made):
    found, ages = made
    other = replace(found, all=tuple(replace(one, arm=1 - one.arm) for one in found.all))
    before, after = comparison(found, ages), comparison(other, ages)
    for row in ("log_rank", "log_rank_stratified"):
        z, turned = value(before, row, 0, "z"), value(after, row, 0, "z")
        assert (z is None and turned is None) or turned == pytest.approx(-z, abs=1e-9)
    for row in ("cox", "cox_stratified"):
        ratio, turned = value(before, row, 0, "coefficient"), value(after, row, 0, "coefficient")
        assert (ratio is None and turned is None) or turned == pytest.approx(-ratio, rel=1e-6, abs=1e-7)


@FEW
@given(comparisons())
def test_events_competing_events_and_censorings_are_everybody(made):
    table = counts_table(made[0], PFS, **ABOUT)
    for column in range(3):
        parts = [
            value(table, row.id, column, "count") for row in table.rows if row.id in ("event", "competing", "censored")
        ]
        assert sum(parts) == value(table, "cases", column, "count")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 900), st.integers(0, 2)), max_size=30))
def test_people_have_a_failure_if_a_lesion_of_theirs_has(rows):
    found = Cases(ARMS, tuple(case(1, days, event, f"P-{who}", item=f"M{place}")
                              for place, (who, days, event) in enumerate(rows)))  # fmt: skip
    people = by_person(found)
    assert {one.subject for one in people.all} == {one.subject for one in found.all}
    assert len(people.all) == found.subjects
    failed = {one.subject for one in found.all if one.event}
    assert {one.subject for one in people.all if one.event} == failed
