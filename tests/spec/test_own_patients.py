"""The mCODE patients that are shipped with the study: one for each way to stand."""

from datetime import date

import pytest

from evenhand.cases import judgement_kinds
from evenhand.eligibility import assessor_of
from evenhand.intake import read_any, read_attestations, supplemented
from tests.mcode_people import PATIENTS
from tests.studies_here import SHIPPED, protocol_of

ON = date(2026, 11, 23)
PROTOCOL = protocol_of(SHIPPED[0])


def people():
    kinds = judgement_kinds(PROTOCOL)
    found = [one for path in sorted(PATIENTS.glob("*.json")) for one in read_any(path, PROTOCOL.vocabulary, kinds)]
    return {
        one.id: one
        for one in supplemented(found, read_attestations(PATIENTS / "attestations.yaml", PROTOCOL.vocabulary, kinds))
    }


def assessed(name, on=ON):
    return assessor_of(PROTOCOL).assess(people()[f"test-{name}"], on)


def verdicts(assessment):
    return {item.criterion.id: item.verdict for item in assessment.criteria}


@pytest.mark.parametrize(
    ("name", "standing", "decided"),
    [
        ("anna", "eligible", {"I6": "pass", "E2": "pass", "E4": "pass"}),
        ("berta", "ineligible", {"I3": "fail", "I7": "fail"}),
        ("clara", "undetermined", {"I4": "unknown", "I7": "pass"}),
        ("dora", "ineligible", {"I6": "fail", "I4": "pass"}),
        ("emil", "ineligible", {"I6": "fail", "I2": "pass"}),
    ],
)
def test_each_patient_stands_as_its_part_says(name, standing, decided):
    assessment = assessed(name)
    assert assessment.standing == standing
    assert {criterion: verdicts(assessment)[criterion] for criterion in decided} == decided


def test_the_eligible_one_is_fully_attested():
    assert not assessed("anna").provisional


def test_the_window_of_one_opens_later_and_that_of_another_has_closed():
    assert (
        verdicts(assessed("dora", date(2027, 1, 1)))["I6"] == "unknown"
    )  # from then on, no progression is to be signed
    assert verdicts(assessed("dora", date(2026, 12, 31)))["I6"] == "fail"
    assert verdicts(assessed("emil", date(2026, 9, 1)))["I6"] == "unknown"
    assert verdicts(assessed("emil", date(2026, 9, 2)))["I6"] == "fail"


def test_nothing_in_the_files_is_left_unread():
    assert [problem for one in people().values() for problem in one.problems] == []


def test_the_files_are_made_up_and_of_the_size_that_was_meant():
    assert all(name.startswith("test-") for name in people())
    assert len(people()) == 5
