"""A record as text: one canonical JSON object a line, each line ended by a line feed, and only ever appended
to.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import orjson

from evenhand.record.canonical import JSON, dumps, float_at
from evenhand.record.entry import Entry, entry_line
from evenhand.record.errors import RecordError
from evenhand.record.parse import FieldError, entry_from_json
from evenhand.record.rules import place_faults

_RESTORE = "Restore the line from a copy of the record."


def parse_line(line: bytes, number: int) -> Entry:
    """The entry of one line (without its line end), the ``number``-th of its file.

    Raises RecordError with line and column when the bytes are not UTF-8 or not JSON, are not the canonical
    form of what they say (so that a key given twice, a space or a needless escape is seen), hold a float, or
    are no entry.
    """
    try:
        value: JSON = orjson.loads(line)
        again = dumps(value)
    except orjson.JSONDecodeError as error:
        raise _damaged(f"It is not JSON: {error.msg}.", number, _syntax_column(line, error)) from error
    except orjson.JSONEncodeError as error:
        raise _damaged(f"It is not canonical JSON: {error}.", number, 1) from error
    if again != line:
        at = next((i for i, pair in enumerate(zip(again, line, strict=False)) if pair[0] != pair[1]), len(again))
        raise _damaged("It is not canonical JSON from here on.", number, _characters(line[:at]) + 1)
    if (start := float_at(line)) is not None:
        what = "It holds a float; a record has whole numbers and text."
        raise _damaged(what, number, _characters(line[:start]) + 1)
    if not isinstance(value, dict):
        raise _damaged("An entry must be a JSON object.", number, 1)
    try:
        return entry_from_json(value)
    except FieldError as error:
        raise _damaged(error.what, number, _field_column(value, error.field)) from error


def _damaged(what: str, line: int, column: int) -> RecordError:
    return RecordError(what, mend=_RESTORE, line=line, column=column)


def _characters(line: bytes) -> int:
    return len(line.decode("utf-8", errors="replace"))


def _syntax_column(line: bytes, error: orjson.JSONDecodeError) -> int:
    """Where reading stopped; for bytes that are not UTF-8 the parser does not say where they begin."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError as undecodable:
        return _characters(line[: undecodable.start]) + 1
    return error.colno


def _field_column(value: dict[str, JSON], name: str) -> int:
    """Where the field begins in a canonical line: after all fields with smaller names."""
    before = dumps({key: item for key, item in value.items() if key < name})
    return 2 if before == b"{}" else _characters(before) + 1


def split_lines(text: bytes) -> Iterator[tuple[int, bytes | RecordError]]:
    """The numbered lines of a record without their ends; a last line that has no end becomes an error."""
    lines = text.split(b"\n")
    yield from enumerate(lines[:-1], start=1)
    if lines[-1]:
        yield (
            len(lines),
            RecordError(
                "The last line has no line end: its writing was cut short, so it was never acknowledged.",
                mend=f"Keep the first {len(text) - len(lines[-1])} bytes of the record.",
                line=len(lines),
                column=_characters(lines[-1]) + 1,
            ),
        )


def loads(text: bytes, name: str = "") -> list[Entry]:
    """All entries of a record's text, or RecordError naming the first damaged line and column (in the file
    ``name``).

    Nothing is returned of a record that is damaged or cut short anywhere. Whether the entries fit together is
    for the fold to say, and whether they are untouched for ``verify``.
    """
    entries = []
    try:
        for number, line in split_lines(text):
            if isinstance(line, RecordError):
                raise line
            entries.append(parse_line(line, number))
    except RecordError as error:
        raise RecordError(error.what, where=name, mend=error.mend, line=error.line, column=error.column) from error
    return entries


def read(path: Path) -> list[Entry]:
    """All entries of the record at ``path``. Raises RecordError as ``loads``, OSError where it cannot be
    read.
    """
    return loads(path.read_bytes(), str(path))


def dump(entries: Iterable[Entry]) -> bytes:
    """The text of a record."""
    return b"".join(entry_line(entry) + b"\n" for entry in entries)


def append_to(path: Path, tail: Entry | None, entries: Iterable[Entry]) -> None:
    """Append ``entries`` to the record at ``path``, whose last entry must be ``tail`` (None: no file, or
    empty).

    The file is only appended to, never rewritten; other writers wait; the call returns when the lines are on
    disk. After a crash the file holds every line that was acknowledged, perhaps more whole lines, and perhaps
    part of one, which ``read`` and ``verify`` report. Raises RecordError, having written nothing, when the
    file ends otherwise.
    """
    entries = list(entries)
    for last, entry in zip([tail, *entries], entries, strict=False):
        for fault in place_faults(entry, last):
            raise RecordError(fault.what, where=str(entry), mend="Make it with append, from the record as it is.")
    with path.open("ab+", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _check_tail(file, tail, path)
        text = memoryview(dump(entries))
        while text:
            text = text[file.write(text) :]
        os.fsync(file.fileno())
    if tail is None:
        _sync_folder(path.parent)


def _check_tail(file: BinaryIO, tail: Entry | None, path: Path) -> None:
    expected = b"" if tail is None else b"\n" + entry_line(tail) + b"\n"
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - len(expected)))
    found = file.read()
    if tail and size == len(expected) - 1:
        found = b"\n" + found  # the tail is the first line of the file
    if found != expected or (tail is None and size):
        ending = f"with {tail} of hash {tail.hash}" if tail else "empty"
        raise RecordError(
            f"The record does not end as expected: {ending}.",
            where=str(path),
            mend="Read it again, since somebody else may have appended to it, and check it with verify.",
        )


def _sync_folder(folder: Path) -> None:
    """A new file's name is on disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
