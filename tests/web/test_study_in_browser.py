"""The pages of the study and of the record in a real browser: no barriers, no noise, no sideways scrolling."""

import re

import pytest
from django.conf import settings

from evenhand.web import store
from tests.eligible import PROTOCOL
from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.door_help import authenticator_app
from tests.web.study_help import STUDY, corrected, member, randomized_trial, turned_away


def at_desk(page, server, person):
    """Give a page the session of somebody who came in at the door."""
    authenticator_app(person.account)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": person.client.cookies[name].value, "url": server.address}])


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_study_and_record_have_no_faults(database, server, new_page, size):
    making, _ = randomized_trial(3, 2)
    original, correction = corrected(making, turned_away(making))
    making.keep()
    person = member("statistician")
    allocation = next(one.seq for one in store.current(STUDY).entries if one.kind == "randomized")
    pages = {
        "study": PROTOCOL.short_title,
        "study/protocol": PROTOCOL.title,
        "record": "Record",
        "record?candidate=nobody": "Record",
        "record/verify": "Verify the record",
        **{f"record/{seq}": f"Entry {seq}: " for seq in (original, correction, allocation)},
    }
    page = new_page(size)
    at_desk(page, server, person)
    for where, heading in pages.items():
        page.goto(f"{server.address}/{STUDY}/{where}")
        assert page.get_by_role("heading", level=1).inner_text().startswith(heading)
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        assert faults(page) == [], where


def test_verification_and_search_answer_in_place(database, server, desktop):
    making, _ = randomized_trial(2, 1)
    making.keep()
    person = member("monitor")
    at_desk(desktop, server, person)
    desktop.goto(f"{server.address}/{STUDY}/record/verify")
    desktop.get_by_role("button", name="Verify now").click()
    desktop.get_by_text("The record is whole", exact=True).wait_for()
    assert desktop.url.endswith("/record/verify")
    desktop.goto(f"{server.address}/{STUDY}/record")
    desktop.get_by_text("Search", exact=True).first.click()
    desktop.get_by_label("What was done").select_option(label="randomized the participant")
    desktop.get_by_role("button", name="Search").click()
    desktop.get_by_text("3 entries match.").wait_for()
    assert re.search(r"kind=randomized", desktop.url)
    assert faults(desktop) == []
    desktop.go_back()
    desktop.get_by_role("link", name="Granted a role").first.wait_for()
