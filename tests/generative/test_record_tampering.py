"""Whatever byte of whatever record is touched, verify finds it and names the line."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from evenhand.record import Entry, RecordError, dump, fold, loads, verify
from tests.record_samples import every_kind, records

TELLING = b'\n\r \t"{}[],:\\0159.eE-Ztfnu\x00\xc3\xff'
BYTES = st.sampled_from(TELLING) | st.integers(0, 255)
SOME = records(max_entries=6).filter(bool)


@st.composite
def tampered(draw: st.DrawFn) -> tuple[bytes, bytes, int]:
    """A record's text, the text once a byte was changed, taken away or added, and the line of that byte."""
    text = dump(draw(SOME | st.just(every_kind())))
    at = draw(st.integers(0, len(text) - 1))
    line = text[:at].count(b"\n") + 1
    byte = bytes([draw(BYTES)])
    changes = {
        "replace": text[:at] + byte + text[at + 1 :],
        "delete": text[:at] + text[at + 1 :],
        "insert": text[:at] + byte + text[at:],
        "append": text + byte,
    }
    how = draw(st.sampled_from(sorted(changes)))
    return text, changes[how], line if how != "append" else text.count(b"\n") + 1


@given(tampered())
def test_one_changed_byte_is_found_in_its_line_or_the_next(case: tuple[bytes, bytes, int]) -> None:
    text, changed, line = case
    if changed == text:
        assert verify(changed) == []
        return
    findings = verify(changed)
    assert findings
    assert findings[0].line in (line, line + 1)


def test_every_single_byte_of_one_record_is_guarded() -> None:
    text = dump(every_kind()[3:6])  # what stands before these is missed once, in the first line
    start = verify(text)
    for at, byte in enumerate(text):
        line = text[:at].count(b"\n") + 1
        for other in (text[:at] + text[at + 1 :], text[:at] + bytes([byte ^ 1]) + text[at + 1 :]):
            new = [finding for finding in verify(other) if finding not in start]
            assert new, (at, other)
            assert new[0].line in (line, line + 1)


@given(SOME, st.data())
def test_removed_repeated_and_swapped_lines_are_found(record: list[Entry], data: st.DataObject) -> None:
    lines = dump(record).splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    to = data.draw(st.integers(0, len(lines) - 1))
    repeated = [*lines[: at + 1], *lines[at:]]
    assert verify(b"".join(repeated))[0].line == at + 2
    removed = lines[:at] + lines[at + 1 :]
    if at < len(lines) - 1:
        assert verify(b"".join(removed))[0].line == at + 1
    assert verify(b"".join(removed), expected_head=record[-1].hash)
    if at != to:
        lines[at], lines[to] = lines[to], lines[at]
        assert verify(b"".join(lines))[0].line == min(at, to) + 1


@given(records(), st.data())
@example([], None)
def test_a_record_cut_at_any_byte_is_whole_lines_or_is_refused(record: list[Entry], data: st.DataObject | None) -> None:
    text = dump(record)
    cut = data.draw(st.integers(0, len(text))) if data else 0
    left = text[:cut]
    try:
        entries = loads(left)
    except RecordError as error:
        assert error.line == left.count(b"\n") + 1
        assert [finding.line for finding in verify(left)] == [error.line]
    else:
        assert entries == record[: len(entries)]
        assert fold(entries, "two-arm-trial").complete
