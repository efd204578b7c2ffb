"""Queries: what was asked about a participant's forms, what was answered, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from evenhand.conduct import forms
from evenhand.conduct.findings import DoubtAt
from evenhand.conduct.forms import FormEntry, Place
from evenhand.protocol import Protocol
from evenhand.record import Entry, SubjectHistory

QUERY_OPENED: Final = "query_opened"
QUERY_ANSWERED: Final = "query_answered"
QUERY_CLOSED: Final = "query_closed"

How = Literal["data agree", "answered", "withdrawn"]
AGREE: Final = "data agree"
BY_PEOPLE: Final = ("answered", "withdrawn")


@dataclass(frozen=True, slots=True)
class Query:
    """One query, known by the number of the entry that opened it.

    ``check``: the id of the doubt that opened it, empty for a person's. ``answers``: in order; a query may be answered
    again until it is closed. ``closed``: the entry that closed it, None while it is open.
    """

    seq: int
    place: Place
    path: str
    check: str
    text: str
    opened: Entry
    answers: tuple[Entry, ...] = ()
    closed: Entry | None = None

    @property
    def state(self) -> Literal["open", "answered", "closed"]:
        """Where it stands; an answered one still waits for somebody to close it."""
        if self.closed is not None:
            return "closed"
        return "answered" if self.answers else "open"

    @property
    def by_rule(self) -> bool:
        """Whether a rule asked it."""
        return bool(self.check)

    @property
    def key(self) -> tuple[Place, str, str]:
        """What it is about, as ``DoubtAt.key``."""
        return self.place, self.path, self.check

    @property
    def how(self) -> str:
        """How it was closed; empty while it is open."""
        return "" if self.closed is None else str(self.closed.body["how"])


_MOST_SUBJECTS: Final = 2_000  # assumed: what one process looks at again soon
_HELD: dict[str | None, tuple[SubjectHistory, tuple[Query, ...]]] = {}


def queries(known: SubjectHistory) -> tuple[Query, ...]:
    """All queries about a participant, in the order in which they were opened."""
    held = _HELD.get(known.subject)
    if held is None or held[0] is not known:
        if len(_HELD) >= _MOST_SUBJECTS:
            _HELD.clear()
        held = _HELD[known.subject] = known, tuple(_queries(known).values())
    return held[1]


def _queries(known: SubjectHistory) -> dict[Any, Query]:
    found: dict[Any, Query] = {}
    for one in known.standing:
        entry, body = one.original, one.body
        kind = entry.kind
        if kind == QUERY_OPENED:
            found[one.seq] = _opened(entry)
        elif kind == QUERY_ANSWERED and (asked := found.get(body["query"])):
            found[asked.seq] = replace(asked, answers=(*asked.answers, entry))
        elif kind == QUERY_CLOSED and (asked := found.get(body["query"])):
            found[asked.seq] = replace(asked, closed=asked.closed or entry)
    return found


def _opened(entry: Entry) -> Query:
    body: Any = entry.body
    place = body["form"], body["item"], body.get("visit")
    return Query(entry.seq, place, body["path"], body["check"], body["text"], entry)


def open_queries(known: SubjectHistory, place: Place | None = None) -> tuple[Query, ...]:
    """Those that nobody has closed; at one place, if one is given."""
    return tuple(one for one in queries(known) if one.closed is None and place in (None, one.place))


@dataclass(frozen=True, slots=True)
class Changes:
    """What must be asked that is not asked yet, and which rule queries have become idle."""

    to_open: tuple[DoubtAt, ...]
    to_close: tuple[Query, ...]


def changes(protocol: Protocol, known: SubjectHistory, doubts: Iterable[DoubtAt]) -> Changes:
    """The difference between what the rules ask and the rule queries that are open.

    A query that a person closed is not asked again while the entry still says what it said then.
    """
    asked = {one.key: one for one in queries(known) if one.by_rule}  # of several about one thing, the last
    wanted = {doubt.key: doubt for doubt in doubts}
    idle = tuple(one for key, one in asked.items() if one.closed is None and key not in wanted)
    new = tuple(
        doubt for key, doubt in wanted.items() if key not in asked or _again(protocol, known, asked[key], doubt)
    )
    return Changes(new, idle)


def _again(protocol: Protocol, known: SubjectHistory, last: Query, doubt: DoubtAt) -> bool:
    """Whether a doubt that was asked before is to be asked again."""
    if last.closed is None:
        return False
    return last.how == AGREE or last.closed.body.get("digest") != said_at(protocol, known, doubt.place)


def said_at(protocol: Protocol, known: SubjectHistory, place: Place) -> str | None:
    """The digest of what stands at a place, None where nothing does: what a query that is closed was closed about."""
    entry = entry_at(protocol, known, place)
    return None if entry is None else forms.shown_digest(entry.standing)


def entry_at(protocol: Protocol, known: SubjectHistory, place: Place) -> FormEntry | None:
    """The entry that stands at a place, those struck out left aside."""
    every = forms.entries(protocol, known)
    return next((entry for entry in reversed(every) if entry.place == place and not entry.struck), None)
