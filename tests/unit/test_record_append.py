"""Appending: numbers, times, links, and everything that is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from evenhand.record import START, Event, History, RecordError, append, appended, digest, entry_hash, fold, sign
from tests.record_samples import (
    ALLOCATED,
    AT,
    ATTESTED,
    BY,
    CONSENT,
    DAY,
    FIRST,
    REGISTERED,
    SIGNED,
    STUDY,
    entries_of,
    event,
    every_kind,
    facts,
    folded,
)


def test_entries_are_numbered_from_one_and_each_names_the_hash_of_the_one_before():
    first, second, third = append(
        History(STUDY), [facts("S-1"), facts("S-2"), event("consented", "S-1", CONSENT)], by=BY, at=AT
    )
    assert [first.seq, second.seq, third.seq] == [1, 2, 3]
    assert [first.previous, second.previous, third.previous] == [START, first.hash, second.hash]
    assert all(entry.hash == entry_hash(entry) for entry in (first, second, third))
    assert (first.study, first.version, first.by, first.recorded_at) == (STUDY, 1, BY, AT)


def test_appending_later_continues_the_chain_and_leaves_the_history_alone():
    history = folded(facts("S-1"))
    (entry,) = append(history, [facts("S-2")], by=BY, at=AT)
    assert (entry.seq, entry.previous) == (2, history.head_hash)
    assert len(history.entries) == 1
    assert append(history, [facts("S-2")], by=BY, at=AT) == [entry]


def test_what_is_appended_extends_the_history_in_one_go():
    before, more = folded(facts("S-1")), [facts("S-2"), event("consented", "S-1", CONSENT)]
    entries, after = appended(before, more, by=BY, at=AT)
    assert entries == append(before, more, by=BY, at=AT)
    assert after == before.extend(entries)
    assert after.subject("S-1") == before.extend(entries).subject("S-1")
    assert appended(before, [], by=BY, at=AT) == ([], before)


def test_an_entry_does_not_share_its_body_with_the_event():
    body: dict[str, Any] = {"facts": [{"name": "ecog"}]}
    (entry,) = append(History(STUDY), [Event("facts_recorded", "S-1", DAY, body)], by=BY, at=AT)
    body["facts"][0]["name"] = "changed afterwards"
    assert entry.body == {"facts": [{"name": "ecog"}]}
    assert entry.hash == entry_hash(entry)


def test_the_time_is_kept_in_utc_but_the_day_is_judged_where_the_site_is():
    tokyo = timezone(timedelta(hours=9))
    morning = datetime(2026, 3, 3, 8, tzinfo=tokyo)  # still 2 March in UTC
    (entry,) = append(History(STUDY), [facts("S-1", effective=date(2026, 3, 3))], by=BY, at=morning)
    assert entry.recorded_at == datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert entry.recorded_at.tzinfo is UTC
    assert fold([entry]).subjects == ("S-1",)
    with pytest.raises(RecordError, match="lies after 2026-03-02"):
        append(History(STUDY), [facts("S-1", effective=date(2026, 3, 3))], by=BY, at=morning.astimezone(UTC))


def test_a_correction_may_refer_to_an_entry_of_the_same_batch():
    wrong, right = facts("S-1", "wrong"), facts("S-1", "right", corrects=1, reason="typo")
    assert [entry.corrects for entry in append(History(STUDY), [wrong, right], by=BY, at=AT)] == [None, 1]


def test_all_events_are_taken_or_none():
    with pytest.raises(RecordError):
        append(History(STUDY), [facts("S-1"), event("consented", "S-1", {})], by=BY, at=AT)


REFUSED: list[tuple[Event, str]] = [
    (event("", "S-1"), 'kind "" is not known'),
    (event("promised", "S-1"), 'kind "promised" is not known'),
    (event("consented", "S-1", {"document": "main"}), 'lacks "version"'),
    (event("consented", "S-1", {**CONSENT, "version": 2}), '"version" of its body must be text'),
    (event("randomized", "S-3", {**ALLOCATED, "position": True}), '"position" of its body must be number'),
    (
        event("facts_recorded", "S-1", {"facts": [{"value": 1.8}]}),
        r"\$.body.facts\[0\].value: 1.8 is a float",
    ),
    (event("consented", None, CONSENT), "must be about a subject"),
    (event("site_opened", "S-1", {"site": "site-1"}), "must be about no subject"),
    (facts(""), '"subject" must be text'),
    (facts("S-1", effective=DAY + timedelta(days=1)), "lies after 2026-03-02, the day of recording"),
    (event("accrual_halted"), "gives no reason"),
    (facts("S-1", corrects=1), "correction needs a reason"),
    (facts("S-1", corrects=1, reason=""), '"reason" must be text'),
    (facts("S-1", corrects=9, reason="typo"), "entry 9, which is not among the earlier"),
    (facts("S-1", corrects=4, reason="typo"), "entry 4, which is not among the earlier"),
    (facts("S-1", corrects=0, reason="typo"), '"corrects" must be a whole number from 1'),
    (facts("S-2", corrects=1, reason="typo"), r"about S-2, but corrects entry 1 \(facts_recorded of S-1\)"),
    (event("consented", "S-1", CONSENT, corrects=1, reason="typo"), "kind consented, but corrects entry 1"),
    (event("randomized", "S-1", ALLOCATED), "S-1 is randomized already"),
    (event("registered", "S-1", REGISTERED), "S-1 is registered already"),
    (event("attested", "S-1", {**ATTESTED, "answer": "no"}, signature=SIGNED), "not of this body"),
]


@pytest.mark.parametrize(("wrong", "what"), REFUSED)
def test_what_must_not_be_recorded_is_refused_with_place_and_way_out(wrong, what):
    history = folded(facts("S-1"), event("registered", "S-1", REGISTERED), event("randomized", "S-1", ALLOCATED))
    with pytest.raises(RecordError, match=what) as caught:
        append(history, [wrong], by=BY, at=AT + timedelta(minutes=5))
    assert caught.value.mend or "field" in str(caught.value)


def test_time_does_not_go_backwards():
    history = folded(facts("S-1"))
    assert append(history, [facts("S-1")], by=BY, at=AT)
    with pytest.raises(RecordError, match="before the entry it follows"):
        append(history, [facts("S-1")], by=BY, at=AT - timedelta(microseconds=1))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(RecordError, match="no time zone"):
        append(History(STUDY), [facts("S-1")], by=BY, at=AT.replace(tzinfo=None))
    with pytest.raises(RecordError, match="no time zone"):
        sign({}, meaning="approval", signer="u", at=AT.replace(tzinfo=None))


def test_a_signature_from_the_future_is_refused():
    late = sign(ATTESTED, meaning="judgement", signer="surgeon-2", at=AT + timedelta(hours=1))
    with pytest.raises(RecordError, match="signature was given after"):
        append(History(STUDY), [event("attested", "S-1", ATTESTED, signature=late)], by=BY, at=AT)


def test_a_signature_binds_signer_moment_meaning_and_body():
    assert (SIGNED.meaning, SIGNED.signer, SIGNED.signed_at) == ("judgement", "surgeon-2", AT)
    assert SIGNED.digest == digest(ATTESTED)
    (entry,) = entries_of(event("attested", "S-1", ATTESTED, signature=SIGNED))
    assert entry.signature == SIGNED


KEPT: list[tuple[str, str | None, dict[str, Any], dict[str, Any]]] = [
    ("randomized", "S-1", ALLOCATED, {"arm": "B"}),
    ("randomized", "S-1", ALLOCATED, {"stratum": "hr=negative"}),
    ("randomized", "S-1", ALLOCATED, {"position": 2}),
    ("randomized", "S-1", ALLOCATED, {"method": "minimization"}),
    ("randomized", "S-1", ALLOCATED, {"block": 4}),
    ("registered", "S-1", REGISTERED, {"evidence": {"forged": True}}),
    ("study_activated", None, FIRST, {"commitment": "0" * 64}),
    ("study_closed", None, {"secret": "5" * 64}, {"secret": "6" * 64}),
]


@pytest.mark.parametrize(("kind", "subject", "body", "change"), KEPT)
def test_a_correction_changes_no_allocation_nor_anything_else_that_is_fixed(kind, subject, body, change):
    history = folded(event(kind, subject, body))
    with pytest.raises(RecordError, match="which nothing may change"):
        append(history, [event(kind, subject, {**body, **change}, corrects=1, reason="r")], by=BY, at=AT)
    with pytest.raises(RecordError, match="the effective day"):
        moved = event(kind, subject, body, corrects=1, reason="r", effective=DAY - timedelta(days=1))
        append(history, [moved], by=BY, at=AT)
    remark = event(kind, subject, {**body, "remark": "by telephone"}, corrects=1, reason="r")
    assert append(history, [remark], by=BY, at=AT)


def test_true_is_not_one_for_what_is_fixed():
    history = folded(event("registered", "S-1", {**REGISTERED, "evidence": {"pass": 1}}))
    swapped = {**REGISTERED, "evidence": {"pass": True}}
    with pytest.raises(RecordError, match="changes evidence of entry 1"):
        append(history, [event("registered", "S-1", swapped, corrects=1, reason="r")], by=BY, at=AT)


def test_every_kind_can_be_recorded_and_folds():
    assert fold(every_kind()).head_hash == every_kind()[-1].hash


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({**CONSENT, "document": "a\0b"}, '"$.body.document"'),
        ({**CONSENT, "more": [{"a": "\0"}]}, '"$.body.more[0].a"'),
        ({**CONSENT, "a\0": 1}, '"$.body"'),
    ],
)
def test_a_nul_character_is_refused_since_not_every_database_can_keep_it(body, where):
    with pytest.raises(RecordError, match="NUL") as caught:
        entries_of(event("consented", "S-1", body))
    assert str(caught.value.where).endswith(where.strip('"'))


def test_text_that_only_speaks_of_a_nul_character_is_kept():
    (entry,) = entries_of(event("consented", "S-1", {**CONSENT, "document": r"\u0000"}))
    assert entry.body["document"] == r"\u0000"
