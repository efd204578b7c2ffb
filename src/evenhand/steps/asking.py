"""Queries: rules ask and take back by themselves, people ask, answer and close."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from evenhand.conduct import entering, quality
from evenhand.conduct.findings import DoubtAt
from evenhand.conduct.quality import AGREE, BY_PEOPLE, QUERY_ANSWERED, QUERY_CLOSED, QUERY_OPENED, Query
from evenhand.enrollment import require_known, require_running
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.record import Actor, Event, History, SubjectHistory, ahead
from evenhand.refusal import Refusal
from evenhand.steps.events import Body, Events

_CLAUSE: Final = "ICH E6(R3), data governance"


def with_queries(protocol: Protocol, history: History, event: Event, on: date, by: Actor, at: datetime) -> Events:
    """An event about a participant, and after it those that open and close rule queries because of it."""
    return [event, *rule_queries(protocol, ahead(history, event, by=by, at=at), on)]


def and_queries(protocol: Protocol, history: History, event: Event, by: Actor, at: datetime) -> Events:
    """An event that is no form, about anybody: the rules ask about a participant at once, on the day of recording.

    What ends follow-up (a withdrawal of consent) bears on what stands in forms, whoever enters the next one.
    """
    if history.subject(event.subject or "").allocation is None:
        return [event]
    return with_queries(protocol, history, event, max(event.effective, at.date()), by, at)


def rule_queries(protocol: Protocol, known: SubjectHistory, on: date) -> Events:
    """What opens the queries that the rules ask and nobody asked yet, and closes those that they no longer ask."""
    found = quality.changes(protocol, known, quality.doubts_of(protocol, known, on))
    closing = [_closed(known, one, AGREE, on) for one in found.to_close]
    return [*closing, *(_opened(known, doubt, on) for doubt in found.to_open)]


def settle_queries(protocol: Protocol, history: History, *, subject: str, on: date, by: Actor, at: datetime) -> Events:
    """Let the rules ask about a participant whose forms nobody has touched, since other things may have changed."""
    require_running(protocol, history)
    known = history.subject(subject)
    require_known(known)
    return rule_queries(protocol, known, on)


def open_query(
    protocol: Protocol, history: History, *, subject: str, asked: DoubtAt, on: date, by: Actor, at: datetime
) -> Events:
    """Ask about a place of the forms: a field of it (``path``), or the form as a whole; nothing need stand there yet.

    What a person asks has no ``id``.
    """
    require_running(protocol, history)
    known = history.subject(subject)
    require_known(known)
    form = entering.form_of(protocol, asked.form)
    entering.require_visit(protocol, form, asked.visit)
    if asked.id:
        raise Refusal(f"only rules ask {asked.id!r}", _CLAUSE, "Leave the id empty.")
    if asked.path and not _has(form, asked.path):
        raise Refusal(f"{form.title} has no field {asked.path!r}", form.id, "Name a field, or the form as a whole.")
    if not asked.say.strip():
        raise Refusal("a query without a question", _CLAUSE, "Say what is to be looked at.")
    return [_opened(known, replace(asked, say=asked.say.strip()), on)]


def answer_query(
    protocol: Protocol, history: History, *, query: int, text: str, on: date, by: Actor, at: datetime
) -> Events:
    """Answer a query that is open; whoever asked looks at the answer. It may be answered again until it is closed.

    ``query`` is the number of the entry that opened it.
    """
    known, _ = _open(protocol, history, query)
    if not text.strip():
        raise Refusal(f"an answer to query {query} without words", _CLAUSE, "Say what you found.")
    return [Event(QUERY_ANSWERED, known.subject, on, {"query": query, "text": text.strip()})]


def close_query(
    protocol: Protocol, history: History, *, query: int, how: str, reason: str, on: date, by: Actor, at: datetime
) -> Events:
    """Close a query, with a reason: as ``answered``, or ``withdrawn`` because it should not have been asked.

    Nobody closes as answered what they answered themselves (our proposal: two pairs of eyes).
    """
    known, asked = _open(protocol, history, query)
    if how not in BY_PEOPLE:
        raise Refusal(f"people do not close a query as {how!r}", _CLAUSE, f"Choose one of: {', '.join(BY_PEOPLE)}.")
    if how == "answered" and not asked.answers:
        raise Refusal(f"query {query} has no answer", _CLAUSE, "Have it answered, or withdraw it.")
    if how == "answered" and asked.answers[-1].by.user == by.user:
        raise Refusal(f"{by.user} answered query {query}", _CLAUSE, "Let somebody else look at the answer.")
    if not (reason or "").strip():
        raise Refusal(f"query {query} is closed without a reason", _CLAUSE, "Say why.")
    about: Body = {"digest": quality.said_at(protocol, known, asked.place)}
    return [_closed(known, asked, how, on, reason.strip(), about)]


def _open(protocol: Protocol, history: History, query: int) -> tuple[SubjectHistory, Query]:
    require_running(protocol, history)
    entry = history.entry(query)
    known = history.subject((entry.subject if entry else None) or "")
    asked = next((one for one in quality.queries(known) if one.seq == query), None)
    if asked is None:
        raise Refusal(f"entry {query} is no query", _CLAUSE, "Name the entry that opened the query.")
    if asked.closed is not None:
        raise Refusal(f"query {query} is closed", _CLAUSE, "Ask anew.")
    return known, asked


def _has(form: Form, path: str) -> bool:
    """Whether a path is a field of a form, or ``table.row.column``."""
    table, _, rest = path.partition(".")
    row, _, column = rest.partition(".")
    found = form.fields.get(table)
    if found is None or not rest:
        return found is not None
    return row.isdecimal() and column in (found.columns or {})


def _opened(known: SubjectHistory, doubt: DoubtAt, on: date) -> Event:
    form, item, visit = doubt.place
    body: Body = {"form": form, "item": item, "visit": visit, "path": doubt.path, "check": doubt.id, "text": doubt.say}
    return Event(QUERY_OPENED, known.subject, on, body)


def _closed(
    known: SubjectHistory, query: Query, how: str, on: date, reason: str | None = None, besides: Body | None = None
) -> Event:
    return Event(QUERY_CLOSED, known.subject, on, {"query": query.seq, "how": how, **(besides or {})}, reason=reason)
