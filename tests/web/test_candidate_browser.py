"""The pages of a candidate in a real browser: from a file to a signature, and no barrier on the way."""

import re

from django.conf import settings
from django.contrib.auth import get_user_model

from evenhand.web import store
from tests.web.browser import faults
from tests.web.candidate_help import PATIENTS, Visitor, address
from tests.web.door_help import authenticator_app
from tests.web.trial_here import PASSWORD, STUDY, Making, trial


def enter(page, server, visitor):
    """Let a page in as somebody who has signed in with a second factor."""
    authenticator_app(get_user_model().objects.get(username=visitor.name))
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": visitor.client.cookies[name].value, "url": server.address}])


def last_entry(subject):
    return store.current(STUDY).subject(subject).entries[-1]


def test_from_a_file_to_a_signature(server, desktop, new_page):
    Making().keep()
    enter(desktop, server, Visitor())
    desktop.goto(server.address + address("new-candidate"))
    desktop.set_input_files("#id_file", str(PATIENTS / "clara.json"))
    desktop.get_by_role("button", name="Read the file").click()
    assert desktop.get_by_label("Name").input_value() == "Clara Test-Clara"
    assert faults(desktop) == []
    desktop.get_by_role("button", name="Record the candidate").click()
    (subject,) = store.current(STUDY).subjects
    assert desktop.url.endswith(address("candidate", subject))

    desktop.get_by_role("link", name="Record Imaging before registration, for E4").click()
    desktop.get_by_label("Date of imaging").fill("20 Nov 2026")
    desktop.get_by_label("Number of discrete metastases reported").fill("2")
    desktop.get_by_label("Disease of the central nervous system seen").select_option("no")
    desktop.get_by_label("This list is complete").check()
    desktop.get_by_label("Date of imaging").press("Enter")  # records; adds no row
    desktop.wait_for_url("**" + address("candidate", subject))
    assert [one["fact"] for one in last_entry(subject).body["facts"]] == ["imaging", "imaging"]

    clinic = new_page()
    enter(clinic, server, Visitor("clin", "treating_clinician"))
    clinic.goto(server.address + address("candidate", subject))
    label = store.protocol_of(STUDY).judgements["progression_free"].label
    clinic.get_by_role("link", name=re.compile(f"^Sign {re.escape(label)}, for I6$", re.IGNORECASE)).click()
    clinic.get_by_label("Yes, it holds").check()
    clinic.get_by_label("User name").fill("clin")
    clinic.get_by_label("Password").fill(PASSWORD)
    assert faults(clinic) == []
    clinic.get_by_role("button", name="Sign and record").click()
    clinic.wait_for_url("**" + address("candidate", subject))
    assert last_entry(subject).signature.signer == "Clin (clin)"


def test_rows_come_and_go_where_they_are(server, desktop):
    (subject,) = trial("screened")
    enter(desktop, server, Visitor())
    desktop.goto(server.address + address("facts", subject) + "?facts=metastases,ecog")
    desktop.evaluate("window.still_here = true")
    desktop.get_by_label("ECOG performance status").select_option("2")
    desktop.get_by_role("button", name="Add an entry to Metastases").click()
    desktop.get_by_label("Label of the lesion").fill("M8")
    desktop.get_by_role("button", name="Add another entry to Metastases").click()
    desktop.get_by_label("Label of the lesion").nth(1).fill("M9")
    desktop.get_by_role("button", name="Remove entry 1 of Metastases").click()
    desktop.get_by_label("Label of the lesion").nth(1).wait_for(state="detached")
    assert desktop.get_by_label("Label of the lesion").input_value() == "M9"
    assert desktop.get_by_label("ECOG performance status").input_value() == "2"
    assert desktop.evaluate("window.still_here")  # only the block was exchanged
    assert faults(desktop) == []


def test_no_page_of_a_candidate_has_a_barrier_on_a_phone(server, phone):
    (subject,) = trial("attested")
    enter(phone, server, Visitor())
    seq = store.current(STUDY).subject(subject).entries[0].seq
    for where in (
        address("candidate", subject),
        address("candidate", subject) + "?on=soon",
        address("facts", subject),
        address("facts", subject) + "?facts=metastases,her2_tests,ecog",
        address("upload", subject),
        address("new-candidate"),
        address("correct", subject, seq=seq) + "?fact=imaging",
    ):
        phone.goto(server.address + where)
        assert faults(phone) == [], where
