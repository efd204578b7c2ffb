"""The fold: what a record says of each subject, of the study, and as of two times."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from evenhand.record import START, Entries, History, RecordError, StudyState, append, fold
from tests.record_samples import (
    ALLOCATED,
    AT,
    ATTESTED,
    BY,
    CONSENT,
    DAY,
    FIRST,
    REGISTERED,
    STUDY,
    changed,
    entries_of,
    event,
    every_kind,
    facts,
    folded,
)


def day(number: int) -> date:
    """A day of February 2026, before the day on which the samples are recorded."""
    return date(2026, 2, number)


def test_the_empty_record_says_nothing():
    empty = History(STUDY)
    assert (empty.subjects, empty.head, empty.head_hash, empty.state) == ((), None, START, StudyState())
    assert not empty.state.activated and not empty.state.accrual_open
    assert fold([], STUDY) == empty
    with pytest.raises(RecordError, match="does not say of which study"):
        fold([])


def test_subjects_stand_in_the_order_in_which_they_first_appear():
    history = folded(facts("S-2"), event("accrual_resumed"), facts("S-1"), facts("S-2"))
    assert history.subjects == ("S-2", "S-1")
    assert [len(history.subject(name).entries) for name in history.subjects] == [2, 1]


def test_a_subject_who_never_appears_has_nothing():
    nobody = folded(facts("S-1")).subject("S-9")
    assert (nobody.entries, nobody.facts, nobody.attestations, nobody.consents) == ((), (), (), ())
    assert nobody.registration is nobody.allocation is nobody.consent_on(DAY) is None


def test_a_subject_s_facts_attestations_registration_and_allocation():
    one = fold(every_kind()).subject("S-1")
    assert [standing.body for standing in one.facts] == [{"facts": [{"name": "ecog", "value": "1"}]}]
    assert [standing.body["answer"] for standing in one.attestations] == ["yes"]
    assert one.registration is not None and one.registration.body == REGISTERED
    allocation = one.allocation
    assert allocation is not None
    assert (allocation.subject, allocation.seq, allocation.effective) == ("S-1", 9, DAY)
    assert (allocation.arm, allocation.method, allocation.stratum, allocation.position) == (
        ("A", "blocks", "hr=positive", 1)
    )


# ---- corrections -------------------------------------------------------------------------------


def test_a_correction_replaces_the_body_in_its_place_and_both_stay_in_the_record():
    history = folded(facts("S-1", "wrong"), facts("S-1", "later"), facts("S-1", "right", corrects=1, reason="typo"))
    one = history.subject("S-1")
    assert [standing.body["facts"] for standing in one.facts] == [["right"], ["later"]]
    assert [entry.body["facts"] for entry in one.entries] == [["wrong"], ["later"], ["right"]]
    first = one.facts[0]
    assert (first.seq, first.original.seq, first.latest.seq, first.corrections) == (1, 1, 3, (3,))
    assert first.latest.reason == "typo"


@pytest.mark.parametrize("second", [1, 2])
def test_the_last_correction_stands_whether_it_names_the_original_or_an_earlier_correction(second):
    history = folded(
        facts("S-1", "wrong"),
        facts("S-1", "nearly", corrects=1, reason="typo"),
        facts("S-1", "right", corrects=second, reason="typo again"),
    )
    (standing,) = history.subject("S-1").facts
    assert (standing.body["facts"], standing.corrections) == (["right"], (2, 3))


def test_a_correction_may_move_the_day():
    history = folded(
        event("consented", "S-1", CONSENT, effective=day(2)),
        event("consented", "S-1", CONSENT, effective=day(20), corrects=1, reason="misread"),
    )
    (consent,) = history.subject("S-1").consents
    assert (consent.seq, consent.effective) == (1, day(20))


def test_a_correction_never_changes_an_allocation():
    remark = event("randomized", "S-1", {**ALLOCATED, "remark": "by telephone"}, corrects=1, reason="left out")
    before, after = (
        folded(event("randomized", "S-1", ALLOCATED)),
        folded(event("randomized", "S-1", ALLOCATED), remark),
    )
    assert after.allocations == before.allocations
    assert after.counts == before.counts == {"hr=positive": {"A": 1}}
    assert after.subject("S-1").allocation == before.subject("S-1").allocation
    assert after.subject("S-1").of("randomized")[0].body["remark"] == "by telephone"


def test_a_value_of_another_shape_is_refused_where_it_is_read():
    (standing,) = folded(event("attested", "S-1", ATTESTED)).subject("S-1").attestations
    assert standing.value("answer", str) == "yes"
    with pytest.raises(RecordError, match=r"entry 1 \(attested of S-1\): \"answer\" must be int"):
        standing.value("answer", int)


# ---- consent -----------------------------------------------------------------------------------


def consent(on: date, version: str = "2.0") -> Any:
    return event("consented", "S-1", {"document": "main", "version": version}, effective=on)


def withdrawal(on: date) -> Any:
    return event("consent_withdrawn", "S-1", effective=on)


# What happened, in the order of recording; then each consent as (version, given, withdrawn).
CONSENTS = [
    ([consent(day(1))], [("2.0", day(1), None)]),
    ([consent(day(1)), withdrawal(day(9))], [("2.0", day(1), day(9))]),
    ([consent(day(1)), withdrawal(day(1))], [("2.0", day(1), day(1))]),
    ([withdrawal(day(1)), consent(day(1))], [("2.0", day(1), None)]),
    (
        [consent(day(1)), withdrawal(day(9)), consent(day(20), "3.0")],
        [("2.0", day(1), day(9)), ("3.0", day(20), None)],
    ),
    (  # consented again before the withdrawal, though it was entered after it
        [consent(day(1)), withdrawal(day(9)), consent(day(5), "3.0")],
        [("2.0", day(1), day(9)), ("3.0", day(5), day(9))],
    ),
    ([consent(day(1)), withdrawal(day(9)), withdrawal(day(7))], [("2.0", day(1), day(7))]),
    ([consent(day(8)), withdrawal(day(7))], [("2.0", day(8), None)]),
]


@pytest.mark.parametrize(("events", "expected"), CONSENTS)
def test_a_consent_holds_until_the_first_withdrawal_after_it(events, expected):
    consents = folded(*events).subject("S-1").consents
    assert [(one.version, one.effective, one.withdrawn) for one in consents] == expected


HOLDING = [(1, None), (2, "2.0"), (9, "2.0"), (10, None), (11, None), (12, "3.0"), (28, "3.0")]


@pytest.mark.parametrize(("on", "version"), HOLDING)
def test_consent_holds_from_its_day_to_the_day_before_its_withdrawal(on, version):
    events = (consent(day(2)), withdrawal(day(10)), consent(day(12), "3.0"))
    holding = folded(*events).subject("S-1").consent_on(day(on))
    assert (holding and holding.version) == version


def test_of_two_consents_that_hold_the_later_one_counts():
    holding = folded(consent(day(5), "3.0"), consent(day(2), "2.0")).subject("S-1").consent_on(day(9))
    assert holding is not None and holding.version == "3.0"


# ---- the study ---------------------------------------------------------------------------------


def test_activation_gives_protocol_commitment_and_sites_and_opens_accrual():
    state = folded(event("study_activated", None, FIRST), event("site_opened", None, {"site": "site-2"})).state
    assert state.activated and state.accrual_open
    assert (state.protocol_version, state.protocol_digest, state.commitment) == ("v1", "d" * 64, "c" * 64)
    assert state.sites == ("site-1", "site-2")
    assert (state.secret, state.halted_because, state.halted_since) == (None, None, None)


def test_closing_reveals_the_secret_and_ends_accrual():
    state = fold(every_kind()).state
    assert (state.secret, state.accrual_open) == ("5" * 64, False)


def halt(on: date, reason: str = "safety") -> Any:
    return event("accrual_halted", effective=on, reason=reason)


def resume(on: date) -> Any:
    return event("accrual_resumed", effective=on)


HALTS = [
    ([halt(day(2))], ("safety", day(2))),
    ([halt(day(2)), resume(day(3))], (None, None)),
    ([halt(day(2)), resume(day(2))], (None, None)),
    ([resume(day(2)), halt(day(2))], ("safety", day(2))),
    ([halt(day(2)), resume(day(3)), halt(day(4), "supply")], ("supply", day(4))),
    ([halt(day(4), "supply"), halt(day(2)), resume(day(3))], ("supply", day(4))),
]


@pytest.mark.parametrize(("events", "expected"), HALTS)
def test_accrual_is_halted_or_open_as_things_happened_not_as_they_were_entered(events, expected):
    state = folded(event("study_activated", None, FIRST), *events).state
    assert (state.halted_because, state.halted_since) == expected
    assert state.accrual_open == (expected == (None, None))


def test_a_site_is_text():
    with pytest.raises(RecordError, match="A site must be text, not 3"):
        folded(event("study_activated", None, {**FIRST, "sites": [3]}))


def test_allocations_stand_in_order_and_are_counted_by_stratum_and_arm():
    given = [("S-1", "x", "A"), ("S-2", "y", "B"), ("S-3", "x", "A"), ("S-4", "x", "B")]
    history = folded(
        *(
            event("randomized", who, {**ALLOCATED, "stratum": stratum, "arm": arm, "levels": {"hr": stratum}})
            for who, stratum, arm in given
        )
    )
    assert [(one.subject, one.stratum, one.arm) for one in history.allocations] == given
    assert history.counts == {"x": {"A": 2, "B": 1}, "y": {"B": 1}}
    assert history.allocations[0].levels == {"hr": "x"}


# ---- growing -----------------------------------------------------------------------------------


def test_a_history_can_be_extended_in_two_ways_and_stays_as_it_was():
    base = folded(facts("S-1"))
    left = base.extend(append(base, [facts("S-2")], by=BY, at=AT + timedelta(hours=1)))
    right = base.extend(append(base, [event("randomized", "S-1", ALLOCATED)], by=BY, at=AT + timedelta(hours=2)))
    assert (base.subjects, base.allocations, base.counts) == (("S-1",), (), {})
    assert (left.subjects, len(left.allocations)) == (("S-1", "S-2"), 0)
    assert (right.subjects, len(right.allocations)) == (("S-1",), 1)


def test_a_history_travels_between_processes():
    history = fold(every_kind())
    assert pickle.loads(pickle.dumps(history.entries)) == history.entries


def test_entries_that_do_not_follow_are_refused():
    entries = every_kind()
    history = fold(entries[:3])
    for wrong, what in [
        (entries[4], "Entry 4 must stand here, not 5: one entry is missing"),
        (entries[2], "not 3, which is repeated or out of order"),
        (changed(entries[:4], 1, by=BY, body={**FIRST, "x": 1})[3], "previous hash is not the hash"),
    ]:
        with pytest.raises(RecordError, match=what):
            history.extend([wrong])
    with pytest.raises(RecordError, match='It belongs to "two-arm-trial", not to "another"'):
        fold(entries, "another")


def test_entries_are_found_by_their_number():
    history, last = fold(every_kind()), len(every_kind())
    assert [entry and entry.seq for entry in map(history.entry, (0, 1, last, last + 1))] == [None, 1, last, None]


def test_a_long_sequence_of_entries_behaves_like_a_list():
    (entry,) = entries_of(facts("S-1"))
    sequence, plain = Entries(), []
    for size in (1, 254, 1, 1, 600, 0, 167):
        sequence, plain = sequence.extended([entry] * size), plain + [entry] * size
        assert list(sequence) == plain
        assert len(sequence) == len(plain)
    assert sequence[-1] is sequence[0] is sequence[256] is sequence[len(plain) - 1] is entry
    assert sequence[250:260] == plain[250:260]
    for index in (len(plain), -len(plain) - 1):
        with pytest.raises(IndexError, match="no entry at"):
            sequence[index]


# ---- two times ---------------------------------------------------------------------------------

MOVED = entries_of(
    event("consented", "S-1", CONSENT, effective=day(2)),  # recorded at 12:00
    facts("S-1", "early", effective=day(3)),  # 12:01
    event("consented", "S-1", CONSENT, effective=day(20), corrects=1, reason="misread"),  # 12:02
    facts("S-2", "late", effective=day(25)),  # 12:03
)
CUTS = [
    (None, None, [1, 2, 3, 4]),
    (day(1), None, []),
    (day(2), None, []),  # as is known now, the consent was given on the 20th
    (day(2), 1, [1]),  # as was known then, on the 2nd
    (day(3), None, [2]),
    (day(19), None, [2]),
    (day(20), None, [1, 2, 3]),
    (day(25), None, [1, 2, 3, 4]),
    (None, -1, []),
    (None, 0, [1]),
    (None, 2, [1, 2, 3]),
    (day(19), 2, [2]),
    (day(25), 2, [1, 2, 3]),
]


@pytest.mark.parametrize(("effective", "minute", "kept"), CUTS)
def test_a_cut_keeps_what_was_recorded_by_then_about_what_had_happened_by_then(effective, minute, kept):
    recorded = None if minute is None else AT + timedelta(minutes=minute)
    cut = fold(MOVED).as_of(effective, recorded)
    assert [entry.seq for entry in cut.entries] == kept
    assert cut.complete == (kept == list(range(1, len(kept) + 1)))
    assert [entry and entry.seq for entry in map(cut.entry, range(1, 5))] == [
        seq if seq in kept else None for seq in range(1, 5)
    ]


def test_a_cut_with_holes_cannot_be_extended_or_appended_to():
    cut = fold(MOVED).as_of(day(3))
    with pytest.raises(RecordError, match="cut of a record cannot be extended"):
        cut.extend([])
    with pytest.raises(RecordError, match="cut of a record cannot be extended"):
        append(cut, [], by=BY, at=AT)


def test_a_cut_takes_moments_in_any_zone_and_refuses_those_without():
    history = fold(MOVED)
    paris = datetime.fromisoformat("2026-03-02T13:00:00+01:00")
    assert history.as_of(recorded_cut=paris) == history.as_of(recorded_cut=AT) != history
    with pytest.raises(RecordError, match="no time zone"):
        history.as_of(recorded_cut=AT.replace(tzinfo=None))


def test_a_cut_folds_the_study_too():
    history = fold(every_kind())
    assert history.as_of(recorded_cut=AT + timedelta(minutes=11)).state.halted_because == "Interim analysis."
    assert history.as_of(recorded_cut=datetime(2026, 3, 2, 12, 8, tzinfo=UTC)).counts == {"hr=positive": {"A": 1}}
    assert history.as_of(recorded_cut=AT + timedelta(minutes=7)).counts == {}
