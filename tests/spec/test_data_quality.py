"""Signatures, verification, locks and queries: what each does to an entry, and what is refused."""

from datetime import date, timedelta

import pytest

from evenhand import steps
from evenhand.conduct import forms, quality
from evenhand.conduct.findings import DoubtAt
from evenhand.record import RecordError
from evenhand.refusal import Refusal
from tests.course_help import DOCTOR, MANAGER, MONITOR, NURSE, ON, SURGEON, course

LATER = ON + timedelta(days=9)


def weighed(weight="70", visit="week.1", world=None):
    return (world or course()).entered("weight", visit=visit, weighed="2026-03-02", weight=weight)


def heavier(world, weight):
    return world.corrected(world.entries[0].seq, weighed="2026-03-02", weight=weight)


def fallen(world=None, **typed):
    return (world or course()).entered("fall", **{"fell": "2026-03-02", "hurt": "yes", "where": "arm", **typed})


def summed(world=None):
    return (world or course()).entered("summary", content="yes")


def refused(act, said):
    with pytest.raises(Refusal) as caught:
        act()
    assert said in caught.value.reason
    assert caught.value.clause
    return caught.value


def marks(world, seq):
    return forms.marks_of(world.known, seq)


# ---- signatures --------------------------------------------------------------------------------


def test_a_signature_is_of_what_the_entry_says():
    world = weighed()
    seq = world.last
    signed = world.signed(seq)
    (mark,) = marks(signed, seq).signatures
    assert mark.by == DOCTOR
    assert mark.signature.signer == DOCTOR.user
    assert "Weight (entry 6)" in mark.signature.meaning
    assert mark.body["entries"] == [{"seq": seq, "digest": forms.shown_digest(world.entry(seq).standing)}]


@pytest.mark.parametrize("back", [False, True], ids=["changed", "changed and changed back"])
def test_a_change_makes_signature_and_verification_void(back):
    world = weighed()
    seq = world.last
    world = heavier(world.signed(seq).verified(seq), "71")
    world = heavier(world, "70") if back else world
    assert marks(world, seq).signatures == ()
    assert [mark.by for mark in marks(world, seq).void] == [DOCTOR]
    assert marks(world, seq).verified is None
    assert marks(world, seq).verified_before.by == MONITOR
    again = world.signed(seq).verified(seq)
    assert len(marks(again, seq).signatures) == 1
    assert marks(again, seq).verified is not None


def test_two_roles_may_sign_the_same_entry():
    world = summed()
    world = world.signed(world.last).signed(world.last, by=SURGEON)
    assert [mark.by for mark in marks(world, world.last).signatures] == [DOCTOR, SURGEON]


def test_several_entries_are_signed_at_once():
    world = summed(weighed())
    seqs = [entry.seq for entry in world.entries]
    world = world.signed(*seqs)
    assert all(marks(world, seq).signatures for seq in seqs)


SIGNING = [
    (lambda world, seq: world.signed(seq, by=NURSE), "a coordinator may not sign Weight"),
    (lambda world, seq: world.signed(seq, by=SURGEON), "a surgeon may not sign Weight"),
    (lambda world, seq: world.signed(seq).signed(seq), "has signed entry"),
    (lambda world, seq: world.signed(), "no entry is named"),
    (lambda world, seq: world.struck(seq).signed(seq), "is struck out"),
    (lambda world, seq: fallen(world).signed(fallen(world).last), "Fall is signed by nobody"),
    (lambda world, seq: world.after(steps.sign_forms, subject=world.subject, shown={1: "x"}, by=DOCTOR), "is no form"),
    (
        lambda world, seq: heavier(world, "71").after(
            steps.sign_forms, subject=world.subject, shown=world.shown(seq), by=DOCTOR
        ),
        "has changed since it was shown",
    ),
]


@pytest.mark.parametrize(("act", "said"), SIGNING, ids=[said for _, said in SIGNING])
def test_a_signature_that_is_refused(act, said):
    world = weighed()
    refused(lambda: act(world, world.last), said)


# ---- verification ------------------------------------------------------------------------------

VERIFYING = [
    (lambda world, seq: world.verified(seq, by=NURSE), "n.urse made entry"),
    (lambda world, seq: world.verified(seq).verified(seq), "is verified as it stands"),
    (lambda world, seq: world.verified(), "no entry is named"),
    (lambda world, seq: world.struck(seq).verified(seq), "is struck out"),
    (
        lambda world, seq: heavier(world, "71").after(
            steps.verify_source, subject=world.subject, shown=world.shown(seq), by=MONITOR
        ),
        "has changed since it was shown",
    ),
]


@pytest.mark.parametrize(("act", "said"), VERIFYING, ids=[said for _, said in VERIFYING])
def test_a_verification_that_is_refused(act, said):
    world = weighed()
    refused(lambda: act(world, world.last), said)


# ---- locks -------------------------------------------------------------------------------------


def test_a_lock_keeps_an_entry_as_it_is_until_it_is_unlocked():
    world = weighed()
    seq = world.last
    world = world.signed(seq).locked(seq)
    assert marks(world, seq).locked.by == MANAGER
    refused(lambda: heavier(world, "71"), "is locked")
    refused(lambda: world.struck(seq), "is locked")
    world = world.unlocked(seq)
    assert marks(world, seq).locked is None
    assert heavier(world, "71").entry(seq).values["weight"] == 71
    assert marks(world.locked(seq), seq).locked is not None, "the signature holds, for nothing was changed"


LOCKING = [
    (lambda world, seq: world.locked(seq), "is not signed as it stands"),
    (lambda world, seq: heavier(world.signed(seq), "71").locked(seq), "is not signed as it stands"),
    (lambda world, seq: world.signed(seq).locked(seq).locked(seq), "is locked already"),
    (lambda world, seq: world.signed(seq).locked(seq, seq), "named twice"),
    (lambda world, seq: world.locked(), "no entry is named"),
    (lambda world, seq: world.struck(seq).locked(seq), "is struck out"),
    (lambda world, seq: world.unlocked(seq), "is not locked"),
    (lambda world, seq: world.signed(seq).locked(seq).unlocked(seq, reason=" "), "without a reason"),
    (lambda world, seq: asked_about(world.signed(seq)).locked(seq), "is open"),
]


@pytest.mark.parametrize(("act", "said"), LOCKING, ids=[said for _, said in LOCKING])
def test_a_lock_that_is_refused(act, said):
    world = weighed()
    refused(lambda: act(world, world.last), said)


def test_what_nobody_signs_and_what_was_not_done_is_locked_without_a_signature():
    world = fallen(world=course().entered("weight", visit="week.1", not_done="away"))
    seqs = [entry.seq for entry in world.entries]
    world = world.locked(*seqs)
    assert all(marks(world, seq).locked for seq in seqs)


# ---- queries by rule ---------------------------------------------------------------------------


def test_a_value_outside_of_what_is_expected_is_taken_and_asked_about():
    world = weighed("130")
    (query,) = quality.queries(world.known)
    assert (query.place, query.path, query.check) == (("weight", "1", "week.1"), "weight", "range weight")
    assert query.text == "Weight 130 kg lies outside of 40 to 120 kg."
    assert query.state == "open"


@pytest.mark.parametrize(("weight", "asked"), [("39.9", 1), ("40", 0), ("120", 0), ("120.1", 1)])
def test_what_is_expected_includes_both_ends(weight, asked):
    assert len(weighed(weight).asked()) == asked


def test_a_row_of_a_table_is_asked_about_by_its_place():
    world = fallen(bruises=[{"place": "knee", "size": "3"}, {"place": "elbow", "size": "30"}])
    assert world.asked() == [("fall", "bruises.2.size", "range bruises.2.size")]


def test_a_query_closes_by_itself_once_the_data_agree():
    world = heavier(weighed("130"), "103")
    (query,) = quality.queries(world.known)
    assert (query.state, query.how) == ("closed", "data agree")
    assert heavier(world, "130").asked() == [("weight", "weight", "range weight")], "asked again"


def test_a_query_stays_one_while_the_data_still_do_not_agree():
    world = heavier(weighed("130"), "140")
    assert len(quality.queries(world.known)) == 1


def test_an_entry_can_raise_and_settle_a_question_about_another_form():
    world = fallen(weighed("45"))
    fall = world.last
    assert world.asked() == [("weight", "weight", "W2")]
    assert world.struck(fall).asked() == []
    assert world.corrected(fall, fell="2026-03-02", hurt="no").asked() == []


def test_an_entry_that_has_come_to_lack_something_is_asked_about():
    world = fallen(summed())
    assert world.asked() == [("summary", "why", "fault")]
    status = quality.statuses(world.protocol, world.known, ON)[0]
    assert status.lacking == ("What hurt is missing. Enter it, or say why it is not there.",)
    assert not status.complete
    world = world.corrected(world.entries[0].seq, content="yes", why="the arm")
    assert world.asked() == []


@pytest.mark.parametrize("gone", ["struck", "not done"])
def test_nothing_is_asked_about_what_is_not_there(gone):
    world = weighed("130")
    seq = world.last
    world = world.struck(seq) if gone == "struck" else world.corrected(seq, not_done="wrong person")
    assert world.asked() == []


def test_a_rule_about_the_day_asks_when_it_is_looked_at_again():
    world = fallen()
    assert world.asked() == []
    late = ON + timedelta(days=61)
    world = world.after(steps.settle_queries, subject=world.subject, on=late, by=MANAGER)
    assert world.asked() == [("fall", "healed", "F2")]
    assert world.after(steps.settle_queries, subject=world.subject, on=late, by=MANAGER).history.head.seq == (
        world.history.head.seq
    ), "nothing to add"


def test_what_a_person_closed_is_not_asked_again_while_the_data_stay_the_same():
    world = weighed("130")
    query = world.query()
    world = world.answered(query, "weighed twice").closed(query)
    assert world.asked() == []
    world = fallen(world)
    assert world.asked() == [], "another entry asks nothing anew about this one"
    world = heavier(world, "131")
    assert world.asked() == [("weight", "weight", "range weight")], "other data, so asked again"
    assert heavier(world, "130").asked() == [("weight", "weight", "range weight")], "the open one stays open"


# ---- queries by people -------------------------------------------------------------------------


def asked_about(world, path="weight"):
    return world.questioned(DoubtAt("weight", "1", "week.1", path, "", "Is that so?"))


def test_a_person_asks_somebody_answers_and_another_closes():
    world = asked_about(weighed())
    query = world.query()
    assert world.asked("open") == [("weight", "weight", "")]
    world = world.answered(query, "yes").answered(query, "yes, weighed twice")
    assert world.asked("answered") == [("weight", "weight", "")]
    (one,) = quality.queries(world.closed(query).known)
    assert (one.state, one.how, one.closed.reason) == ("closed", "answered", "seen")
    assert [entry.body["text"] for entry in one.answers] == ["yes", "yes, weighed twice"]


def test_a_correction_does_not_close_what_a_person_asked():
    assert heavier(asked_about(weighed()), "71").asked() == [("weight", "weight", "")]


def test_a_place_may_be_asked_about_before_anything_is_entered():
    assert asked_about(course(), "").asked() == [("weight", "", "")]


ASKING = [
    (lambda world: world.questioned(DoubtAt("weight", "1", None, "", "", "So?")), "is filled in at a visit"),
    (lambda world: world.questioned(DoubtAt("fall", "1", "week.1", "", "", "So?")), "does not belong to a visit"),
    (lambda world: world.questioned(DoubtAt("none", "1", None, "", "", "So?")), "there is no form"),
    (lambda world: world.questioned(DoubtAt("fall", "1", None, "hue", "", "So?")), "has no field 'hue'"),
    (lambda world: world.questioned(DoubtAt("fall", "1", None, "bruises.1.hue", "", "So?")), "has no field"),
    (lambda world: world.questioned(DoubtAt("fall", "1", None, "bruises.x.size", "", "So?")), "has no field"),
    (lambda world: world.questioned(DoubtAt("fall", "1", None, "", "", " ")), "without a question"),
    (lambda world: world.questioned(DoubtAt("fall", "1", None, "", "F2", "So?")), "only rules ask"),
    (lambda world: world.answered(1), "is no query"),
    (lambda world: world.answered(999), "is no query"),
    (lambda world: world.answered(world.query(), " "), "without words"),
    (lambda world: world.closed(world.query()), "has no answer"),
    (lambda world: world.answered(world.query()).closed(world.query(), by=NURSE), "n.urse answered query"),
    (lambda world: world.answered(world.query()).closed(world.query(), reason=""), "without a reason"),
    (lambda world: world.closed(world.query(), "data agree"), "people do not close a query as 'data agree'"),
    (lambda world: world.closed(world.query(), "withdrawn").closed(world.query(), "withdrawn"), "is closed"),
    (lambda world: world.closed(world.query(), "withdrawn").answered(world.query()), "is closed"),
]


@pytest.mark.parametrize(("act", "said"), ASKING, ids=[said for _, said in ASKING])
def test_a_query_that_is_refused(act, said):
    world = asked_about(weighed())
    refused(lambda: act(world), said)


# ---- the status of an entry --------------------------------------------------------------------


def state(world):
    status = quality.statuses(world.protocol, world.known, ON)[-1]
    return status.state, status.wants_signature, status.complete


def test_the_way_of_an_entry():
    world = weighed()
    seq = world.last
    assert state(world) == ("entered", True, False)
    world = world.signed(seq)
    assert state(world) == ("signed", False, True)
    world = world.verified(seq)
    assert state(world) == ("verified", False, True)
    assert state(world.locked(seq)) == ("locked", False, True)
    assert state(asked_about(world)) == ("verified", False, False)
    assert state(heavier(world, "71")) == ("entered", True, False)
    assert state(world.struck(seq)) == ("struck", False, True)
    assert state(course().entered("weight", visit="week.1", not_done="away")) == ("not done", False, True)


# ---- marks are followed by others, never corrected ---------------------------------------------


@pytest.mark.parametrize("kind", ["forms_locked", "query_opened", "source_verified"])
def test_a_mark_is_not_corrected(kind):
    world = asked_about(weighed())
    seq = world.entries[0].seq
    world = world.verified(seq).closed(world.query(), "withdrawn").signed(seq).locked(seq)
    (mark,) = world.known.of(kind)
    with pytest.raises(RecordError, match="which nothing may change"):
        world.after(steps.correct, seq=mark.seq, body={**mark.body, "entries": [], "text": "x"}, reason="no", on=ON)


def test_a_signature_is_not_corrected():
    world = weighed()
    world = world.signed(world.last)
    with pytest.raises(Refusal, match="is signed"):
        world.after(steps.correct, seq=world.history.head.seq, body={}, reason="no", on=date(2026, 3, 2))
