"""The main path: what each step records, and every refusal with its clause."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from evenhand import steps
from evenhand.dates import on_day, parse_date
from evenhand.facts import COMPLETE, Person
from evenhand.record import RecordError
from evenhand.refusal import Refusal
from tests.eligible import ATTESTED, ON, PROTOCOL, SECRET, Trial, changed, person, signed


def refusal(trial, step, **given):
    before = trial.history
    with pytest.raises(Refusal) as caught:
        trial.take(step, **given)
    assert trial.history is before, "a refused step records nothing"
    return caught.value


def test_the_whole_path_leads_to_one_allocation():
    trial = Trial().activated()
    subject = trial.randomized()
    known = trial.history.subject(subject)
    assert known.allocation.arm in {"usual", "local"}
    assert known.allocation.levels == {"hormone_receptors": "positive", "metastases": "one_to_three"}
    assert known.allocation.position == 0
    assert known.registration.body["participant"] == "P0001-3"
    assert [entry.kind for entry in trial.history.entries] == [
        "study_activated", "facts_recorded", *["attested"] * 4, "consented", "registered", "randomized",
    ]  # fmt: skip


def test_the_record_holds_no_birth_date_no_secret_and_nothing_of_the_blocks():
    trial = Trial().activated()
    trial.randomized()
    text = str([entry.body for entry in trial.history.entries])
    for hidden in ("1970-05-17", SECRET.hex(), "block_size", "place_in_block"):
        assert hidden not in text


def test_registration_freezes_the_evidence_of_every_criterion():
    trial = Trial().activated()
    subject = trial.registered()
    frozen = trial.history.subject(subject).registration.body["evidence"]
    assert [item["id"] for item in frozen] == [criterion.id for criterion in PROTOCOL.criteria]
    assert all(item["verdict"] == "pass" and item["evidence"] for item in frozen)


@pytest.mark.parametrize(
    ("change", "clause", "said"),
    [
        (changed("ecog", 3, "2026-06-20"), "inclusion/7", "not eligible on 2026-07-01: I7"),
        (changed("metastases", {"lesion": "M1", "site": "brain", "confirmed_by": "pathology"}), "inclusion/3", "I3"),
        (changed("first_line", {"start": on_day(date(2026, 4, 2))}), "inclusion/6", "I6"),
        (changed("birth_date", parse_date("2009")), "inclusion/1", "I1"),
    ],
)
def test_somebody_who_is_not_eligible_is_not_registered(change, clause, said):
    trial = Trial().activated()
    subject = trial.consented(trial.screened(person(change, *_closed(change))))
    found = refusal(trial.until(_at(ON)), steps.register, subject=subject, on=ON)
    assert found.clause == clause
    assert said in found.reason


def _closed(change):
    return [changed(change.name, COMPLETE)] if change.name == "metastases" else []


def _at(day):
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


@pytest.mark.parametrize("missing", ATTESTED, ids=lambda given: given.judgement)
def test_nobody_is_registered_on_evidence_that_is_not_attested(missing):
    trial = Trial().activated()
    attested = [given for given in ATTESTED if given is not missing]
    subject = trial.consented(trial.screened(attested=attested))
    found = refusal(trial.until(_at(ON)), steps.register, subject=subject, on=ON)
    assert "still open" in found.reason
    assert missing.judgement in found.reason


@pytest.mark.parametrize(
    "name", ["birth_date", "ecog", "first_line", "her2_tests", "prior_cancers", "systemic_therapy"]
)
def test_nobody_is_registered_while_something_is_unknown(name):
    trial = Trial().activated()
    subject = trial.consented(trial.screened(person(without=[name])))
    assert "still open" in refusal(trial.until(_at(ON)), steps.register, subject=subject, on=ON).reason


def test_registration_needs_a_consent_that_holds_to_the_current_version():
    trial = Trial().activated()
    subject = trial.screened()
    trial.until(_at(ON))
    assert refusal(trial, steps.register, subject=subject, on=ON).clause == "consent"
    trial.take(steps.consent, subject=subject, on=ON, version="0.9")
    assert "is current" in refusal(trial, steps.register, subject=subject, on=ON).reason
    trial.take(steps.consent, subject=subject, on=ON)
    trial.take(steps.withdraw_consent, subject=subject, on=ON, reason=None)
    assert refusal(trial, steps.register, subject=subject, on=ON).reason == "consent was withdrawn"
    assert refusal(trial, steps.withdraw_consent, subject=subject, on=ON, reason=None).clause == "consent"


def test_nobody_is_registered_or_randomized_twice():
    trial = Trial().activated()
    subject = trial.randomized()
    assert refusal(trial, steps.register, subject=subject, on=ON).clause == "registration"
    again = refusal(trial, steps.randomize, subject=subject, secret=SECRET, on=ON)
    assert "randomized already" in again.reason


def test_randomization_needs_registration():
    trial = Trial().activated()
    subject = trial.consented(trial.screened())
    found = refusal(trial.until(_at(ON)), steps.randomize, subject=subject, secret=SECRET, on=ON)
    assert found.clause == "registration"


def test_consent_withdrawn_after_registration_stops_randomization():
    trial = Trial().activated()
    subject = trial.registered()
    trial.take(steps.withdraw_consent, subject=subject, on=ON, reason="changed her mind")
    assert refusal(trial, steps.randomize, subject=subject, secret=SECRET, on=ON).clause == "consent"


def test_somebody_who_progressed_after_registration_is_not_randomized():
    trial = Trial().activated()
    subject = trial.registered()
    later = ON + timedelta(days=2)
    news = changed("disease_status", {"date": on_day(later), "status": "progression"}, later.isoformat())
    trial.until(_at(later))
    trial.take(steps.screen, person=Person("anna", {"disease_status": (news,)}), subject=subject, on=later)
    found = refusal(trial, steps.randomize, subject=subject, secret=SECRET, on=later)
    assert "progression_free" in found.reason


def test_nobody_is_randomized_after_the_window_closed():
    trial = Trial().activated()
    subject = trial.registered()
    late = date(2027, 3, 2)
    found = refusal(trial.until(_at(late)), steps.randomize, subject=subject, secret=SECRET, on=late)
    assert "I6" in found.reason


def test_nobody_is_randomized_in_arrears_or_in_advance():
    trial = Trial().activated()
    subject = trial.registered()
    for day in (ON - timedelta(days=1), ON + timedelta(days=1)):
        found = refusal(trial, steps.randomize, subject=subject, secret=SECRET, on=day)
        assert "made today" in found.reason


def test_an_unknown_stratum_stops_randomization_and_names_it():
    trial = Trial().activated()
    subject = trial.registered(person(without=["estrogen_receptor", "progesterone_receptor"]))
    found = refusal(trial, steps.randomize, subject=subject, secret=SECRET, on=ON)
    assert found.clause == "stratum hormone_receptors"


def test_accrual_halts_and_resumes_with_a_reason():
    trial = Trial().activated()
    subject = trial.registered()
    trial.take(steps.halt_accrual, reason="three serious events", on=ON)
    found = refusal(trial, steps.randomize, subject=subject, secret=SECRET, on=ON)
    assert found.clause == "accrual"
    assert "three serious events" in found.reason
    assert refusal(trial, steps.halt_accrual, reason="again", on=ON).clause == "accrual"
    trial.take(steps.resume_accrual, reason="board agreed", on=ON)
    assert refusal(trial, steps.resume_accrual, reason="again", on=ON).clause == "accrual"
    assert trial.take(steps.randomize, subject=subject, secret=SECRET, on=ON)


def test_a_secret_other_than_the_committed_one_allocates_nobody():
    trial = Trial().activated()
    subject = trial.registered()
    assert "committed" in refusal(trial, steps.randomize, subject=subject, secret=bytes(32), on=ON).reason
    assert "committed" in refusal(trial, steps.close, secret=bytes(32), on=ON).reason


def test_nothing_happens_before_activation_twice_or_after_the_end():
    fresh = Trial()
    assert refusal(fresh, steps.screen, person=person(), on=ON).clause == "activation"
    trial = fresh.activated()
    assert refusal(trial, steps.activate, secret=SECRET, sites=["north"], on=ON).clause == "activation"
    trial.take(steps.close, secret=SECRET, on=trial.at.date())
    assert trial.history.state.secret == SECRET.hex()
    assert refusal(trial, steps.screen, person=person(), on=ON).reason == "the study is closed"


def test_a_step_needs_somebody_who_is_in_the_record():
    trial = Trial().activated()
    assert refusal(trial, steps.consent, subject="S0009-9", on=ON).clause == "screening"
    assert refusal(trial, steps.screen, person=Person("nobody", {}), on=ON).clause == "screening"
    assert refusal(trial, steps.correct, seq=99, body={}, reason="typo", on=ON).clause == "correction"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (signed("locally_treatable", "treating_clinician", "M1"), "may not sign"),
        (signed("locally_treatable", "surgeon"), "one entry of metastases"),
        (signed("progression_free", "treating_clinician", "M1"), "about the person"),
        (signed("no_such_judgement", "surgeon"), "no judgement"),
        (replace(signed("locally_treatable", "surgeon", "M1"), details=None), "lacks method and size and site"),
        (
            replace(signed("locally_treatable", "surgeon", "M1"), details={"method": "sbrt", "size": ""}),
            "lacks size and",
        ),
    ],
)
def test_a_signature_that_does_not_count_is_refused(given, said):
    trial = Trial().activated()
    subject = trial.screened()
    assert said in refusal(trial, steps.attest, subject=subject, given=given).reason


def test_facts_are_corrected_with_a_reason_and_the_allocation_stays():
    trial = Trial().activated()
    subject = trial.randomized()
    first = trial.history.subject(subject)
    body = dict(first.facts[0].body)
    body["facts"] = [{**fact, "value": 3} if fact["fact"] == "ecog" else fact for fact in body["facts"]]
    trial.take(steps.correct, seq=first.facts[0].seq, body=body, reason="ECOG was misread", on=ON)
    after = trial.history.subject(subject)
    assert after.allocation == first.allocation
    assessment = steps.assess(PROTOCOL, trial.history, subject=subject, on=ON)
    assert assessment.failed() == ("I7",)


@pytest.mark.parametrize("days", [0, 30])
def test_corrected_facts_stay_on_the_day_of_the_first_entry_and_no_cut_by_day_loses_them(days):
    trial = Trial().activated()
    subject = trial.screened()
    (facts,) = trial.history.subject(subject).facts
    for ecog in (3, 2):  # a correction of a correction as well
        told = [{**fact, "value": ecog} if fact["fact"] == "ecog" else fact for fact in facts.body["facts"]]
        trial.at += timedelta(days=days)
        given = {"seq": facts.seq, "body": {"facts": told}, "reason": "misread"}
        (entry,) = trial.take(steps.correct, on=trial.at.date(), **given)
        assert (entry.effective, entry.recorded_at.date()) == (facts.effective, trial.at.date())
    then = trial.history.as_of(facts.effective).subject(subject)
    assert [fact["value"] for fact in then.facts[0].body["facts"] if fact["fact"] == "ecog"] == [2]
    assert then.facts == trial.history.subject(subject).facts


def test_an_allocation_cannot_be_corrected():
    trial = Trial().activated()
    subject = trial.randomized()
    seq = trial.history.subject(subject).allocation.seq
    body = {**trial.history.entry(seq).body, "arm": "usual"}
    with pytest.raises(RecordError):
        trial.take(steps.correct, seq=seq, body={**body, "position": 7}, reason="wish", on=ON)


def test_a_signed_entry_is_not_corrected_by_others():
    trial = Trial().activated()
    subject = trial.screened()
    seq = trial.history.subject(subject).attestations[0].seq
    assert refusal(trial, steps.correct, seq=seq, body={}, reason="typo", on=ON).clause == "21 CFR 11.70"
