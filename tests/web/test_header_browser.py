"""The head of every page with a long name and a long title, and the page of a damaged record, in a real browser."""

import os
from pathlib import Path

import pytest

from evenhand.web.models import User
from tests.eligible import PROTOCOL
from tests.web.browser import DESKTOP, PHONE, barriers, faults, sticking_out
from tests.web.candidate_help import Visitor
from tests.web.test_record_damaged import altered, without
from tests.web.test_study_in_browser import at_desk
from tests.web.trial_here import STUDY, trial

LONG = "Dr Maria-Alexandra Longname-Otherwise"
CALM = 64  # px; one row, with room for two lines of title
HEIGHTS = """() => [...document.querySelectorAll(".masthead, .tabs")].map(one => one.getBoundingClientRect().height)"""
SHOTS = os.environ.get("EVENHAND_SHOTS")


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS, f"{name}.png"), full_page=True)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_long_name_and_a_long_title_keep_to_one_row(database, server, new_page, size):
    trial("screened")
    person = Visitor("long", "administrator", None)
    User.objects.filter(username="long").update(printed_name=LONG)
    page = new_page(size)
    at_desk(page, server, person)
    page.goto(f"{server.address}/{STUDY}/administration/")
    head, tabs = page.evaluate(HEIGHTS)
    assert (head <= CALM, tabs <= CALM) == (True, True), (head, tabs)
    menu = page.locator("details.account summary")
    assert menu.aria_snapshot().count(LONG) == 1  # its name for whoever does not see it
    shown = page.locator("details.account summary .name").bounding_box()
    assert (shown["width"] > 100) is (size == DESKTOP)
    menu.focus()
    page.keyboard.press("Enter")
    assert page.locator(".sheet").get_by_text(LONG).is_visible()
    assert PROTOCOL.short_title in page.locator(".brand").inner_text()
    assert faults(page) == []
    shot(page, f"header-{size[0]}")


@pytest.mark.parametrize("listing", ["worklist", "participants"])
def test_a_list_with_its_search_fits_the_narrowest_window(database, server, new_page, listing):
    """320 CSS pixels, which is 1280 at 400 % zoom (WCAG 2.2, 1.4.10)."""
    trial("registered")
    page = new_page((320, 640))
    at_desk(page, server, Visitor())
    page.goto(f"{server.address}/{STUDY}/{listing}")
    assert page.get_by_role("search").first.is_visible()
    assert sticking_out(page) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_of_a_damaged_record(database, server, new_page, size):
    trial("screened")
    person = Visitor("long", "administrator", None)
    altered(5, without("reason"))
    page = new_page(size)
    at_desk(page, server, person)
    assert page.goto(f"{server.address}/{STUDY}/study").status == 503
    assert page.get_by_role("alert").is_visible()
    assert [*barriers(page), *sticking_out(page)] == []
    shot(page, f"damaged-{size[0]}")
    page.goto(f"{server.address}/")
    assert [*barriers(page), *sticking_out(page)] == []
    shot(page, f"home-{size[0]}")
