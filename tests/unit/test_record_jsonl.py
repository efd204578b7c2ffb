"""A record as text: exact positions of damage, and appending that never rewrites."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from evenhand.record import (
    Entry,
    RecordError,
    append,
    append_to,
    dump,
    entry_from_json,
    entry_json,
    fold,
    loads,
    parse_line,
    read,
    verify,
)
from tests.record_samples import AT, BY, entries_of, event, every_kind, facts

LINE = dump(entries_of(facts("S-1", "é", "x")))[:-1]


def test_a_record_reads_back_as_it_was_written():
    assert loads(dump(every_kind())) == every_kind()
    assert loads(b"") == []
    assert [entry_from_json(entry_json(entry)) for entry in every_kind()] == every_kind()


def test_a_line_is_canonical_json_with_every_field():
    value = json.loads(LINE)
    assert list(value) == sorted(field.name for field in dataclasses.fields(Entry))
    assert value["recorded_at"] == "2026-03-02T12:00:00Z"
    assert value["effective"] == "2026-03-02"
    assert json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == LINE


def test_microseconds_survive():
    at = AT + timedelta(microseconds=1)
    (entry,) = entries_of(facts("S-1"), at=at)
    assert loads(dump([entry]))[0].recorded_at == at
    assert b'"2026-03-02T12:00:00.000001Z"' in dump([entry])


def column(old: bytes) -> int:
    """The column, in characters from 1, at which ``old`` begins in the sample line."""
    return len(LINE[: LINE.index(old)].decode()) + 1


def with_(old: bytes, new: bytes) -> bytes:
    assert LINE.count(old) == 1
    return LINE.replace(old, new)


DAMAGED = [
    (b"", 1, "not JSON"),
    (b"[]", 1, "must be a JSON object"),
    (b"\xef\xbb\xbf" + LINE, 1, "not JSON"),
    (LINE + b"}", len(LINE.decode()) + 1, "not JSON"),
    (LINE + b"\r", len(LINE.decode()) + 1, "not canonical"),
    (LINE[:-1], len(LINE.decode()), "not JSON"),
    (with_("é".encode(), b"\xff"), column("é".encode()), "not JSON"),
    (with_("é".encode(), b"\\u00e9"), column("é".encode()), "not canonical"),
    (with_(b'"x"', b' "x"'), column(b'"x"'), "not canonical"),
    (with_(b'"x"', b'"x'), None, "not JSON"),
    (with_(b'"x"', b"NaN"), column(b'"x"'), "not JSON"),
    (with_(b'"x"', b"1.5"), column(b'"x"'), "holds a float"),
    (with_(b'"x"', b"1e400"), column(b'"x"'), "not JSON"),
    (with_(b'"x"', b"18446744073709551616"), column(b'"x"') + 1, "not canonical"),
    (with_(b'"x"', b"-0"), column(b'"x"'), "not canonical"),
    (with_(b'"kind":', b'"kind":"twice","kind":'), column(b"facts_recorded"), "not canonical"),
    (with_(b'"seq":1', b'"seq":0'), column(b'"seq":1'), '"seq" must be a whole number from 1, not 0'),
    (with_(b'"seq":1', b'"seq":true'), column(b'"seq":1'), "not True"),
    (with_(b'"seq":1', b'"sequel":1'), column(b'"seq":1'), '"seq" is missing'),
    (with_(b'"version":1', b'"version":1,"xtra":1'), len(LINE.decode()) + 1, '"xtra" is not known'),
    (with_(b'"2026-03-02"', b'"20260302"'), column(b'"effective"'), "must be a day"),
    (with_(b'"2026-03-02"', b'"2026-02-30"'), column(b'"effective"'), "must be a day"),
    (with_(b"12:00:00Z", b"12:00:00+00:00"), column(b'"recorded_at"'), "must be a time"),
    (with_(b"12:00:00Z", b"12:00:00+02:00Z"), column(b'"recorded_at"'), "must be a time"),
    (with_(b"12:00:00Z", b"12:00:00.0Z"), column(b'"recorded_at"'), "must be a time"),
    (with_(b'"role":"coordinator",', b""), column(b'"by"'), '"role" is missing'),
    (with_(b'"user":"user-17"', b'"user":""'), column(b'"by"'), '"user" must be text'),
    (with_(b'"signature":null', b'"signature":{}'), column(b'"signature"'), '"digest" is missing'),
    (with_(b'"signature":null', b'"signature":[]'), column(b'"signature"'), "must be an object"),
    (with_(b'"corrects":null', b'"corrects":"1"'), column(b'"corrects"'), "must be a whole number"),
    (with_(b'"x"', b"[" * 2000 + b"]" * 2000), None, "not JSON"),
    (with_(b'"x"', b"[" * 400 + b"]" * 400), 1, "not canonical"),
]


@pytest.mark.parametrize(("line", "at", "what"), DAMAGED)
def test_a_damaged_line_is_refused_with_line_and_column(line, at, what):
    good = dump(every_kind())
    with pytest.raises(RecordError, match=what) as caught:
        loads(good + line + b"\n" + LINE + b"\n", "trial.jsonl")
    assert caught.value.line == len(every_kind()) + 1
    assert at is None or caught.value.column == at
    assert str(caught.value).startswith(f"trial.jsonl, line {len(every_kind()) + 1}, column {caught.value.column}: ")
    assert caught.value.mend


def test_text_that_looks_like_a_float_is_text():
    (entry,) = entries_of(facts("S-1", ",1.5", {":2.5e3": '\\",3.5'}))
    assert parse_line(dump([entry])[:-1], 1) == entry


def test_a_last_line_cut_short_is_found_at_every_byte():
    text = dump(every_kind())
    start = text[:-1].rindex(b"\n") + 1
    for cut in range(start + 1, len(text)):
        with pytest.raises(RecordError, match="cut short") as caught:
            loads(text[:cut])
        assert caught.value.line == len(every_kind())
        assert f"first {start} bytes" in caught.value.mend
        assert "cut short" in verify(text[:cut])[0].what
    assert loads(text[:start]) == every_kind()[:-1]


def test_appending_to_a_file_only_ever_adds_lines(tmp_path):
    path, entries = tmp_path / "trial.jsonl", every_kind()
    append_to(path, None, entries[:1])
    append_to(path, entries[0], entries[1:9])
    before = path.read_bytes()
    append_to(path, entries[8], [])
    append_to(path, entries[8], entries[9:])
    assert path.read_bytes().startswith(before)
    assert path.read_bytes() == dump(entries)
    assert read(path) == entries


def test_an_empty_file_is_an_empty_record(tmp_path):
    path = tmp_path / "trial.jsonl"
    path.touch()
    assert read(path) == []
    append_to(path, None, every_kind())
    assert read(path) == every_kind()


ENTRIES = every_kind()
OTHER_ENDS = [
    ("longer than expected", dump(ENTRIES[:6]), ENTRIES[4], ENTRIES[5:7]),
    ("shorter than expected", dump(ENTRIES[:4]), ENTRIES[4], ENTRIES[5:7]),
    ("not empty", dump(ENTRIES[:1]), None, ENTRIES[:1]),
    ("empty", b"", ENTRIES[0], ENTRIES[1:2]),
    ("cut short", dump(ENTRIES[:5])[:-1], ENTRIES[4], ENTRIES[5:7]),
    ("half a line more", dump(ENTRIES[:5]) + b'{"bo', ENTRIES[4], ENTRIES[5:7]),
    ("tail inside another line", b"x" + dump(ENTRIES[:1]), ENTRIES[0], ENTRIES[1:2]),
    ("changed tail", dump(ENTRIES[:5]).replace(b"8.1", b"8.2"), ENTRIES[4], ENTRIES[5:7]),
]


@pytest.mark.parametrize(("name", "text", "tail", "more"), OTHER_ENDS)
def test_a_file_that_ends_otherwise_is_not_appended_to(tmp_path, name, text, tail, more):
    path = tmp_path / "trial.jsonl"
    path.write_bytes(text)
    with pytest.raises(RecordError, match="does not end as expected"):
        append_to(path, tail, more)
    assert path.read_bytes() == text


def test_entries_that_do_not_follow_the_tail_are_not_written(tmp_path):
    path = tmp_path / "trial.jsonl"
    append_to(path, None, ENTRIES[:3])
    with pytest.raises(RecordError, match="Entry 4 must stand here, not 5: one entry is missing"):
        append_to(path, ENTRIES[2], ENTRIES[4:6])
    with pytest.raises(RecordError, match="Entry 5 must stand here, not 6"):
        append_to(path, ENTRIES[2], [ENTRIES[3], ENTRIES[5]])
    assert read(path) == ENTRIES[:3]


def test_of_writers_who_append_at_once_after_one_tail_exactly_one_succeeds(tmp_path):
    path = tmp_path / "trial.jsonl"
    append_to(path, None, ENTRIES[:1])
    rivals = [append(fold(ENTRIES[:1]), [facts(f"S-{n}")], by=BY, at=AT) for n in range(16)]

    def attempt(entries: list[Entry]) -> bool:
        try:
            append_to(path, ENTRIES[0], entries)
        except RecordError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        succeeded = list(pool.map(attempt, rivals))
    assert sum(succeeded) == 1
    assert read(path) == [ENTRIES[0], *rivals[succeeded.index(True)]]


def test_a_crash_while_writing_leaves_what_was_acknowledged_and_is_never_silently_wrong():
    """Every length that a file can have after a crash in the second of two appends."""
    acknowledged, text = dump(ENTRIES[:4]), dump(ENTRIES[:8])
    for cut in range(len(acknowledged), len(text) + 1):
        left = text[:cut]
        if left.endswith(b"\n"):
            history = fold(loads(left))
            assert 4 <= len(history.entries) == left.count(b"\n")
            assert verify(left) == []
        else:
            assert [finding.line for finding in verify(left)] == [left.count(b"\n") + 1]


def test_reading_a_record_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.jsonl")


def test_what_is_no_object_is_no_entry():
    with pytest.raises(RecordError, match="must be a JSON object"):
        entry_from_json([])


def test_an_entry_names_itself_for_people():
    with_subject, without = entries_of(facts("S-1"), event("accrual_resumed"))
    assert (str(with_subject), str(without)) == (
        "entry 1 (facts_recorded of S-1)",
        "entry 2 (accrual_resumed)",
    )
