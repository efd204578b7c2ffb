"""Which resources hold, and which say that they do not."""

import pytest

from evenhand.intake.chart import same
from tests.mcode_people import LIVER, administration, condition, observation, patient, problems, read, value, values


def ecog(**elements):
    return observation("89247-1", valueInteger=1, **elements)


@pytest.mark.parametrize("status", ["final", "amended", "corrected"])
def test_a_settled_result_is_used(status):
    assert value(read(ecog() | {"status": status}), "ecog") == 1


@pytest.mark.parametrize("status", ["preliminary", "registered", "unknown"])
def test_a_tentative_result_is_used_with_a_warning(status):
    person = read(ecog() | {"status": status})
    assert value(person, "ecog") == 1
    assert problems(person) == [f"Observation/o: status: used, though {status}"]


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"status": "entered-in-error"}, "status: not used: entered-in-error"),
        ({"status": "cancelled"}, "status: not used: cancelled"),
        ({"status": "finl"}, "status: not used: 'finl' is no status of FHIR"),
        ({"status": ["final"]}, "status: expected text, found a list"),
        ({"modifierExtension": [{"url": "x"}]}, "modifierExtension: not used"),
        ({"doNotPerform": True}, "doNotPerform: not used"),
    ],
)
def test_a_resource_that_does_not_hold_is_left_out_and_reported(elements, said):
    person = read(ecog() | elements)
    assert "ecog" not in person.facts
    assert problems(person)[0].startswith(f"Observation/o: {said}")


def test_empty_modifiers_change_nothing():
    assert value(read(ecog(modifierExtension=[], doNotPerform=False)), "ecog") == 1


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
def test_a_refuted_diagnosis_is_no_fact(status):
    person = read(condition("m", LIVER, verificationStatus={"coding": [{"code": status}]}))
    assert "metastases" not in person.facts
    assert problems(person) == [f"Condition/m: verificationStatus: not used: {status}"]


@pytest.mark.parametrize("status", ["unconfirmed", "provisional", "differential"])
def test_an_unconfirmed_diagnosis_counts_but_no_pathology_confirms_it(status):
    pathology = {"coding": [{"system": "http://snomed.info/sct", "code": "108257001"}]}
    person = read(
        condition("m", LIVER, verificationStatus={"coding": [{"code": status}]}, evidence=[{"code": [pathology]}])
    )
    assert "confirmed_by" not in value(person, "metastases")
    assert problems(person) == [f"Condition/m: verificationStatus: used, though {status}"]


@pytest.mark.parametrize(
    ("type_", "elements"),
    [
        ("MedicationAdministration", {"status": "not-done"}),
        ("MedicationStatement", {"status": "not-taken"}),
        ("MedicationRequest", {"status": "draft"}),
        ("MedicationRequest", {"intent": "proposal"}),
    ],
)
def test_a_medication_that_was_not_given_is_none(type_, elements):
    person = read(administration("224905", "2026-05-01", type_=type_) | elements)
    assert values(person, "systemic_therapy") == []
    assert "not used: it was not given" in problems(person)[0]


def test_somebody_recorded_as_deceased_is_reported():
    for elements in ({"deceasedBoolean": True}, {"deceasedDateTime": "2026-01-01"}):
        assert problems(read(patient(**elements))) == ["Patient/anna: deceased[x]: the person is recorded as deceased"]
    assert problems(read(patient(deceasedBoolean=False))) == []


def test_copies_nested_beyond_comparison_count_as_different():
    deep = observation("89247-1", valueInteger=1)
    node = deep
    for _ in range(100_000):
        node["note"] = {}
        node = node["note"]
    other = deep | {"valueInteger": 1}
    assert same({"a": 1}, {"a": 1})
    assert same(deep, other)
    assert not same(_nested(100_000), _nested(100_000))


def _nested(depth):
    found = {}
    for _ in range(depth):
        found = {"note": found}
    return found
