"""The form entries of a participant, decoded once and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.forms.entry import FormEntry, decoded
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.record import Standing, SubjectHistory

FORM_ENTERED: Final = "form_entered"


@dataclass(frozen=True, slots=True)
class _Held:
    """The entries of one state of a participant, all of them and those that count by role."""

    protocol: Protocol
    known: SubjectHistory
    all: tuple[FormEntry, ...]
    by_role: Mapping[str, tuple[FormEntry, ...]]


_MOST_SUBJECTS: Final = 2_000  # assumed: what one process looks at again soon; more are decoded anew
_MOST_ENTRIES: Final = 100_000
_BY_SUBJECT: dict[tuple[str, str | None], _Held] = {}
_BY_HASH: dict[tuple[str, str], FormEntry] = {}


def entries(protocol: Protocol, known: SubjectHistory) -> tuple[FormEntry, ...]:
    """What stands of a participant's forms, in the order of first recording; those marked not done or struck too.

    Raises RecordError for an entry that does not fit the protocol's forms.
    """
    return _held(protocol, known).all


def _held(protocol: Protocol, known: SubjectHistory) -> _Held:
    key = (protocol.digest, known.subject)
    held = _BY_SUBJECT.get(key)
    if held is not None and held.protocol is protocol and held.known is known:
        return held
    forms = protocol.plan.forms if protocol.plan else {}
    found = tuple(_decoded(protocol.digest, one, forms) for one in known.standing if one.original.kind == FORM_ENTERED)
    if len(_BY_SUBJECT) >= _MOST_SUBJECTS:
        _BY_SUBJECT.clear()
    held = _BY_SUBJECT[key] = _Held(protocol, known, found, _by_role(found))
    return held


def _by_role(found: tuple[FormEntry, ...]) -> dict[str, tuple[FormEntry, ...]]:
    by_role: dict[str, list[FormEntry]] = {}
    for entry in found:
        if entry.counts:
            by_role.setdefault(entry.form.reads, []).append(entry)
    return {role: tuple(those) for role, those in by_role.items()}


def _decoded(digest: str, standing: Standing, forms: Mapping[str, Form]) -> FormEntry:
    """An entry is known by the hash of its latest version: nothing about it can change under that."""
    key = (digest, standing.latest.hash)
    found = _BY_HASH.get(key)
    if found is None:
        if len(_BY_HASH) >= _MOST_ENTRIES:
            _BY_HASH.clear()
        found = _BY_HASH[key] = decoded(standing, forms)
    return found


def entries_reading(protocol: Protocol, known: SubjectHistory, role: str) -> tuple[FormEntry, ...]:
    """What counts of the forms that are read in a role: filled in and not struck, in the order of first recording."""
    return _held(protocol, known).by_role.get(role, ())


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules of every form know of a participant besides its own fields."""

    arm: str | None
    randomized: date | None
    registered: date | None


_LAST_CONTEXT: dict[str, tuple[SubjectHistory, Context]] = {}  # many ask about one participant in a row


def context(known: SubjectHistory) -> Context:
    """The context of a participant; None for what has not happened."""
    held = _LAST_CONTEXT.get("last")
    if held is None or held[0] is not known:
        allocation, registration = known.allocation, known.registration
        found = Context(
            allocation.arm if allocation else None,
            allocation.effective if allocation else None,
            registration.effective if registration else None,
        )
        held = _LAST_CONTEXT["last"] = known, found
    return held[1]
