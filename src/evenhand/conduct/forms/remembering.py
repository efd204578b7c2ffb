"""What was computed about a participant is remembered until something changes that it could depend on.

Pages and steps ask for the same thing many times, and most entries (a visit, blood values, a signature) change nothing
about lesions or treatment. An entry is known by the hash of its latest version.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar

from evenhand.conduct.forms.reading import FORM_ENTERED, entries
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

Found = TypeVar("Found")
Finding = Callable[[Protocol, SubjectHistory], Found]

_MOST: Final = 2_000  # assumed: participants that one process looks at again soon
_OF_NO_ACCOUNT: Final = frozenset(
    {
        *("", "visit", "performance_status", "laboratory", "ejection_fraction", "deviation"),
        *("adverse_event", "baseline_condition", "safety_report", "response", "disposition", "death"),
    }
)
"""Roles of forms that say nothing about lesions or their treatment; "" is a form that no engine reads."""
_BESIDE: Final = frozenset(
    {
        *(FORM_ENTERED, "forms_signed", "source_verified", "forms_locked", "forms_unlocked"),
        *("query_opened", "query_answered", "query_closed"),
    }
)
"""Kinds of entry that are no evidence by themselves: forms, which are looked at by role, and what was done about
them."""

_Version = tuple[str, ...]
_VERSIONS: dict[tuple[str, str | None], tuple[Protocol, SubjectHistory, _Version]] = {}


def remembered(find: Finding[Found]) -> Finding[Found]:
    """A function about lesions or treatment that computes anew only when these, or evidence of eligibility, change.

    It must read neither forms of other roles (``_OF_NO_ACCOUNT``) nor signatures, locks or queries.
    """
    held: dict[tuple[str, str | None], tuple[Protocol, _Version, Found]] = {}

    @wraps(find)
    def recalled(protocol: Protocol, known: SubjectHistory) -> Found:
        key, version = (protocol.digest, known.subject), _version(protocol, known)
        last = held.get(key)
        if last is not None and last[0] is protocol and last[1] == version:
            return last[2]
        if len(held) >= _MOST:
            held.clear()
        found = find(protocol, known)
        held[key] = protocol, version, found
        return found

    return recalled


def remembered_as_it_is(find: Finding[Found]) -> Finding[Found]:
    """A function of everything about a participant that computes anew when the record is another object."""
    held: dict[tuple[str, str | None], tuple[Protocol, SubjectHistory, Found]] = {}

    @wraps(find)
    def recalled(protocol: Protocol, known: SubjectHistory) -> Found:
        key = (protocol.digest, known.subject)
        last = held.get(key)
        if last is not None and last[0] is protocol and last[1] is known:
            return last[2]
        if len(held) >= _MOST:
            held.clear()
        found = find(protocol, known)
        held[key] = protocol, known, found
        return found

    return recalled


def _version(protocol: Protocol, known: SubjectHistory) -> _Version:
    """The hashes of everything that counts; made once for all who ask about one state."""
    key = (protocol.digest, known.subject)
    last = _VERSIONS.get(key)
    if last is None or last[0] is not protocol or last[1] is not known:
        evidence = (one.latest.hash for one in known.standing if one.original.kind not in _BESIDE)
        said = (
            entry.standing.latest.hash for entry in entries(protocol, known) if entry.form.reads not in _OF_NO_ACCOUNT
        )
        if len(_VERSIONS) >= _MOST:
            _VERSIONS.clear()
        last = _VERSIONS[key] = protocol, known, (*evidence, *said)
    return last[2]
