"""The trace of reports that tell the arms apart: put in the record before one is handed out, and looked for after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from evenhand.administration import TRACED, ReportedAt, reading_of, report_made, report_read
from evenhand.record import JSON, Actor, History
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk
from evenhand.web.store import Made, Wanted

MANIFEST: Final = "manifest.json"
"""As ``reports`` has it; a test holds them together."""


def asker(desk: Desk, kind: str) -> Actor:
    """Who asks for a kind. Raises PermissionDenied for one by arm, where no role of the user allows it."""
    if kind in TRACED:
        return desk.acting(Action.SEE_BY_ARM)
    return Actor(desk.user, desk.held[0].role, desk.held[0].site)


def trace_making(wanted: Wanted, files: Mapping[str, bytes], by: Actor) -> None:
    """Record that a report was made, if it tells the arms apart. Raises Refusal and the database's errors: then it must
    not be handed out."""
    if wanted.kind in TRACED:
        manifest = hashlib.sha256(files[MANIFEST]).hexdigest()
        cut = wanted.effective, wanted.recorded, wanted.seq
        made = ReportedAt(wanted.kind, *cut, manifest, wanted.program)
        store.perform(wanted.study, report_made, by=by, made=made)


def cited(history: History) -> frozenset[str]:
    """Every text that an entry about the study says: a report whose manifest is among them is cited."""
    return frozenset(text for entry in history.about_study.entries for text in _texts(entry.body))


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.values() for text in _texts(item))
    elif isinstance(value, list):
        yield from (text for item in value for text in _texts(item))


def is_open(desk: Desk, made: Made) -> bool:
    """Whether this user may read a report now: it tells nothing by arm, or the record says who opened it today."""
    if made.kind not in TRACED:
        return True
    return reading_of(desk.history, made.kind, _manifest(made), user=desk.user, on=_today(desk)) is not None


def open_report(desk: Desk, made: Made) -> None:
    """Record that this user opens a report today; once, however often it is asked for. Raises Refusal, and
    PermissionDenied."""
    if is_open(desk, made):
        return
    by, day, manifest = asker(desk, made.kind), _today(desk), _manifest(made)
    asked = hashlib.sha256(repr((made.kind, manifest, day.isoformat(), by.user)).encode()).hexdigest()
    store.perform(desk.study, report_read, by=by, key=f"open {asked}", report=made.kind, manifest=manifest, on=day)


def _today(desk: Desk) -> date:
    """The day of an entry that is recorded now, about the study as a whole: UTC, and never before the last entry."""
    head = desk.history.head
    return (max(desk.now, head.recorded_at) if head else desk.now).date()


def _manifest(made: Made) -> str:
    """The SHA-256 of a report's manifest, as it is kept."""
    return hashlib.sha256(store.content_kept(made.id, MANIFEST) or b"").hexdigest()
