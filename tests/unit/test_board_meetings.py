"""A meeting of the safety board that is no look, and the final analysis: who records them, what is refused, what is
found when they are taken again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand import steps
from evenhand.administration import (
    ROLES,
    CutSeen,
    FinalSeen,
    Grant,
    LookSeen,
    MeetingSeen,
    ReportedAt,
    grant_role,
    hold_look,
    hold_meeting,
    make_final,
    report_made,
    strike_final,
    strike_meeting,
)
from evenhand.analysis.efficacy import crossing, looks
from evenhand.analysis.monitoring import met as counting
from evenhand.record import (
    FINAL_MADE,
    KINDS,
    MEETING_HELD,
    OCCASIONS,
    RECOMMENDATIONS,
    TRACES,
    Actor,
    append,
    board_met,
    final_analysis,
    meetings_held,
    sign,
)
from evenhand.refusal import Refusal
from evenhand.replay.checks import CHECKS
from tests.eligible import PROTOCOL, SECRET
from tests.unit.test_administration import ADA, ON_, findings, staffed
from tests.unit.test_administration_trail import forged

DIGEST = "a" * 64
BEA, SAM = Actor("bea", "safety_board"), Actor("sam", "statistician")
DAY = timedelta(days=1)
RULE = ("local_toxicity", 20)
SIGNED = {hold_meeting: BEA, strike_meeting: BEA, hold_look: BEA, make_final: SAM, strike_final: SAM}


def office():
    """An office with a safety board and a statistician, in a study that runs."""
    of = staffed().done(grant_role, given=Grant("bea", "safety_board", None))
    of = of.done(grant_role, given=Grant("sam", "statistician", None))
    return of.done(steps.activate, secret=SECRET, sites=[])


def seen(of, **more):
    head = of.history.head
    return CutSeen(**{"effective": ON_, "recorded": head.recorded_at, "last_entry": head.seq, **more})


def taken(of, step, *, by=None, on=ON_, signed=True, **given):
    """Take a step, signed, and append what it returns."""
    at, by = max(of.at, of.history.head.recorded_at) + timedelta(minutes=1), by or SIGNED[step]
    (event,) = step(PROTOCOL, of.history, on=on, by=by, at=at, **given)
    if signed:
        event = replace(event, signature=sign(dict(event.body), meaning="met", signer=by.user, at=at))
    of.history, of.at = of.history.extend(append(of.history, [event], by=by, at=at)), at
    return of


def met(
    of, cut=None, *, occasion="periodic", rules=(), recommendation="continue_unchanged", reason="All well.", **more
):
    meeting = MeetingSeen(cut or seen(of), occasion, rules)
    return taken(of, hold_meeting, meeting=meeting, recommendation=recommendation, reason=reason, **more)


def reported(of, kind="final"):
    """A report was made; gives its cut."""
    cut = seen(of)
    made = ReportedAt(kind, cut.effective, cut.recorded, cut.last_entry, DIGEST, "1.0")
    of.done(report_made, SAM, made=made)
    return replace(cut, report=kind, manifest=DIGEST)


def finished(of, cut=None, *, events=100, ground="events", **more):
    return taken(of, make_final, final=FinalSeen(cut or reported(of), events, ground), **more)


# ---- a meeting -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [MEETING_HELD, FINAL_MADE])
def test_the_kinds_are_about_the_study_are_checked_and_no_mere_traces(kind):
    assert KINDS[kind].about == "study"
    assert kind in CHECKS
    assert kind not in TRACES


def test_a_meeting_stands_in_the_record_with_its_cut_its_occasion_and_no_number():
    of = office()
    head = of.history.head
    entry = met(of, occasion="stopping_rule", rules=(RULE,)).history.head
    assert entry.body == {
        "effective": ON_.isoformat(),
        "recorded": head.recorded_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "last_entry": head.seq,
        "hash": head.hash,
        "report": "",
        "manifest": "",
        "occasion": "stopping_rule",
        "rules": [{"rule": "local_toxicity", "people": 20}],
        "recommendation": "continue_unchanged",
    }
    (held,) = meetings_held(of.history)
    assert (held.held, held.why, held.advice) == (ON_, "a stopping rule was met", "continue unchanged")
    assert (held.rules, held.reason, held.entry) == ((RULE,), "All well.", entry)


@pytest.mark.parametrize("occasion", [one for one in OCCASIONS if one != "stopping_rule"])
@pytest.mark.parametrize("advice", RECOMMENDATIONS)
def test_what_a_board_recommends_changes_nothing_by_itself(occasion, advice):
    of = office()
    state = of.history.state
    assert met(of, occasion=occasion, recommendation=advice).history.state == state


def test_looks_and_other_meetings_stand_in_the_order_in_which_they_were_held():
    of = office()
    of.at = of.history.head.recorded_at + 9 * DAY
    cut = seen(of)
    met(of, cut, on=ON_ + 5 * DAY)
    look = LookSeen(1, cut.effective, cut.recorded, cut.last_entry, 50)
    taken(of, hold_look, look=look, recommendation="continue_unchanged", reason="r", on=ON_ + 2 * DAY)
    assert [one.held for one in board_met(of.history)] == [ON_ + 2 * DAY, ON_ + 5 * DAY]


MEMBERS = [role for role in ROLES if role != "safety_board"]


@pytest.mark.parametrize("role", MEMBERS)
def test_no_other_role_records_or_strikes_a_meeting(role):
    of = met(office())
    of.history = forged("role_granted", {"user": "eve", "role": role, "site": None}, office=of).history
    with pytest.raises(Refusal, match="not of the safety board"):
        met(of, by=Actor("eve", role))
    with pytest.raises(Refusal, match="not of the safety board"):
        taken(of, strike_meeting, by=Actor("eve", role), meeting=board_met(of.history)[0].entry.seq, reason="No.")


REFUSED = {
    "a cut after the day": ({"effective": ON_ + DAY}, {}, "after the day of the meeting"),
    "a cut before activation": ({"effective": ON_ - 30 * DAY}, {}, "before the study was activated"),
    "an entry that there is not": ({"last_entry": 10**6}, {}, "was not in the record by then"),
    "half a name of a report": ({"report": "final"}, {}, "by its kind and its manifest"),
    "a report that was not made": ({"report": "final", "manifest": DIGEST}, {}, "does not say that this report"),
    "another occasion": ({}, {"occasion": "lunch"}, "no occasion for a meeting"),
    "about no stopping rule": ({}, {"occasion": "stopping_rule"}, "no stopping rule is met"),
    "a rule that there is not": ({}, {"rules": (("boredom", 20),)}, "no stopping rule 'boredom'"),
    "a rule of looks": ({}, {"rules": (("efficacy", 20),)}, "no stopping rule 'efficacy'"),
    "a look that the rule has not": ({}, {"rules": (("local_toxicity", 21),)}, "look at 21 people"),
    "a rule twice": ({}, {"rules": (RULE, ("local_toxicity", 40))}, "named twice"),
    "another recommendation": ({}, {"recommendation": "carry_on"}, "is no recommendation"),
    "no reason": ({}, {"reason": "  "}, "without a reason"),
}


@pytest.mark.parametrize(("cut", "given", "said"), REFUSED.values(), ids=REFUSED)
def test_a_meeting_that_cannot_be_is_refused(cut, given, said):
    of = office()
    with pytest.raises(Refusal, match=said):
        met(of, seen(of, **cut), **given)


def test_a_meeting_is_recorded_once():
    of = office()
    cut = seen(of)
    met(of, cut)
    with pytest.raises(Refusal, match=r"is recorded \(entry"):
        met(of, cut)


@pytest.mark.parametrize("of", [staffed(), office().done(steps.close, secret=SECRET)], ids=["not yet", "closed"])
def test_a_study_that_does_not_run_has_no_meeting(of):
    with pytest.raises(Refusal, match=r"not activated|is closed"):
        met(of, by=ADA)


def test_a_mistaken_meeting_is_struck_stays_legible_and_is_recorded_anew():
    of = office()
    cut = seen(of)
    first = met(of, cut).history.head
    with pytest.raises(Refusal, match="without a reason"):
        taken(of, strike_meeting, meeting=first.seq, reason=" ")
    taken(of, strike_meeting, meeting=first.seq, reason="Another trial.")
    assert meetings_held(of.history) == ()
    assert of.history.head.body == {**first.body, "struck": True}
    with pytest.raises(Refusal, match="no meeting that counts"):
        taken(of, strike_meeting, meeting=first.seq, reason="Again.")
    assert len(meetings_held(met(of, cut).history)) == 1


# ---- a halt names its rule -------------------------------------------------------------------------


def test_a_halt_names_the_stopping_rule_that_asks_for_it():
    of = office().done(steps.halt_accrual, reason="Toxicity.", rule="local_toxicity")
    assert of.history.head.body == {"rule": "local_toxicity"}
    assert findings(of) == []
    with pytest.raises(Refusal, match="no stopping rule 'boredom'"):
        office().done(steps.halt_accrual, reason="Toxicity.", rule="boredom")
    (found,) = findings(forged("accrual_halted", {"rule": "boredom"}, office=office(), reason="r"))
    assert "no stopping rule 'boredom'" in found


# ---- the final analysis ----------------------------------------------------------------------------


def test_the_final_analysis_stands_in_the_record_with_the_report_that_was_the_one():
    of = office()
    cut = reported(of)
    entry = finished(of, cut).history.head
    assert {name: entry.body[name] for name in ("events", "ground", "report", "manifest")} == {
        "events": 100, "ground": "events", "report": "final", "manifest": DIGEST,
    }  # fmt: skip
    made = final_analysis(of.history)
    assert made is not None
    assert (made.made, made.effective, made.events, made.entry) == (ON_, cut.effective, 100, entry)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "statistician"])
def test_no_other_role_records_or_strikes_the_final_analysis(role):
    of = office()
    cut = reported(of)
    of.history = forged("role_granted", {"user": "eve", "role": role, "site": None}, office=of).history
    with pytest.raises(Refusal, match="not statistician"):
        finished(of, cut, by=Actor("eve", role))
    with pytest.raises(Refusal, match="not statistician"):
        taken(finished(of, cut), strike_final, by=Actor("eve", role), reason="No.")


NOT_FINAL = {
    "not due": ({"events": 99, "ground": ""}, "not due: there are 99 events of 100 planned"),
    "too few events": ({"events": 99}, "not due"),
    "another ground": ({"ground": "impatience"}, "not due"),
}


@pytest.mark.parametrize(("given", "said"), NOT_FINAL.values(), ids=NOT_FINAL)
def test_it_is_not_made_before_it_is_due(given, said):
    with pytest.raises(Refusal, match=said):
        finished(office(), **given)


def test_with_everybody_followed_to_the_end_fewer_events_are_enough():
    assert final_analysis(finished(office(), events=76, ground="complete").history).events == 76


def test_it_is_told_by_a_final_report():
    of = office()
    for cut in (seen(of), reported(of, "safety-board-closed")):
        with pytest.raises(Refusal, match="told by a final report"):
            finished(of, cut)


def test_it_is_made_once_and_no_look_follows_it():
    of = office()
    cut = reported(of)
    finished(of, cut)
    with pytest.raises(Refusal, match=r"was made on 20 Jun 2026 \(entry"):
        finished(of, cut)
    look = LookSeen(1, cut.effective, cut.recorded, cut.last_entry, 50)
    with pytest.raises(Refusal, match="final analysis was made"):
        taken(of, hold_look, look=look, recommendation="continue_unchanged", reason="r")
    taken(of, strike_final, reason="The wrong report.")
    assert final_analysis(of.history) is None
    with pytest.raises(Refusal, match="does not say that the final analysis"):
        taken(of, strike_final, reason="Again.")
    assert final_analysis(finished(of, cut).history) is not None


def test_it_may_be_recorded_once_the_study_is_closed_and_needs_no_closure():
    of = office().done(steps.close, secret=SECRET)
    assert final_analysis(finished(of, events=3, ground="complete").history) is not None
    assert office().done(steps.close, secret=SECRET).history.state.secret is not None
    with pytest.raises(Refusal, match="not activated"):
        taken(staffed(), make_final, final=FinalSeen(seen(staffed()), 100, "events"))


# ---- verification ----------------------------------------------------------------------------------


@pytest.fixture
def counts(monkeypatch):
    """What is counted at every cut; nobody is randomized in these records."""
    found = {"rules": (RULE,), "final": (100, "events")}
    monkeypatch.setattr(looks, "events_at", lambda *_, **__: 50)
    monkeypatch.setattr(counting, "rules_met_at", lambda *_: found["rules"])
    monkeypatch.setattr(crossing, "final_at", lambda *_: found["final"])
    return found


def test_meetings_the_final_analysis_and_their_strikes_verify(counts):
    of = met(office(), occasion="stopping_rule", rules=(RULE,))
    taken(of, strike_meeting, meeting=of.history.head.seq, reason="No.")
    assert findings(taken(finished(met(of)), strike_final, reason="No.")) == []


def test_that_a_rule_was_met_is_counted_again(counts):
    counts["rules"] = (("local_toxicity", 10),)
    (found,) = findings(met(office(), occasion="stopping_rule", rules=(RULE,)))
    assert "local_toxicity at 20 people was the newest look met" in found


def test_the_final_events_and_that_it_was_due_are_counted_again(counts):
    counts["final"] = (99, "complete")
    (found,) = findings(finished(office()))
    assert "the cut gives (99, 'complete')" in found


def test_without_a_stand_in_an_empty_trial_meets_no_rule_and_is_not_complete():
    (found,) = findings(met(office(), occasion="stopping_rule", rules=(RULE,)))
    assert "the cut does not give" in found
    (found,) = findings(finished(office()))
    assert "the cut gives (0, '')" in found


@pytest.mark.parametrize("make", [met, finished])
def test_what_is_not_signed_is_found(counts, make):
    (found,) = findings(make(office(), signed=False))
    assert "it is not signed" in found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hash": "b" * 64}, "hash is"),
        ({"occasion": "lunch"}, "no occasion"),
        ({"recommendation": "carry_on"}, "is no recommendation"),
        ({"effective": "soon"}, "cannot be taken again"),
        ({"more": "numbers"}, "more is"),
    ],
)
def test_what_no_step_would_record_is_found(counts, change, said):
    of = office()
    body = met(office()).history.head.body
    (found,) = findings(forged(MEETING_HELD, {**body, **change}, by=BEA, office=of, reason="All well."))
    assert said in found
