"""What is late, due or coming, who acts, and the calendar of a site: on the shipped study, through the record."""

from datetime import timedelta

import pytest

from evenhand import steps
from evenhand.conduct.disposition import ends
from evenhand.conduct.schedule import calendar, deviations, due, occurrences, waiting
from tests.conduct_help import RANDOMIZED_ON, participant
from tests.eligible import PROTOCOL
from tests.schedule_help import iso

PLAN = PROTOCOL.plan
assert PLAN and PLAN.schedule
FORMS = tuple(expected.form for expected in PLAN.schedule.visits["follow_up"].forms if expected.when is None)


@pytest.fixture
def somebody():
    return participant("usual")


def held(who, visit, day):
    return who.entered("visit", on=iso(day), visit=visit, date=day, way="in_person")


def agenda(who, day):
    return due(PROTOCOL, who.known, iso(day), ends(PROTOCOL, who.known))


def visits(who, day):
    return {one.id: one for one in occurrences(PROTOCOL, who.known, iso(day), ends(PROTOCOL, who.known))}


def test_both_arms_are_followed_on_the_same_days():
    planned = [
        [(one.id, one.planned, one.first, one.last) for one in visits(participant(arm), "2026-07-01").values()
         if one.id.startswith("follow_up")]
        for arm in ("usual", "local")
    ]  # fmt: skip
    assert planned[0] == planned[1]
    assert len(planned[0]) == 12


def test_visits_of_local_therapy_are_planned_in_that_arm_alone(somebody):
    local = participant("local")
    assert "planning" in visits(local, "2026-07-01") and "planning" not in visits(somebody, "2026-07-01")
    assert waiting(PROTOCOL, somebody.known, ends(PROTOCOL, somebody.known)) == ()


def test_visits_after_local_therapy_wait_for_it():
    local = participant("local")
    waits = waiting(PROTOCOL, local.known, ends(PROTOCOL, local.known))
    assert {one.visit.id for one in waits} <= {name for name, one in PROTOCOL.plan.schedule.visits.items() if one.arms}
    assert all(one.anchor.kind in ("form", "visit") for one in waits)


@pytest.mark.parametrize(
    ("day", "when", "left"),
    [
        ("2026-08-17", None, None),
        ("2026-08-18", "coming", 58),  # 30 days before the window opens
        ("2026-09-16", "coming", 29),
        ("2026-09-17", "due", 28),
        ("2026-10-15", "due", 0),
        ("2026-10-16", "late", -1),
    ],
)
def test_a_visit_comes_is_due_and_is_late(somebody, day, when, left):
    first = held(somebody, "baseline", "2026-07-01")
    found = [item for item in agenda(first, day) if item.occurrence == "follow_up.1"]
    assert [(item.when, item.days_left) for item in found] == ([(when, left)] if when else [])
    assert all(item.roles == ("coordinator", "treating_clinician") and item.form == "visit" for item in found)


def test_forms_of_a_visit_that_took_place_are_due_within_ten_days(somebody):
    done = held(somebody, "follow_up.1", "2026-10-01")
    for day, when in (("2026-10-01", "due"), ("2026-10-11", "due"), ("2026-10-12", "late")):
        found = [item for item in agenda(done, day) if item.occurrence == "follow_up.1"]
        assert {item.form for item in found} >= set(FORMS) - {"visit"}
        assert {item.what for item in found} == {"form"}
        assert {item.when for item in found} == {when}
    asked = done.entered("side_effects", on=iso("2026-10-02"), visit="follow_up.1", asked="2026-10-01", reported="no")
    assert "side_effects" not in {item.form for item in agenda(asked, "2026-10-02")}


def test_a_missed_visit_is_asked_for_no_more(somebody):
    missed = somebody.entered("visit", on=iso("2026-10-20"), visit="follow_up.1", not_done="on holiday")
    assert visits(missed, "2026-10-21")["follow_up.1"].state == "missed"
    assert all(item.occurrence != "follow_up.1" for item in agenda(missed, "2026-10-21"))


def test_the_latest_comes_first(somebody):
    found = agenda(somebody, "2027-01-05")
    order = {"late": 0, "due": 1, "coming": 2}
    assert [(order[item.when], item.last) for item in found] == sorted((order[i.when], i.last) for i in found)
    assert [item.when for item in found] == ["late", "late", "due"]


def test_after_the_end_the_disposition_is_due_until_it_is_said(somebody):
    dead = somebody.entered("death", on=iso("2026-08-20"), died="2026-08-11", cause="other", other_cause="accident")
    found = {item.what: item for item in agenda(dead, "2026-08-20")}
    item = found["disposition"]
    assert (item.form, item.first, item.last, item.when) == ("disposition", iso("2026-08-11"), iso("2026-09-08"), "due")
    assert item.signers == ("treating_clinician",)
    assert visits(dead, "2026-08-20")["follow_up.1"].state == "cancelled"
    assert visits(dead, "2026-08-20")["follow_up.1"].reason == "Death, 2026-08-11"
    assert {one.when for one in agenda(dead, "2026-09-09") if one.what == "disposition"} == {"late"}
    said = dead.entered("disposition", on=iso("2026-08-21"), ending="death", ended="2026-08-11")
    assert all(item.what != "disposition" for item in agenda(said, "2026-09-09"))


def test_at_the_end_of_three_years_the_disposition_is_due_from_the_next_day(somebody):
    assert all(item.what != "disposition" for item in agenda(somebody, "2029-07-01"))
    (item,) = [item for item in agenda(somebody, "2029-07-02") if item.what == "disposition"]
    assert (item.first, item.last) == (iso("2029-07-02"), iso("2029-07-29"))


def test_stopping_treatment_asks_for_no_end_of_follow_up(somebody):
    who = somebody.entered("disposition", on=iso("2026-12-01"), ending="treatment_stopped", ended="2026-12-01",
                           because="toxicity")  # fmt: skip
    assert all(item.what != "disposition" for item in agenda(who, "2027-01-01"))
    assert visits(who, "2027-01-01")["follow_up.2"].state == "due"


def test_an_entry_struck_out_is_as_if_it_had_never_been(somebody):
    done = held(somebody, "follow_up.1", "2026-10-01")
    seq = done.history.head.seq
    struck = done.after(
        steps.strike, subject=somebody.subject, seq=seq, reason="of another person", on=iso("2026-10-02")
    )
    assert visits(done, "2026-10-02")["follow_up.1"].state == "done"
    assert visits(struck, "2026-10-02")["follow_up.1"].state == "due"


def test_a_corrected_date_moves_the_visit(somebody):
    done = held(somebody, "follow_up.1", "2026-10-01")
    moved = done.corrected(done.history.head.seq, "visit", reason="typing error", on=iso("2026-10-30"),
                           date="2026-10-20", way="in_person")  # fmt: skip
    one = visits(moved, "2026-10-30")["follow_up.1"]
    assert (one.on, one.remarks) == (iso("2026-10-20"), ("5 days after its window (2026-09-17 to 2026-10-15)",))


def test_a_site_sees_the_visits_between_two_days():
    people = [
        ("north", participant("usual").known),
        ("south", participant("local").known),
        (None, participant("local").known),
    ]
    days = {"north": iso("2026-10-01"), None: iso("2026-11-01")}
    found = calendar(
        PROTOCOL, people, days, (iso("2026-09-01"), iso("2026-09-30")), lambda known: ends(PROTOCOL, known)
    )
    assert [(one.site, one.occurrence.id, one.occurrence.state) for one in found] == [
        ("north", "follow_up.1", "due"), ("south", "follow_up.1", "overdue"), (None, "follow_up.1", "overdue"),
    ]  # fmt: skip
    before = calendar(PROTOCOL, people, days, (iso("2026-08-01"), iso("2026-09-16")), lambda k: ends(PROTOCOL, k))
    assert before == ()


def test_a_visit_stands_in_the_calendar_on_the_day_it_took_place():
    done = held(participant("usual"), "follow_up.1", "2026-10-20")
    days = {None: iso("2026-11-01")}
    for first, last, wanted in (("2026-10-20", "2026-10-20", 1), ("2026-10-01", "2026-10-19", 0)):
        found = calendar(PROTOCOL, [("north", done.known)], days, (iso(first), iso(last)), lambda k: ends(PROTOCOL, k))
        assert len(found) == wanted


def test_before_randomization_nothing_is_planned():
    who = participant("usual").known
    early = type(who)(who.subject)
    assert occurrences(PROTOCOL, early, RANDOMIZED_ON, ends(PROTOCOL, early)) == ()
    assert due(PROTOCOL, early, RANDOMIZED_ON + timedelta(days=9), ends(PROTOCOL, early)) == ()


def test_visits_that_were_not_held_as_planned_are_deviations(somebody):
    who = held(somebody, "baseline", "2026-07-01")
    late = held(who, "follow_up.1", "2026-10-16")
    missed = late.entered("visit", on=iso("2027-01-20"), visit="follow_up.2", not_done="on holiday")
    found = list(deviations(PROTOCOL, missed.known, iso("2027-04-16"), ends(PROTOCOL, missed.known)))
    assert [(one.id, str(one.day), one.seq is None) for one in found] == [
        ("visit window", "2026-10-16", False),
        ("visit missed", "2027-01-15", False),
        ("visit unaccounted for", "2027-04-15", True),
    ]
    assert found[0].what == "Follow-up 1 on 2026-10-16 lies outside of its window, 2026-09-17 to 2026-10-15."
    before = list(deviations(PROTOCOL, who.known, iso("2026-10-15"), ends(PROTOCOL, who.known)))
    assert before == []
