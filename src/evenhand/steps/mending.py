"""Corrections: what was said before stays in the record beside what is said now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from evenhand.conduct.forms import FORM_ENTERED
from evenhand.enrollment import require_running
from evenhand.protocol import Protocol
from evenhand.record import JSON, Actor, Entry, Event, History
from evenhand.refusal import Refusal
from evenhand.steps.asking import and_queries
from evenhand.steps.events import Events


def correct(
    protocol: Protocol,
    history: History,
    *,
    seq: int,
    body: Mapping[str, JSON],
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
) -> Events:
    """Replace what an entry says; both stay in the record, and an allocation stays what it is.

    ``on`` is the day on which it happened, as it is to stand. Facts stay on the day on which they were first recorded
    (each has its own date in it), so that a cut by day (``History.as_of``) does not lose them to a later correction.
    """
    require_running(protocol, history)
    entry = history.entry(seq)
    if entry is None:
        raise Refusal(f"there is no entry {seq} to correct", "correction")
    if entry.kind == FORM_ENTERED:
        raise Refusal(f"entry {seq} is of a form", "correction", "Correct the form, so that its checks are asked.")
    if entry.signature is not None:
        raise Refusal(
            f"entry {seq} is signed",
            "21 CFR 11.70",
            "Its signatory signs anew; a signature is not corrected by others.",
        )
    day = _first_day(history, entry) if entry.kind == "facts_recorded" else on
    event = Event(entry.kind, entry.subject, day, dict(body), reason=reason, corrects=seq)
    return and_queries(protocol, history, event, by, at)


def _first_day(history: History, entry: Entry) -> date:
    standing = history.subject(entry.subject or "").standing
    return next(one.original.effective for one in standing if entry.seq in (one.seq, *one.corrections))
