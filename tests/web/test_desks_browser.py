"""The desks, the calendar and the forms with pages of their own in a real browser."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from evenhand.web.templatetags.evenhand import day
from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.desks_help import NORTH, SERIOUS, SOUTH, STUDY, Made, Somebody, ago, entries
from tests.web.test_study_in_browser import at_desk

SHOTS = os.environ.get("EVENHAND_SHOTS")


def shot(page, name, size):
    """Pictures for whoever looks, in both looks."""
    for scheme in ("light", "dark") if SHOTS else ():
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=Path(SHOTS, f"{name}-{size[0]}-{scheme}.png"), full_page=True)
        page.emulate_media(color_scheme="light")


def world():
    """Participants of both arms and sites with treatment, lesions, scans, events, reports, and much that is late."""
    made = Made(days=200)
    made.local, made.usual = made.participant(NORTH, "local"), made.participant(SOUTH, "usual")
    for subject in (made.local, made.usual):
        made.treats(subject)
        made.lesions(subject)
    made.irradiates(made.local, made.begun + timedelta(days=30), "M1")
    made.scan(made.local, ago(110), "follow_up.1", size="12")
    made.scan(made.usual, ago(108), "follow_up.1", size="16")
    made.enters(made.local, "visit", ago(110), "follow_up.1", date=ago(110).isoformat(), way="in_person")
    made.event(made.local, "Nausea", "1", ago(60))
    made.event(made.local, "Pneumonitis", "3", ago(12), aware=ago(10).isoformat(), expected="yes", **SERIOUS)
    made.enters(made.local, "safety_report", event="2", regime="sponsor", report="initial", sent=ago(8).isoformat())
    made.event(made.usual, "Febrile neutropenia", "4", ago(1), aware=ago(0).isoformat(), **SERIOUS)
    return made.keep()


def addresses(made):
    """The pages, by the name of a picture."""
    one = f"participants/{made.local}"
    scan = next(entry.seq for entry in entries(made.local) if entry.form.id == "scan")
    return {
        "safety": "safety?show=all",
        "quality-queries": "quality",
        "quality-waiting": "quality?view=waiting",
        "quality-deviations": "quality?view=deviations",
        "quality-sites": "quality?view=sites",
        "calendar": f"calendar?month={ago(8):%Y-%m}",
        "calendar-weeks": "calendar?weeks=4",
        "event": f"{one}/events/adverse_event",
        "scan": f"{one}/scans/scan?visit=follow_up.2",
        "proposal": f"{one}/entries/{scan}/response",
        "participant": one,
    }


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_has_faults(database, server, new_page, size):
    made = world()
    page = new_page(size)
    at_desk(page, server, Somebody("carl"))
    for name, where in addresses(made).items():
        page.goto(f"{server.address}/{STUDY}/{where}")
        page.get_by_role("heading", level=1).wait_for()
        shot(page, name, size)
        assert faults(page) == [], name


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_whoever_sees_counts_by_arm_has_no_faults_either(database, server, new_page, size):
    world()
    page = new_page(size)
    at_desk(page, server, Somebody("board"))
    page.goto(f"{server.address}/{STUDY}/safety")
    page.get_by_role("heading", level=1).wait_for()
    shot(page, "safety-board", size)
    assert faults(page) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_event_is_found_graded_and_recorded_by_keyboard(database, server, new_page, size):
    made = world()
    page = new_page(size)
    at_desk(page, server, Somebody("carl"))
    page.goto(f"{server.address}/{STUDY}/participants/{made.local}/events/adverse_event")
    page.get_by_label("Search for the event").press_sequentially("tired")
    page.get_by_role("radio", name="Fatigue").first.wait_for()
    page.get_by_text("1 term to choose from").wait_for()
    page.get_by_role("radio", name="Fatigue").focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name="2: Rest does not relieve it").wait_for()
    assert page.get_by_role("radio", name="4").count() == 0
    page.get_by_role("radio", name="2: Rest does not relieve it").check()
    page.get_by_label("First day").fill(ago(3).isoformat())
    page.locator("[name='f.course.0.day']").fill(ago(3).isoformat())
    page.locator("[name='f.outcome']").select_option("recovering")
    for relation in page.locator("select[name$='.relation']").all():
        relation.select_option("possible")
    page.locator("input[name='f.serious'][value=no]").check()
    shot(page, "event-filled", size)
    assert faults(page) == []
    page.get_by_role("button", name="Record", exact=True).last.click()
    page.get_by_text("What it says").wait_for()
    assert page.get_by_text("Fatigue", exact=True).count() == 1


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_scan_is_recorded_and_its_proposal_read(database, server, new_page, size):
    made = world()
    page = new_page(size)
    at_desk(page, server, Somebody("carl"))
    page.goto(f"{server.address}/{STUDY}/participants/{made.local}/scans/scan?visit=follow_up.2")
    page.get_by_label("Day of the last image").fill(ago(6).isoformat())
    page.get_by_label("Day of the last image").press("Tab")
    page.locator("input[name='f.complete'][value=yes]").check()
    page.locator("[name='f.lesions.0.size']").fill("12")
    page.locator("[name='f.lesions.1.seen']").select_option("present")
    shot(page, "scan-filled", size)
    assert faults(page) == []
    page.get_by_role("button", name="Record", exact=True).last.click()
    page.get_by_role("heading", name="Proposed response").wait_for()
    shot(page, "proposal-after", size)
    assert faults(page) == []


def test_what_is_typed_while_questions_are_exchanged_stays(database, server, new_page):
    made = world()
    page = new_page(DESKTOP)
    at_desk(page, server, Somebody("carl"))
    page.goto(f"{server.address}/{STUDY}/participants/{made.local}/scans/scan?visit=follow_up.2")
    held = []
    page.route(
        "**/scans/scan*", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    page.get_by_label("Day of the last image").fill(ago(6).isoformat())
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_label("Day of the last image").press("Tab")
    size = page.locator("[name='f.lesions.0.size']")
    size.fill("12")
    page.locator("[name='f.lesions.1.seen']").select_option("present")
    size.focus()
    with page.expect_response(lambda response: response.request.method == "POST"):
        held[0].continue_()
    page.get_by_text(f"those before {day(ago(6))}").wait_for()
    assert size.input_value() == "12"
    assert page.locator("[name='f.lesions.1.seen']").input_value() == "present"
    assert size.evaluate("field => field === document.activeElement")


def test_a_choice_counts_though_the_list_is_exchanged_before_it_is_answered(database, server, new_page):
    made = world()
    page = new_page(DESKTOP)
    at_desk(page, server, Somebody("carl"))
    page.goto(f"{server.address}/{STUDY}/participants/{made.local}/events/adverse_event")
    page.get_by_label("Search for the event").press_sequentially("tire")
    page.get_by_role("radio", name="Fatigue").wait_for()
    held = []
    page.route("**/events/*", lambda route: held.append(route))  # noqa: PLW0108 - it sets an attribute on the function
    with page.expect_request("**/events/*"):
        page.get_by_label("Search for the event").press_sequentially("d")
    with page.expect_request("**/events/*"):
        page.get_by_role("radio", name="Fatigue").check()
    search, choice = held
    for request in (search, choice):
        with page.expect_response("**/events/*"):
            request.continue_()
    page.get_by_role("radio", name="2: Rest does not relieve it").wait_for()
    assert page.get_by_role("radio", name="4").count() == 0
    assert page.get_by_role("radio", name="Fatigue").is_checked()
