"""Verification: each way to tamper with a record is found and located."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from evenhand.record import Entry, RecordError, altered, dump, fold, loads, verify
from tests.record_samples import ALLOCATED, AT, chained, changed, entries_of, every_kind, facts

ENTRIES = every_kind()
LAST = len(ENTRIES)
TEXT = dump(ENTRIES)
LINES = TEXT.splitlines(keepends=True)


def found(record: bytes | list[Entry], **options: Any) -> list[tuple[int | None, int | None, str]]:
    return [(finding.line, finding.seq, finding.what) for finding in verify(record, **options)]


def test_a_record_as_it_was_written_has_no_findings():
    assert verify(TEXT) == verify(ENTRIES) == verify(b"") == verify([]) == []
    assert verify(TEXT, expected_head=ENTRIES[-1].hash) == []


NOT_WRITTEN = "Its content is not what its hash was computed from."
NOT_LINKED = "Its previous hash is not the hash of the entry before it."
LOST = "It corrects entry 4, which is not among the earlier ones."
MISSING = "Entry 5 must stand here, not 6: one entry is missing."

# What was done, the lines after it, and what is found: line, number of the entry, words.
TAMPERED: list[tuple[str, list[bytes], list[tuple[int | None, int | None, str]]]] = [
    ("removed", LINES[:4] + LINES[5:], [(5, 6, MISSING)]),
    (
        "two removed",
        LINES[:4] + LINES[6:],
        [(5, 7, "Entry 5 must stand here, not 7: 2 entries are missing.")],
    ),
    ("first removed", LINES[1:], [(1, 2, "Entry 1 must stand here, not 2: one entry is missing.")]),
    (
        "repeated",
        LINES[:5] + LINES[4:],
        [(6, 5, "Entry 6 must stand here, not 5, which is repeated or out of order.")],
    ),
    (
        "swapped",
        [*LINES[:4], LINES[5], LINES[4], *LINES[6:]],
        [
            (5, 6, MISSING),
            (6, 5, "Entry 7 must stand here, not 5, which is repeated or out of order."),
            (6, 5, "It was recorded at 2026-03-02 12:04:00+00:00, before the entry it follows"),
            (7, 7, "Entry 6 must stand here, not 7: one entry is missing."),
        ],
    ),
    ("changed", [*LINES[:3], LINES[3].replace(b"1.8", b"1.9"), *LINES[4:]], [(4, 4, NOT_WRITTEN)]),
    (
        "hash changed",
        [*LINES[:3], LINES[3].replace(ENTRIES[3].hash.encode(), b"0" * 64), *LINES[4:]],
        [(4, 4, NOT_WRITTEN), (5, 5, NOT_LINKED)],
    ),
    (
        "changed and its own hash renewed",
        [*LINES[:3], dump(changed(ENTRIES, 4, body={"facts": []})[3:4]), *LINES[4:]],
        [(5, 5, NOT_LINKED)],
    ),
    (
        "spaced",
        [*LINES[:3], LINES[3].replace(b":", b": ", 1), *LINES[4:]],
        [(4, None, "not canonical"), (5, 5, LOST)],
    ),
    ("an empty line", [*LINES[:3], b"\n", *LINES[3:]], [(4, None, "It is not JSON")]),
    ("not JSON", [*LINES[:3], b"{\n", *LINES[4:]], [(4, None, "It is not JSON"), (5, 5, LOST)]),
    ("cut short", [*LINES[:-1], LINES[-1][:-9]], [(LAST, None, "cut short")]),
    ("line end missing", [*LINES[:-1], LINES[-1][:-1]], [(LAST, None, "cut short")]),
    ("the first unreadable", [b"?\n", *LINES[1:]], [(1, None, "It is not JSON")]),
]


@pytest.mark.parametrize(("name", "lines", "expected"), TAMPERED)
def test_tampering_with_the_text_is_found_where_it_was_done_and_little_else(name, lines, expected):
    findings = found(b"".join(lines))
    assert len(findings) == len(expected), findings
    for (line, seq, what), (expected_line, expected_seq, words) in zip(findings, expected, strict=True):
        assert (line, seq) == (expected_line, expected_seq)
        assert words in what


@pytest.mark.parametrize(("name", "lines", "expected"), TAMPERED)
def test_tampered_text_does_not_fold_or_does_so_only_because_no_hash_is_recomputed(name, lines, expected):
    try:
        fold(loads(b"".join(lines)))
    except RecordError as error:
        assert str(error)
    else:
        assert expected[0][2] == NOT_WRITTEN


def test_another_record_s_entry_slipped_in_is_found():
    foreign = entries_of(*[facts("S-9")] * LAST)
    findings = found(ENTRIES[:4] + foreign[4:5] + ENTRIES[5:])
    assert findings == [(5, 5, NOT_LINKED), (6, 6, NOT_LINKED)]


def test_a_cut_off_end_is_seen_only_by_who_kept_the_hash_of_the_last_entry():
    shorter = b"".join(LINES[:-2])
    assert verify(shorter) == []
    (finding,) = verify(shorter, expected_head=ENTRIES[-1].hash)
    assert (finding.seq, finding.line) == (LAST - 2, None)
    assert ENTRIES[-1].hash in finding.what
    assert verify(b"", expected_head=ENTRIES[-1].hash)[0].what.startswith("The record ends with the hash None")


def test_a_record_written_anew_from_some_entry_on_is_seen_by_its_head():
    forged = changed(ENTRIES, 4, body={"facts": ["forged"]})
    assert verify(forged) == []
    assert [finding.seq for finding in verify(forged, expected_head=ENTRIES[-1].hash)] == [LAST]


def _without_signature(entry: Entry) -> dict[str, Any]:
    assert entry.signature is not None
    return {"signature": dataclasses.replace(entry.signature, digest="0" * 64)}


# What a forger who recomputes every hash cannot hide: the number of the entry, its fields, what is found.
FORGED: list[tuple[int, dict[str, Any], str]] = [
    (4, {"kind": "imagined"}, 'The kind "imagined" is not known.'),
    (4, {"version": 2}, "Version 2 of the kind"),
    (4, {"subject": None}, "must be about a subject"),
    (2, {"subject": "S-1"}, "must be about no subject"),
    (4, {"body": {}}, 'its body lacks "facts"'),
    (4, {"study": "another-trial"}, 'It belongs to the study "another-trial"'),
    (4, {"recorded_at": AT}, "before the entry it follows"),
    (4, {"effective": AT.date() + timedelta(days=2)}, "lies after the time of recording"),
    (5, {"reason": None}, "A correction needs a reason."),
    (5, {"corrects": 5}, "entry 5, which is not among the earlier ones"),
    (5, {"corrects": 77}, "entry 77, which is not among the earlier ones"),
    (5, {"corrects": 3}, "about S-2, but corrects entry 3"),
    (12, {"reason": None}, "It gives no reason."),
    (6, _without_signature(ENTRIES[5]), "Its signature is not of this body."),
    (6, {"body": {**ENTRIES[5].body, "answer": "no"}}, "Its signature is not of this body."),
    (10, {"kind": "randomized", "subject": "S-1", "body": ALLOCATED}, "S-1 is randomized already."),
]


@pytest.mark.parametrize(("seq", "fields", "what"), FORGED)
def test_rules_are_checked_even_where_every_hash_is_right(seq, fields, what):
    forged = changed(ENTRIES, seq, **fields)
    for record in (forged, dump(forged)):
        findings = found(record)
        assert (seq, seq) == findings[0][:2]
        assert any(what in words for _, at, words in findings if at == seq)


def test_a_forged_allocation_is_found_and_does_not_fold():
    correction = dataclasses.replace(
        ENTRIES[8],
        body={**ALLOCATED, "arm": "B"},
        corrects=9,
        reason="nicer",
        recorded_at=AT + timedelta(days=1),
    )
    forged = chained([*ENTRIES, correction])
    assert "It changes arm of entry 9 (randomized of S-1)" in verify(forged)[0].what
    with pytest.raises(RecordError, match="It changes arm of entry 9"):
        fold(forged)


def test_entries_whose_stored_form_is_not_exact_are_found():
    (finding,) = verify([dataclasses.replace(ENTRIES[0], body={**ENTRIES[0].body, "size": 1.8})])
    assert (finding.line, finding.seq) == (1, None)
    assert "$.body.size: 1.8 is a float" in finding.what


def test_a_day_that_has_begun_somewhere_on_earth_is_not_in_the_future():
    (entry,) = entries_of(facts("S-1"))
    tomorrow = entry.effective + timedelta(days=1)
    early = changed([entry], 1, effective=tomorrow, recorded_at=AT.replace(hour=9, minute=59))
    begun = changed([entry], 1, effective=tomorrow, recorded_at=AT.replace(hour=10))
    assert ["lies after" in what for _, _, what in found(early)] == [True]
    assert found(begun) == []


def whole(text: bytes) -> bool:
    """Whether reading, folding and looking for what was altered find nothing: what a report asks of a record."""
    try:
        entries = loads(text)
        fold(entries, ENTRIES[0].study)
    except RecordError:
        return False
    return altered(entries) is None


@pytest.mark.parametrize(("what", "lines", "expected"), TAMPERED, ids=[one[0] for one in TAMPERED])
def test_reading_folding_and_what_was_altered_find_what_verification_finds(what, lines, expected):
    assert whole(TEXT)
    assert whole(b"".join(lines)) is (not verify(b"".join(lines)))


def test_what_was_altered_is_located():
    entries = loads(b"".join([*LINES[:3], LINES[3].replace(b"1.8", b"1.9"), *LINES[4:]]))
    first = altered(entries)
    assert first is not None and (first.line, first.seq, first.what) == (4, 4, NOT_WRITTEN)
