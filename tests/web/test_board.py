"""The safety board's view: made beside the page, kept while the record stands still, each number with its people."""

import re
from pathlib import Path

import pytest

from evenhand.figures import SHEET
from evenhand.web import desk, models, store
from evenhand.web.pages import board
from evenhand.web.pages.reporting import making
from tests.eligible import PROTOCOL
from tests.web.enrol_help import text
from tests.web.reports_help import asked, at_once, kept, opens
from tests.web.study_help import member, randomized_trial

STUDY = PROTOCOL.study
EMPTY = {"board.json": b'{"sections": []}', "people.json": b"{}", "manifest.json": b"{}"}


@pytest.fixture
def study(database):
    making, subjects = randomized_trial(3, 2)
    making.keep()
    return [one for some in subjects.values() for one in some]


@pytest.fixture
def made(study, monkeypatch):
    """A view that was made of the record as it is, with all who look at it."""
    people = {role: member(role) for role in ("safety_board", "statistician")}
    at_once(monkeypatch)
    assert people["safety_board"].sends("board", {}).status_code == 302
    for who in people.values():
        opens(who)
    return people


def test_the_board_sees_the_arms_beside_each_other(made):
    answer = made["safety_board"].sees("board")
    page = text(answer)
    assert "up to date" in page
    for arm in PROTOCOL.arms:
        assert arm.label in page
    for title in ("Stopping rules", "Interim analysis", "Flow of participants", "Events by arm", "Adverse events",
                  "Serious adverse events and deaths"):  # fmt: skip
        assert f'">{title}</h2>' in answer.content.decode()
    assert answer.content.decode().count("<svg xmlns") >= 3


def test_between_looks_nothing_is_tested(made):
    page = text(made["statistician"].sees("board"))
    assert "No look is due at this cut" in page
    assert "an arm is tested against the other at the planned looks alone" in page
    events = page[page.rindex("Described, and not compared") : page.rindex("Serious adverse events and deaths")]
    assert re.findall(r"azard ratio|log-rank", events.partition("Adverse events")[0]) == []


def numbers(who):
    """The addresses behind the numbers of the view."""
    return re.findall(r'<td[^>]*><a href="([^"]+)">', who.sees("board").content.decode())


def test_each_number_opens_the_people_behind_it(made, study):
    """Those who may open participants get links, the board pseudonyms."""
    (opens,) = [one for one in numbers(made["safety_board"]) if "flow_enrolment.randomized.people" in one]
    for role, linked in (("statistician", True), ("safety_board", False)):
        shown = made[role].client.get(opens)
        found = set(re.findall("|".join(study), text(shown)))
        assert found == set(study)
        assert (f"/{STUDY}/participants/{study[0]}" in shown.content.decode()) is linked


def test_every_number_that_is_a_link_leads_somewhere(made):
    addresses = numbers(made["safety_board"])
    assert len(addresses) > 10
    assert {made["safety_board"].client.get(one).status_code for one in addresses[::7]} == {200}


def test_a_number_that_there_is_not_is_not_found(made):
    id = asked("board").id
    for report, number in ((id, "no.such.number"), ("0" * 64, "t.r.c"), (kept("final"), "t.r.c")):
        assert made["safety_board"].sees("board-number", report=report, number=number).status_code == 404


def test_no_page_of_reports_shows_a_view(made):
    id = asked("board").id
    assert made["statistician"].sees("report", report=id).status_code == 404
    assert id not in made["statistician"].sees("reports").content.decode()


# ---- old and new ---------------------------------------------------------------------------------


def test_a_view_says_how_far_the_record_is_ahead_and_is_made_anew_on_demand(study, monkeypatch):
    who = member("safety_board")
    first = kept("board", EMPTY)
    opens(who)
    member("monitor")  # an entry: a role is granted
    assert asked("board").seq - store.report_of(STUDY, first).seq == 3, "one, after two that only trace the view"
    page = who.sees("board")
    assert "1 entry was recorded since" in text(page)
    assert 'hx-trigger="load' not in page.content.decode(), "a view of now is not made anew by itself"
    at_once(monkeypatch)
    monkeypatch.setattr(board, "board_maker", lambda *_: lambda progress: EMPTY)
    who.sends("board", {})
    assert "up to date" in text(who.sees("board"))
    assert [one.state for one in store.reports_of(STUDY)] == ["made", "made"], "the earlier one stays for open pages"
    member("inspector")
    who.sends("board", {})
    assert store.report_of(STUDY, first) is None


def test_an_old_view_is_made_anew_by_itself(study, monkeypatch):
    who = member("safety_board")
    assert 'hx-trigger="load' in who.sees("board").content.decode(), "there is none yet"
    kept("board", EMPTY)
    opens(who)
    assert 'hx-trigger="load' not in who.sees("board").content.decode()
    member("monitor")
    models.Report.objects.update(begun=desk.datetime.now(desk.UTC) - 2 * board._BY_ITSELF)
    assert 'hx-trigger="load' in who.sees("board").content.decode()


def test_a_page_that_waits_is_told_when_the_view_is_ready(study, monkeypatch):
    who = member("safety_board")
    monkeypatch.setattr(making, "in_background", lambda job: None)
    asks = {"HX-Request": "true"}
    address = f"/{STUDY}/board"
    first = who.client.post(address, headers=asks)
    assert 'hx-trigger="every 2s"' in first.content.decode()
    wanted = asked("board")
    attempt = models.Report.objects.get(id=wanted.id).attempt
    store.keep_report(wanted.id, attempt, EMPTY)
    assert who.client.get(address, headers=asks)["HX-Refresh"] == "true", "nothing was shown so far"
    other = who.client.get(f"{address}?shown=an-earlier-one", headers=asks)
    assert "The view of now is ready. Show it" in text(other), "what somebody reads is not taken away"


def test_figures_have_their_dark_colours_on_pages():
    css = Path(board.__file__).parents[1] / "static" / "evenhand" / "style.css"
    assert f"\n{SHEET}\n" in css.read_text("utf-8")
