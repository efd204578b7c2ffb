"""Corrections: what was said before stays in the record beside what is said now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from evenhand.conduct.forms import FORM_ENTERED
from evenhand.enrollment import require_running
from evenhand.protocol import Protocol
from evenhand.record import JSON, Actor, Event, History
from evenhand.refusal import Refusal
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
    """Replace what an entry says; both stay in the record, and an allocation stays what it is."""
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
    return [Event(entry.kind, entry.subject, on, dict(body), reason=reason, corrects=seq)]
