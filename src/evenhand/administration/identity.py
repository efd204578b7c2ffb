"""Who somebody is, which is kept beside the record: it may be mended, and it may be erased.

These steps leave the trace of it: who did it, when, why, and which parts were changed; never a name, an old or a new
one, since the record is not erased. They may be taken after the study is closed: names are needed for as long as people
are written to. Source: ICH E6(R2), 8.3.21, the list of subjects' names that the site keeps in confidence, and 4.9.3,
every change dated, initialled and explained; that its trace stands in the record is our proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from evenhand.protocol import Protocol
from evenhand.record import IDENTITY_CORRECTED, IDENTITY_ERASED, Actor, Event, History
from evenhand.refusal import Refusal

PARTS_OF_IDENTITY: Final = ("number", "name", "birth date")
"""What is kept of a person, as the record calls it: the site's own number, the name, the birth date."""
_MENDING: Final = "correction of a name"


def correct_identity(
    protocol: Protocol,
    history: History,
    *,
    subject: str,
    changed: Sequence[str],
    reason: str,
    on: date,
    by: Actor,
    at: datetime,
) -> list[Event]:
    """Record that who a person is was mended, in which parts (``PARTS_OF_IDENTITY``), and why. Raises Refusal."""
    _require_known(history, subject, _MENDING)
    if not changed:
        raise Refusal("nothing was changed", _MENDING, "Change what is wrong.")
    unknown = [part for part in changed if part not in PARTS_OF_IDENTITY]
    if unknown:
        mend = f"Known are {', '.join(PARTS_OF_IDENTITY)}."
        raise Refusal(f"{', '.join(map(str, unknown))} is no part of who somebody is", _MENDING, mend)
    if not (reason or "").strip():
        raise Refusal("who somebody is is not mended without a reason", _MENDING, "Say why, without any name.")
    return [Event(IDENTITY_CORRECTED, subject, on, {"changed": list(changed)}, reason=reason)]


def erase_identity(
    protocol: Protocol, history: History, *, subject: str, reason: str, on: date, by: Actor, at: datetime
) -> list[Event]:
    """Record that a person's name was erased; the record itself never held it. Raises Refusal."""
    _require_known(history, subject, "erasure")
    if not reason.strip():
        raise Refusal("a name is not erased without a reason", "erasure", "Say who asked for it, and why.")
    return [Event(IDENTITY_ERASED, subject, on, {}, reason=reason)]


def _require_known(history: History, subject: str, clause: str) -> None:
    if not history.subject(subject).entries:
        raise Refusal(f"{subject!r} is not in the record", clause)
