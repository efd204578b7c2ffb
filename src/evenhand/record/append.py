"""From what a step returns to entries of the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from evenhand.record.canonical import nul_at, read_back
from evenhand.record.entry import START, Actor, Entry, Event, hashed_json, in_utc
from evenhand.record.errors import RecordError
from evenhand.record.history import Growth, History
from evenhand.record.parse import entry_from_json
from evenhand.record.rules import signature_faults


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
    moment = in_utc(at)
    growth = Growth(history)
    entries = []
    for event in events:
        if event.effective > at.date():
            raise RecordError(
                f"The day {event.effective} lies after {at.date()}, the day of recording.",
                where=_place(event, growth),
                mend="Record it once it has happened, or give the time in the site's time zone.",
            )
        entry = _entry(event, growth, by, moment)
        for fault in signature_faults(entry):
            raise RecordError(fault.what, where=str(entry), mend=fault.mend)
        growth.follow(entry)
        entries.append(entry)
    return entries, growth.history(complete=True)


def _entry(event: Event, growth: Growth, by: Actor, at: datetime) -> Entry:
    last = growth.last
    draft = Entry(
        study=growth.base.study,
        seq=last.seq + 1 if last else 1,
        kind=event.kind,
        version=growth.base.kinds[event.kind].version,
        subject=event.subject,
        effective=event.effective,
        recorded_at=at,
        by=by,
        body=dict(event.body),
        reason=event.reason,
        corrects=event.corrects,
        signature=event.signature,
        previous=last.hash if last else START,
        hash="not yet known",
    )
    # Through its written form and back: what is kept is what will be read, and nobody else holds its body.
    try:
        fields = hashed_json(draft)
        written, own = read_back(fields)
        if rb"\u0000" in written and (nul := nul_at(fields)):
            raise RecordError("The text holds a NUL character.", where=nul, mend="Take it out where it is read.")
        assert isinstance(own, dict)  # as it was written
        return entry_from_json({**own, "hash": sha256(written).hexdigest()})
    except RecordError as error:
        where = f"{_place(event, growth)}, {error.where}"
        raise RecordError(error.what, where=where, mend=error.mend) from error


def _place(event: Event, growth: Growth) -> str:
    about = f" of {event.subject}" if event.subject else ""
    return f"{event.kind}{about}, to be entry {growth.last.seq + 1 if growth.last else 1}"
