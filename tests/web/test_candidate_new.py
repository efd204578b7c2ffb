"""A new candidate, by form or from a file: name and first facts together or not at all, and nobody twice."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evenhand.web import store
from tests.web.candidate_help import PATIENTS, Visitor, fields_of, form_of, text
from tests.web.trial_here import NORTH, SOUTH, STUDY, Making

WHO = {"site": NORTH, "number": "N-1", "name": "Ada Example", "birth_date": "17 May 1970"}


@pytest.fixture
def study(database):
    Making().keep()


def file_of(content, name="person.json"):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SimpleUploadedFile(name, data, content_type="application/json")


def own(name):
    return file_of((PATIENTS / f"{name}.json").read_bytes(), f"{name}.json")


def subjects():
    return store.current(STUDY).subjects


def names():
    return {one.subject: one.who for one in store.identity_of(STUDY, subjects()).values()}


@pytest.mark.parametrize(
    ("changes", "facts", "name", "born"),
    [
        (WHO, ["birth_date"], "Ada Example", "1970-05-17"),
        (WHO | {"birth_date": "1970-05"}, ["birth_date"], "Ada Example", "None"),  # partial: no date to go by
        (WHO | {"name": "", "birth_date": "", "fact.sex": "female"}, ["sex"], "", "None"),
        (WHO | {"fact.ecog": "1", "day.ecog": "2026-11-20"}, ["birth_date", "ecog"], "Ada Example", "1970-05-17"),
    ],
)
def test_a_candidate_is_recorded_with_a_name_beside_the_record(study, changes, facts, name, born):
    answer = Visitor().fills("new-candidate", changes)
    assert answer.status_code == 302, text(answer)
    (subject,) = subjects()
    assert answer.url.endswith(f"/candidates/{subject}")
    (entry,) = store.current(STUDY).subject(subject).entries
    assert [one["fact"] for one in entry.body["facts"]] == facts
    assert entry.by.site == NORTH
    who = names()[subject]
    assert (who.number, who.name, str(who.birth_date)) == ("N-1", name, born)


def test_the_record_holds_no_name_no_number_and_no_birth_date(study):
    Visitor().fills("new-candidate", WHO)
    record = b"".join(store.lines(STUDY)).decode()
    assert "1970-05-17" not in record
    assert "Ada" not in record
    assert "N-1" not in record
    assert store.verified(STUDY).findings == ()


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        (WHO | {"number": ""}, 200, "This field is required"),
        (WHO | {"birth_date": "17/5/1970"}, 200, "is no date"),
        (WHO | {"birth_date": "2030"}, 200, "That day has not come yet"),
        (WHO | {"site": "elsewhere"}, 200, "Select a valid choice"),
        (WHO | {"birth_date": ""}, 409, "there is not one fact to record"),
        (WHO | {"fact.ecog": "9", "day.ecog": "2026-11-20"}, 200, "out of range"),
        (WHO | {"key": ""}, 409, "not whole"),
    ],
)
def test_what_is_not_complete_records_nothing_and_loses_nothing(study, changes, status, said):
    answer = Visitor().fills("new-candidate", changes)
    assert answer.status_code == status
    assert said.lower() in text(answer).lower()
    assert not subjects()
    assert not names()
    shown = form_of(answer)
    assert all(shown[name] == value for name, value in changes.items() if name not in ("site", "key", "fact.ecog"))


def test_the_same_form_twice_is_one_candidate(study):
    visitor = Visitor()
    form = form_of(visitor.sees("new-candidate")) | WHO
    first, second = (visitor.sends("new-candidate", form) for _ in range(2))
    assert first.url == second.url
    assert len(subjects()) == 1


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (WHO, "the number n-1 belongs to candidate"),
        (WHO | {"number": "N-2"}, "a candidate of this name and birth date is known"),
        (WHO | {"number": "N-2", "site": SOUTH}, "a candidate of this name and birth date is known at north"),
        (WHO | {"number": "N-2", "name": "EXAMPLE, Ada"}, "a candidate of this name and birth date is known"),
    ],
)
def test_nobody_is_a_candidate_twice(study, second, said):
    visitor = Visitor()
    visitor.client.get("/")
    Visitor(visitor.name, "coordinator", SOUTH)  # holds the role at both
    assert visitor.fills("new-candidate", WHO).status_code == 302
    answer = visitor.fills("new-candidate", second)
    assert answer.status_code == 409
    assert said in text(answer).lower()
    assert len(subjects()) == 1
    shown = form_of(answer)
    assert {name: shown[name] for name in second} == second


def test_somebody_who_shares_name_and_birth_date_is_taken_at_the_users_word(study):
    visitor = Visitor()
    visitor.fills("new-candidate", WHO)
    answer = visitor.fills("new-candidate", WHO | {"number": "N-2"})
    assert "This is another person" in text(answer)
    again = form_of(answer) | {"another_person": "on"}
    assert visitor.sends("new-candidate", again).status_code == 302
    assert len(subjects()) == 2


def test_the_form_offers_no_confirmation_before_it_is_needed(study):
    assert "This is another person" not in text(Visitor().sees("new-candidate"))


# ---- from a file -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["anna", "berta", "clara", "dora", "emil"])
def test_the_studys_own_patients_are_read_looked_at_and_recorded(study, name):
    visitor = Visitor()
    looked = visitor.fills("new-candidate", {"file": own(name), "read": "1"})
    assert looked.status_code == 200
    assert not subjects()
    form = form_of(looked)
    assert form["number"] == f"TEST-{name.upper()}"
    assert form["name"].startswith(name.title())
    assert form["birth_date"]
    assert "ECOG performance status" in text(looked) or "Karnofsky" in text(looked)
    assert visitor.sends("new-candidate", form).status_code == 302
    (subject,) = subjects()
    assert names()[subject].number == form["number"]
    assert form["birth_date"] not in b"".join(store.lines(STUDY)).decode()
    assert visitor.sees("candidate", subject).status_code == 200


def test_what_was_typed_wins_over_the_file_and_the_facts_stay_the_files(study):
    visitor = Visitor()
    looked = visitor.fills("new-candidate", {"number": "N-9", "file": own("emil")})
    form = form_of(looked)
    assert (form["number"], form["name"]) == ("N-9", "Emil Test-Emil")
    assert visitor.sends("new-candidate", form | {"birth_date": "1950"}).status_code == 302
    (entry,) = store.current(STUDY).subject(subjects()[0]).entries
    (birth,) = [one for one in entry.body["facts"] if one["fact"] == "birth_date"]
    assert birth["value"].startswith("1949")


PATIENT = {"resourceType": "Patient", "id": "a", "birthDate": "1970-05-17"}
OTHER = {"resourceType": "Patient", "id": "b", "birthDate": "1971-05-17"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty|Choose a file first|the file is empty"),
        (b"hello", "neither FHIR"),
        (b"{", "neither JSON nor YAML|neither FHIR"),
        (b'{"resourceType": ', "no JSON"),
        (b"\xff\xfe\x00", "is not UTF"),
        ({"resourceType": "Bundle", "entry": []}, "not one fact"),
        ([PATIENT, OTHER], r"holds 2 people \(a, b\). Export each person alone"),
        ([{"patient": "a", "facts": {"sex": "male"}}, {"patient": "b", "facts": {}}], "holds 2 people"),
        ({"patient": "a", "facts": {}}, "not one fact"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_keeps_what_was_typed(study, content, said):
    answer = Visitor().fills("new-candidate", WHO | {"fact.sex": "female", "file": file_of(content), "read": "1"})
    assert answer.status_code == 200
    assert re.search(said, text(answer)), text(answer)[:1500]
    shown = form_of(answer)
    assert shown["fact.sex"] == "female"
    assert {name: shown[name] for name in WHO} == WHO
    assert not subjects()


def test_reading_without_a_file_asks_for_one(study):
    answer = Visitor().fills("new-candidate", WHO | {"read": "1"})
    assert "Choose a file first" in text(answer)


def test_every_problem_of_a_file_is_shown_with_its_place(study):
    form = {"patient": "a", "facts": {"ecog": 9, "sex": "female", "weight": 3}, "attestations": [{"judgement": "x"}]}
    answer = Visitor().fills("new-candidate", {"file": file_of(form)})
    shown = text(answer)
    assert "3 things in the file could not be used" in shown
    for place in ("facts.ecog", "facts.weight", "attestations[0]"):
        assert place in shown


def test_signatures_in_a_file_are_not_taken_over(study):
    named = {"judgement": "progression_free", "answer": "yes", "by": "Dr T", "role": "treating_clinician"}
    signed = {**named, "on": "2026-11-01"}
    form = {"patient": "a", "facts": {"sex": "female"}, "attestations": [signed]}
    visitor = Visitor()
    answer = visitor.fills("new-candidate", {"file": file_of(form)})
    assert "judgements are signed here" in text(answer)
    assert visitor.sends("new-candidate", form_of(answer)).status_code == 302
    (entry,) = store.current(STUDY).subject(subjects()[0]).entries
    assert entry.kind == "facts_recorded"


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"), lambda text: "", lambda text: "x"]
)
def test_what_was_read_cannot_be_changed_on_its_way(study, change):
    visitor = Visitor()
    form = form_of(visitor.fills("new-candidate", {"file": own("emil")}))
    answer = visitor.sends("new-candidate", form | {"carried": change(form["carried"])})
    assert "no longer at hand" in text(answer)
    assert not subjects()


def test_what_one_user_read_another_cannot_record(study):
    form = form_of(Visitor().fills("new-candidate", {"file": own("emil")}))
    answer = Visitor("cora", "coordinator", NORTH).sends("new-candidate", form)
    assert "no longer at hand" in text(answer)
    assert not subjects()


def test_a_duplicate_from_a_file_keeps_what_was_read(study):
    visitor = Visitor()
    form = form_of(visitor.fills("new-candidate", {"file": own("emil")}))
    visitor.sends("new-candidate", form)
    answer = visitor.sends("new-candidate", form | {"key": "another", "number": "N-7"})
    assert answer.status_code == 409
    again = form_of(answer) | {"another_person": "on"}
    assert visitor.sends("new-candidate", again).status_code == 302
    assert len(subjects()) == 2


# ---- who may -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "role", "site", "status"),
    [
        ("clin", "treating_clinician", NORTH, 200),
        ("pat", "pathologist", NORTH, 200),
        ("rad", "radiation_oncologist", NORTH, 403),
        ("mona", "monitor", None, 403),
        ("ines", "inspector", None, 403),
        ("adam", "administrator", None, 403),
    ],
)
def test_who_may_record_a_candidate(study, name, role, site, status):
    visitor = Visitor(name, role, site)
    assert visitor.sees("new-candidate").status_code == status
    sent = visitor.sends("new-candidate", form_of(Visitor().sees("new-candidate")) | WHO)
    assert sent.status_code == (302 if status == 200 else status)
    assert len(subjects()) == (status == 200)


def test_only_the_users_own_sites_are_offered_and_taken(study):
    visitor = Visitor("nora", "coordinator", NORTH)
    page = visitor.sees("new-candidate")
    assert "South" not in text(page).split("New candidate")[-1]
    assert form_of(page)["site"] == NORTH
    assert visitor.sends("new-candidate", form_of(page) | WHO | {"site": SOUTH}).status_code == 200
    assert not subjects()


def test_the_page_asks_for_every_fact_of_the_study_but_the_derived(study):
    asked = {name.split(".")[1] for name in fields_of(Visitor().sees("new-candidate")) if name.startswith("fact.")}
    words = store.protocol_of(STUDY).vocabulary.facts
    assert asked == {name for name, kind in words.items() if kind.derived is None and not kind.identifying}
