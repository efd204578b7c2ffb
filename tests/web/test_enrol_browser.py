"""Consent, registration, randomization and the printed confirmation in a real browser, at both widths."""

import io

import pytest
from django.conf import settings
from pypdf import PdfReader

from evenhand.web import store
from tests.web.browser import DESKTOP, PHONE, faults, noise
from tests.web.door_help import authenticator_app
from tests.web.enrol_help import Person, address, entries, kinds
from tests.web.trial_here import PASSWORD, STUDY, trial

REFUSED = "console: Failed to load resource: the server responded with a status of"


def at_desk(page, server, carl):
    """Give a page the session of somebody who came in at the door."""
    authenticator_app(carl.account)
    cookie = carl.client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.address}])


def signs(page, button, password=PASSWORD):
    page.get_by_label("User name").fill("carl")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_consent_to_the_confirmation(server, new_page, size):
    (subject,) = trial("attested")
    page = new_page(size)
    at_desk(page, server, Person())

    page.goto(server.address + address("register", subject))
    assert page.get_by_text("Registration is not possible yet").is_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Record consent").click()
    assert faults(page) == []
    signs(page, "Sign and record consent")
    assert "consented" in kinds()

    page.goto(server.address + address("withdraw", subject))
    assert faults(page) == []

    page.goto(server.address + address("register", subject))
    signs(page, "Sign and register", "not the password")
    assert page.get_by_text("The password is not the one").is_visible()
    assert [said for said in faults(page) if not said.startswith(REFUSED)] == []
    signs(page, "Sign and register")
    assert page.get_by_role("heading", level=1).inner_text() == f"{subject} is registered as P0001-3"
    assert faults(page) == []

    page.get_by_role("link", name="Go on to randomization").click()
    assert faults(page) == []
    signs(page, "Sign and randomize")
    assert page.get_by_role("heading", level=1).inner_text() == "P0001-3 is randomized"
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Confirmation to print").click()
    (one,) = PdfReader(io.BytesIO(download.value.path().read_bytes())).pages
    assert entries()[-1].hash in one.extract_text()
    assert store.verified(STUDY).findings == ()


def test_a_double_click_and_the_way_back_lead_to_the_one_allocation(server, desktop):
    (subject,) = trial("registered")
    at_desk(desktop, server, Person())
    desktop.goto(server.address + address("randomize", subject))
    desktop.get_by_label("User name").fill("carl")
    desktop.get_by_label("Password", exact=True).fill(PASSWORD)
    desktop.get_by_role("button", name="Sign and randomize").dblclick()
    desktop.wait_for_url(f"**{address('allocation', subject)}")
    assert kinds().count("randomized") == 1
    desktop.go_back()
    desktop.wait_for_url(f"**{address('allocation', subject)}")
    assert desktop.get_by_role("heading", level=1).inner_text() == "P0001-3 is randomized"
    assert noise(desktop) == []
