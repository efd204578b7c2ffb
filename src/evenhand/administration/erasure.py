"""Names, which are kept beside the record and may be erased."""

from __future__ import annotations

from datetime import date, datetime

from evenhand.protocol import Protocol
from evenhand.record import Actor, Event, History
from evenhand.refusal import Refusal


def erase_identity(
    protocol: Protocol, history: History, *, subject: str, reason: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Record that a person's name was erased; the record itself never held it."""
    if not history.subject(subject).entries:
        raise Refusal(f"{subject!r} is not in the record", "erasure")
    if not reason.strip():
        raise Refusal("a name is not erased without a reason", "erasure", "Say who asked for it, and why.")
    return [Event("identity_erased", subject, on, {}, reason=reason)]
