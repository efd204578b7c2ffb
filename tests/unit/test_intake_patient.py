"""What a Patient says."""

import json

import pytest

from evenhand.codes import Unmapped
from evenhand.facts import FactType, Vocabulary
from evenhand.intake import offered, read_people
from tests.mcode_people import LIVER, bundle, condition, errors, observation, patient, problems, read, value, values

CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"


def category(kind, *parts):
    return {"url": CORE + kind, "extension": list(parts)}


def test_birth_date_and_sex():
    person = read(patient())
    assert str(value(person, "birth_date")) == "1974-03-12"
    assert value(person, "sex") == "female"


def test_a_birth_date_may_be_partial():
    assert str(value(read(patient(birthDate="1974-03")), "birth_date")) == "1974-03"


@pytest.mark.parametrize("bad", ["1974-13-01", "yesterday", 1974, ["1974-03-12"], {}])
def test_a_bad_birth_date_costs_only_itself(bad):
    person = read(patient(birthDate=bad))
    assert "birth_date" not in person.facts
    assert value(person, "sex") == "female"
    assert errors(person)[0].startswith("Patient/anna: birthDate: ")


@pytest.mark.parametrize("bad", ["F", 1, ["female"], {"code": "female"}])
def test_a_bad_sex_costs_only_itself(bad):
    person = read(patient(gender=bad))
    assert "sex" not in person.facts
    assert errors(person)[0].startswith("Patient/anna: gender: ")


def test_race_and_ethnicity_are_the_text_or_the_categories():
    white = {"url": "ombCategory", "valueCoding": {"code": "2106-3", "display": "White"}}
    asian = {"url": "ombCategory", "valueCoding": {"code": "2028-9"}}
    text = {"url": "text", "valueString": "Not Hispanic or Latino"}
    person = read(patient(extension=[category("race", white, asian), category("ethnicity", white, text)]))
    assert value(person, "race") == "White, 2028-9"
    assert value(person, "ethnicity") == "Not Hispanic or Latino"


def test_bad_extensions_cost_only_themselves():
    person = read(patient(extension=[{"url": CORE + "race", "extension": 7}]))
    assert values(person, "race") == []
    assert str(value(person, "birth_date")) == "1974-03-12"
    assert problems(person) == ["Patient/anna: extension.extension: expected a list of objects, found a number"]


def test_what_a_study_does_not_ask_is_not_delivered_and_what_intake_lacks_is_known():
    assert set(offered()["metastases"]) >= {"lesion", "site", "discrete"}
    assert offered()["ecog"] == ()
    few = Vocabulary({"performance": FactType("performance", "number", low=0, high=5, step=1, source_name="ecog")})
    data = json.dumps(bundle(patient(), observation("89247-1", valueInteger=1), condition("m", LIVER))).encode()
    (person,) = read_people(data, few, "test")
    assert {name: facts[0].value for name, facts in person.facts.items()} == {"performance": 1}


def test_a_study_may_declare_fewer_codes_and_fields():
    site = FactType("site", "code", codes={"liver": "liver"})
    fact = FactType("mets", "record", many=True, fields={"site": site}, source_name="metastases")
    data = json.dumps(bundle(patient(), condition("m", LIVER), condition("n", "94391008"))).encode()
    (person,) = read_people(data, Vocabulary({"mets": fact}), "test")
    assert values(person, "mets") == [{"site": "liver"}, {"site": Unmapped("mCODE intake", "lung", "lung")}]
