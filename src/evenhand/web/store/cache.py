"""What each process knows of each record: a history that catches up from the last entry that it has seen.

A history is a value: nothing changes one under the hands of a page, and threads share it. The last known entry is read
again with the new ones; where it is not what it was (a database was restored), everything is read anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import connection

from evenhand.record import Entry, History, RecordError, entry_line, parse_line
from evenhand.web.store.damage import RecordDamaged
from evenhand.web.store.secrets import forget_secrets
from evenhand.web.store.studies import forget_places

_AT_ONCE = 5_000  # lines; bounds the memory of reading a long record
_LINES = "SELECT line FROM web_entry WHERE study = %s AND seq >= %s ORDER BY seq LIMIT %s"
_REQUESTS = "SELECT key, digest, first, count FROM web_request WHERE study = %s AND key IN"


_KNOWN: dict[str, History] = {}


def forget() -> None:
    """Drop everything that this process knows, as when another database takes the place of the present one."""
    _KNOWN.clear()
    forget_places()
    forget_secrets()


def current(study: str) -> History:
    """What the record says now, whoever wrote it. Raises RecordDamaged for a line that is."""
    with connection.cursor() as cursor:
        known = caught_up(cursor, study)
    keep(known)
    return known


def caught_up(cursor: Any, study: str) -> History:
    """The history up to the last entry that this cursor's transaction sees; what is not committed is not kept."""
    known = known_here(study)
    cursor.execute(_LINES, (study, len(known.entries), _AT_ONCE))
    return _extended(cursor, known, cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Locked:
    """What is certain while the lock is held: the time, the whole record, and which requests were carried out before
    (by key: digest, number of the first entry, how many).
    """

    moment: datetime
    history: History
    requests: Mapping[str, tuple[str, int, int]]


def locked(cursor: Any, study: str, keys: list[str]) -> Locked:
    """Wait until nobody else writes this study's record; what is certain after that.

    The time comes from one clock for all processes. Lock, lines and keys are asked for at once, since others wait
    meanwhile; each statement sees what was committed before it began. SQLite's lock comes with the transaction
    (IMMEDIATE).
    """
    known = known_here(study)
    asked = f"{_REQUESTS} ({', '.join(['%s'] * len(keys))})"
    first = (study, len(known.entries), _AT_ONCE)
    if connection.vendor != "postgresql":
        moment = datetime.now(UTC)
        cursor.execute(_LINES, first)
        rows = cursor.fetchall()
        if keys:
            cursor.execute(asked, (study, *keys))
    else:
        both = f"SELECT clock_timestamp() FROM pg_advisory_xact_lock(%s); {_LINES}"
        values = (_lock_number(study), *first)
        cursor.execute(*((f"{both}; {asked}", (*values, study, *keys)) if keys else (both, values)))
        moment = cursor.fetchone()[0]
        cursor.nextset()
        rows = cursor.fetchall()
        cursor.nextset()
    requests = {key: (digest, start, count) for key, digest, start, count in cursor.fetchall()} if keys else {}
    return Locked(moment, _extended(cursor, known, rows), requests)


def known_here(study: str) -> History:
    """What this process knows without asking the database; it may be behind."""
    return _KNOWN.get(study) or History(study)


@cache
def _lock_number(study: str) -> int:
    digest = hashlib.sha256(f"evenhand tail of {study}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def _extended(cursor: Any, history: History, rows: list[tuple[str]]) -> History:
    """The history and the entries of these rows, which begin with its last one; more rows follow a full lot."""
    last = None if history.head is None else line_of(history.head)
    while True:
        lines = [row[0] for row in rows]
        if last is not None and lines[:1] != [last]:
            history, last = History(history.study), None  # not what it was: from the start
            cursor.execute(_LINES, (history.study, 0, _AT_ONCE))
            rows = cursor.fetchall()
            continue
        new = lines if last is None else lines[1:]
        if new:  # otherwise it stays the same object, by which others see that nothing changed
            history = _grown(history, new)
        if len(rows) < _AT_ONCE:
            return history
        last = lines[-1]
        cursor.execute(_LINES, (history.study, len(history.entries), _AT_ONCE))
        rows = cursor.fetchall()


def _grown(history: History, lines: Sequence[str]) -> History:
    """The history and the entries of these lines. Raises RecordDamaged, with the number of the line at fault."""
    at: int | None = None
    texts: dict[str, str] = {}

    def entries() -> Iterator[Entry]:
        nonlocal at
        for at, line in enumerate(lines, len(history.entries) + 1):
            entry = parse_line(line.encode(), at)
            _share(entry.body, texts)
            yield entry
        at = None  # all were read: what fails from here on is no one line's fault

    try:
        return history.extend(entries())
    except RecordError as error:
        raise RecordDamaged(history.study, at, error) from error


def _share(value: Any, texts: dict[str, str]) -> None:
    """Keep equal texts of these bodies once: a third of what entries of facts take in memory. Nobody else has them yet,
    and they say the same."""
    for place, inner in value.items() if type(value) is dict else enumerate(value):
        if type(inner) is str:
            value[place] = texts.setdefault(inner, inner)
        elif type(inner) is dict or type(inner) is list:
            _share(inner, texts)


def keep(history: History) -> None:
    """Remember a history that is committed, unless another thread knows more already."""
    known = _KNOWN.get(history.study)
    if known is None or _newer(history, known):
        _KNOWN[history.study] = history


def _newer(history: History, known: History) -> bool:
    count = len(history.entries)
    if history is known or count == 0:
        return count < len(known.entries)
    return count > len(known.entries) or history.head_hash != known.entries[count - 1].hash


def line_of(entry: Entry) -> str:
    """The line of an entry as the database keeps it."""
    return entry_line(entry).decode()
