"""The protocol version under which a step is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from evenhand.enrollment import protocol_at, protocol_of_step
from evenhand.protocol import Protocol, Versions
from evenhand.record import Actor, History
from evenhand.steps.events import Step

_BY_SITE: Final = ("consent",)
"""Consent is given to what the site's version asks for; by it the person moves on to that version."""
_ABOUT: Final = ("seq", "query")
"""What names an entry of the person whom a step is about."""


def protocol_to_take(versions: Versions, history: History, step: Step, given: Mapping[str, Any], by: Actor) -> Protocol:
    """The version for a step with these arguments: that of the person whom it is about, of the site, or of the study.

    Raises StudyError where the record names a version whose folder is not there.
    """
    if not history.state.amended:
        return protocol_at(versions, history, None)
    subject = given.get("subject") or _subject_of(history, given)
    if getattr(step, "__name__", "") in _BY_SITE and subject is not None:
        return protocol_at(versions, history, history.subject(subject).site)
    return protocol_of_step(versions, history, subject=subject, site=by.site)


def _subject_of(history: History, given: Mapping[str, Any]) -> str | None:
    for name in _ABOUT:
        entry = history.entry(given[name]) if isinstance(given.get(name), int) else None
        if entry is not None:
            return entry.subject
    return None
