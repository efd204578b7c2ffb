"""Making a report while its page goes on answering: in a thread of this worker, told and kept in the database.

One at a time in each worker, since it takes a core for as long as it lasts. A worker that ends takes its thread with
it; the missing signs of life tell, and the report can be begun again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from threading import Event, Lock, Thread
from typing import Final

from django.db import DatabaseError, connections

from evenhand.record import Actor
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.pages.reporting.offered import BOARD
from evenhand.web.pages.reporting.tracing import cited, trace_making

_log: Final = logging.getLogger(__name__)
_ONE_AT_A_TIME: Final = Lock()
Progress = Callable[[str, int, int], None]
"""Told before each part: what comes now, how many parts are done, of how many."""
Maker = Callable[[Progress], Mapping[str, bytes]]
"""Makes the files of a report. Raises Refusal where there can be none."""


class _Superseded(Exception):
    """Somebody else makes it by now, since this attempt gave no sign of life for too long."""


def begin(wanted: store.Wanted, maker: Maker, *, by: Actor) -> None:
    """Let a report be made, unless it is made or being made. One that tells the arms apart is kept, and so handed out,
    once the record says who made it."""
    attempt = store.begin_report(wanted, by=by.user)
    if attempt is not None:
        in_background(partial(_make, wanted, attempt, maker, by))


def in_background(job: Callable[[], None]) -> None:
    """On a thread that does not keep the worker from ending."""
    Thread(target=job, name="report", daemon=True).start()


def _make(wanted: store.Wanted, attempt: str, maker: Maker, by: Actor) -> None:
    over = Event()
    Thread(target=_beat, args=(wanted.id, attempt, over), name="report-beat", daemon=True).start()
    try:
        _outcome(wanted, attempt, maker, by)
    except (DatabaseError, _Superseded):
        _log.exception("a report was given up")  # it stalls, and its page says so
    finally:
        over.set()
        connections.close_all()


def _outcome(wanted: store.Wanted, attempt: str, maker: Maker, by: Actor) -> None:
    id = wanted.id

    def progress(what: str, done: int, parts: int) -> None:
        if not store.tell_progress(id, attempt, what, done, parts):
            raise _Superseded(id)

    try:
        with _ONE_AT_A_TIME:
            files = maker(progress)
        progress("its trace in the record", 0, 0)
        trace_making(wanted, files, by)
        store.keep_report(id, attempt, files)
        _tidy(wanted.study)
    except Refusal as refusal:
        store.refuse_report(id, attempt, refusal)
    except (DatabaseError, _Superseded):
        raise
    except Exception:
        _log.exception("a report could not be made")
        mend = "Begin it again; if it fails again, tell whoever runs this application: its log says what failed."
        store.refuse_report(id, attempt, Refusal("The program failed while making it.", "reports", mend))


def _tidy(study: str) -> None:
    """Let go of reports that newer ones have taken the place of; what that cannot do now, the next report does."""
    try:
        store.let_go(study, cited(store.current(study)), apart=(BOARD,))
    except DatabaseError:
        _log.exception("superseded reports could not be erased")


def _beat(id: str, attempt: str, over: Event) -> None:
    """Signs of life until it is over, or until the attempt no longer counts."""
    try:
        while not over.wait(store.BEAT.total_seconds()) and store.beat_report(id, attempt):
            pass
    except DatabaseError:
        _log.exception("a report gives no more signs of life")
    finally:
        connections.close_all()
