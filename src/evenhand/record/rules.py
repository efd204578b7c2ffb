"""What every entry must obey. One list of rules, for all who ask: ``append``, the fold and ``verify``."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from evenhand.record.canonical import dumps
from evenhand.record.entry import START, Entry, entry_hash
from evenhand.record.errors import RecordError
from evenhand.record.kinds import Body, Kind, Kinds

_FIRST_HOUR_OF_TOMORROW = 10  # at 10:00 UTC the next day begins where the day begins first, at UTC+14


class Fault(NamedTuple):
    """A broken rule: what is wrong with an entry, and how to mend it."""

    what: str
    mend: str


class Past(Protocol):
    """What the rules ask about the entries before the one at hand."""

    def entry(self, seq: int) -> Entry | None:
        """The earlier entry of this number."""
        ...

    def has(self, kind: str, subject: str | None) -> bool:
        """Whether an earlier entry of this kind, corrections aside, is about this subject."""
        ...


_TAMPERED = "Restore the record from a copy: this cannot happen by appending."


def place_faults(entry: Entry, last: Entry | None) -> Iterator[Fault]:
    """Does ``entry`` follow ``last`` (None: is it the first)? Study, number, link and time."""
    expected = last.seq + 1 if last else 1
    if last and entry.study != last.study:
        yield Fault(f'It belongs to the study "{entry.study}", those before it to "{last.study}".', _TAMPERED)
    if entry.seq != expected:
        yield Fault(f"Entry {expected} must stand here, not {_order(entry.seq, expected)}.", _TAMPERED)
    elif entry.previous != (last.hash if last else START):
        yield Fault("Its previous hash is not the hash of the entry before it.", _TAMPERED)
    if last and entry.recorded_at < last.recorded_at:
        yield Fault(
            f"It was recorded at {entry.recorded_at}, before the entry it follows ({last.recorded_at}).",
            "Check the clock of the machine that records.",
        )


def _order(seq: int, expected: int) -> str:
    if seq < expected:
        return f"{seq}, which is repeated or out of order"
    return f"{seq}: {'one entry is' if seq == expected + 1 else f'{seq - expected} entries are'} missing"


def hash_faults(entry: Entry) -> Iterator[Fault]:
    """Is the entry what was written?"""
    if entry.hash != entry_hash(entry):
        yield Fault("Its content is not what its hash was computed from.", _TAMPERED)


def signature_faults(entry: Entry) -> Iterator[Fault]:
    """Is the body of the entry what was signed, where it is signed?"""
    if entry.signature and entry.signature.digest != hashlib.sha256(dumps(entry.body)).hexdigest():
        yield Fault("Its signature is not of this body.", "Have exactly this body signed.")


def content_faults(entry: Entry, past: Past, kinds: Kinds) -> Iterator[Fault]:
    """Is the entry well formed as one of its kind, and, as a correction, allowed?"""
    try:
        kind = kinds[entry.kind]
        body = kinds.current(entry.kind, entry.version, entry.body)
    except RecordError as error:
        yield Fault(error.what, error.mend)
        return
    if (entry.subject is None) != (kind.about == "study"):
        yield Fault(f"It must be about {'no' if kind.about == 'study' else 'a'} subject.", "Set or drop the subject.")
    if fault := kind.body_fault(body):
        yield Fault(f"As {kind.name}, {fault}.", "Complete the body.")
    if kind.needs_reason and not entry.reason:
        yield Fault("It gives no reason.", "Give one.")
    yield from _time_faults(entry)
    if entry.corrects is not None:
        yield from _correction_faults(entry, body, past.entry(entry.corrects), kind, kinds)
    elif kind.once and past.has(entry.kind, entry.subject):
        yield Fault(f"{entry.subject or 'The study'} is {kind.name} already.", "Correct the first entry, if at all.")


def _time_faults(entry: Entry) -> Iterator[Fault]:
    """The record keeps no time zone, so a day is in the future only when it has begun nowhere on Earth."""
    today = entry.recorded_at.toordinal() + (entry.recorded_at.hour >= _FIRST_HOUR_OF_TOMORROW)
    if entry.effective.toordinal() > today:
        yield Fault(
            f"Its day, {entry.effective}, lies after the time of recording, {entry.recorded_at}.",
            "Record it once it has happened.",
        )
    if entry.signature and entry.signature.signed_at > entry.recorded_at:
        yield Fault("Its signature was given after the time of recording.", "Check the clocks.")


def _correction_faults(entry: Entry, body: Body, corrected: Entry | None, kind: Kind, kinds: Kinds) -> Iterator[Fault]:
    if not entry.reason:
        yield Fault("A correction needs a reason.", "Say why the earlier entry is wrong.")
    if corrected is None:
        yield Fault(f"It corrects entry {entry.corrects}, which is not among the earlier ones.", "Name the right one.")
        return
    if corrected.subject != entry.subject:
        yield Fault(f"It is about {entry.subject}, but corrects {corrected}.", "A correction keeps the subject.")
        return
    if corrected.kind != entry.kind:
        yield Fault(f"It is of kind {entry.kind}, but corrects {corrected}.", "A correction keeps the kind.")
        return
    if kind.correctable is not None:
        yield from _fixed_faults(entry, body, corrected, kind.correctable, kinds)
    before = kinds.current(corrected.kind, corrected.version, corrected.body) if kind.fixed else body
    if moved := sorted(key for key in kind.fixed if key in before.keys() | body.keys() and _differ(before, body, key)):
        yield Fault(f"It changes {', '.join(moved)} of {corrected}, which a correction keeps.", "Record it anew.")


def _fixed_faults(
    entry: Entry, body: Body, corrected: Entry, correctable: frozenset[str], kinds: Kinds
) -> Iterator[Fault]:
    before = kinds.current(corrected.kind, corrected.version, corrected.body)
    changed = sorted(key for key in (before.keys() | body.keys()) - correctable if _differ(before, body, key)) + (
        ["the effective day"] if entry.effective != corrected.effective else []
    )
    if changed:
        yield Fault(
            f"It changes {', '.join(changed)} of {corrected}, which nothing may change.",
            f"A correction of {entry.kind} may change only: {', '.join(sorted(correctable))}.",
        )


def _differ(before: Body, after: Body, key: str) -> bool:
    """Compared by canonical bytes: for Python, True equals 1."""
    return (key in before) != (key in after) or dumps(before[key]) != dumps(after[key])
