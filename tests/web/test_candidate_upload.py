"""A file about a known candidate: only what is new is recorded, after somebody has looked at it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evenhand import steps
from evenhand.facts import Fact, Person, Source
from evenhand.web import store
from tests.web.candidate_help import PATIENTS, Visitor, form_of, text
from tests.web.trial_here import COORDINATOR, NORTH, STUDY, Making

CLARA = (PATIENTS / "clara.json").read_bytes()


def file_of(content):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"file": SimpleUploadedFile("person.json", data, content_type="application/json")}


@pytest.fixture
def subject(database):
    """Recorded from the file of one of the study's own patients."""
    Making().keep()
    visitor = Visitor()
    form = form_of(visitor.fills("new-candidate", file_of(CLARA)))
    visitor.sends("new-candidate", form)
    (one,) = store.current(STUDY).subjects
    return one


def entries(subject):
    return store.current(STUDY).subject(subject).entries


def form_file(**facts):
    return file_of({"patient": "TEST-CLARA", "facts": facts})


def test_the_same_file_again_holds_nothing_new(subject):
    answer = Visitor().fills("upload", file_of(CLARA), subject)
    assert "Nothing in the file is new" in text(answer)
    assert "carried" not in form_of(answer)


def test_only_what_is_new_is_recorded(subject):
    changed = json.loads(CLARA)
    for entry in changed["entry"]:
        if "ecog" in entry["fullUrl"]:
            entry["resource"]["effectiveDateTime"] = "2026-11-20"
    visitor = Visitor()
    answer = visitor.fills("upload", file_of(changed), subject)
    assert "on record already and will not be recorded again" in text(answer)
    assert visitor.sends("upload", form_of(answer), subject).status_code == 302
    (_, entry) = entries(subject)
    assert [(one["fact"], one["date"]) for one in entry.body["facts"]] == [("ecog", "2026-11-20")]


def test_what_contradicts_the_record_is_told_before_it_is_recorded(subject):
    visitor = Visitor()
    answer = visitor.fills("upload", form_file(ecog={"value": 3, "date": "2026-11-18"}), subject)
    assert "What contradicts the record" in text(answer)
    assert len(entries(subject)) == 1
    assert visitor.sends("upload", form_of(answer), subject).status_code == 302
    assert len(entries(subject)) == 2
    page = text(visitor.sees("candidate", subject))
    assert "recorded as 0 (2026-11-18) or 3 (2026-11-18)" in page


@pytest.mark.parametrize(
    ("facts", "patient", "said"),
    [
        ({"birth_date": "1950-01-01", "kps": 80}, "TEST-CLARA", "the file says born 1950-01-01"),
        ({"kps": 80}, "TEST-BERTA", "the file says number TEST-BERTA"),
    ],
)
def test_a_file_about_somebody_else_is_noticed(subject, facts, patient, said):
    answer = Visitor().fills("upload", file_of({"patient": patient, "facts": facts}), subject)
    assert "about the same person?" in text(answer)
    assert said in text(answer).replace("The file", "the file")


def test_a_birth_date_on_record_is_not_taken_again(subject):
    visitor = Visitor()
    answer = visitor.fills("upload", form_file(birth_date="1982-07-19", kps=90), subject)
    visitor.sends("upload", form_of(answer), subject)
    assert [one["fact"] for one in entries(subject)[-1].body["facts"]] == ["kps"]


def test_the_same_page_twice_is_recorded_once(subject):
    visitor = Visitor()
    form = form_of(visitor.fills("upload", form_file(kps=90), subject))
    assert [visitor.sends("upload", form, subject).status_code for _ in range(2)] == [302, 302]
    assert len(entries(subject)) == 2


def test_a_stale_page_is_refused_and_shows_what_is_still_new(subject):
    visitor = Visitor()
    form = form_of(visitor.fills("upload", form_file(kps=90), subject))
    news = Person(subject, {"race": (Fact("race", "as told", None, Source("form")),)})
    store.perform(STUDY, steps.screen, by=COORDINATOR, person=news, subject=subject)
    answer = visitor.sends("upload", form, subject)
    assert answer.status_code == 409
    assert "since you opened this page" in text(answer)
    assert visitor.sends("upload", form_of(answer), subject).status_code == 302
    assert len(entries(subject)) == 3


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file first"),
        ({"carried": "x", "key": "k", "seen": "1"}, "no longer at hand"),
        (file_of(b"hello"), "neither FHIR"),
    ],
)
def test_what_is_no_file_says_so(subject, sent, said):
    answer = Visitor().fills("upload", sent, subject)
    assert answer.status_code == 200
    assert said in text(answer)
    assert len(entries(subject)) == 1


def test_a_damaged_page_records_nothing(subject):
    visitor = Visitor()
    form = form_of(visitor.fills("upload", form_file(kps=90), subject))
    answer = visitor.sends("upload", form | {"seen": "x"}, subject)
    assert "nothing was recorded" in text(answer).lower()
    assert len(entries(subject)) == 1


@pytest.mark.parametrize(
    ("name", "role", "site", "status"),
    [
        ("rad", "radiation_oncologist", NORTH, 403),
        ("mona", "monitor", None, 403),
        ("soren", "coordinator", "south", 404),
    ],
)
def test_who_may_not(subject, name, role, site, status):
    visitor = Visitor(name, role, site)
    assert visitor.sees("upload", subject).status_code == status
    assert visitor.sends("upload", form_file(kps=90), subject).status_code == status
