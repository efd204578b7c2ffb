"""Metrics of a site, and protocol deviations: what is counted, on which day, and what is not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from evenhand import steps
from evenhand.conduct.findings import Deviation
from evenhand.conduct.quality import Metrics, deviations, evidence_after_randomization, metrics, metrics_by_site
from evenhand.dates import Period
from evenhand.protocol.plan.visits import Schedule
from evenhand.record import Event, append
from tests.conduct_help import RANDOMIZED_ON, participant
from tests.course_help import MANAGER, ON, course

TEN = ON + timedelta(days=10)


def figures(world, on=ON):
    return metrics(world.protocol, [world.known], on)


def weighed(world=None, on=ON, weighed="2026-03-02", weight="70", visit="week.1"):
    return (world or course()).entered("weight", visit=visit, weighed=weighed, weight=weight, on=on)


def test_nothing_entered_has_no_figures():
    found = figures(course())
    assert found == Metrics(participants=1)
    assert (found.open_median, found.entry_median, found.verified_share, found.corrections_per_100) == (None,) * 4


def test_days_from_event_to_entry_count_from_what_happened_to_the_first_entry():
    world = weighed(on=TEN)
    world = world.entered("fall", fell="2026-03-09", hurt="no", on=TEN)
    world = world.corrected(world.last, fell="2026-03-12", hurt="no", on=TEN + timedelta(days=5))
    found = figures(world, TEN)
    assert sorted(found.entry_days) == [0, 10]
    assert found.entry_median == 5
    assert found.corrections_per_100 == 50


def test_what_was_struck_or_not_done_has_no_delay():
    world = weighed(on=TEN).entered("weight", visit="week.2", not_done="away", on=TEN)
    world = world.entered("fall", fell="2026-03-02", hurt="no", on=TEN)
    found = figures(world.struck(world.last, on=TEN), TEN)
    assert found.entries == 2
    assert found.entry_days == (10,)


def test_open_queries_age_until_they_are_answered_and_wait_until_they_are_closed():
    world = weighed(weighed(weight="130"), on=TEN, weight="131", visit="week.2")
    found = figures(world, TEN + timedelta(days=1))
    assert sorted(found.open_days) == [1, 11]
    assert (found.open_median, found.answered) == (6, 0)
    world = world.answered(world.query(), on=TEN)
    assert (figures(world, TEN).open_days, figures(world, TEN).answered) == ((10,), 1)
    world = world.closed(world.query(), on=TEN)
    assert (figures(world, TEN).open_days, figures(world, TEN).answered) == ((10,), 0)


@pytest.mark.parametrize(("days", "overdue"), [(0, 0), (30, 0), (31, 1)])
def test_a_signature_is_overdue_after_30_days(days, overdue):
    found = figures(weighed(), ON + timedelta(days=days))
    assert (found.unsigned, found.unsigned_overdue) == (1, overdue)


def test_the_study_says_how_long_a_signature_may_wait():
    world = weighed()
    schedule = Schedule({}, {}, sign_within=Period(7, "days"))
    protocol = replace(world.protocol, plan=replace(world.protocol.plan, schedule=schedule))
    for days, overdue in ((7, 0), (8, 1)):
        assert metrics(protocol, [world.known], ON + timedelta(days=days)).unsigned_overdue == overdue


def test_a_correction_lets_the_signature_wait_anew():
    world = weighed()
    world = world.signed(world.last)
    assert figures(world, date(2027, 1, 1)).unsigned == 0
    world = world.corrected(world.last, weighed="2026-03-02", weight="71", on=TEN)
    assert figures(world, TEN + timedelta(days=30)).unsigned_overdue == 0
    assert figures(world, TEN + timedelta(days=31)).unsigned_overdue == 1


def test_verified_and_locked_are_counted_as_they_stand():
    world = weighed(visit="week.2", world=weighed())
    seqs = [entry.seq for entry in world.entries]
    world = world.signed(*seqs).verified(*seqs).locked(seqs[0])
    assert (figures(world).verified_share, figures(world).locked) == (1.0, 1)
    world = world.corrected(seqs[1], weighed="2026-03-02", weight="71")
    assert figures(world).verified_share == 0.5


def test_sites_add_up():
    world = weighed(weight="130")
    one = figures(world)
    assert metrics_by_site(world.protocol, world.history, ON) == {"north": one}
    assert metrics(world.protocol, [world.known, world.known], ON) == one + one
    assert (one + one).entries == 2
    assert (one + one).open_days == (0, 0)


# ---- deviations --------------------------------------------------------------------------------


def found(world, on=TEN):
    return deviations(world.protocol, world.known, on)


@pytest.mark.parametrize(("arm", "ids"), [("walking", []), ("resting", ["arm"])])
def test_what_is_planned_in_another_arm_is_taken_and_is_a_deviation(arm, ids):
    world = course(arm).entered("fall", fell="2026-03-02", hurt="no")
    assert [one.id for one in found(world)] == ids


def test_a_deviation_says_what_where_and_what_to_do():
    world = course("resting").entered("fall", fell="2026-03-02", hurt="no", on=TEN)
    (one,) = found(world)
    assert one.what == "Fall on 2026-03-02 is planned only in: Walking."
    assert (one.day, one.seq, one.major) == (ON, world.last, None)
    assert one.mend
    assert found(world.struck(world.last, on=TEN)) == ()


def test_what_was_not_done_in_another_arm_is_none():
    assert found(course("resting").entered("fall", not_done="none")) == ()


def test_a_person_records_a_deviation():
    typed = {
        "occurred": "2026-07-09", "category": "visit", "description": "The scan was a week late.", "severity": "minor",
        "reported": "yes", "reported_on": "2026-07-20", "action": "Booked earlier",
    }  # fmt: skip
    world = participant("usual").entered("deviation", on=date(2026, 8, 1), **typed)
    (one,) = (one for one in found(world, date(2026, 8, 1)) if one.id == "recorded")
    assert one.what == "Visit missed or outside of its window: The scan was a week late."
    assert (one.day, one.major, one.reported) == (date(2026, 7, 9), False, date(2026, 7, 20))
    assert one.mend == "Booked earlier"


@pytest.mark.parametrize(("severity", "reported", "queries"), [("major", "no", 1), ("minor", "no", 0)])
def test_a_major_deviation_that_was_not_reported_is_asked_about(severity, reported, queries):
    world = participant("usual").entered(
        "deviation", on=date(2026, 8, 1), occurred="2026-07-09", category="other", description="x", severity=severity,
        reported=reported,
    )  # fmt: skip
    assert len(world.known.of("query_opened")) == queries


def test_deviations_come_by_day_with_those_of_other_floors():
    world = course("resting").entered("fall", fell="2026-03-05", hurt="no", on=TEN)
    world = world.entered("fall", fell="2026-03-02", hurt="no", on=TEN)
    besides = Deviation("eligibility", date(2026, 3, 3), "x", "inclusion/1", "y")
    listed = deviations(world.protocol, world.known, TEN, [besides])
    assert [one.day.day for one in listed] == [2, 3, 5]


def learned(world, fact):
    """The record after somebody corrected what it says of a fact, once the arm was known."""
    (entry,) = world.known.of("facts_recorded")
    facts = [{**one, **fact} if one["fact"] == fact["fact"] else one for one in entry.body["facts"]]
    event = Event(
        "facts_recorded", world.subject, RANDOMIZED_ON, {"facts": facts}, reason="misread", corrects=entry.seq
    )
    at = world.history.head.recorded_at + timedelta(minutes=1)
    return replace(world, history=world.history.extend(append(world.history, [event], by=MANAGER, at=at)))


def test_eligibility_that_turns_out_wrong_is_a_deviation_and_the_arm_stays():
    world = participant("local")
    assert evidence_after_randomization(world.known) == ()
    assert steps.eligibility_breaches(world.protocol, world.history, subject=world.subject) == ()
    wrong = learned(world, {"fact": "ecog", "value": 3})
    assert len(evidence_after_randomization(wrong.known)) == 1
    (one,) = steps.eligibility_breaches(wrong.protocol, wrong.history, subject=wrong.subject)
    assert (one.id, one.clause, one.day, one.major) == ("eligibility", "inclusion/7", RANDOMIZED_ON, True)
    assert wrong.known.allocation == world.known.allocation


def test_a_correction_that_changes_no_criterion_is_no_deviation():
    world = learned(participant("local"), {"fact": "ecog", "value": 0})
    assert len(evidence_after_randomization(world.known)) == 1
    assert steps.eligibility_breaches(world.protocol, world.history, subject=world.subject) == ()


def test_nobody_breaches_what_was_not_decided_yet():
    world = participant("local")
    before = replace(world, history=type(world.history)(world.protocol.study).extend(world.history.entries[:-1]))
    assert evidence_after_randomization(before.known) == ()
    assert steps.eligibility_breaches(before.protocol, before.history, subject=before.subject) == ()


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"fact": "estrogen_receptor", "value": "negative"}, ["as is known now, both receptors negative."]),
        ({"fact": "progesterone_receptor", "value": "positive"}, []),  # the same stratum
        ({"fact": "ecog", "value": 0}, []),
    ],
)
def test_a_stratum_that_turns_out_wrong_is_a_deviation_and_the_arm_stays(fact, said):
    world = participant("local")
    assert steps.stratum_breaches(world.protocol, world.history, subject=world.subject) == ()
    wrong = learned(world, fact)
    found = steps.stratum_breaches(wrong.protocol, wrong.history, subject=wrong.subject)
    assert [one.what.split("; ")[1] for one in found] == said
    assert {(one.id, one.day, one.seq) for one in found} <= {("stratum", RANDOMIZED_ON, wrong.history.head.seq)}
    assert wrong.known.allocation == world.known.allocation
