"""Systemic therapy: lines, regimens, holds, and what was usual."""

from datetime import date

import pytest

from evenhand.conduct import treatment
from evenhand.logic import NO, YES, Unknown
from tests.treatment_entries import USUAL, change, of, regimen


def lines(who):
    return [one.line for one in treatment.regimens(who.protocol, who.known)]


def test_lines_follow_the_days_and_not_the_order_of_entry():
    who = regimen(of(USUAL), "2026-12-01", "other", "toxicity", other_regimen="vinorelbine")
    who = regimen(regimen(who, "2026-09-01", "tdxd_pertuzumab", "progression"), "2026-03-01")
    assert [one.regimen for one in treatment.regimens(who.protocol, who.known)] == [
        "thp_hp",
        "tdxd_pertuzumab",
        "other",
    ]
    assert lines(who) == [1, 2, 2]


def test_a_first_regimen_may_be_said_to_be_of_a_further_line():
    assert lines(regimen(of(USUAL), "2026-03-01", because="other", line="2")) == [2]


def test_a_lower_line_than_the_reason_makes_it_is_asked_about():
    who = regimen(regimen(of(USUAL), "2026-03-01"), "2026-09-01", "tdxd_pertuzumab", "progression", line="1")
    last = treatment.regimens(who.protocol, who.known)[-1]
    assert last.line == 2
    assert last.disagrees
    (doubt,) = treatment.doubts(who.protocol, who.known, date(2026, 12, 1))
    assert (doubt.form, doubt.path) == ("systemic_therapy", "line")
    assert doubt.say == "recorded as line 1, but its reason makes it line 2."


# ---- new anticancer therapy ------------------------------------------------------------------------


def test_a_further_line_after_randomization_is_new_therapy():
    who = regimen(of(USUAL), "2026-03-01")
    assert treatment.new_line_on(who.protocol, who.known) is None
    who = regimen(who, "2026-08-01", "hp_tucatinib", "maintenance")
    assert treatment.new_line_on(who.protocol, who.known) is None
    who = regimen(who, "2026-11-01", "tdxd_pertuzumab", "progression")
    assert treatment.new_line_on(who.protocol, who.known) == date(2026, 11, 1)


def test_what_was_begun_on_the_day_of_randomization_is_the_line_of_then():
    who = regimen(of(USUAL), "2026-07-01", because="other", line="2")
    assert treatment.new_line_on(who.protocol, who.known) is None


def test_nothing_recorded_before_randomization_counts_as_the_first_line():
    who = regimen(of(USUAL), "2026-08-01", "tdxd_pertuzumab", "progression", line="2")
    assert treatment.new_line_on(who.protocol, who.known) == date(2026, 8, 1)


# ---- what was usual --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "stopped", "within"),
    [("thp_hp", None, YES), ("tdxd_pertuzumab", None, YES), ("other", None, NO), ("thp_hp", "2026-07-01", YES)],
)
def test_the_regimen_of_the_day_is_compared_with_the_version_of_the_day(given, stopped, within):
    reason = "completed" if stopped else None
    other = "vinorelbine" if given == "other" else None
    who = regimen(of(USUAL), "2026-03-01", given, stopped=stopped, stopped_because=reason, other_regimen=other)
    usual = treatment.usual_at_randomization(who.protocol, who.known)
    assert usual.version.id == "2026-1"
    assert usual.within is within


@pytest.mark.parametrize(("started", "stopped"), [("2026-07-02", None), ("2026-03-01", "2026-06-30")])
def test_no_regimen_on_the_day_leaves_it_unknown(started, stopped):
    who = of(USUAL)
    assert isinstance(treatment.usual_at_randomization(who.protocol, who.known).within, Unknown)
    reason = "toxicity" if stopped else None
    who = regimen(who, started, because="other", stopped=stopped, stopped_because=reason)
    assert isinstance(treatment.usual_at_randomization(who.protocol, who.known).within, Unknown)


@pytest.mark.parametrize(
    ("day", "version"),
    [("2024-12-31", None), ("2025-01-01", "2025-1"), ("2025-12-31", "2025-1"), ("2026-01-01", "2026-1")],
)
def test_versions_of_the_usual_approach_change_on_their_day(day, version):
    found = of(USUAL).protocol.plan.treatment.usual_on(date.fromisoformat(day))
    assert (found.id if found else None) == version


# ---- holds and changes -----------------------------------------------------------------------------


def test_changes_belong_to_the_regimen_of_their_day():
    who = regimen(regimen(of(USUAL), "2026-03-01"), "2026-09-01", "hp_tucatinib", "maintenance")
    for day in ("2026-02-28", "2026-03-01", "2026-08-31", "2026-09-01"):
        who = change(who, day)
    found = treatment.regimens(who.protocol, who.known)
    assert [[str(one.changed) for one in each.changes] for each in found] == [
        ["2026-03-01", "2026-08-31"],
        ["2026-09-01"],
    ]


def test_holds_are_counted_in_days_without_treatment():
    who = regimen(of(USUAL), "2026-03-01")
    who = change(change(who, "2026-08-01", resumed="2026-08-15"), "2026-10-01")
    who = change(who, "2026-11-01", "reduced", new_dose="75 %", agent="paclitaxel")
    first, second = treatment.holds(who.protocol, who.known)
    assert treatment.days_held(first, date(2026, 12, 1)) == 14
    assert treatment.days_held(first, date(2026, 8, 8)) == 7
    assert treatment.days_held(second, date(2026, 10, 8)) == 7
    assert treatment.days_held(second, date(2026, 9, 1)) == 0
    assert [one.what for one in treatment.changes(who.protocol, who.known)] == ["held", "held", "reduced"]


def test_the_regimen_of_a_day():
    who = regimen(of(USUAL), "2026-03-01", stopped="2026-08-31", stopped_because="maintenance")
    who = regimen(who, "2026-09-01", "endocrine_maintenance", "maintenance")
    days = {"2026-02-28": None, "2026-03-01": "thp_hp", "2026-08-31": "thp_hp", "2026-09-01": "endocrine_maintenance"}
    for day, wanted in days.items():
        found = treatment.regimen_on(who.protocol, who.known, date.fromisoformat(day))
        assert (found.regimen if found else None) == wanted, day
