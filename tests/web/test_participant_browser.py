"""The pages of a participant in a real browser: forms that ask what follows, and no barrier on any page."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from evenhand.conduct.quality import queries
from tests.web.browser import faults
from tests.web.door_help import authenticator_app
from tests.web.participant_help import FORM, Somebody, entries, known, participant


@pytest.fixture
def nina(database, tmp_path):
    return Somebody("nina", participant(tmp_path / "study"))


def enter(page, server, somebody):
    """Let a page in as somebody who has signed in with a second factor."""
    authenticator_app(get_user_model().objects.get(username=somebody.name))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": somebody.client.cookies[name].value, "url": server.address}])


def fill(page):
    """Everything but what follows from an answer."""
    page.get_by_label("Day", exact=True).fill("3 May 2026")
    page.get_by_label("Size (mm)").fill("20.5")
    page.get_by_role("radio", name="left").check()


def test_questions_follow_and_rows_come_while_one_types(server, desktop, nina):
    enter(desktop, server, nina)
    desktop.goto(server.address + nina.address("form", form=FORM))
    desktop.evaluate("window.still_here = true")
    fill(desktop)
    asked = desktop.get_by_label("Where it hurts")
    assert asked.count() == 0
    desktop.get_by_role("group", name="Pain").get_by_role("radio", name="yes").check()
    asked.fill("in the knee")
    desktop.get_by_label("What else").fill("typed while the page was asking")
    assert desktop.get_by_label("Size (mm)").input_value() == "20.5"
    desktop.get_by_role("button", name="Add a row to Parts").click()
    desktop.get_by_label("Part", exact=True).nth(1).fill("P2")
    desktop.get_by_label("Part", exact=True).nth(0).fill("P1")
    desktop.get_by_role("button", name="Add a row to Parts").click()
    desktop.get_by_label("Part", exact=True).nth(2).fill("P3")
    desktop.get_by_role("button", name="(row 1 of Parts)").click()
    desktop.get_by_label("Part", exact=True).nth(2).wait_for(state="detached")
    assert asked.input_value() == "in the knee"
    assert desktop.get_by_label("What else").input_value() == "typed while the page was asking"
    assert desktop.evaluate("window.still_here"), "the page as a whole was never exchanged"
    assert faults(desktop) == []
    desktop.get_by_label("Size (mm)").press("Enter")  # records; adds no row
    desktop.wait_for_url("**/entries/*")
    (entry,) = entries(nina.subject)
    assert entry.values["where"] == "in the knee"
    assert [row["part"] for row in entry.rows("parts")] == ["P2", "P3"]


def test_a_question_that_no_longer_follows_goes_away(server, desktop, nina):
    enter(desktop, server, nina)
    desktop.goto(server.address + nina.address("form", form=FORM))
    pain = desktop.get_by_role("group", name="Pain")
    pain.get_by_role("radio", name="yes").check()
    desktop.get_by_label("Where it hurts").wait_for()
    pain.get_by_role("radio", name="no").check()
    desktop.get_by_label("Where it hurts").wait_for(state="detached")


def test_a_form_is_filled_in_without_a_script(server, new_page, nina):
    page = new_page(java_script_enabled=False)
    enter(page, server, nina)
    page.goto(server.address + nina.address("form", form=FORM))
    fill(page)
    page.get_by_role("group", name="Pain").get_by_role("radio", name="yes").check()
    page.get_by_label("Part", exact=True).fill("P1")
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_label("Where it hurts").fill("in the knee")
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_url("**/entries/*")
    assert entries(nina.subject)[0].values["where"] == "in the knee"


def test_a_form_is_filled_in_with_the_keyboard_alone(server, desktop, nina):
    enter(desktop, server, nina)
    desktop.goto(server.address + nina.address("form", form="summary"))
    desktop.get_by_role("radio", name="yes").focus()
    desktop.keyboard.press("Space")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/entries/*")
    assert entries(nina.subject)[0].values["content"] is True


def test_no_page_about_a_participant_has_a_barrier_on_a_phone(server, new_page, phone, nina):
    enter(phone, server, nina)
    seq = nina.enters({"f.size": "4"})
    nina.enters({"f.label": "another entry, so that two wait for a signature"})
    for page, where in [
        ("participants", {}),
        ("participant", {}),
        ("form", {"form": FORM}),
        ("form", {"form": "weight"}),
        ("form-entry", {"seq": seq}),
        ("correct-form", {"seq": seq}),
        ("strike-entry", {"seq": seq}),
    ]:
        phone.goto(server.address + nina.address(page, **where))
        assert faults(phone) == [], page
    phone.goto(server.address + nina.address("form", form=FORM))
    phone.get_by_role("button", name="Record", exact=True).click()
    phone.get_by_text("Day is missing").wait_for()
    assert faults(phone) == []

    clin = new_page((375, 812))
    enter(clin, server, Somebody("clin", nina.subject))
    clin.goto(server.address + nina.address("sign-forms"))
    assert faults(clin) == []
    dan = Somebody("dan", nina.subject)
    dan.fills("ask-query", {"text": "Is it mm?"}, seq=seq)
    monitor = new_page((375, 812))
    enter(monitor, server, dan)
    for page, where in [
        ("form-entry", {"seq": seq}),
        ("lock-entry", {"seq": seq}),
        ("ask-query", {"seq": seq}),
        ("close-query", {"query": queries(known(nina.subject))[0].seq}),
    ]:
        monitor.goto(server.address + nina.address(page, **where))
        assert faults(monitor) == [], page
