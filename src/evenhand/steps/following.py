"""After randomization: what happens to a participant is entered in forms, corrected with a reason, or struck out."""

from __future__ import annotations

from datetime import date, datetime

from evenhand.conduct import entering, forms
from evenhand.conduct.entering import Given
from evenhand.conduct.forms import FORM_ENTERED, FormEntry
from evenhand.enrollment import require_known, require_running
from evenhand.protocol import Protocol
from evenhand.record import Actor, Event, History, SubjectHistory
from evenhand.refusal import Refusal
from evenhand.steps.asking import with_queries
from evenhand.steps.events import Events


def enter(
    protocol: Protocol, history: History, *, subject: str, given: Given, on: date, by: Actor, at: datetime
) -> Events:
    """Fill in a form about a randomized participant, or mark it not done with a reason.

    ``on`` is the day of entry; the form's own date says when it happened.
    """
    return with_queries(protocol, history, entered(protocol, history, subject, given, on), on, by, at)


def entered(protocol: Protocol, history: History, subject: str, given: Given, on: date) -> Event:
    """The entry alone, without the queries that follow it."""
    known = require_participant(protocol, history, subject)
    place = entering.place_of(protocol, known, given)
    body, day = entering.body_of(protocol, known, given, place, on)
    return Event(FORM_ENTERED, subject, day, body)


def correct_form(
    protocol: Protocol, history: History, *, seq: int, given: Given, reason: str, on: date, by: Actor, at: datetime
) -> Events:
    """Say anew what an entry of a form says, with a reason; it keeps its place, and the record keeps what it said."""
    entry = history.entry(seq)
    if entry is None or entry.subject is None:
        raise Refusal(f"entry {seq} is no form", "correction", "Name the entry to correct.")
    known = require_participant(protocol, history, entry.subject)
    event = corrected(protocol, known, seq, given, reason, on)
    return with_queries(protocol, history, event, on, by, at)


def corrected(protocol: Protocol, known: SubjectHistory, seq: int, given: Given, reason: str | None, on: date) -> Event:
    """The correction alone, without the queries that follow it. Where no date of the form says when it happened, it
    stays on the day of the first entry."""
    before = _corrected(protocol, known, seq, given.form, reason)
    if given.item not in (None, before.item) or given.visit not in (None, before.visit):
        raise Refusal(f"entry {seq} belongs elsewhere", "correction", "Strike it, and enter it where it belongs.")
    body, day = entering.body_of(protocol, known, given, before.place, on, before)
    if (body, day) == (before.standing.body, before.day):
        raise Refusal(f"nothing of entry {seq} is changed", "correction", "Say what is wrong in it, or leave it.")
    return Event(FORM_ENTERED, known.subject, day, body, reason=reason, corrects=seq)


def strike(
    protocol: Protocol, history: History, *, subject: str, seq: int, reason: str, on: date, by: Actor, at: datetime
) -> Events:
    """Strike an entry that was made in error: it stays legible, and counts no more."""
    known = require_participant(protocol, history, subject)
    return with_queries(protocol, history, struck(protocol, known, seq, reason), on, by, at)


def struck(protocol: Protocol, known: SubjectHistory, seq: int, reason: str | None) -> Event:
    """The strike alone, without the queries that follow it."""
    entry = _corrected(protocol, known, seq, None, reason)
    body = {**entry.standing.body, "struck": True}
    return Event(FORM_ENTERED, known.subject, entry.day, body, reason=reason, corrects=seq)


def require_participant(protocol: Protocol, history: History, subject: str) -> SubjectHistory:
    """Somebody who was randomized, in a study that runs. Raises Refusal."""
    require_running(protocol, history)
    known = history.subject(subject)
    require_known(known)
    if known.allocation is None:
        raise Refusal(f"{subject} is not randomized", "randomization", "Forms are about randomized participants.")
    return known


def _corrected(protocol: Protocol, known: SubjectHistory, seq: int, form: str | None, reason: str | None) -> FormEntry:
    """The entry that a correction is about: its number is that of the first entry or of any correction of it."""
    entry = next((one for one in forms.entries(protocol, known) if seq in (one.seq, *one.standing.corrections)), None)
    if entry is None:
        raise Refusal(f"entry {seq} is no form of {known.subject}", "correction", "Name the entry to correct.")
    if form is not None and form != entry.form.id:
        raise Refusal(f"entry {seq} is of {entry.form.title}", "correction", "A correction keeps the form.")
    if entry.struck:
        raise Refusal(f"entry {seq} is struck out", "correction", "Enter it anew.")
    if forms.marks_of(known, entry.seq).locked is not None:
        raise Refusal(f"entry {seq} is locked", "locking", "Have it unlocked by a data manager, who says why.")
    if not (reason or "").strip():
        raise Refusal(f"a correction of entry {seq} needs a reason", "correction", "Say why the earlier one is wrong.")
    return entry
