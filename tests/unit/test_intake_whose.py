"""Whose resource it is."""

import json

import pytest

from evenhand.intake import read_people
from tests.mcode_people import errors, observation, patient, problems, read_all, value, values, vocabulary

ECOG = observation("89247-1", valueInteger=1)


def by(reference, **elements):
    """An ECOG of whom the reference names; without one when it is None."""
    rest = {name: item for name, item in ECOG.items() if name != "subject"}
    return rest | ({} if reference is None else {"subject": reference}) | elements


@pytest.mark.parametrize(
    "reference",
    [
        {"reference": "Patient/anna"},
        {"reference": "urn:uuid:anna"},
        {"reference": "http://hospital.example.org/fhir/Patient/anna"},
        {"reference": "http://hospital.example.org/fhir/Patient/anna/_history/3"},
        {"reference": "anna"},
        "Patient/anna",
        None,
        {"display": "Anna"},
    ],
)
def test_one_patient_is_found_however_the_reference_is_written(reference):
    (person,) = read_all(patient(), by(reference))
    assert (value(person, "ecog"), person.problems) == (1, ())


def test_a_patient_may_be_named_by_the_full_url_of_its_entry():
    entries = [{"fullUrl": "urn:uuid:1-2-3", "resource": patient()}, {"resource": by({"reference": "urn:uuid:1-2-3"})}]
    person = read_entries(entries)
    assert value(person, "ecog") == 1


def read_entries(entries):
    data = json.dumps({"resourceType": "Bundle", "entry": entries}).encode()
    (person,) = read_people(data, vocabulary(), "test")
    return person


def test_patients_are_told_apart():
    people = read_all(
        patient(),
        patient(id="bea"),
        by({"reference": "Patient/bea"}, valueInteger=2),
        by({"reference": "Patient/anna"}, id="p"),
    )
    assert [(person.id, values(person, "ecog")) for person in people] == [("anna", [1]), ("bea", [2])]


def test_among_several_patients_a_resource_of_nobody_is_not_used():
    *people, nobody = read_all(patient(), patient(id="bea"), by(None), by({"reference": "Patient/cleo"}, id="p"))
    assert all("ecog" not in person.facts for person in people)
    assert (nobody.id, nobody.facts) == ("", {})
    assert errors(nobody) == [
        "Observation/o: subject.reference: not used: it does not say whose it is",
        "Observation/p: subject.reference: not used: 'Patient/cleo' is nobody in this file",
    ]


def test_a_stranger_in_a_file_of_one_patient_is_taken_as_that_patient_with_a_warning():
    (person,) = read_all(patient(), by({"reference": "Patient/somebody-else"}))
    assert value(person, "ecog") == 1
    assert problems(person) == [
        "Observation/o: subject.reference: refers to 'Patient/somebody-else', who is not in the file; "
        "taken as its only patient"
    ]


def test_what_is_about_no_patient_is_not_used():
    (person,) = read_all(patient(), by({"reference": "Group/all"}))
    assert "ecog" not in person.facts
    assert problems(person) == ["Observation/o: subject.reference: not used: 'Group/all' is no patient"]


def test_an_unreadable_subject_belongs_to_the_only_patient_and_is_reported():
    (person,) = read_all(patient(), by(7))
    assert value(person, "ecog") == 1
    assert errors(person) == ["Observation/o: subject: expected a reference, found a number"]


def test_without_patient_resources_the_references_name_the_people():
    people = read_all(by({"reference": "Patient/anna"}), by({"reference": "Patient/bea"}, id="p", valueInteger=2))
    assert [(person.id, value(person, "ecog")) for person in people] == [("anna", 1), ("bea", 2)]


def test_a_lone_resource_of_nobody_is_a_person_without_an_id():
    (person,) = read_all(by(None))
    assert (person.id, value(person, "ecog")) == ("", 1)
    assert errors(person) == ["Observation/o: subject.reference: taken as one person's: it does not say whose it is"]


@pytest.mark.parametrize(
    ("elements", "called"),
    [
        ({"id": None, "identifier": [{"value": "MRN-7"}]}, "MRN-7"),
        ({"id": None}, "patient 1"),
        ({"id": 5, "identifier": 3}, "patient 1"),
    ],
)
def test_a_patient_without_an_id_is_called_by_what_there_is(elements, called):
    (person,) = read_all(patient(**elements), by(None))
    assert (person.id, value(person, "ecog")) == (called, 1)


def test_two_patient_resources_of_one_id_are_one_person():
    (person,) = read_all(patient(), patient(birthDate="1975-01-01"))
    assert len(values(person, "birth_date")) == 2
    assert "both are used" in problems(person)[0]


def test_an_identical_copy_is_dropped_silently_and_a_different_one_is_used_with_a_warning():
    (person,) = read_all(patient(), ECOG, dict(ECOG), ECOG | {"valueInteger": 2})
    assert values(person, "ecog") == [1, 2]
    assert problems(person) == [
        "Observation/o: id: another resource has this type and id, but other content; both are used"
    ]
