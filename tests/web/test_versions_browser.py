"""An amendment in a real browser, at both widths: adopted with a signature, seen at the desk, consented to."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from evenhand.web import store
from tests.amended import amended_study
from tests.web.amended_help import STUDY, Desk, kept
from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.door_help import authenticator_app
from tests.web.trial_here import PASSWORD


def at_desk(page, server, desk):
    """Give a page the session of somebody who came in at the door; gives a function that opens a page of the study."""
    authenticator_app(desk.account)
    cookie = desk.client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.address}])

    def opens(name, query="", **given):
        page.goto(server.address + reverse(name, kwargs={"study": STUDY, **given}) + query)
        looked_at(page, name)

    return opens


def looked_at(page, name):
    """Nothing is wrong with the page; it is kept as a picture where somebody wants to look at it."""
    assert faults(page) == []
    if folder := os.environ.get("EVENHAND_PICTURES"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(folder) / f"{name}-{page.viewport_size['width']}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_from_the_adoption_to_the_consent_anew(tmp_path, server, new_page, size):
    participant, candidate = kept(amended_study(tmp_path))
    page = new_page(size)
    ada = at_desk(page, server, Desk("ada", "administrator", None))
    ada("versions")
    ada("changes", "?from=v1", version="v4")
    ada("adopt", "?site=ward&version=v3")
    page.get_by_label("Ground").fill("approved by the ethics committee, reference 2026-118")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign and adopt").click()
    assert page.get_by_text("ward follows v3.").is_visible()
    ada("versions")

    page = new_page(size)
    carl = at_desk(page, server, Desk("carl", "coordinator", "ward"))
    carl("reconsent")
    carl("worklist")
    carl("candidate", subject=candidate)
    assert page.get_by_text("the site follows v3").is_visible()
    carl("register", subject=candidate)
    carl("consent", subject=participant)
    page.get_by_label("User name").fill("carl")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign and record consent").click()
    carl("reconsent")
    assert page.get_by_role("link", name="Record consent").count() == 1
    assert store.verified(STUDY).findings == ()
