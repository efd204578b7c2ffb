"""Verification: what a record must be, found again step by step."""

from dataclasses import replace

import pytest

from evenhand import steps
from evenhand.record import Actor, Event, append, dump
from evenhand.replay import verify_record
from evenhand.simulation import load_scenario, walk
from tests.eligible import AT, BY, ON, PROTOCOL, SECRET, Trial
from tests.studies_here import ALL, protocol_of


def text(trial):
    return dump(trial.history.entries)


def forged(trial, **event):
    """Append an event that no step returned, with right hashes."""
    by = event.pop("by", BY)
    trial.at = max(trial.at, AT)
    trial.history = trial.history.extend(append(trial.history, [Event(**event)], by=by, at=trial.at))
    return trial


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@pytest.mark.parametrize("close", [True, False])
def test_a_walked_trial_verifies(folder, close):
    protocol = protocol_of(folder)
    walked = walk(protocol, load_scenario(folder, protocol.version.id), people=25, seed=3, close=close)
    record = dump(walked.history.entries)
    blind, seeing = verify_record(record, protocol), verify_record(record, protocol, secret=walked.secret)
    assert blind.findings == seeing.findings == ()
    assert seeing.allocations == sum(walked.report.randomized.values()) > 5
    assert seeing.arms == "derived again"
    assert blind.arms == ("derived again" if close else "not derived: the secret is not known")


def test_an_arm_that_does_not_follow_from_the_secret_is_found():
    trial = Trial().activated()
    subject = trial.registered()
    (event,) = steps.randomize(PROTOCOL, trial.history, subject=subject, secret=SECRET, on=ON, by=BY, at=trial.at)
    other = "usual" if event.body["arm"] == "local" else "local"
    forged(trial, kind="randomized", subject=subject, effective=ON, body={**event.body, "arm": other})
    assert verify_record(text(trial), PROTOCOL).findings == ()  # nobody can tell without the secret
    (finding,) = verify_record(text(trial), PROTOCOL, secret=SECRET).findings
    assert "arm is" in finding.what
    assert finding.seq == len(trial.history.entries)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"position": 1}, "position is 1"),
        ({"arm": "placebo"}, "is no arm"),
        ({"stratum": "elsewhere"}, "stratum is 'elsewhere'"),
    ],
)
def test_an_allocation_in_the_wrong_place_is_found_without_the_secret(change, said):
    trial = Trial().activated()
    subject = trial.registered()
    (event,) = steps.randomize(PROTOCOL, trial.history, subject=subject, secret=SECRET, on=ON, by=BY, at=trial.at)
    forged(trial, kind="randomized", subject=subject, effective=ON, body={**event.body, **change})
    (finding,) = verify_record(text(trial), PROTOCOL).findings
    assert said in finding.what


def test_a_registration_that_was_not_allowed_is_found():
    trial = Trial().activated()
    subject = trial.screened()  # no consent
    body = {"participant": "P0001-3", "protocol_version": "v1", "consent": 1, "evidence": [], "evidence_digest": ""}
    forged(trial, kind="registered", subject=subject, effective=ON, body=body)
    (finding,) = verify_record(text(trial), PROTOCOL).findings
    assert "not allowed" in finding.what
    assert "consent" in finding.what


def test_a_registration_with_other_evidence_than_the_record_gives_is_found():
    trial = Trial().activated()
    subject = trial.consented(trial.screened())
    trial.until(AT)
    (event,) = steps.register(PROTOCOL, trial.history, subject=subject, on=ON, by=BY, at=trial.at)
    forged(trial, kind="registered", subject=subject, effective=ON, body={**event.body, "participant": "P0007-0"})
    (finding,) = verify_record(text(trial), PROTOCOL).findings
    assert "participant is 'P0007-0'" in finding.what


def test_a_signature_by_the_wrong_role_or_about_nothing_is_found():
    trial = Trial().activated()
    subject = trial.screened(attested=[])
    given = {"by": "x", "item": None, "reason": "", "details": {}, "answer": True}
    forged(trial, kind="attested", subject=subject, effective=ON,
           body={**given, "judgement": "progression_free", "role": "coordinator"})  # fmt: skip
    forged(trial, kind="attested", subject=subject, effective=ON,
           body={**given, "judgement": "progression_free", "role": "treating_clinician"})  # fmt: skip
    forged(trial, kind="attested", subject=subject, effective=ON, body={**given, "judgement": "luck", "role": "x"})
    said = [finding.what for finding in verify_record(text(trial), PROTOCOL).findings]
    assert ["may not sign" in said[0], "not signed" in said[1], "no judgement" in said[2]] == [True] * 3


def test_a_signature_without_the_size_and_location_that_it_needs_is_found():
    trial = Trial().activated()
    trial.screened(attested=[])
    body = {"judgement": "locally_treatable", "role": "surgeon", "answer": True, "by": "x", "item": "M1", "reason": ""}
    forged(trial, kind="attested", subject="S0001-3", effective=ON, body={**body, "details": {"method": "sbrt"}})
    (finding,) = verify_record(text(trial), PROTOCOL).findings
    assert "lacks size and site" in finding.what


def test_facts_that_the_vocabulary_does_not_know_are_found():
    trial = Trial().activated()
    fact = {"fact": "shoe_size", "value": 42, "date": None, "source": {"origin": "x", "path": "", "by": ""}}
    forged(trial, kind="facts_recorded", subject="S0001-3", effective=ON, body={"facts": [fact]})
    (finding,) = verify_record(text(trial), PROTOCOL).findings
    assert "shoe_size" in finding.what


def test_entries_before_activation_are_found():
    trial = forged(Trial(), kind="accrual_resumed", subject=None, effective=ON, body={}, by=Actor("a", "b"))
    assert "not activated" in verify_record(text(trial), PROTOCOL).findings[0].what


def test_another_protocol_or_study_is_found():
    trial = Trial().activated()
    other = protocol_of(ALL[-1])
    findings = verify_record(text(trial), other).findings
    assert "is of study" in findings[0].what
    forged_activation = Trial()
    body = {"protocol_version": "v1", "protocol_digest": "0" * 64, "commitment": "0" * 64, "sites": []}
    forged(forged_activation, kind="study_activated", subject=None, effective=ON, body=body)
    assert "another protocol text" in verify_record(text(forged_activation), PROTOCOL).findings[0].what


def test_under_another_text_of_the_protocol_one_finding_says_which_and_nothing_is_judged():
    """Not one for each entry that the other text would have judged otherwise."""
    trial = Trial().activated()
    trial.randomized()
    loaded = replace(PROTOCOL, digest="f" * 64)
    result = verify_record(text(trial), loaded, secret=SECRET)
    (finding,) = result.findings
    assert finding.seq == next(entry.seq for entry in trial.history.entries if entry.kind == "study_activated")
    assert [digest in finding.what for digest in (PROTOCOL.digest, loaded.digest)] == [True, True]
    assert (result.replayed, result.entries) == (False, len(trial.history.entries))
    assert "another protocol text" in result.stopped


def test_a_wrong_secret_is_found_at_the_commitment():
    trial = Trial().activated()
    trial.randomized()
    findings = verify_record(text(trial), PROTOCOL, secret=bytes(32)).findings
    assert "not the one committed to" in findings[0].what


def test_a_revealed_secret_that_is_not_the_committed_one_is_found():
    trial = Trial().activated()
    forged(trial, kind="study_closed", subject=None, effective=ON, body={"secret": "00" * 32})
    assert any("not the one committed to" in finding.what for finding in verify_record(text(trial), PROTOCOL).findings)


def test_a_broken_chain_is_reported_and_not_replayed():
    trial = Trial().activated()
    trial.randomized()
    broken = text(trial).replace(b'"liver"', b'"lungs"', 1)
    result = verify_record(broken, PROTOCOL)
    assert result.findings
    assert not result.replayed


def test_a_cut_off_end_is_found_by_the_expected_head():
    trial = Trial().activated()
    trial.randomized()
    head = trial.history.head_hash
    whole = text(trial)
    assert verify_record(whole, PROTOCOL, expected_head=head).findings == ()
    shorter = b"".join(whole.splitlines(keepends=True)[:-1])
    assert verify_record(shorter, PROTOCOL).findings == ()
    assert verify_record(shorter, PROTOCOL, expected_head=head).findings
