"""From what a step returns to entries of the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from evenhand.record.entry import Actor, Entry, Event, in_utc
from evenhand.record.errors import RecordError
from evenhand.record.history import Growth, History
from evenhand.record.rules import signature_faults
from evenhand.record.writing import entry_after


def append(history: History, events: Iterable[Event], *, by: Actor, at: datetime) -> list[Entry]:
    """The entries that ``events`` become after ``history``: numbered, dated, chained. Nothing is written
    anywhere.

    ``at`` is aware; give it in the time zone of the site, since an event's day must not lie after the day of
    ``at`` *in that zone*. It is kept in UTC. All events are taken or none. The caller keeps the entries, and
    ``history.extend(entries)``.

    Raises RecordError for: an unknown kind; a body that is not exact JSON or lacks a key of its kind; a
    subject where the study is meant, or none where a subject is; a time earlier than the last entry's; a day
    in the future; a correction without a reason, of an entry that does not exist, of another subject, of
    another kind, or of what its kind keeps fixed (an allocation); a second entry of a kind that happens once;
    a signature under another body.
    """
    return appended(history, events, by=by, at=at)[0]


def appended(history: History, events: Iterable[Event], *, by: Actor, at: datetime) -> tuple[list[Entry], History]:
    """The same, and ``history`` with them: what ``extend`` would give, in one go. Raises as ``append``."""
    growth, entries = Growth(history), []
    moment, today = in_utc(at), at.date()
    for event in events:
        if event.effective > today:
            raise RecordError(
                f"The day {event.effective} lies after {today}, the day of recording.",
                where=_place(event, growth.last),
                mend="Record it once it has happened, or give the time in the site's time zone.",
            )
        entry = _entry(history, growth.last, event, by, moment)
        for fault in signature_faults(entry):
            raise RecordError(fault.what, where=str(entry), mend=fault.mend)
        growth.follow(entry)
        entries.append(entry)
    return entries, growth.history(complete=True)


def drafted(history: History, event: Event, *, by: Actor, at: datetime) -> Entry:
    """The entry that an event will become, to look ahead at what follows from it. Whether it may be appended,
    ``append`` says; the entry is the same. Raises RecordError as ``append`` for what cannot be written."""
    return _entry(history, history.head, event, by, in_utc(at))


def _entry(history: History, last: Entry | None, event: Event, by: Actor, at: datetime) -> Entry:
    kind = history.kinds[event.kind]
    try:
        return entry_after(last, history.study, kind, event, by, at)
    except RecordError as error:
        where = f"{_place(event, last)}, {error.where}"
        raise RecordError(error.what, where=where, mend=error.mend) from error


def _place(event: Event, last: Entry | None) -> str:
    about = f" of {event.subject}" if event.subject else ""
    return f"{event.kind}{about}, to be entry {last.seq + 1 if last else 1}"
