"""A report asked for, awaited, read and taken home, and the safety board's view, in a real browser."""

from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.study_help import STUDY, member, randomized_trial
from tests.web.test_study_in_browser import at_desk

LONG = 90_000  # milliseconds: what counts is loaded first, on a busy machine


def wrong_at_any_width(page):
    """What is wrong with a page on a desktop and on a phone."""
    found = []
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        found += faults(page)
    return found


def test_a_report_and_the_board_from_asking_to_reading(database, server, desktop):
    making, _ = randomized_trial(3, 2)
    making.keep()
    person = member("statistician")
    page = desktop
    at_desk(page, server, person)
    page.goto(f"{server.address}/{STUDY}/reports")
    assert wrong_at_any_width(page) == []
    page.get_by_label("Accrual report").check()
    page.get_by_role("button", name="Make the report").click()
    read = page.get_by_role("link", name="Read it")
    read.wait_for(timeout=LONG)  # comes by itself
    assert wrong_at_any_width(page) == []
    with page.expect_download() as taken:
        page.get_by_role("link", name="All files (zip)").click()
    assert taken.value.suggested_filename.startswith(f"{STUDY}-accrual-")
    read.click()
    page.get_by_role("heading", name="Accrual report", level=1).wait_for()
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).maxWidth") != "none", "its style holds"
    page.goto(f"{server.address}/{STUDY}/board")
    page.get_by_role("button", name="Open").wait_for(timeout=LONG)  # begun and made by itself
    assert wrong_at_any_width(page) == []
    page.get_by_role("button", name="Open").click()
    page.get_by_role("heading", name="Events by arm").wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    assert wrong_at_any_width(page) == []
    page.get_by_role("row", name="Randomized").get_by_role("link").first.click()
    page.get_by_role("heading", name="Randomized", level=1).wait_for()
    assert wrong_at_any_width(page) == []
