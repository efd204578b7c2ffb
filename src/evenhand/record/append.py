"""From what a step returns to entries of the record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evenhand.record.canonical import dumps
from evenhand.record.entry import Actor, Entry, Event, in_utc
from evenhand.record.errors import RecordError
from evenhand.record.history import Growth, History
from evenhand.record.rules import signature_faults
from evenhand.record.subject import SubjectHistory
from evenhand.record.writing import entry_after


@dataclass(frozen=True, slots=True)
class _Ahead:
    """One look ahead: from where, at what, by whom and when; the entry, and what is then known about its subject."""

    history: History
    event: Event
    by: Actor
    at: datetime
    entry: Entry
    known: SubjectHistory


_LAST: dict[str, _Ahead] = {}


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
    growth, entries = Growth(history), list[Entry]()
    moment, today = in_utc(at), at.date()
    for event in events:
        if event.effective > today:
            raise RecordError(
                f"The day {event.effective} lies after {today}, the day of recording.",
                where=_place(event, growth.last),
                mend="Record it once it has happened, or give the time in the site's time zone.",
            )
        seen = None if entries else _seen_ahead(history, event, by, moment)
        entry = seen.entry if seen else _entry(history, growth.last, event, by, moment)
        for fault in signature_faults(entry):
            raise RecordError(fault.what, where=str(entry), mend=fault.mend)
        growth.follow(entry, seen.known if seen else None)
        entries.append(entry)
    return entries, growth.history(complete=True)


def ahead(history: History, event: Event, *, by: Actor, at: datetime) -> SubjectHistory:
    """What will be known about an event's subject once the event is appended next, to ask what follows from it.

    Whether it may be appended, ``append`` says. Raises RecordError as ``append`` for what cannot be written.
    """
    moment = in_utc(at)
    entry = _entry(history, history.head, event, by, moment)
    before = history.about_study if event.subject is None else history.subject(event.subject)
    known = before.after(entry, history.kinds)
    _LAST["ahead"] = _Ahead(history, event, by, moment, entry, known)
    return known


def _seen_ahead(history: History, event: Event, by: Actor, at: datetime) -> _Ahead | None:
    """The last look ahead, if it was from this very history at this very event: a step that looks ahead is mostly
    appended next, and its entry need not be made again. It serves once."""
    last = _LAST.get("ahead")
    if last is None or last.event is not event or last.history is not history or (last.by, last.at) != (by, at):
        return None
    if dumps(dict(event.body)) != dumps(last.entry.body):  # somebody kept the body and changed it
        return None
    _LAST.pop("ahead", None)
    return last


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
