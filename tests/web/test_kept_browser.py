"""A session that ends while somebody types, in a real browser: signed out in another tab, signed in again."""

import pytest
from django.contrib.auth import get_user_model

from tests.web.browser import faults
from tests.web.door_help import authenticator_app, code
from tests.web.participant_help import FORM, PASSWORD, Somebody, entries, participant


@pytest.fixture
def nina(database, tmp_path):
    return Somebody("nina", participant(tmp_path / "study"))


def signs_in(page, secret, periods=0):
    page.get_by_label("User name").fill("nina")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("code", exact=False).first.fill(code(secret, periods))
    page.get_by_role("button", name="Sign in", exact=False).first.click()


def test_what_was_typed_when_the_session_ended_is_there_again_after_the_sign_in(server, desktop, nina):
    secret = authenticator_app(get_user_model().objects.get(username="nina"))
    form = server.address + nina.address("form", form=FORM)
    desktop.goto(form)
    signs_in(desktop, secret, -1)
    desktop.wait_for_url(form)
    desktop.get_by_label("Day", exact=True).fill("3 May 2026")
    desktop.get_by_label("Size (mm)").fill("20.5")
    other = desktop.context.new_page()
    other.goto(f"{server.address}/account/logout/")
    other.get_by_role("main").get_by_role("button", name="Sign out").click()
    other.get_by_label("User name").wait_for()

    # A click asks for what follows, and the answer leads away: whether the box is checked then, nobody can see.
    desktop.get_by_role("group", name="Pain").get_by_role("radio", name="yes").click(no_wait_after=True)
    desktop.get_by_text("What you typed is kept for an hour").wait_for()
    assert faults(desktop) == []
    signs_in(desktop, secret)
    desktop.get_by_text("What you typed is back in the form").wait_for()
    assert faults(desktop) == []
    assert desktop.get_by_label("Size (mm)").input_value() == "20.5"
    desktop.get_by_label("Where it hurts").fill("in the knee")
    desktop.get_by_role("radio", name="left").check()
    desktop.get_by_label("Part", exact=True).fill("P1")
    desktop.get_by_role("button", name="Record", exact=True).click()
    desktop.wait_for_url("**/entries/*")
    (entry,) = entries(nina.subject)
    assert (entry.values["where"], entry.values["pain"]) == ("in the knee", True)
