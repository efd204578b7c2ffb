"""Recording a look and striking it in a real browser, on a desktop and on a phone, with nothing wrong on any page."""

import pytest

from evenhand.record import looks_held
from evenhand.web import store
from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.reports_help import BOARD_FILES, kept
from tests.web.study_help import STUDY, member, randomized_trial
from tests.web.test_study_in_browser import at_desk
from tests.web.trial_here import PASSWORD

LONG = 90_000  # milliseconds: what counts is loaded first, on a busy machine


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_looks_have_no_faults(database, server, new_page, size):
    making, _ = randomized_trial(2, 1)
    making.keep()
    kept("safety-board-closed")
    kept("board", {**BOARD_FILES, "look.json": b'{"number": 1, "events": 54}'})
    who, page = member("safety_board"), new_page(size)
    at_desk(page, server, who)
    page.goto(f"{server.address}/{STUDY}/board")
    page.get_by_role("heading", name="Looks").wait_for()
    page.get_by_text("Look 1 is due.").wait_for()
    assert faults(page) == []
    page.get_by_role("link", name="Record a look").click()
    page.get_by_role("link", name="closed session").focus()
    assert faults(page) == []
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign and record look 1").wait_for(timeout=LONG)
    page.get_by_label("Continue unchanged").check()
    page.get_by_label("Reason").fill("Nothing speaks against going on.")
    page.get_by_label("User name").fill(who.name)
    page.get_by_label("Password").fill(PASSWORD)
    assert faults(page) == []
    page.get_by_role("button", name="Sign and record look 1").click()
    page.get_by_text("here is no event at this data cut").wait_for(timeout=LONG)
    assert looks_held(store.current(STUDY)) == (), "the events are counted, and nobody has had one"
