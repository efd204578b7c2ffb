"""The values of the record: who, what was signed, what a step returns, what is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from evenhand.record.canonical import JSON, dumps, quick_digest
from evenhand.record.errors import RecordError

START = "0" * 64
"""What the first entry names as its previous hash. The study itself is bound by being part of every entry."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who appended an entry: the user, the role in which the user acted, and the site (None: not bound to
    one).
    """

    user: str
    role: str
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """An electronic signature: signer, moment and meaning, bound to what was signed by its digest.

    Source: 21 CFR 11.50 (name, date and time, meaning) and 11.70 (the link to the record). ``digest`` is the
    SHA-256 of the canonical JSON of the entry's body; ``signed_at`` is aware.
    """

    meaning: str
    signer: str
    signed_at: datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Event:
    """What a step returns: an entry to be. ``append`` gives it its number, its time, its author and its hash.

    ``subject`` is the pseudonym, None for what concerns the whole study; ``effective`` the day on which it
    happened. A correction names in ``corrects`` the number of the entry whose body it replaces as a whole,
    and has a ``reason``.
    """

    kind: str
    subject: str | None
    effective: date
    body: Mapping[str, JSON]
    reason: str | None = None
    corrects: int | None = None
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the record, never changed after it is written; its body is for reading only.

    ``seq`` counts from 1 without gaps. ``effective`` is when it happened, ``recorded_at`` (UTC) when it was
    entered. ``version`` is the version of the kind under which the body was written. ``previous`` is the hash
    of the entry before it, ``hash`` the SHA-256 over the canonical JSON of all other fields.
    """

    study: str
    seq: int
    kind: str
    version: int
    subject: str | None
    effective: date
    recorded_at: datetime
    by: Actor
    body: dict[str, JSON]
    reason: str | None
    corrects: int | None
    signature: Signature | None
    previous: str
    hash: str

    def __str__(self) -> str:
        return f"entry {self.seq} ({self.kind}{f' of {self.subject}' if self.subject else ''})"


def sign(body: dict[str, JSON], *, meaning: str, signer: str, at: datetime) -> Signature:
    """What ``signer`` gives at ``at`` (aware) under ``body``, which is about to be appended. Raises RecordError for a
    naive time."""
    return Signature(meaning, signer, in_utc(at), quick_digest(body))


def in_utc(at: datetime) -> datetime:
    """The same moment in UTC. Raises RecordError for a time without a time zone, which names no moment."""
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise RecordError(f"The time {at} has no time zone.", mend="Give an aware datetime, such as one in UTC.")
    return at.astimezone(UTC)


def entry_json(entry: Entry) -> dict[str, JSON]:
    """The entry as a JSON object: every field is present, null where there is none."""
    return {
        "study": entry.study,
        "seq": entry.seq,
        "kind": entry.kind,
        "version": entry.version,
        "subject": entry.subject,
        "effective": entry.effective.isoformat(),
        "recorded_at": moment_text(entry.recorded_at),
        "by": actor_json(entry.by),
        "body": entry.body,
        "reason": entry.reason,
        "corrects": entry.corrects,
        "signature": signature_json(entry.signature),
        "previous": entry.previous,
        "hash": entry.hash,
    }


def moment_text(at: datetime) -> str:
    """ISO 8601 with Z, to the microsecond where there are any: ``2026-03-04T10:11:12Z``. Raises as
    ``in_utc``.
    """
    return _utc_text(in_utc(at))


@lru_cache(1024)  # entries that are appended together, and the signatures under them, share their moment
def _utc_text(at: datetime) -> str:
    return f"{at.isoformat()[: -len('+00:00')]}Z"


def actor_json(by: Actor) -> dict[str, JSON]:
    """An actor as a JSON object."""
    return {"user": by.user, "role": by.role, "site": by.site}


def signature_json(signature: Signature | None) -> JSON:
    """A signature as a JSON object with its keys in order, null where there is none."""
    if signature is None:
        return None
    return {
        "digest": signature.digest,
        "meaning": signature.meaning,
        "signed_at": moment_text(signature.signed_at),
        "signer": signature.signer,
    }


def entry_line(entry: Entry) -> bytes:
    """The entry's line in the JSONL form of a record, without the line end."""
    return dumps(entry_json(entry))


def entry_hash(entry: Entry) -> str:
    """What ``entry.hash`` must be: SHA-256 over the canonical JSON of every field but ``hash``."""
    return hashlib.sha256(dumps(hashed_json(entry))).hexdigest()


def hashed_json(entry: Entry) -> dict[str, JSON]:
    """The entry as a JSON object without its ``hash``: what the hash is computed from."""
    fields = entry_json(entry)
    del fields["hash"]
    return fields
