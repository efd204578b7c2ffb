"""One entry from an event: its body copied and written once, the hash over what is written, nothing parsed again.

What is kept is what would be read: a test holds every entry made here to the one that its own line gives.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson

from evenhand.record.canonical import JSON, dumps, nul_at, read_back
from evenhand.record.entry import (
    START,
    Actor,
    Entry,
    Event,
    Signature,
    actor_json,
    in_utc,
    moment_text,
    signature_json,
)
from evenhand.record.errors import RecordError
from evenhand.record.kinds import Kind
from evenhand.record.parse import actor_of, optional_count, optional_text, text_of


@lru_cache(1024)
def own_actor(by: Actor) -> tuple[Actor, dict[str, JSON]]:
    """Whoever appends, in plain text, and the written form, which is for reading only. Raises RecordError for an actor
    without a user or a role."""
    given = {name: _plain(text) for name, text in sorted(actor_json(by).items())}
    return actor_of({"by": given}), given


def entry_after(
    last: Entry | None, study: str, kind: Kind, event: Event, by: Actor, at: datetime
) -> Entry:  # all that an entry is made of
    """The entry that an event becomes after ``last``; ``at`` is in UTC. Raises RecordError, naming the place in the
    entry, for what has no exact form, for a NUL character, and for an empty text."""
    own_by, by_json = own_actor(by)
    fields: dict[str, Any] = {
        "body": event.body if type(event.body) is dict else dict(event.body),
        "by": by_json,
        "corrects": event.corrects,
        "effective": event.effective.isoformat(),
        "kind": kind.name,
        "previous": last.hash if last else START,
        "reason": event.reason,
        "recorded_at": moment_text(at),
        "seq": last.seq + 1 if last else 1,
        "signature": signature_json(event.signature),
        "study": study,
        "subject": event.subject,
        "version": kind.version,
    }
    try:
        fields["subject"], fields["reason"] = _plain(event.subject), _plain(event.reason)
        fields["corrects"] = _plain(event.corrects)
        signature = None if event.signature is None else _own(event.signature)
        body, own = read_back(fields["body"])
        written = orjson.dumps({**fields, "body": orjson.Fragment(body)})  # its keys are in order already
    except (RecordError, orjson.JSONEncodeError):
        read_back(fields)  # once more, slowly, to name the place in the whole entry
        raise
    if rb"\u0000" in written and (nul := nul_at(fields)):
        raise RecordError("The text holds a NUL character.", where=nul, mend="Take it out where it is read.")
    assert isinstance(own, dict)  # as it was written
    return Entry(
        study=study,
        seq=fields["seq"],
        kind=kind.name,
        version=kind.version,
        subject=optional_text(fields, "subject"),
        effective=event.effective,
        recorded_at=at,
        by=own_by,
        body=own,
        reason=optional_text(fields, "reason"),
        corrects=optional_count(fields, "corrects"),
        signature=signature,
        previous=fields["previous"],
        hash=sha256(written).hexdigest(),
    )


def _plain(value: JSON) -> JSON:
    """A text or number that is nothing more: of a member of an enumeration, or of marked text, what is written."""
    return value if value is None or type(value) in (str, int) else orjson.loads(dumps(value))


def _own(given: Signature) -> Signature:
    """The signature with nothing but plain text, at a moment in UTC: mostly the very same one."""
    plain = type(given.meaning) is type(given.signer) is type(given.digest) is str
    if plain and given.meaning and given.signer and given.digest and given.signed_at.tzinfo is UTC:
        return given
    texts: dict[str, JSON] = {"meaning": given.meaning, "signer": given.signer, "digest": given.digest}
    meaning, signer, digest = (text_of({name: _plain(text)}, name, "signature") for name, text in texts.items())
    return Signature(meaning, signer, in_utc(given.signed_at), digest)
