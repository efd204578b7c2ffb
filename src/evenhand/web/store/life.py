"""The life of a study's record as a whole: activation, closure, taking over a record, verification, export."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction

from evenhand import steps
from evenhand.record import Actor, Entry, History
from evenhand.refusal import Refusal
from evenhand.replay import Verification, verify_record
from evenhand.web import models
from evenhand.web.store.cache import keep, line_of
from evenhand.web.store.perform import perform
from evenhand.web.store.request import Performed, Signing
from evenhand.web.store.secrets import seal, unsealed
from evenhand.web.store.studies import versions_of

_SECRET_BYTES = 32
_AT_ONCE = 2_000


def activate(study: str, *, by: Actor, signing: Signing | None = None, key: str | None = None) -> Performed:
    """Draw the randomization secret, seal it, and activate the study with its commitment. Raises Refusal.

    A repetition under the same ``key`` draws a secret that nobody uses: the first one stays.
    """
    secret = secrets.token_bytes(_SECRET_BYTES)

    def also(_: object) -> None:
        seal(study, secret)

    return perform(study, steps.activate, by=by, key=key, signing=signing, also=also, secret=secret, sites=[])


def close(
    study: str, *, by: Actor, signing: Signing | None = None, key: str | None = None, on: date | None = None
) -> Performed:
    """End the study and reveal the secret. Raises Refusal."""
    given: dict[str, Any] = {} if on is None else {"on": on}
    return perform(study, steps.close, by=by, key=key, signing=signing, **given)


def adopt(study: str, history: History, secret: bytes | None) -> None:
    """Take over a whole record into an empty study: a made-up one, or one that was exported elsewhere.

    Raises Refusal where the study has entries already, and the database's errors where one does not follow another.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        if models.Entry.objects.filter(study=study).exists():
            raise Refusal(f"the record of {study} has entries already", "taking over a record")
        for some in _some(history.entries):
            rows = [(entry.study, entry.seq, line_of(entry)) for entry in some]
            cursor.executemany("INSERT INTO web_entry (study, seq, line) VALUES (%s, %s, %s)", rows)
        if secret is not None:
            seal(study, secret)
    keep(history)


def _some(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    held: list[Entry] = []
    for entry in entries:
        held.append(entry)
        if len(held) == _AT_ONCE:
            yield held
            held = []
    yield held


def lines(study: str) -> Iterator[bytes]:
    """The record as it is exported, line by line, straight from the database."""
    rows = models.Entry.objects.filter(study=study).order_by("seq").values_list("line", flat=True)
    for line in rows.iterator(chunk_size=_AT_ONCE):
        yield line.encode() + b"\n"


def verified(study: str, *, expected_head: str | None = None) -> Verification:
    """Verify the record as the database holds it now: the chain, every step, and every allocation by the secret."""
    try:
        secret = unsealed(study)
    except Refusal:
        secret = None  # not activated yet, or sealed elsewhere: everything but the arms is verified
    return verify_record(b"".join(lines(study)), versions_of(study), secret=secret, expected_head=expected_head)
