"""Expedited reports: from when the clock counts, what is due when, to whom, and whether it was sent in time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.conduct import safety
from evenhand.conduct.safety.clocks import applies, read_time
from evenhand.logic import NO, YES, Unknown
from evenhand.protocol.plan.safety_rules import Within
from tests.conduct_help import participant
from tests.safety_help import SERIOUS, doubts, event, reported, the_event
from tests.spec.adverse_events_table import DUE
from tests.treatment_entries import regimen

NEW_YORK = ZoneInfo("America/New_York")
RELATED = {"attribution": "chemotherapy probable"}


def at(text):
    """``2026-08-15 16:30`` in New York."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


# ---- arithmetic ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "count", "unit", "due"), DUE)
def test_due(start, count, unit, due):
    day, _, clock = due.partition(" ")
    expected = at(f"{day} 23:59:59.999999") if clock == "24:00" else at(due)
    assert safety.due_at(at(start), Within(count, unit)) == expected


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(1, 60))
def test_days_are_counted_by_the_calendar_and_working_days_leave_weekends_out(start, count):
    start = start.replace(tzinfo=NEW_YORK)
    by_days = safety.due_at(start, Within(count, "days"))
    by_work = safety.due_at(start, Within(count, "working_days"))
    assert (by_days.date() - start.date()).days == count
    between = (start.date() + timedelta(days=n) for n in range(1, (by_work.date() - start.date()).days + 1))
    assert sum(day.weekday() < 5 for day in between) == count
    assert by_work.weekday() < 5
    assert safety.due_at(start, Within(count, "hours")) - start.astimezone(UTC) == timedelta(hours=count)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("14:05", time(14, 5)), ("9:05", time(9, 5)), ("00:00", time(0)), ("", None), ("24:30", None), ("soon", None)],
)
def test_times_of_day(text, expected):
    assert read_time(text) == expected


def test_a_deadline_is_said_in_words():
    assert [str(Within(*it)) for it in ((24, "hours"), (1, "days"), (5, "working_days"))] == [
        "24 hours",
        "1 day",
        "5 working days",
    ]


# ---- from when ----------------------------------------------------------------------------------


def test_the_clock_starts_at_the_recorded_moment():
    who = event(**SERIOUS, aware_time="16:30")
    assert safety.aware_at(the_event(who), NEW_YORK) == (at("2026-08-15 16:30"), True)


def test_without_a_time_hours_count_from_midnight_before():
    assert safety.aware_at(the_event(event(**SERIOUS)), NEW_YORK) == (at("2026-08-15 00:00"), True)


def test_without_a_day_the_clock_starts_when_the_event_was_entered_and_says_so():
    given = {name: value for name, value in SERIOUS.items() if name != "aware"}
    who = event(unless={"aware": "not noted"}, **given)
    entered = the_event(who).entry.standing.original.recorded_at
    start, known = safety.aware_at(the_event(who), NEW_YORK)
    assert (start, known, start.tzinfo) == (entered, False, NEW_YORK)


# ---- what is wanted -----------------------------------------------------------------------------


def wanted(who):
    """Every active obligation with its answer: yes, or unknown."""
    found = safety.obligations(who.protocol, who.known)
    return {f"{one.regime.id} {one.deadline.id}": "yes" if one.applies is YES else "unknown" for one in found}


SPONSOR = {"sponsor first_report": "yes", "sponsor complete_report": "yes"}
FATAL = {**SERIOUS, "death": "yes", "outcome": "fatal", "term": "Heart failure", "grades": "5"}
WANTED = [
    ({"grades": "4", "term": "Heart failure"}, {}),  # severity is no seriousness
    ({**SERIOUS}, {**SPONSOR, "irb unanticipated_problem": "unknown"}),
    ({**SERIOUS, **RELATED, "expected": "no"}, {**SPONSOR, "irb unanticipated_problem": "yes"}),
    ({**SERIOUS, **RELATED, "expected": "yes"}, SPONSOR),
    ({**SERIOUS, "attribution": "disease definite", "expected": "no"}, SPONSOR),
    # a named other cause is suspected of no treatment; what was given and is not rated is unknown, and the clock runs
    ({**SERIOUS, "attribution": "other definite", "expected": "no"}, SPONSOR),
    ({**SERIOUS, "attribution": "other definite, chemotherapy unlikely", "expected": "no"}, SPONSOR),
    (
        {**SERIOUS, "attribution": "other definite, chemotherapy possible", "expected": "no"},
        {**SPONSOR, "irb unanticipated_problem": "yes"},
    ),
    ({**FATAL, "term": "Disease progression", "attribution": "other probable", "expected": "no"}, {}),
    ({**FATAL, **RELATED, "expected": "yes"}, {**SPONSOR, "irb death": "yes"}),
    ({**FATAL, "attribution": "disease definite", "expected": "no"}, SPONSOR),
    # an endpoint of the study is reported only where a treatment is suspected (21 CFR 312.64(b))
    ({**FATAL, "term": "Disease progression", "attribution": "disease definite", "expected": "no"}, {}),
    (
        {**FATAL, "term": "Disease progression", "attribution": "chemotherapy possible", "expected": "no"},
        {**SPONSOR, "irb death": "yes", "irb unanticipated_problem": "yes"},
    ),
]


def test_another_cause_leaves_unknown_what_a_treatment_that_was_given_has_to_do_with_it():
    treated = regimen(participant("usual"), "2026-03-01", agents=[{"agent": "paclitaxel"}])
    who = event(treated, **{**SERIOUS, "attribution": "other definite", "expected": "no"})
    assert wanted(who) == {**SPONSOR, "irb unanticipated_problem": "unknown"}


@pytest.mark.parametrize(("typed", "expected"), WANTED)
def test_what_active_regimes_want(typed, expected):
    assert wanted(event(**typed)) == expected


def regime(who, name):
    return next(one for one in who.protocol.plan.safety.regimes if one.id == name)


FATAL_SUSAR = {**FATAL, **RELATED, "expected": "no"}
OTHER_SUSAR = {**SERIOUS, **RELATED, "expected": "no"}
INACTIVE = [
    ("ind", FATAL_SUSAR, {"seven_days", "fifteen_days"}),
    ("ind", OTHER_SUSAR, {"fifteen_days"}),
    ("ind", {**OTHER_SUSAR, "life_threatening": "yes"}, {"seven_days", "fifteen_days"}),
    ("ind", {**OTHER_SUSAR, "expected": "yes"}, set()),
    ("ind", {**OTHER_SUSAR, "attribution": "chemotherapy unlikely"}, set()),
    ("eu_susar", FATAL_SUSAR, {"seven_days", "follow_up"}),
    ("eu_susar", OTHER_SUSAR, {"fifteen_days"}),
    ("ctep", {"grades": "2"}, set()),
    ("ctep", {"grades": "3"}, {"grade_3"}),
    ("ctep", {"grades": "4", "term": "Heart failure"}, {"grades_4_5_notice", "grades_4_5"}),
    ("ctep", {**SERIOUS, "grades": "2", "hospitalized": "yes", "planned_admission": "no"}, {"hospitalized"}),
    ("ctep", {**SERIOUS, "grades": "2", "hospitalized": "yes", "planned_admission": "yes"}, set()),
]


@pytest.mark.parametrize(("name", "typed", "expected"), INACTIVE)
def test_what_the_other_regimes_would_want(name, typed, expected):
    who = event(**typed)
    found, plan = the_event(who), who.protocol.plan.safety
    answers = {one.id: applies(found, plan, regime(who, name), one, frozenset()) for one in regime(who, name).deadlines}
    assert {id_ for id_, answer in answers.items() if answer is not NO} == expected
    assert all(answer is YES or answer is NO for answer in answers.values())


def test_what_is_not_known_runs_and_says_what_to_record():
    found = [one for one in obligations(event(**SERIOUS, **RELATED)) if one.regime.id == "irb"]
    assert len(found) == 1
    assert isinstance(found[0].applies, Unknown)
    assert "Expected, by the reference safety information: not recorded" in str(found[0].applies.reasons[0])


def test_obligations_come_by_the_day_on_which_they_are_due():
    who = event(event(**SERIOUS, **RELATED, expected="no", ended="2026-08-20"), **SERIOUS, onset="2026-08-21")
    due = [one.due for one in obligations(who)]
    assert due == sorted(due)
    assert len(due) == 6


def obligations(who):
    return safety.obligations(who.protocol, who.known)


# ---- met or not ---------------------------------------------------------------------------------

NOTICE = {**SERIOUS, "aware_time": "16:30"}  # due within 24 hours: 16 August 16:30
STATES = [
    ([], "2026-08-16 16:30", "open"),
    ([], "2026-08-16 16:31", "overdue"),
    ([("2026-08-15", {})], "2026-08-20 00:00", "met"),
    ([("2026-08-16", {})], "2026-08-20 00:00", "not known"),
    ([("2026-08-16", {"sent_time": "16:30"})], "2026-08-20 00:00", "met"),
    ([("2026-08-16", {"sent_time": "16:31"})], "2026-08-20 00:00", "late"),
    ([("2026-08-17", {})], "2026-08-20 00:00", "late"),
    ([("2026-08-17", {}), ("2026-08-16", {"sent_time": "9:00"})], "2026-08-20 00:00", "met"),  # the first one counts
]


@pytest.mark.parametrize(("sent", "moment", "expected"), STATES)
def test_a_report_within_hours(sent, moment, expected):
    who = event(**NOTICE)
    for day, typed in sent:
        who = reported(who, "1", "sponsor", "initial", day, **typed)
    assert state(who, "first_report", moment) == expected


@pytest.mark.parametrize(
    ("sent", "moment", "expected"),
    [
        (None, "2026-08-20 23:59", "open"),
        (None, "2026-08-21 00:00", "overdue"),
        ("2026-08-20", "2026-09-01 00:00", "met"),
        ("2026-08-21", "2026-09-01 00:00", "late"),
    ],
)
def test_a_report_within_days(sent, moment, expected):
    who = event(**NOTICE)
    who = reported(who, "1", "sponsor", "complete", sent) if sent else who
    assert state(who, "complete_report", moment) == expected


def state(who, deadline, moment):
    return next(one.state(at(moment)) for one in obligations(who) if one.deadline.id == deadline)


def test_only_the_report_of_that_kind_about_that_event_to_that_regime_counts():
    who = event(**NOTICE)
    for event_item, to, report in (("2", "sponsor", "initial"), ("1", "irb", "initial"), ("1", "sponsor", "complete")):
        other = reported(who, event_item, to, report, "2026-08-15")
        assert state(other, "first_report", "2026-08-16 12:00") == "open"


def test_the_moment_may_be_given_in_any_time_zone():
    one = next(one for one in obligations(event(**NOTICE)) if one.deadline.id == "first_report")
    assert one.state(datetime(2026, 8, 16, 20, 30, tzinfo=UTC)) == "open"
    assert one.state(datetime(2026, 8, 16, 20, 31, tzinfo=UTC)) == "overdue"


def test_the_site_may_count_its_days_elsewhere():
    who = event(**NOTICE)
    tokyo = ZoneInfo("Asia/Tokyo")
    first, complete = safety.obligations(who.protocol, who.known, tokyo)[:2]
    assert first.due == datetime(2026, 8, 16, 16, 30, tzinfo=tokyo)
    assert complete.due.utcoffset() == timedelta(hours=9)


def test_a_report_about_no_event_is_asked_about():
    who = reported(participant("local"), "7", "sponsor", "initial", "2026-08-15")
    assert doubts(who) == [("safety_report", "1", "event", "event")]


def test_a_study_without_a_safety_plan_wants_nothing():
    who = event(**SERIOUS)
    without = replace(who.protocol, plan=replace(who.protocol.plan, safety=None))
    assert safety.obligations(without, who.known) == ()
    assert safety.adverse_events(without, who.known) == ()
    assert safety.graded(without, who.known) == ()
    assert list(safety.suggested(without, who.known)) == []
    assert list(safety.doubts(without, who.known, date(2026, 9, 1))) == []
    assert safety.timings(without, who.known, the_event(who)) == ()
    assert list(safety.faults(without, without.plan.forms["adverse_event"], {"term": "Nothing"})) == []
