"""The page on which somebody declines, in a real browser, at both widths: no fault, and by keyboard alone."""

import pytest

from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.enrol_help import Person, address, entries
from tests.web.test_enrol_browser import at_desk
from tests.web.trial_here import trial


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_somebody_declines_and_the_candidates_page_says_so(server, new_page, size):
    (subject,) = trial("attested")
    page = new_page(size)
    at_desk(page, server, Person())
    page.goto(server.address + address("candidate", subject))
    page.get_by_role("link", name="record that the person declined").click()
    assert faults(page) == []
    page.get_by_label("The visits, the way or the time").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Record that the person declined").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address('candidate', subject)}")
    assert page.get_by_text("the visits, the way or the time").first.is_visible()
    assert faults(page) == []
    assert entries()[-1].body["because"] == "burden"
    page.goto(server.address + address("consent", subject))
    assert faults(page) == []
