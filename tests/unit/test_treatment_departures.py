"""Windows, departures, what happens beside the plan, and what is asked."""

from datetime import date
from fractions import Fraction

import pytest

from evenhand.conduct import treatment
from evenhand.conduct.treatment.remarks import said_gy
from tests.treatment_entries import (
    LATE,
    USUAL,
    everything,
    locoregional,
    of,
    plan,
    point,
    regimen,
    resection,
    sbrt,
    surgery,
    untreated,
    volume,
)


def states(who, on, labels=("M1",), ended=None):
    found = treatment.windows(who.protocol, who.known, labels, date.fromisoformat(on), ended)
    return {one.window.id: one.state for one in found}


# ---- windows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("performed", "on", "state"),
    [
        (None, "2026-08-26", "open"),  # 56 days after 1 July
        (None, "2026-08-27", "overdue"),
        ("2026-07-01", "2026-08-27", "kept"),
        ("2026-08-26", "2026-08-27", "kept"),
        ("2026-08-27", "2026-08-27", "late"),
    ],
)
def test_local_therapy_begins_in_time(performed, on, state):
    who = surgery(of(), performed) if performed else of()
    assert states(who, on)["begin"] == state


@pytest.mark.parametrize(
    ("started", "state"),
    [
        ("2026-08-09", "early"),  # 20 days after 20 July
        ("2026-08-10", "kept"),
        ("2026-10-12", "kept"),  # 84 days
        ("2026-10-13", "late"),
    ],
)
def test_radiation_follows_surgery_in_time(started, state):
    who = locoregional(surgery(of()), started=started, ended=None, volumes=[volume(delivered=None)])
    assert states(who, "2026-12-01")["radiation_after_surgery"] == state


def test_a_window_begins_with_what_it_counts_from():
    assert states(of(), "2027-12-01")["radiation_after_surgery"] == "not begun"


def test_what_is_left_out_for_a_reason_breaks_no_window():
    who = surgery(of()).entered("locoregional_radiation", on=date(2026, 8, 1), not_done="Declined.")
    assert states(who, "2027-12-01")["radiation_after_surgery"] == "left out"
    who = untreated(who)
    assert states(who, "2027-12-01")["metastases"] == "kept"  # settled, each for a reason
    nothing = of().entered("surgery", on=date(2026, 7, 9), not_done="Declined.")
    nothing = untreated(nothing.entered("locoregional_radiation", on=date(2026, 7, 9), not_done="Declined."))
    assert states(nothing, "2027-12-01")["begin"] == "left out"


def test_every_metastasis_counts_for_the_window_of_all():
    who = sbrt(of())
    assert states(who, "2027-01-02")["metastases"] == "kept"
    assert states(who, "2027-01-01", ["M1", "M2"])["metastases"] == "open"
    assert states(who, "2027-01-02", ["M1", "M2"])["metastases"] == "overdue"


@pytest.mark.parametrize(
    ("ended", "state"), [("2026-08-26", "ended"), ("2026-08-27", "overdue"), ("2026-07-15", "ended")]
)
def test_the_end_of_follow_up_breaks_no_window_that_was_open(ended, state):
    assert states(of(), "2026-12-01", ended=date.fromisoformat(ended))["begin"] == state


def test_an_end_that_lies_ahead_changes_nothing():
    assert states(of(), "2026-08-01", ended=date(2026, 8, 20))["begin"] == "open"


def test_the_other_arm_has_no_windows():
    assert states(of(USUAL), "2027-12-01") == {}


def test_a_window_that_was_not_kept_is_a_departure_on_the_day_after():
    who = of()
    assert list(treatment.deviations(who.protocol, who.known, date(2026, 8, 26))) == []
    (found,) = treatment.deviations(who.protocol, who.known, date(2026, 8, 27))
    assert (found.id, found.day, found.seq) == ("window", date(2026, 8, 27), None)
    assert found.what == "Local therapy begins: not by 2026-08-26."
    assert list(treatment.deviations(who.protocol, who.known, LATE, date(2026, 8, 1))) == []


# ---- delivery --------------------------------------------------------------------------------------


def departed(who, kind, on=LATE):
    return [one.say for one in treatment.departures(who.protocol, who.known, ["M1"], on) if one.kind == kind]


@pytest.mark.parametrize(
    ("delivered", "departs"), [("45", False), ("42.75", False), ("42.74", True), ("0", True), ("46", False)]
)
def test_less_than_95_percent_is_a_departure(delivered, departs):
    who = plan(sbrt(of(), delivered_gy=delivered))
    assert bool(departed(who, "dose delivered")) == departs


def test_a_departure_says_how_much_was_given_and_why():
    who = plan(sbrt(of(), delivered_gy="42.74", stopped_because="toxicity"))
    said = "S1 delivered 94.9 % of the planned dose to the liver: side effects"
    assert departed(who, "dose delivered") == [said]
    assert departed(who, "dose delivered", date(2026, 9, 17)) == []


@pytest.mark.parametrize(
    ("ended", "sessions", "gaps", "days"),
    [
        ("2026-09-04", None, [], 0),
        ("2026-09-07", None, [], 1),
        ("2026-09-07", None, [{"began": "2026-08-31", "missed": "1", "because": "machine"}], 0),
        ("2026-09-08", None, [{"began": "2026-08-31", "missed": "1", "because": "machine"}], 1),
        ("2026-09-11", "20", [], 0),
        ("2026-09-11", "19", [], 1),
    ],
)
def test_weekdays_without_a_fraction_are_asked_about(ended, sessions, gaps, days):
    who = locoregional(of(), ended=ended, sessions=sessions, gaps=gaps)
    said = f"R1: {days} weekdays without a fraction and without a recorded gap"
    assert departed(who, "unexplained gap") == ([said] if days else [])


def test_a_boost_after_the_other_volumes_needs_the_days_of_treatment():
    rows = [volume(), volume("boost", ("10", "5"), ("10", "5"))]
    who = locoregional(of(), ended="2026-09-11", volumes=rows)
    (course,) = treatment.courses(who.protocol, who.known)
    assert course.unexplained_days is None
    assert course.elapsed == 26
    assert departed(who, "unexplained gap") == []


def test_two_courses_of_one_label_are_asked_about():
    who = sbrt(sbrt(of()), started="2026-10-05", ended="2026-10-09")
    assert len(departed(who, "label")) == 2
    assert treatment.course_labels(who.protocol, who.known) == ("S1",)
    assert {one.path for one in treatment.doubts(who.protocol, who.known, LATE) if "label" in one.say} == {"course"}


# ---- beside the plan -------------------------------------------------------------------------------


def test_local_therapy_in_the_other_arm_is_an_intercurrent_event():
    who = resection(everything(of(USUAL)), performed="2026-10-01")
    found = treatment.intercurrent_events(who.protocol, who.known)
    assert [(one.entry.form.reads, str(one.on)) for one in found] == [
        ("surgery", "2026-07-20"),
        ("locoregional_radiation", "2026-08-17"),
        ("metastasis_radiation", "2026-09-14"),
        ("metastasis_resection", "2026-10-01"),
    ]
    assert {one.after_progression for one in found} == {None}
    found = treatment.intercurrent_events(who.protocol, who.known, date(2026, 9, 14))
    assert [one.after_progression for one in found] == [False, False, False, True]


def test_planned_local_therapy_is_no_intercurrent_event():
    who = everything(of())
    assert treatment.intercurrent_events(who.protocol, who.known) == ()


def test_systemic_therapy_is_none_in_either_arm():
    who = regimen(of(USUAL), "2026-09-01", "tdxd_pertuzumab", "progression")
    assert treatment.intercurrent_events(who.protocol, who.known) == ()


@pytest.mark.parametrize(
    ("started", "stopped", "site", "seen"),
    [
        ("2026-03-01", None, "lung_peripheral", True),
        ("2026-03-01", None, "liver", False),
        ("2026-03-01", "2026-08-16", "lung_peripheral", False),
        ("2026-03-01", "2026-08-17", "lung_peripheral", True),  # 28 days before 14 September
        ("2026-10-16", None, "lung_peripheral", True),  # 28 days after 18 September
        ("2026-10-17", None, "lung_peripheral", False),
    ],
)
def test_a_caution_is_shown_when_drug_and_radiation_are_close(started, stopped, site, seen):
    reason = "toxicity" if stopped else None
    who = regimen(of(), started, "tdxd_pertuzumab", "other", stopped=stopped, stopped_because=reason)
    who = sbrt(who, site=site)
    assert bool(treatment.cautions(who.protocol, who.known)) == seen


def test_a_caution_is_about_the_regimens_that_it_names():
    who = sbrt(regimen(of(), "2026-03-01"), site="lung_central")
    assert treatment.cautions(who.protocol, who.known) == ()


def test_what_runs_is_close_to_what_runs():
    who = sbrt(regimen(of(), "2026-03-01", "tdxd_pertuzumab", "other"), site="lung_central", ended=None)
    (found,) = treatment.cautions(who.protocol, who.known)
    assert (found.caution.id, found.course.label, found.regimen.regimen) == ("pneumonitis", "S1", "tdxd_pertuzumab")


# ---- what somebody should look at ------------------------------------------------------------------


def said(who):
    return [one.say for one in treatment.remarks(who.protocol, who.known)]


def test_remarks_name_courses_doses_and_events():
    who = sbrt(regimen(of(), "2026-03-01", "tdxd_pertuzumab", "other"), site="lung_central")
    cord = point("spinal_cord", "hot", "0.035", "15")
    who = plan(plan(who, cord), cord, course="old", earlier="yes", approved="2020-03-01")
    first, second = said(who)
    assert first.startswith("S1: Trastuzumab deruxtecan and radiation of the chest")
    assert second == (
        "S1 and old give dose to one organ, the spinal cord: at most 52.5 Gy in equivalents of 2 Gy (alpha/beta 2 Gy), "
        "if the maxima coincide."
    )
    assert said(surgery(of(USUAL))) == [
        "Surgery of the primary on 2026-07-20, which this arm does not plan: an intercurrent event."
    ]
    assert said(everything(of())) == []


def test_a_sum_that_cannot_be_said_is_said_to_be_one():
    cord = point("spinal_cord", "hot", "0.35", "15")
    who = plan(plan(of(), cord), cord, course="S2")
    assert said(who)[0].endswith("cannot be said without each point maximum and number of fractions.")


@pytest.mark.parametrize(
    ("gy", "text"), [("1", "1.0"), ("46.25", "46.3"), ("46.2", "46.2"), ("1/3", "0.4"), ("0", "0.0")]
)
def test_an_upper_bound_is_rounded_up(gy, text):
    assert said_gy(Fraction(gy)) == text
