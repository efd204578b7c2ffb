"""Reports in the database under test: kept as if they had been made, and made at once instead of beside the page."""

from datetime import UTC, datetime

from evenhand.administration import READERS, TRACED, Grant, grant_role, grants
from evenhand.record import TRACES, Actor
from evenhand.web import store
from evenhand.web.desk import Desk, desk_for
from evenhand.web.pages.reporting import making, tracing
from evenhand.web.pages.reporting.asking import wanted_at
from tests.web.study_help import STUDY
from tests.web.trial_here import ADMINISTRATOR

PAGE = b"<!doctype html><html><head><style>p { margin: 0 }</style></head><body><p>Told.</p></body></html>"
FILES = {"report.html": PAGE, "report.pdf": b"%PDF-1.7", "tables/one.csv": b"id\n", "figures/one.svg": b"<svg/>",
         "manifest.json": b"{}"}  # fmt: skip
BOARD_FILES = {
    "board.json": b'{"sections": []}',
    "people.json": b'{"t.r.c": {"table": "Table 1. T", "row": "R", "column": "C", "text": "1", "people": []}}',
    "manifest.json": b"{}",
}


def any_desk() -> Desk:
    """A desk of somebody who may do little: for asking what the record is by now."""
    return desk_for(STUDY, ADMINISTRATOR.user, "Ada")


def asked(kind, *, named=True, moment=None, day=None):
    """What somebody asks for now."""
    desk = any_desk()
    return wanted_at(desk, kind, day or desk.last_day, moment or datetime.now(UTC), named=named)


def kept(kind, files=None, *, named=True):
    """A report of the record as it is, made of these files, on record where it tells the arms apart; gives its id."""
    by = reader() if kind in TRACED else Actor("somebody", "coordinator")
    wanted, files = asked(kind, named=named), FILES if files is None else files
    attempt = store.begin_report(wanted, by=by.user)
    tracing.trace_making(wanted, files, by)
    store.keep_report(wanted.id, attempt, files)
    return wanted.id


def reader():
    """Somebody who may make a report that tells the arms apart; there is one after this, if there was none."""
    if not any(one.role in READERS and one.site is None for one in grants(store.current(STUDY))):
        given = Grant("reader.of.all", "statistician", None)
        store.perform(STUDY, grant_role, by=ADMINISTRATOR, given=given)
    who = next(one for one in grants(store.current(STUDY)) if one.role in READERS and one.site is None)
    return Actor(who.user, who.role)


def traces():
    """What the record says about reports that tell the arms apart: kind of entry, user, report."""
    about = store.current(STUDY).about_study.entries
    return [(one.kind, one.by.user, one.body["report"]) for one in about if one.kind in TRACES]


def opens(who, report=None):
    """Somebody opens a report for today, or the safety board's view."""
    answer = who.sends(*("report", {"open": "yes"}), report=report) if report else who.sends("board", {"open": "yes"})
    assert answer.status_code == 302


def at_once(monkeypatch):
    """Make reports before the page answers."""
    monkeypatch.setattr(making, "in_background", lambda job: job())
