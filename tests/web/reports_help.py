"""Reports in the database under test: kept as if they had been made, and made at once instead of beside the page."""

from datetime import UTC, datetime

from evenhand.web import store
from evenhand.web.desk import Desk, desk_for
from evenhand.web.pages.reporting import making
from evenhand.web.pages.reporting.asking import wanted_at
from tests.web.study_help import STUDY
from tests.web.trial_here import ADMINISTRATOR

PAGE = b"<!doctype html><html><head><style>p { margin: 0 }</style></head><body><p>Told.</p></body></html>"
FILES = {"report.html": PAGE, "report.pdf": b"%PDF-1.7", "tables/one.csv": b"id\n", "figures/one.svg": b"<svg/>"}
BOARD_FILES = {
    "board.json": b'{"sections": []}',
    "people.json": b'{"t.r.c": {"table": "Table 1. T", "row": "R", "column": "C", "text": "1", "people": []}}',
}


def any_desk() -> Desk:
    """A desk of somebody who may do little: for asking what the record is by now."""
    return desk_for(STUDY, ADMINISTRATOR.user, "Ada")


def asked(kind, *, named=True, moment=None, day=None):
    """What somebody asks for now."""
    desk = any_desk()
    return wanted_at(desk, kind, day or desk.last_day, moment or datetime.now(UTC), named=named)


def kept(kind, files=None, *, named=True):
    """A report of the record as it is, made of these files; gives its id."""
    wanted = asked(kind, named=named)
    attempt = store.begin_report(wanted, by="somebody")
    store.keep_report(wanted.id, attempt, FILES if files is None else files)
    return wanted.id


def at_once(monkeypatch):
    """Make reports before the page answers."""
    monkeypatch.setattr(making, "in_background", lambda job: job())
