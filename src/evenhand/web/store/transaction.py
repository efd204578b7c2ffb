"""One transaction: the lock on the record's end, the requests of a lot one after the other, one commit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from inspect import signature
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from evenhand import administration, steps
from evenhand.conduct.quality import QUERY_CLOSED, QUERY_OPENED
from evenhand.record import Entry, Event, History, RecordError, append, sign
from evenhand.refusal import Refusal
from evenhand.web.store.cache import Locked, keep, line_of, locked
from evenhand.web.store.request import Asked, Performed, Seen, Signing
from evenhand.web.store.studies import versions_of

_BY_RULES = (QUERY_OPENED, QUERY_CLOSED)
"""What rules record beside what somebody signs; it bears nobody's signature."""


@cache
def asked_for(step: steps.Step) -> frozenset[str]:
    """The names of a step's arguments."""
    return frozenset(signature(step).parameters)


def site_time(moment: datetime, history: History, site: str | None) -> datetime:
    """The moment in the site's time zone, and never before the last entry, should a clock have been set back."""
    if history.head is not None:
        moment = max(moment, history.head.recorded_at)
    zones = {one.code: one.time_zone for one in administration.sites(history)}
    return moment.astimezone(ZoneInfo(zones.get(site or "", "UTC")))


def carry_out(lot: list[Asked]) -> None:
    """Give every request of a lot (all of one study) its outcome; commit what was recorded, all of it or nothing.

    A request that is refused leaves no trace and does not touch the others. Raises the database's errors: then nothing
    of the lot was recorded.
    """
    study = lot[0].study
    versions_of(study)  # an unknown study is said before anything is locked
    outcomes: list[Performed | Exception] = []
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        before = locked(cursor, study, [asked.key for asked in lot if asked.key is not None])
        history, new = before.history, _New()
        for asked in lot:
            outcome = _outcome(asked, before, history, new)
            if isinstance(outcome, Performed) and not outcome.repeated:
                history = outcome.history
            outcomes.append(outcome)
        new.write(cursor)
    keep(history)
    for asked, outcome in zip(lot, outcomes, strict=True):
        asked.outcome = outcome


class _New:
    """What the lot records: entries, and the keys of the requests that recorded them."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.requests: dict[str, tuple[str, int, int]] = {}  # key: digest, number of the first entry, how many

    def take(self, asked: Asked, entries: list[Entry]) -> None:
        self.entries += entries
        if asked.key is not None:
            self.requests[asked.key] = (asked.digest, entries[0].seq if entries else 1, len(entries))

    def write(self, cursor: Any) -> None:
        """PostgreSQL takes entries and keys in one go, since others wait."""
        statements, values = [], []
        if self.entries:
            statements.append(f"INSERT INTO web_entry (study, seq, line) VALUES {_rows(3, len(self.entries))}")
            values.append([value for one in self.entries for value in (one.study, one.seq, line_of(one))])
        if self.requests:
            columns = "INSERT INTO web_request (study, key, digest, first, count)"
            statements.append(f"{columns} VALUES {_rows(5, len(self.requests))}")
            study = self.entries[0].study
            values.append([value for key, said in self.requests.items() for value in (study, key, *said)])
        if connection.vendor == "postgresql" and statements:
            statements, values = ["; ".join(statements)], [[value for given in values for value in given]]
        for statement, given in zip(statements, values, strict=True):
            cursor.execute(statement, given)


def _rows(columns: int, count: int) -> str:
    row = f"({', '.join(['%s'] * columns)})"
    return ", ".join([row] * count)


def _outcome(asked: Asked, before: Locked, history: History, new: _New) -> Performed | Exception:
    """What one request gets, on the record that the requests before it left."""
    try:
        known = None if asked.key is None else new.requests.get(asked.key) or before.requests.get(asked.key)
        if known is not None:
            return _repeated(asked, known, history)
        _require_unchanged(history, asked.seen)
        entries = _entries(asked, history, before.moment)
        after = history.extend(entries)
        if asked.also is not None:
            with transaction.atomic():  # what it did beside the record is undone with it
                asked.also(entries)
    except Exception as error:
        return error
    new.take(asked, entries)
    return Performed(tuple(entries), after)


def _entries(asked: Asked, history: History, moment: datetime) -> list[Entry]:
    at = site_time(moment, history, asked.by.site)
    given, versions = asked.given, versions_of(asked.study)
    if "on" in asked_for(asked.step) and "on" not in given:
        given = {**given, "on": at.date()}
    if "versions" in asked_for(asked.step):
        given = {**given, "versions": versions}
    protocol = steps.protocol_to_take(versions, history, asked.step, given, asked.by)
    events = asked.step(protocol, history, by=asked.by, at=at, **given)
    if not events:
        raise RecordError("The step recorded nothing.", mend="A step records something, or refuses.")
    return append(history, [_signed(event, asked.signing, at) for event in events], by=asked.by, at=at)


def _signed(event: Event, signing: Signing | None, at: datetime) -> Event:
    if signing is None or event.signature is not None or event.kind in _BY_RULES:
        return event
    body = dict(event.body)
    return replace(event, signature=sign(body, meaning=signing.meaning, signer=signing.signer, at=at))


def _repeated(asked: Asked, known: tuple[str, int, int], history: History) -> Performed:
    digest, first, count = known
    if digest != asked.digest:
        mend = "Give every request a key of its own."
        raise Refusal("this key was used for another request", "idempotency key", mend)
    return Performed(tuple(history.entries[first - 1 : first - 1 + count]), history, repeated=True)


def _require_unchanged(history: History, seen: Seen | None) -> None:
    if seen is None:
        return
    newer = [entry for entry in history.subject(seen.subject).entries if entry.seq > seen.seq]
    if newer:
        last = newer[-1]
        raise Refusal(
            f"{seen.subject} has changed since you opened this page: {last.by.user} {history.kinds[last.kind].says} "
            f"at {last.recorded_at:%H:%M} UTC",
            "stale form",
            "Look at the page as it is now, and decide again.",
        )
