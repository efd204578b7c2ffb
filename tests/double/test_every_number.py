"""Every number that a final and a closed report tell, recounted by a second program: from the entries alone, or from
the exported datasets where what is reported is an estimate.

A number that nothing recounts fails the test, unless ``ELSEWHERE`` says which other test has a second way to it. On a
record of one's own: ``python -m tests.double.recount STUDY RECORD CUT``.
"""

from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cache

import pytest

from tests.double.recount.comparing import compared
from tests.double.recount.reported import RECOUNTS, Reported
from tests.studies_here import ROOT
from tests.walked_help import PROTOCOL, walked

KINDS = ("final", "safety-board-closed")

SITES = "tests/spec/test_monitoring_chances.py::test_a_rate_has_the_p_value_of_every_way_to_draw_the_people"
RANKS = "tests/spec/test_monitoring_chances.py::test_with_one_value_a_person_medians_are_tested_as_by_mann_and_whitney"
ADJUSTED = "tests/spec/test_monitoring_chances.py::test_p_values_are_adjusted_as_scipy_does_it"
DRAWN = "tests/spec/test_monitoring_chances.py::test_a_small_site_is_drawn_towards_the_others"
ENTERED = "tests/spec/test_monitoring_sites.py::test_behind_every_number_of_a_site_are_its_people_and_their_entries"
DUE = "tests/spec/test_monitoring_overdue.py::test_every_site_has_its_rows_and_all_of_them_add_up"
LIMITS = "tests/double/test_radiation_tables.py::test_organ_limits_are_the_shared_ones"
BOUNDS = "tests/double/test_monitoring.py::test_bounds_follow_the_events_observed"
POWER = "tests/double/test_monitoring.py::test_what_the_end_may_bring"
FORETOLD = "tests/unit/test_forecast.py::test_nine_intervals_in_ten_hold_the_day_of_a_look_and_the_number_of_events"

PLANTED = "tests/spec/test_record_mistakes.py::test_a_planted_mistake_is_told_with_its_entries"

ELSEWHERE = (  # table, row, place of the column, name of the number: the test that has another way to it
    ("site_measures", "*", "1", "*", ENTERED),
    ("site_measures", "*", "2", "*", SITES),
    ("site_measures", "*", "0", "people", ENTERED),
    ("site_measures", "*", "3", "*", DRAWN),
    ("site_measures", "*", "4", "*", RANKS),
    ("site_measures", "*", "5", "*", ADJUSTED),
    ("overdue", "*", "*", "*", DUE),
    ("radiation_checks", "*", "*", "*", LIMITS),
    ("interim_looks", "*", "*", "*", BOUNDS),
    ("interim_result", "bound", "0", "z", BOUNDS),
    ("interim_result", "information", "0", "*", BOUNDS),
    ("interim_result", "power*", "0", "power", POWER),
    ("stopping_rules", "efficacy_look", "*", "*", BOUNDS),
    ("record_findings", "stratum_contradicted", "*", "*", PLANTED),
    ("record_findings", "before_birth", "*", "*", PLANTED),
    ("record_findings", "after_the_end", "*", "*", PLANTED),
    ("record_findings", "site_not_open", "*", "*", PLANTED),
    ("record_findings", "without_consent", "*", "*", PLANTED),
    ("accrual_milestones", "*", "*", "*", FORETOLD),
)


@cache
def reported(kind):
    """The report of a small made-up trial: the final one of its end, the others of the middle of it."""
    history = walked(40, 11)
    first, last = history.entries[0].recorded_at, history.entries[-1].recorded_at
    until = (last if kind == "final" else first + (last - first) * 0.55).date() + timedelta(days=kind == "final")
    return Reported(kind, PROTOCOL, history, until)


def elsewhere(table, row, column, name):
    """The tests named for a number."""
    asked = (table, row, str(column), name)
    return [one[4] for one in ELSEWHERE if all(map(fnmatchcase, asked, one[:4]))]


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_program_finds_the_same_numbers(kind):
    report = reported(kind)
    wrong = [one for table in report.told if table in RECOUNTS for one in report.differences(table)]
    assert wrong == []
    assert len(report.told) > 30


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_stands_alone(kind):
    report = reported(kind)
    alone = [
        (table, *one)
        for table in report.told
        for one in report.uncovered(table)
        if not elsewhere(table, *one)
    ]  # fmt: skip
    assert alone == []


@pytest.mark.parametrize("place", range(len(ELSEWHERE)))
def test_a_test_named_for_the_rest_is_there_and_needed(place):
    *asked, test = ELSEWHERE[place]
    file, _, name = test.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text("utf-8")
    given = [
        (table, *one) for kind in KINDS for table in reported(kind).told for one in reported(kind).uncovered(table)
    ]
    shown = {table for kind in KINDS for table in reported(kind).told}
    assert asked[0] not in shown or any(all(map(fnmatchcase, map(str, one), asked)) for one in given)


def test_a_number_that_is_wrong_is_told():
    """The comparison itself: a number changed, one left out, one too many."""
    told = {("row", 0): {"count": 3, "share": 0.25}, ("gap", 0): {"reason": "nobody"}}
    assert list(compared("x", told, {("row", 0): {"count": 3, "share": 0.25}})) == []
    assert len(list(compared("x", told, {("row", 0): {"count": 4, "share": 0.25 + 1e-7}}))) == 2
    assert len(list(compared("x", told, {("gap", 0): {"estimate": 0.5}}))) == 1
    assert len(list(compared("x", told, {("other", 0): {"count": 1}}))) == 1
