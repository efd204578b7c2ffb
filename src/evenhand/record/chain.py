"""Is a record what was written? Every change inside it is found and located."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evenhand.record.canonical import canonical
from evenhand.record.entry import Entry, entry_json
from evenhand.record.errors import RecordError
from evenhand.record.jsonl import parse_line, split_lines
from evenhand.record.kinds import Kinds
from evenhand.record.rules import Fault, content_faults, hash_faults, place_faults, signature_faults
from evenhand.record.trial_kinds import KINDS


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a record: at which entry and line (None where it has none), what, and how to mend
    it.

    ``line`` counts from 1: lines of the text, or places in the sequence of entries that was given.
    """

    seq: int | None
    line: int | None
    what: str
    mend: str


class _Seen:
    """What was read so far, as far as it could be read."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._having: set[tuple[str, str | None]] = set()
        self.last: Entry | None = None
        self.certain = True  # False after a line that could not be read: nobody can say what follows it

    def entry(self, seq: int) -> Entry | None:
        return self._entries.get(seq)

    def has(self, kind: str, subject: str | None) -> bool:
        return (kind, subject) in self._having

    def add(self, entry: Entry) -> None:
        self._entries.setdefault(entry.seq, entry)
        if entry.corrects is None:
            self._having.add((entry.kind, entry.subject))
        self.last, self.certain = entry, True


def verify(record: bytes | Iterable[Entry], *, expected_head: str | None = None, kinds: Kinds = KINDS) -> list[Finding]:
    """Everything wrong with a record, in order; an empty list for one that is as it was written.

    ``record`` is its text (JSONL) or its entries. Found are: bytes that were changed, added or taken away
    anywhere; entries that were removed, inserted, swapped or repeated; links, numbers and times out of order;
    entries of another study; unknown kinds; signatures under another body; corrections that are not allowed.

    One thing cannot be seen from inside: whole entries missing *at the end* (and, with them, a record that
    somebody wrote anew from some entry on, hashes and all). Keep the hash of the last entry elsewhere and
    give it as ``expected_head``; then these are found too.
    """
    seen = _Seen()
    findings = [finding for line, read in _readings(record) for finding in _judge(line, read, seen, kinds)]
    head = seen.last.hash if seen.last else None
    if expected_head is not None and head != expected_head:
        findings.append(
            Finding(
                seen.last.seq if seen.last else None,
                None,
                f"The record ends with the hash {head}, not with the expected {expected_head}.",
                "Entries at the end are missing, or were written anew. Restore the record from a copy.",
            )
        )
    return findings


def altered(entries: Iterable[Entry]) -> Finding | None:
    """The first of entries just read from a record's text that is not what was written or signed; None where all are.

    Place and content are for the fold to say (``fold``): both together find what ``verify`` finds in the text, which
    reads every line once more.
    """
    for line, entry in enumerate(entries, start=1):
        for fault in (*hash_faults(entry), *signature_faults(entry)):
            return Finding(entry.seq, line, fault.what, fault.mend)
    return None


def _readings(record: bytes | Iterable[Entry]) -> Iterator[tuple[int, Entry | RecordError]]:
    """Lines read one by one. Entries go through their written form, so that the same rules hold for them."""
    lines: Iterable[tuple[int, bytes | RecordError]]
    lines = split_lines(record) if isinstance(record, bytes) else enumerate(map(_line, record), start=1)
    for number, line in lines:
        try:
            yield number, line if isinstance(line, RecordError) else parse_line(line, number)
        except RecordError as error:
            yield number, error


def _line(entry: Entry) -> bytes | RecordError:
    try:
        return canonical(entry_json(entry))
    except RecordError as error:
        return RecordError(error.what, where=f"{entry}, {error.where}", mend=error.mend)


def _judge(line: int, read: Entry | RecordError, seen: _Seen, kinds: Kinds) -> Iterator[Finding]:
    if isinstance(read, RecordError):
        seen.certain = False
        place = f"{read.where}: " if read.where else ""
        yield Finding(None, line, f"{place}{read.what}", read.mend)
        return
    for fault in _faults(read, seen, kinds):
        yield Finding(read.seq, line, fault.what, fault.mend)
    seen.add(read)


def _faults(entry: Entry, seen: _Seen, kinds: Kinds) -> Iterator[Fault]:
    if seen.certain:
        yield from place_faults(entry, seen.last)
    yield from hash_faults(entry)
    yield from signature_faults(entry)
    yield from content_faults(entry, seen, kinds)
