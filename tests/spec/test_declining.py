"""Somebody is asked for consent and declines: what may be recorded, what counts, and where it shows."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand import steps
from evenhand.analysis import cut
from evenhand.analysis.flow import before, screening_section
from evenhand.analysis.inclusion import representation_section
from evenhand.eligibility.judged import fate_of
from evenhand.record import Event, append, dump, fold
from evenhand.refusal import Refusal
from evenhand.replay import verify_record
from tests.eligible import BY, ON, PROTOCOL, SECRET, Trial, changed, person
from tests.walked_help import assert_adds_up, part

AFTER = ON + timedelta(days=7)


def at(day):
    return datetime.combine(day, time(9), UTC)


def asked(**facts):
    """A trial with one candidate who is asked on 1 July 2026."""
    trial = Trial().activated()
    return trial, trial.until(at(ON)).screened(**facts)


def declines(trial, subject, on=ON, **typed):
    trial.until(at(on))
    (entry,) = trial.take(steps.decline_consent, subject=subject, on=on, **typed)
    return entry


def consents(trial, subject, on=ON):
    trial.until(at(on))
    return trial.take(steps.consent, subject=subject, on=on)


def refused(trial, step, **typed):
    with pytest.raises(Refusal) as found:
        trial.take(step, **typed)
    return found.value


# ---- the step -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({}, {}),
        ({"because": "burden"}, {"because": "burden"}),
        ({"because": "other", "words": " wants to wait "}, {"because": "other", "words": "wants to wait"}),
    ],
)
def test_nobody_has_to_say_why_and_what_is_said_is_one_of_the_studys_reasons(typed, kept):
    trial, subject = asked()
    entry = declines(trial, subject, **typed)
    assert entry.body == {"document": "participant-information", "version": "1.0", **kept}
    declined = trial.history.subject(subject).declined
    assert (declined.seq, declined.effective, declined.because) == (entry.seq, ON, kept.get("because", ""))


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"because": "weather"}, "'weather' is no reason of this study"),
        ({"because": "other"}, "another reason is not said"),
        ({"because": "other", "words": "  "}, "another reason is not said"),
        ({"because": "burden", "words": "it is far"}, "words go with the reason 'other' alone"),
        ({"words": "it is far"}, "words go with the reason 'other' alone"),
    ],
)
def test_a_reason_that_the_study_does_not_list_is_refused(typed, reason):
    trial, subject = asked()
    found = refused(trial, steps.decline_consent, subject=subject, on=ON, **typed)
    assert (found.reason, found.clause) == (reason, "consent")
    assert found.mend


def test_a_study_that_lists_no_reasons_takes_none():
    trial, subject = asked()
    enrollment = replace(PROTOCOL.enrollment, declined_because={})
    trial.protocol = replace(PROTOCOL, enrollment=enrollment)
    assert refused(trial, steps.decline_consent, subject=subject, on=ON, because="burden").mend == "Leave it out."
    assert declines(trial, subject).body["version"] == "1.0"


def consented(trial, subject):
    consents(trial, subject)


def twice(trial, subject):
    declines(trial, subject)


def registered(trial, subject):
    consents(trial, subject)
    trial.take(steps.register, subject=subject, on=ON)


def withdrawn_from_registered(trial, subject):
    registered(trial, subject)
    trial.take(steps.withdraw_consent, subject=subject, on=ON, reason=None)


def closed(trial, subject):
    trial.take(steps.close, secret=SECRET, on=ON)


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (consented, "consented on 2026-07-01"),
        (twice, "declined on 2026-07-01"),
        (registered, "is registered as P0001"),
        (withdrawn_from_registered, "is registered as P0001"),
        (closed, "the study is closed"),
    ],
)
def test_who_is_in_or_has_declined_already_does_not_decline(first, reason):
    trial, subject = asked()
    first(trial, subject)
    assert reason in refused(trial, steps.decline_consent, subject=subject, on=ON).reason


def test_nobody_declines_who_is_not_known_or_where_no_study_runs():
    trial, _ = asked()
    assert "not in the record" in refused(trial, steps.decline_consent, subject="S0099-9", on=ON).reason
    trial, subject = asked()
    before_it = Trial()
    assert "not activated" in refused(before_it, steps.decline_consent, subject=subject, on=ON).reason


def test_while_accrual_is_halted_somebody_may_still_decline():
    trial, subject = asked()
    trial.take(steps.halt_accrual, reason="an interim look", on=ON)
    assert declines(trial, subject).kind == "consent_declined"


def test_who_declined_may_consent_later_and_not_before():
    trial, subject = asked()
    declines(trial, subject, AFTER)
    found = refused(trial, steps.consent, subject=subject, on=ON)
    assert "would have come before that" in found.reason
    consents(trial, subject, AFTER + timedelta(days=1))
    assert trial.history.subject(subject).declined is None
    trial.take(steps.register, subject=subject, on=AFTER + timedelta(days=1))


def test_a_decline_that_is_entered_late_stands_before_the_consent_that_came_of_it():
    trial, subject = asked()
    consents(trial, subject, AFTER)
    declines(trial, subject, ON)
    known = trial.history.subject(subject)
    assert known.declined is None
    assert known.consent_on(AFTER) is not None
    assert "declined on 2026-07-01" in refused(trial, steps.decline_consent, subject=subject, on=ON).reason


def test_who_withdrew_in_screening_and_is_asked_again_may_decline():
    trial, subject = asked()
    consents(trial, subject)
    trial.take(steps.withdraw_consent, subject=subject, on=ON, reason=None)
    declines(trial, subject, AFTER)
    assert fate_of(PROTOCOL, trial.history.state, trial.history.subject(subject), AFTER) == "declined"


ACTS = {"consent": steps.consent, "decline": steps.decline_consent, "withdraw": steps.withdraw_consent}


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 6)), max_size=8))
def test_whatever_is_tried_nobody_declines_twice_running_nor_while_a_consent_holds(tried):
    trial, subject = asked()
    trial.until(at(ON + timedelta(days=10)))
    for act, days in tried:
        more = {"reason": None} if act == "withdraw" else {}
        try:
            trial.take(ACTS[act], subject=subject, on=ON + timedelta(days=days), **more)
        except Refusal:
            continue
    known = trial.history.subject(subject)
    turns = sorted((one for one in known.standing if one.kind.startswith("consent")), key=lambda one: one.happened)
    answers = [one.kind for one in turns if one.kind != "consent_withdrawn"]
    assert ("consent_declined", "consent_declined") not in set(pairwise(answers))
    assert (known.declined is not None) == (answers[-1:] == ["consent_declined"])
    assert known.declined is None or known.consent_on(known.declined.effective) is None
    assert verify_record(dump(trial.history.entries), PROTOCOL).findings == ()


# ---- corrections and verification ---------------------------------------------------------------


def test_a_day_that_was_wrong_is_corrected_and_counts_as_corrected():
    trial, subject = asked()
    entry = declines(trial, subject, AFTER, because="burden")
    body = {**entry.body, "because": "cost"}
    trial.take(steps.correct, seq=entry.seq, body=body, reason="read wrongly", on=ON)
    declined = trial.history.subject(subject).declined
    assert (declined.effective, declined.because) == (ON, "cost")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"document": "participant-information", "version": "1.0", "because": "weather"}, "no reason of this study"),
        ({"document": "participant-information", "version": "0.3"}, "version is '0.3'"),
    ],
)
def test_verification_finds_a_decline_that_no_step_would_have_made(body, found):
    trial, subject = asked()
    entry = declines(trial, subject)
    earlier = list(trial.history.entries)[:-1]
    forged = append(fold(earlier), [Event(entry.kind, subject, ON, body)], by=BY, at=entry.recorded_at)
    assert any(found in str(one) for one in verify_record(dump([*earlier, *forged]), PROTOCOL).findings)


# ---- where it shows -----------------------------------------------------------------------------


def cut_of(trial, on=ON):
    return cut(PROTOCOL, trial.history, effective=on, recorded=datetime.combine(AFTER, time(23), UTC))


def told(trial, on=ON):
    return {one.id: one.number for one in before(cut_of(trial, on)).within() if one.number}


def test_the_flow_tells_who_declined_and_why_and_by_which_entry():
    trial, subject = asked()
    entry = declines(trial, subject, because="burden")
    silent = trial.screened()
    declines(trial, silent)
    assert told(trial) == {
        "assessed": 2, "excluded": 2, "excluded_declined": 2, "excluded_declined_burden": 1,
        "excluded_declined_unsaid": 1,
    }  # fmt: skip
    found = before(cut_of(trial)).find("excluded_declined_burden")
    assert [(one.subject, one.seqs) for one in found.people] == [(subject, (entry.seq,))]
    assert found.label == "The visits, the way or the time"
    assert_adds_up(before(cut_of(trial)))


def test_who_comes_back_is_in_screening_again_and_until_the_day_of_it_counts_as_declined():
    trial, subject = asked()
    declines(trial, subject)
    consents(trial, subject, AFTER)
    assert told(trial, ON)["excluded_declined"] == 1
    assert told(trial, AFTER) == {"assessed": 1, "screening": 1}


def test_who_declined_counts_as_that_even_where_a_criterion_fails():
    trial, subject = asked(who=person(changed("ecog", 3, "2026-06-20")))
    assert told(trial)["excluded_not_eligible"] == 1
    declines(trial, subject)
    assert told(trial) == {"assessed": 1, "excluded": 1, "excluded_declined": 1, "excluded_declined_unsaid": 1}


def test_the_tables_of_screening_and_sites_count_them():
    trial, subject = asked()
    declines(trial, subject)
    section = screening_section(cut_of(trial))
    assert "1 declined to participate" in section.says[0]
    table = part(section, "accrual_by_site")
    row = next(one for one in table.rows if one.id == "site_all_together")
    assert dict(zip(table.head[1:], (cell.text for cell in row.cells), strict=True))["Declined"] == "1 (100.0 %)"


def test_representation_sets_who_declined_against_who_was_asked():
    trial = Trial().activated().until(at(ON))
    for sex, answer in (("female", "decline"), ("female", "consent"), ("female", ""), ("male", "consent")):
        subject = trial.screened(person(changed("sex", sex)))
        if answer:
            trial.take(ACTS[answer], subject=subject, on=ON)
    section = representation_section(cut_of(trial))
    rows = {one.label: [cell.text for cell in one.cells] for one in part(section, "representation_declined").rows}
    assert rows["Female"][:2] == ["2", "1 (50.0 %; 1.3 to 98.7)"]
    assert rows["Male"][:2] == ["1", "0 (0.0 %; 0.0 to 97.5)"]
    table = part(section, "representation_lost")
    lost = {one.label: dict(zip(table.head[1:], (cell.text for cell in one.cells), strict=False)) for one in table.rows}
    assert (lost["Female"]["Declined"], lost["Male"]["Declined"]) == ("1 (33.3 %)", "0 (0.0 %)")
