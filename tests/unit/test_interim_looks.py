"""A look that was held, as the record keeps it: who records it, what is refused, how it is mended, what is found."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand import steps
from evenhand.administration import (
    ROLES,
    Grant,
    LookSeen,
    ReportedAt,
    grant_role,
    hold_look,
    planned_events,
    report_made,
    revoke_role,
    strike_look,
)
from evenhand.analysis.efficacy import looks
from evenhand.design import assumptions_of
from evenhand.protocol.design import PlannedLook
from evenhand.record import KINDS, LOOK_HELD, RECOMMENDATIONS, TRACES, Actor, Event, append, looks_held, sign
from evenhand.refusal import Refusal
from evenhand.replay.checks import CHECKS
from tests.eligible import PROTOCOL, SECRET
from tests.unit.test_administration import ADA, ON_, findings, staffed
from tests.unit.test_administration_trail import forged

DIGEST = "a" * 64
BEA = Actor("bea", "safety_board")
DAY = timedelta(days=1)
assert PROTOCOL.design is not None
THREE = replace(
    PROTOCOL,
    design=replace(
        PROTOCOL.design,
        looks=(PlannedLook(events=30), PlannedLook(events=60), PlannedLook(month=30), PlannedLook(complete=True)),
    ),
)


def office():
    """An office with a safety board, in a study that runs."""
    of = staffed().done(grant_role, given=Grant("bea", "safety_board", None))
    return of.done(steps.activate, secret=SECRET, sites=[])


def seen(of, number=1, events=50, **more):
    head = of.history.head
    given = {"effective": ON_, "recorded": head.recorded_at, "last_entry": head.seq, **more}
    return LookSeen(number, events=events, **given)


def taken(of, look=None, *, protocol=PROTOCOL, by=BEA, on=ON_, recommendation="continue_unchanged", reason="All well.",
          step=hold_look, **given):  # fmt: skip
    """Take the step, signed, and append what it returns."""
    at = max(of.at, of.history.head.recorded_at) + timedelta(minutes=1)
    given |= {"look": look} if step is strike_look else {"look": look or seen(of), "recommendation": recommendation}
    (event,) = step(protocol, of.history, reason=reason, on=on, by=by, at=at, **given)
    signature = sign(dict(event.body), meaning="looked", signer="Bea (bea)", at=at)
    of.history = of.history.extend(append(of.history, [replace(event, signature=signature)], by=by, at=at))
    of.at = at
    return of


def struck(of, look=1, **more):
    return taken(of, step=strike_look, look=look, reason="Of another trial.", **more)


def test_the_kind_is_about_the_study_is_checked_and_no_mere_trace():
    kind = KINDS[LOOK_HELD]
    assert (kind.about, kind.needs_reason) == ("study", True)
    assert LOOK_HELD in CHECKS
    assert LOOK_HELD not in TRACES


def test_a_look_stands_in_the_record_with_its_cut_and_what_is_recommended():
    of = office()
    head = of.history.head
    entry = taken(of).history.head
    assert entry.body == {
        "look": 1,
        "effective": ON_.isoformat(),
        "recorded": head.recorded_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "last_entry": head.seq,
        "hash": head.hash,
        "events": 50,
        "report": "",
        "manifest": "",
        "recommendation": "continue_unchanged",
    }
    (held,) = looks_held(of.history)
    assert (held.number, held.held, held.events, held.advice) == (1, ON_, 50, "continue unchanged")
    assert (held.reason, held.entry) == ("All well.", entry)


def test_no_number_that_tells_the_arms_apart_has_a_place():
    body = taken(office()).history.head.body
    assert set(body) == set(KINDS[LOOK_HELD].body)
    assert not {"z", "p", "hazard_ratio", "crossed", "bound"} & set(body)


@pytest.mark.parametrize("advice", RECOMMENDATIONS)
def test_what_a_board_recommends_changes_nothing_by_itself(advice):
    of = office()
    state = of.history.state
    assert taken(of, recommendation=advice).history.state == state
    assert looks_held(of.history)[0].recommendation == advice


def test_the_report_that_was_seen_is_named_and_its_cut_is_the_looks():
    of = office()
    head = of.history.head
    cut = ON_, head.recorded_at, head.seq
    of.done(report_made, BEA, made=ReportedAt("safety-board-closed", *cut, DIGEST, "1.0"))
    named = {"report": "safety-board-closed", "manifest": DIGEST}
    with pytest.raises(Refusal, match="another data cut"):
        taken(of, seen(of, **named))
    taken(of, LookSeen(1, *cut, 50, **named))
    assert looks_held(of.history)[0].manifest == DIGEST


# ---- who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in ROLES if role != "safety_board"])
@pytest.mark.parametrize("step", [hold_look, strike_look])
def test_no_other_role_records_or_strikes_a_look(role, step):
    of = office()
    given = {"look": 1} if step is strike_look else {}
    of.history = forged("role_granted", {"user": "eve", "role": role, "site": None}, office=of).history
    with pytest.raises(Refusal, match="not of the safety board"):
        taken(of, by=Actor("eve", role), step=step, **given)


def test_nor_a_member_of_a_site_or_of_before():
    of = office().done(grant_role, given=Grant("eve", "safety_board", "north"))
    for who in (Actor("eve", "safety_board", "north"), Actor("eve", "safety_board")):
        with pytest.raises(Refusal, match="not of the safety board"):
            taken(of, by=who)
    of.done(revoke_role, given=Grant("bea", "safety_board", None), reason="Left.")
    with pytest.raises(Refusal, match="not of the safety board"):
        taken(of)


# ---- what is refused -------------------------------------------------------------------------------

LATER = ON_ + DAY
REFUSED = {
    "no look of that number": ({"number": 2}, {}, "no look 2 among them"),
    "no look at all": ({"number": 0}, {}, "no look 0 among them"),
    "a cut after the day of the look": ({"effective": LATER}, {}, "after the day of the look"),
    "a cut before activation": ({"effective": ON_ - 30 * DAY}, {}, "before the study was activated"),
    "an entry that there is not": ({"last_entry": 10**6}, {}, "was not in the record by then"),
    "no event": ({"events": 0}, {}, "no event at this data cut"),
    "all planned events": ({"events": 100}, {}, "all 100 planned events"),
    "more than all": ({"events": 103}, {}, "all 100 planned events"),
    "half a name of a report": ({"report": "final"}, {}, "by its kind and its manifest"),
    "a report that was not made": ({"report": "final", "manifest": DIGEST}, {}, "does not say that this report"),
    "another recommendation": ({}, {"recommendation": "carry_on"}, "is no recommendation"),
    "no reason": ({}, {"reason": "  "}, "without a reason"),
}


@pytest.mark.parametrize(("look", "given", "said"), REFUSED.values(), ids=REFUSED)
def test_a_look_that_cannot_be_is_refused(look, given, said):
    of = office()
    with pytest.raises(Refusal, match=said):
        taken(of, seen(of, **look), **given)


def test_a_cut_that_is_still_to_come_is_refused():
    of = office()
    with pytest.raises(Refusal, match="after the day of the look"):
        taken(of, seen(of, recorded=of.history.head.recorded_at + 400 * DAY))


@pytest.mark.parametrize("of", [staffed(), office().done(steps.close, secret=SECRET)], ids=["not yet", "closed"])
def test_a_study_that_does_not_run_has_no_look(of):
    with pytest.raises(Refusal, match=r"not activated|is closed"):
        taken(of, by=ADA)


def test_a_design_that_plans_none_refuses():
    final = replace(PROTOCOL, design=replace(PROTOCOL.design, looks=(PlannedLook(complete=True),)))
    with pytest.raises(Refusal, match="plans no interim look"):
        taken(office(), protocol=final)
    with pytest.raises(Refusal, match="no design to compute with"):
        taken(office(), protocol=replace(PROTOCOL, design=None))


AFTER_ONE = {
    "held twice": ({"number": 1, "events": 61}, {}, r"look 1 was held on 22 Jun 2026 \(entry"),
    "no more events": ({"number": 2, "events": 30}, {}, "30 events are not more than the 30 of look 1"),
    "fewer events": ({"number": 2, "events": 29}, {}, "are not more than"),
    "a cut before the last look's": ({"number": 2, "events": 61, "effective": ON_}, {}, "before that of look 1"),
    "held before the last look": ({"number": 2, "events": 61}, {"on": ON_ + DAY}, "look 1 was held later"),
    "one that comes after the next": ({"number": 3, "events": 61}, {}, "look 2 comes first"),
}


@pytest.mark.parametrize(("look", "given", "said"), AFTER_ONE.values(), ids=AFTER_ONE)
def test_a_look_after_another_is_in_order(look, given, said):
    """The first look was held two days after, at a cut of one day after the day of activation."""
    of = office()
    of.at = of.history.head.recorded_at + 5 * DAY
    taken(of, seen(of, events=30, effective=ON_ + DAY), protocol=THREE, on=ON_ + 2 * DAY)
    with pytest.raises(Refusal, match=said):
        taken(of, seen(of, **{"effective": ON_ + DAY, **look}), protocol=THREE, **{"on": ON_ + 3 * DAY, **given})


def test_a_look_may_be_passed_over_once_a_later_one_is_due_and_does_not_come_back():
    of = office()
    with pytest.raises(Refusal, match="look 1 comes first"):
        taken(of, seen(of, 2, 59), protocol=THREE)
    taken(of, seen(of, 2, 61), protocol=THREE)
    with pytest.raises(Refusal, match="look 2 was held before"):
        taken(of, seen(of, 1, 70), protocol=THREE)


def test_the_events_that_are_all_are_those_of_the_last_look_else_the_planned():
    now = assumptions_of(PROTOCOL)
    assert planned_events(now) == 100
    last = replace(now, looks=(*now.looks[:-1], replace(now.looks[-1], complete=False, events=120)))
    assert planned_events(last) == 120


# ---- mending ---------------------------------------------------------------------------------------


def test_a_mistaken_entry_is_struck_stays_legible_and_the_look_is_recorded_anew():
    of = struck(taken(office()))
    assert looks_held(of.history) == ()
    strike = of.history.head
    first = of.history.entry(strike.corrects)
    assert strike.body == {**first.body, "struck": True}
    assert (strike.reason, first.body["events"]) == ("Of another trial.", 50)
    taken(of, seen(of, events=51))
    assert [one.events for one in looks_held(of.history)] == [51]


@pytest.mark.parametrize(("look", "reason", "said"), [(2, "Wrong.", "nothing to strike"), (1, " ", "without a reason")])
def test_a_strike_that_cannot_be_is_refused(look, reason, said):
    of = taken(office())
    with pytest.raises(Refusal, match=said):
        taken(of, step=strike_look, look=look, reason=reason)


def test_what_is_struck_cannot_be_struck_again_and_nothing_else_of_it_changes():
    of = struck(taken(office()))
    with pytest.raises(Refusal, match="does not say that look 1 was held"):
        struck(of)
    first = of.history.entry(of.history.head.corrects)
    other = Event(LOOK_HELD, None, first.effective, {**first.body, "events": 40}, reason="No.", corrects=first.seq)
    with pytest.raises(Exception, match="events"):
        append(of.history, [other], by=BEA, at=of.at)


# ---- verification ----------------------------------------------------------------------------------


@pytest.fixture
def counts(monkeypatch):
    """What is counted at every cut; nobody is randomized in these records."""
    found = {"events": 50}
    monkeypatch.setattr(looks, "events_at", lambda *_, **__: found["events"])
    return found


def test_a_look_and_its_strike_verify(counts):
    of = taken(office())
    assert findings(of) == []
    assert findings(struck(of)) == []


def test_the_events_are_counted_again(counts):
    counts["events"] = 49
    (found,) = findings(taken(office()))
    assert "events is 50, but the cut gives 49" in found


def test_without_a_stand_in_the_cut_of_an_empty_trial_has_no_event():
    (found,) = findings(taken(office()))
    assert "the cut gives 0" in found


FORGED = [
    ({"hash": "b" * 64}, "hash is"),
    ({"look": 2}, "no look 2 among them"),
    ({"recommendation": "carry_on"}, "is no recommendation"),
    ({"effective": "soon"}, "cannot be taken again"),
    ({"more": "numbers"}, "more is"),
    ({}, "it is not signed"),
]


@pytest.mark.parametrize(("change", "said"), FORGED)
def test_what_no_step_would_record_is_found(counts, change, said):
    of = office()
    body = taken(office()).history.head.body
    (found,) = findings(forged(LOOK_HELD, {**body, **change}, by=BEA, office=of, reason="All well."))
    assert said in found


def test_a_strike_by_somebody_else_or_without_a_signature_is_found(counts):
    for by, said in ((ADA, "not of the safety board"), (BEA, "it is not signed")):
        of = taken(office())
        first = of.history.head
        event = Event(
            LOOK_HELD, None, first.effective, {**first.body, "struck": True}, reason="No.", corrects=first.seq
        )  # fmt: skip
        of.history = of.history.extend(append(of.history, [event], by=by, at=of.at))
        (found,) = findings(of)
        assert said in found
