"""Who a file is about."""

import json

import pytest

from evenhand.intake import Proposed, proposed_identity
from tests.studies_here import SHIPPED


def patient(**more):
    return {"resourceType": "Patient", **more}


def bundle(*resources):
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


CHART = {"value": "MRN-1", "type": {"coding": [{"code": "MR"}]}}


@pytest.mark.parametrize(
    ("document", "proposed"),
    [
        (patient(), Proposed()),
        (patient(birthDate="1970-05-17"), Proposed(birth_date="1970-05-17")),
        (patient(name=[{"given": ["Ada", "B."], "family": "Example"}]), Proposed(name="Ada B. Example")),
        (patient(name=[{"text": "Ada  Example"}]), Proposed(name="Ada Example")),
        (patient(name=[{"use": "old", "family": "Before"}, {"family": "Now"}]), Proposed(name="Now")),
        (patient(name=[{"use": "maiden", "family": "Before"}]), Proposed()),
        (patient(identifier=[{"value": "7"}, CHART]), Proposed(number="MRN-1")),
        (patient(identifier=[{"system": "x"}, {"value": "7"}]), Proposed(number="7")),
        (bundle(patient(birthDate="1970")), Proposed(birth_date="1970")),
        (bundle({"resourceType": "Condition"}, patient(identifier=[CHART])), Proposed(number="MRN-1")),
        ([patient(birthDate="1970")], Proposed(birth_date="1970")),
        (bundle(patient(birthDate="1970"), patient(birthDate="1971")), Proposed()),  # nobody knows which
        (patient(name="Ada", identifier={"value": 7}, birthDate=1970), Proposed()),
        (patient(identifier=[{"value": "x" * 300}], name=[{"given": "Ada", "family": 3}]), Proposed()),
        (bundle(None, 3, "x"), Proposed()),
        ({"patient": "anna", "facts": {}}, Proposed()),
        (3, Proposed()),
    ],
)
def test_what_is_proposed(document, proposed):
    assert proposed_identity(json.dumps(document).encode()) == proposed


def test_what_is_no_json_proposes_nothing():
    assert proposed_identity(b"patient: anna") == proposed_identity(b"") == Proposed()


def test_each_of_the_studys_own_patients_is_told():
    for file in sorted((SHIPPED[0] / "patients").glob("*.json")):
        found = proposed_identity(file.read_bytes())
        assert all((found.number, found.name, found.birth_date)), file.name
