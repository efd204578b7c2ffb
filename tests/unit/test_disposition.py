"""How participants leave treatment and follow-up, and what may be collected afterwards."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from evenhand import steps
from evenhand.conduct.disposition import contradictions, ends, may_collect, standing
from evenhand.conduct.disposition.ends import Ended, Ends
from evenhand.conduct.disposition.standing import rank
from evenhand.conduct.forms import entries
from evenhand.dates import Period, on_day, parse_date
from evenhand.protocol.plan.endings import Ending
from evenhand.refusal import Refusal
from tests.conduct_help import RANDOMIZED_ON, participant
from tests.eligible import PROTOCOL
from tests.schedule_help import form, iso

LAST = iso("2029-07-01")  # 3 years after randomization


@dataclass(frozen=True)
class Progression:
    day: date
    seq: int | None = None
    determined: bool = True


@pytest.fixture
def somebody():
    return participant("usual")


def left(who, ending, day, *, on=None, **more):
    return who.entered("disposition", on=iso(on or day), ending=ending, ended=day, **more)


def state(who, on, progressed=None):
    found = standing(ends(PROTOCOL, who.known, progressed), iso(on))
    return found.ending.id if found else None


# ---- when follow-up ends -----------------------------------------------------------------------------------------


def test_follow_up_lasts_three_calendar_years_that_day_included(somebody):
    found = ends(PROTOCOL, somebody.known)
    assert (found.randomized, found.at_most, found.last) == (RANDOMIZED_ON, LAST, LAST)
    assert found.follow_up.ending.id == "completed"
    assert not found.over(LAST) and found.over(LAST + timedelta(days=1))
    assert state(somebody, "2029-07-01") is None
    assert state(somebody, "2029-07-02") == "completed"


@pytest.mark.parametrize(
    ("day", "last", "ending"),
    [
        ("2027-03-04", "2027-03-04", "progression"),
        ("2029-06-30", "2029-06-30", "progression"),
        ("2029-07-01", "2029-07-01", "progression"),  # on the very last day it is found still
        ("2029-07-02", "2029-07-01", "completed"),
    ],
)
def test_progression_ends_follow_up_if_it_comes_within_the_time(somebody, day, last, ending):
    found = ends(PROTOCOL, somebody.known, Progression(iso(day)))
    assert (found.last, found.follow_up.ending.id) == (iso(last), ending)


def test_a_progression_that_is_only_proposed_ends_nothing(somebody):
    found = ends(PROTOCOL, somebody.known, Progression(iso("2027-03-04"), determined=False))
    assert found.last == LAST


def test_nobody_has_an_end_before_randomization():
    found = ends(PROTOCOL, replace(participant("usual").known, standing=()))
    assert found == Ends(None, None)
    assert found.last is None and not found.over(LAST)


@pytest.mark.parametrize(("died", "last"), [("2027-03-04", "2027-03-04"), ("2027-03", "2027-03-31")])
def test_a_death_ends_follow_up_on_the_last_day_that_it_may_have_been(somebody, died, last):
    dead = somebody.entered("death", on=iso("2027-04-10"), died=died, cause="breast_cancer")
    found = ends(PROTOCOL, dead.known)
    assert (found.last, found.follow_up.ending.id, str(found.follow_up.span)) == (iso(last), "death", died)


@pytest.mark.parametrize(
    ("died", "first"), [("2026-09", "2026-09-14"), ("2026", "2026-09-14"), ("2026-08", "2026-08-31")]
)
def test_who_is_entered_as_dead_is_dead_whatever_days_the_date_leaves_open(somebody, died, first):
    dead = somebody.entered("death", died=died, cause="breast_cancer", on=iso("2026-09-14"))
    assert dead.history.head.recorded_at.date() == iso("2026-09-14")
    found = ends(PROTOCOL, dead.known)
    assert found.last == parse_date(died).last  # until then things may have been seen
    assert state(dead, first) == "death" and found.over(iso(first))
    assert state(dead, (iso(first) - timedelta(days=1)).isoformat()) is None


def test_what_lies_ahead_has_not_come_about_because_it_was_entered():
    death = PROTOCOL.plan.schedule.endings.by_id["death"]
    coming = Ends(RANDOMIZED_ON, LAST, (Ended(death, on_day(iso("2027-01-02")), 7, entered=iso("2026-09-14")),))
    over = {day: coming.over(iso(day)) for day in ("2026-09-14", "2027-01-01", "2027-01-02")}
    assert over == {"2026-09-14": False, "2027-01-01": False, "2027-01-02": True}


def test_withdrawn_consent_ends_follow_up_and_a_new_one_takes_that_back(somebody):
    day = iso("2027-02-03")
    without = somebody.after(steps.withdraw_consent, subject=somebody.subject, on=day, reason=None)
    found = ends(PROTOCOL, without.known).follow_up
    assert (found.ending.id, found.day, found.seq) == ("consent_withdrawn", day, without.history.head.seq)
    again = without.after(steps.consent, subject=somebody.subject, on=iso("2027-02-20"))
    assert ends(PROTOCOL, again.known).last == LAST


def test_treatment_may_stop_while_follow_up_goes_on(somebody):
    who = left(somebody, "treatment_stopped", "2026-12-01", because="toxicity")
    assert state(who, "2026-11-30") is None
    assert state(who, "2026-12-01") == "treatment_stopped"
    assert ends(PROTOCOL, who.known).last == LAST


def test_who_is_seen_again_is_no_longer_lost(somebody):
    attempts = [{"date": f"2027-02-0{number}", "way": "telephone"} for number in (1, 2, 3)]
    lost = left(somebody, "lost", "2027-01-01", on="2027-02-10", attempts=attempts)
    assert state(lost, "2027-02-10") == "lost"
    assert ends(PROTOCOL, lost.known).last == iso("2027-01-01")
    found = lost.entered("visit", on=iso("2027-04-02"), visit="follow_up.3", date="2027-04-02", way="in_person")
    assert state(found, "2027-04-02") is None
    assert ends(PROTOCOL, found.known).last == LAST


def test_a_progression_that_only_the_disposition_form_names_counts_until_it_is_determined(somebody):
    said = left(somebody, "progression", "2027-03-04")
    assert ends(PROTOCOL, said.known).last == iso("2027-03-04")
    assert ends(PROTOCOL, said.known, Progression(iso("2027-02-27"))).last == iso("2027-02-27")


def test_completion_said_too_early_ends_nothing(somebody):
    assert ends(PROTOCOL, left(somebody, "completed", "2028-01-01").known).last == LAST


# ---- the state machine -------------------------------------------------------------------------------------------

WAYS = {
    "treatment": Ending("treatment", "", "disposition", "treatment", "", None),
    "lost": Ending("lost", "", "disposition", "follow_up", "", None, until_seen_again=True),
    "progression": Ending("progression", "", "progression", "follow_up", "", None),
    "declined": Ending("declined", "", "disposition", "follow_up", "", None),
    "consent": Ending("consent", "", "consent", "follow_up", "", None),
    "death": Ending("death", "", "death", "follow_up", "", None),
}
# From a state, an ending, the state afterwards: a state only ever moves to a more final one.
MOVES = [
    (None, "treatment", "treatment"), (None, "lost", "lost"), (None, "progression", "progression"),
    (None, "consent", "consent"), (None, "death", "death"),
    ("treatment", "lost", "lost"), ("treatment", "progression", "progression"), ("treatment", "death", "death"),
    ("lost", "treatment", "lost"), ("lost", "progression", "progression"), ("lost", "consent", "consent"),
    ("progression", "treatment", "progression"), ("progression", "declined", "progression"),
    ("progression", "consent", "consent"), ("progression", "death", "death"),
    ("consent", "progression", "consent"), ("consent", "lost", "consent"), ("consent", "death", "death"),
    ("death", "progression", "death"), ("death", "consent", "death"), ("death", "treatment", "death"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "ending", "after"), MOVES)
def test_a_state_moves_to_a_more_final_one_alone(before, ending, after):
    told = [
        Ended(WAYS[name], on_day(iso(day))) for name, day in ((before, "2027-01-01"), (ending, "2027-02-01")) if name
    ]
    found = Ends(RANDOMIZED_ON, LAST, tuple(told))
    assert standing(found, iso("2027-02-01")).ending.id == after
    assert (standing(found, iso("2027-01-31")) is None) == (before is None)


def test_the_state_does_not_depend_on_the_order_in_which_things_are_entered():
    ways = [ending for name, ending in WAYS.items() if name != "declined"]  # as final as a progression
    told = [Ended(ending, on_day(iso("2027-01-01") + timedelta(days=rank(ending)))) for ending in ways]
    for order in permutations(told):
        for ahead in range(7):
            day = iso("2027-01-01") + timedelta(days=ahead)
            found = standing(Ends(RANDOMIZED_ON, LAST, order), day)
            assert found == max((one for one in told if one.day <= day), key=lambda one: one.day, default=None)


# ---- what may be collected ---------------------------------------------------------------------------------------

VISITS, EVENTS, REPORTS = (
    form("visit", "visit"),
    form("adverse_event", "adverse_event"),
    form("report", "safety_report"),
)
DEATHS, SCANS = form("death", "death"), form("scan", "scan")
# After which ending (on 2027-03-01), which form, dated when: whether it may be recorded.
COLLECTED = [
    ("progression", VISITS, "2027-03-01", True), ("progression", VISITS, "2027-03-31", True),
    ("progression", VISITS, "2027-04-01", False),
    ("progression", EVENTS, "2027-03-31", True), ("progression", EVENTS, "2027-04-01", False),
    ("progression", DEATHS, "2027-03-31", True), ("progression", DEATHS, "2027-04-01", False),
    ("progression", REPORTS, "2028-01-01", True), ("progression", SCANS, "2027-03-02", False),
    ("treatment_stopped", VISITS, "2027-05-01", True), ("treatment_stopped", SCANS, "2027-05-01", True),
    ("consent_withdrawn", VISITS, "2027-03-01", True), ("consent_withdrawn", VISITS, "2027-03-02", False),
    ("consent_withdrawn", EVENTS, "2027-02-20", True), ("consent_withdrawn", EVENTS, "2027-03-02", False),
    ("consent_withdrawn", REPORTS, "2027-03-20", True), ("consent_withdrawn", DEATHS, "2027-03-20", False),
    ("follow_up_stopped", DEATHS, "2028-03-20", True), ("follow_up_stopped", VISITS, "2027-03-02", False),
    ("death", VISITS, "2027-03-02", False), ("death", REPORTS, "2027-03-02", True),
    ("lost", VISITS, "2027-06-01", True),
    ("completed", SCANS, "2027-03-29", True), ("completed", SCANS, "2027-03-30", False),
]  # fmt: skip


@pytest.mark.parametrize(("ending", "what", "day", "allowed"), COLLECTED)
def test_what_may_be_collected_after_each_ending(ending, what, day, allowed):
    rule = PROTOCOL.plan.schedule.endings.by_id[ending]
    found = Ends(RANDOMIZED_ON, LAST, (Ended(rule, on_day(iso("2027-03-01"))),))
    assert (may_collect(found, what, iso(day)) is None) == allowed
    assert may_collect(found, what, None) is None, "what has no date of its own is not refused"


def test_a_refusal_names_the_ending_its_clause_and_what_to_do():
    rule = PROTOCOL.plan.schedule.endings.by_id["progression"]
    found = Ends(RANDOMIZED_ON, LAST, (Ended(rule, on_day(iso("2027-03-01"))),))
    said = may_collect(found, SCANS, iso("2027-03-02"))
    assert (said.reason, said.clause) == (
        "Scan is dated 2027-03-02, after: Progression on 2027-03-01",
        "description/3",
    )
    late = may_collect(found, EVENTS, iso("2027-04-01"))
    assert late.reason == "Adverse event is dated 2027-04-01, more than 30 days after: Progression on 2027-03-01"
    assert late.mend.startswith("It is collected until 2027-03-31.")


def test_every_ending_counts_where_several_came_about():
    rules = PROTOCOL.plan.schedule.endings.by_id
    told = [("progression", "2027-03-01"), ("consent_withdrawn", "2027-03-10")]
    found = Ends(RANDOMIZED_ON, LAST, tuple(Ended(rules[name], on_day(iso(day))) for name, day in told))
    assert may_collect(found, EVENTS, iso("2027-03-10")) is None
    assert "Consent withdrawn" in may_collect(found, EVENTS, iso("2027-03-11")).reason


def test_what_was_collected_until_a_progression_was_determined_was_collected_rightly(somebody):
    determined = somebody.entered(
        "visit", on=iso("2027-05-01"), visit="follow_up.3", date="2027-05-01", way="in_person"
    )
    found = ends(PROTOCOL, determined.known, Progression(iso("2027-03-01"), determined.history.head.seq))
    assert found.last == iso("2027-03-01")
    assert may_collect(found, SCANS, iso("2027-05-01")) is None
    assert may_collect(found, SCANS, iso("2027-05-02")) is not None


def test_the_step_refuses_what_is_not_collected_and_says_why(somebody):
    dead = somebody.entered("death", on=iso("2027-04-10"), died="2027-03", cause="breast_cancer")
    with pytest.raises(Refusal) as refused:
        dead.entered("side_effects", on=iso("2027-04-12"), visit="unscheduled.1", asked="2027-04-02", reported="no")
    assert "after: Death on 2027-03" in refused.value.reason and refused.value.clause == "description/3"
    late = dead.entered("side_effects", on=iso("2027-04-12"), visit="unscheduled.1", asked="2027-03-30", reported="no")
    seq = next(one.seq for one in entries(PROTOCOL, late.known) if one.form.id == "side_effects")
    late.corrected(seq, "side_effects", reason="misheard", on=iso("2027-04-13"), asked="2027-03-30", reported="yes")
    with pytest.raises(Refusal, match="after: Death"):
        late.corrected(seq, "side_effects", reason="wrong day", on=iso("2027-04-13"), asked="2027-04-13", reported="no")
    missed = dead.entered("side_effects", on=iso("2027-05-01"), visit="follow_up.1", not_done="nobody asked")
    assert missed.history.head.effective == iso("2027-05-01"), "what was not done may be marked so at any time"


def test_what_stood_before_an_ending_may_be_corrected_on_its_day(somebody):
    seen = somebody.entered(
        "side_effects", on=iso("2027-04-02"), visit="follow_up.3", asked="2027-04-02", reported="no"
    )
    seq = seen.history.head.seq
    dead = seen.entered("death", on=iso("2027-04-10"), died="2027-03-28", cause="unknown")
    mended = dead.corrected(
        seq, "side_effects", reason="misheard", on=iso("2027-04-13"), asked="2027-04-02", reported="yes"
    )
    assert entries(PROTOCOL, mended.known)[0].values["reported"] is True


def test_a_partial_death_leaves_the_whole_month():
    rule = replace(PROTOCOL.plan.schedule.endings.by_id["death"], afterwards={"visit": Period(2, "days")})
    found = Ends(RANDOMIZED_ON, LAST, (Ended(rule, parse_date("2027-03")),))
    assert may_collect(found, VISITS, iso("2027-04-02")) is None
    assert may_collect(found, VISITS, iso("2027-04-03")) is not None


# ---- contradictions ----------------------------------------------------------------------------------------------


def doubts(who, progressed=None):
    return [one.id for one in contradictions(PROTOCOL, who.known, ends(PROTOCOL, who.known, progressed))]


def test_endings_that_agree_raise_nothing(somebody):
    dead = somebody.entered("death", on=iso("2027-04-10"), died="2027-03", cause="breast_cancer")
    assert doubts(left(dead, "death", "2027-03-15", on="2027-04-11")) == []
    assert doubts(left(somebody, "progression", "2027-03-04"), Progression(iso("2027-03-04"))) == []
    assert doubts(left(somebody, "completed", "2029-07-01")) == []
    assert doubts(left(somebody, "follow_up_stopped", "2027-03-04")) == []


def test_contradictions_are_named(somebody):
    dead = somebody.entered("death", on=iso("2027-04-10"), died="2027-03", cause="breast_cancer")
    assert doubts(left(somebody, "death", "2027-03-15")) == ["only_said"]
    assert doubts(left(somebody, "consent_withdrawn", "2027-03-15")) == ["only_said"]
    assert doubts(left(somebody, "progression", "2027-03-04")) == ["only_said"]
    assert doubts(left(somebody, "progression", "2027-03-04"), Progression(iso("2027-03-01"))) == ["other_day"]
    assert doubts(left(dead, "death", "2027-04-02", on="2027-04-11")) == ["after_death", "other_day"]
    assert doubts(left(somebody, "completed", "2029-06-30")) == ["too_early"]
    assert doubts(left(somebody, "lost", "2027-01-01")) == ["attempts"]
    late = left(somebody, "follow_up_stopped", "2027-03-04")
    assert doubts(late, Progression(iso("2027-02-01"))) == ["ended_before"]
    seen = somebody.entered("visit", on=iso("2027-04-12"), visit="unscheduled.1", date="2027-04-02", way="in_person")
    assert doubts(seen.entered("death", on=iso("2027-04-13"), died="2027-03", cause="unknown")) == ["after_death"]
