"""The trace of reports that tell the arms apart: in the record before one is handed out, once a day for each reader."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from evenhand.administration import READERS, ROLES
from evenhand.refusal import Refusal
from evenhand.reports import MANIFEST
from evenhand.web import desk, store
from evenhand.web.access import TABLE, Action
from evenhand.web.pages import board, reports
from evenhand.web.pages.reporting import making, tracing
from evenhand.web.pages.reporting.offered import OFFERED
from tests.eligible import PROTOCOL
from tests.web.databases import together
from tests.web.enrol_help import text
from tests.web.reports_help import BOARD_FILES, FILES, PAGE, asked, at_once, kept, opens, reader, traces
from tests.web.study_help import member, randomized_trial

STUDY = PROTOCOL.study
ADDRESSES = {"report-page": {}, "report-zip": {}, "report-file": {"file": "report.pdf"}}
BY_ARM = [one.id for one in OFFERED.values() if one.by_arm]


@pytest.fixture
def study(database):
    randomized_trial(2, 1)[0].keep()


def today():
    return datetime.now(UTC).date().isoformat()


def get(who, id):
    """What each address of a report answers."""
    return [who.sees(page, report=id, **more) for page, more in ADDRESSES.items()]


def test_whoever_may_see_by_arm_may_make_and_open_these():
    assert {role for role in ROLES if Action.SEE_BY_ARM in TABLE[role]} == set(READERS)
    assert tracing.MANIFEST == MANIFEST
    assert set(tracing.TRACED) == {*BY_ARM, board.BOARD}


# ---- making -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BY_ARM)
def test_a_report_by_arm_is_on_record_when_it_is_made(study, monkeypatch, kind):
    at_once(monkeypatch)
    monkeypatch.setattr(reports, "report_maker", lambda *_: lambda progress: FILES)
    who = member("statistician")
    wanted = asked(kind)
    who.sends("reports", {"kind": kind, "effective": today()})
    assert store.report_of(STUDY, wanted.id).state == "made"
    assert traces() == [("report_made", who.name, kind)]
    body = store.current(STUDY).head.body
    assert (body["last_entry"], body["hash"], body["effective"]) == (wanted.seq, wanted.hash, today())
    assert body["manifest"] == tracing._manifest(store.report_of(STUDY, wanted.id))
    who.sends("reports", {"kind": kind, "effective": today()})
    assert len(traces()) == 1, "its own trace makes no other report of it"


def test_a_pooled_report_leaves_no_trace(study, monkeypatch):
    at_once(monkeypatch)
    monkeypatch.setattr(reports, "report_maker", lambda *_: lambda progress: FILES)
    who = member("coordinator")
    sent = who.sends("reports", {"kind": "accrual", "effective": today()})
    assert {one.status_code for one in get(who, sent["Location"].rpartition("/")[2])} == {200}
    assert traces() == []


@pytest.mark.parametrize("fault", [Refusal("the record does not take it", "record"), RuntimeError("gone")])
def test_what_cannot_be_recorded_is_not_handed_out(study, monkeypatch, fault):
    def fails(*args, **given):
        raise fault

    at_once(monkeypatch)
    by, who = reader(), member("statistician")
    wanted = asked("final")
    monkeypatch.setattr(store, "perform", fails)
    making.begin(wanted, lambda progress: FILES, by=by)
    assert store.report_of(STUDY, wanted.id).state == "refused"
    assert store.files_kept(wanted.id) == []
    assert "not made" in text(who.sees("report", report=wanted.id))


def test_nor_what_has_no_manifest(study, monkeypatch):
    at_once(monkeypatch)
    by = reader()
    wanted = asked("final")
    making.begin(wanted, lambda progress: {"report.html": PAGE}, by=by)
    assert store.report_of(STUDY, wanted.id).state == "refused"
    assert traces() == []


def test_whoever_lost_the_role_meanwhile_gets_nothing(study, monkeypatch):
    at_once(monkeypatch)
    wanted = asked("final")
    making.begin(wanted, lambda progress: FILES, by=type(reader())("nobody", "statistician"))
    assert "neither statistician nor" in store.report_of(STUDY, wanted.id).refusal.reason


# ---- opening ------------------------------------------------------------------------------------


def test_nothing_is_handed_out_before_it_is_opened_and_looking_records_nothing(study):
    who, id = member("safety_board"), kept("final")
    before = traces()
    page = who.sees("report", report=id)
    assert 'name="open"' in page.content.decode()
    assert "report.pdf" not in page.content.decode()
    for answer in get(who, id):
        assert (answer.status_code, answer["Location"]) == (302, f"/{STUDY}/reports/{id}")
    assert traces() == before
    opens(who, id)
    assert {one.status_code for one in get(who, id)} == {200}
    assert "Read it" in text(who.sees("report", report=id))
    assert traces() == [*before, ("report_read", who.name, "final")]


def test_it_is_recorded_once_a_user_report_and_day(study, monkeypatch):
    who, other, id = member("safety_board"), member("statistician"), kept("final")
    for _ in range(3):
        opens(who, id)
        get(who, id)
    assert [one[0] for one in traces()] == ["report_made", "report_read"]
    assert {one.status_code for one in get(other, id)} == {302}, "what one opened is not open for another"
    opens(other, id)
    opens(who, kept("safety-board-closed"))
    assert len(traces()) == 5

    class Tomorrow(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=1)

    monkeypatch.setattr(desk, "datetime", Tomorrow)
    assert {one.status_code for one in get(who, id)} == {302}, "a day later it is asked again"


def test_of_clicks_at_one_moment_one_is_recorded(each_database):
    randomized_trial(1, 1)[0].keep()
    who, id = member("statistician"), kept("final")
    seat = desk.desk_for(STUDY, who.name, "S")
    made = store.report_of(STUDY, id)
    together([lambda: tracing.open_report(seat, made)] * 4)
    assert [one[0] for one in traces()] == ["report_made", "report_read"]


def test_opening_that_the_record_does_not_take_opens_nothing(study, monkeypatch):
    who, id = member("statistician"), kept("final")
    store.drop_earlier(STUDY, "final", "none")  # files come back that nobody recorded
    wanted = asked("final")
    attempt = store.begin_report(wanted, by="somebody")
    store.keep_report(wanted.id, attempt, {**FILES, "manifest.json": b"[]"})
    answer = who.sends("report", {"open": "yes"}, report=id)
    assert answer.status_code == 200
    assert "does not say that this report was made" in text(answer)
    assert {one.status_code for one in get(who, id)} == {302}


def test_a_report_is_not_opened_by_anything_but_the_button(study):
    who, id = member("statistician"), kept("final")
    before = traces()
    assert who.sends("report", {}, report=id).status_code == 302
    assert who.client.get(f"/{STUDY}/reports/{id}?open=yes").status_code == 200
    assert who.client.get(f"/{STUDY}/board?open=yes").status_code == 200
    assert traces() == before


# ---- the board's view ----------------------------------------------------------------------------


def test_the_boards_view_is_opened_once_a_day_whichever_it_is(study, monkeypatch):
    who = member("safety_board")
    view = kept("board", BOARD_FILES)
    number = f"/{STUDY}/board/{view}/t.r.c"
    assert "The record keeps who opens this view" in text(who.sees("board"))
    assert who.client.get(number)["Location"] == f"/{STUDY}/board"
    opens(who)
    assert "up to date" in text(who.sees("board"))
    assert who.client.get(number).status_code == 200
    member("monitor")  # an entry: a role is granted
    at_once(monkeypatch)
    monkeypatch.setattr(board, "board_maker", lambda *_: lambda progress: {**BOARD_FILES, MANIFEST: b"[]"})
    who.sends("board", {})
    assert "up to date" in text(who.sees("board"))
    opens(who)
    assert [one[0] for one in traces()] == ["report_made", "report_read", "report_made"]


def test_a_view_that_nobody_recorded_is_made_anew(study, monkeypatch):
    who = member("safety_board")
    attempt = store.begin_report(asked("board"), by="somebody")
    store.keep_report(asked("board").id, attempt, BOARD_FILES)
    assert "Count anew" in text(who.sends("board", {"open": "yes"}))
    member("monitor")
    at_once(monkeypatch)
    monkeypatch.setattr(board, "board_maker", lambda *_: lambda progress: BOARD_FILES)
    who.sends("board", {})
    opens(who)
    assert "up to date" in text(who.sees("board"))


def test_asking_how_far_it_is_tells_nothing_by_arm_and_needs_no_trace(study):
    who = member("safety_board")
    kept("board", BOARD_FILES)
    part = who.client.get(f"/{STUDY}/board?shown=earlier", headers={"HX-Request": "true"})
    assert "is ready" in text(part)
    assert len(traces()) == 1


# ---- the record ----------------------------------------------------------------------------------


def test_an_inspector_reads_who_opened_what(study):
    who, id = member("safety_board"), kept("final")
    opens(who, id)
    inspector = member("inspector")
    listed = text(inspector.sees("record"))
    told = re.search(r"opened a report that tells the arms apart[^.]{0,80}Final report, data cut \d", listed, re.I)
    assert told, listed
    made, opened = (one for one in store.current(STUDY).entries if one.kind in ("report_made", "report_read"))
    page = text(inspector.sees("entry", seq=made.seq))
    for said in ("Final report", "Last entry that it knows", "SHA-256 of its manifest", made.body["manifest"]):
        assert said in page
    assert "Data cut" in text(inspector.sees("entry", seq=opened.seq))


def test_the_record_with_traces_verifies(study):
    kept("board", BOARD_FILES)
    id = kept("final")
    opens(member("statistician"), id)
    opens(member("safety_board"))
    assert len(traces()) == 4
    answer = member("inspector").sends("verify", {})
    assert "report_" not in text(answer)
    assert store.verified(STUDY).findings == ()
