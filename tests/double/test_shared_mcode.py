"""Intake on sample patients that others wrote, with the traps that they hold."""

import json
from decimal import Decimal

import pytest

from evenhand.codes import Unmapped
from evenhand.intake import read_people
from evenhand.units import Range
from tests.mcode_people import errors, problems, value, values, vocabulary
from tests.shared_data import shared


def sample(name):
    (person,) = read_people(shared(f"mcode/patients/{name}.json"), vocabulary())
    return person


def plain(record):
    return {name: item if isinstance(item, (str, int, Unmapped, Range)) else str(item) for name, item in record.items()}


def test_every_sample_and_example_is_read_without_a_crash():
    files = [*shared("mcode/patients").glob("*.json"), *shared("mcode/examples").glob("*.json")]
    assert len(files) > 150
    people = [person for file in files for person in read_people(file, vocabulary())]
    assert all(problem.where and problem.what for person in people for problem in person.problems)
    assert sum(len(facts) for person in people for facts in person.facts.values()) > 150


def test_a_her2_code_outside_the_value_set_is_read():
    person = sample("TrialMatching_Patient01")
    assert plain(value(person, "her2_tests")) == {"specimen": "specimen without a date", "reported": "negative"}


def test_two_codings_bounds_in_words_ratios_and_two_values_at_once_are_read():
    t0 = values(sample("T0_patient"), "her2_tests")
    assert t0[1]["ratio"] == Range(high=Decimal("1.8"), high_open=True)
    ctms = sample("ctms_patient_data")
    assert [one.get("ihc") for one in values(ctms, "her2_tests")] == [3, None]
    assert [one["reported"] for one in values(ctms, "her2_tests")] == ["positive", "positive"]
    assert any("more than one value (valueCodeableConcept, valueQuantity)" in text for text in problems(ctms))
    assert [text.split(": ", 1)[1] for text in errors(ctms)] == [
        "valueRatio.numerator.comparator: a ratio of bounds says nothing about its value"
    ]


def test_undated_results_have_no_date():
    person = sample("TrialMatching_Patient01")
    assert person.facts["her2_tests"][0].date is None
    assert person.facts["estrogen_receptor"][0].date is None
    assert str(person.facts["ecog"][0].date) == "2019-04-01"


def test_ecog_and_karnofsky_that_disagree_are_both_delivered():
    person = sample("ctms_patient_data")
    assert (value(person, "ecog"), value(person, "kps")) == (3, 90)
    assert {str(person.facts[name][0].date) for name in ("ecog", "kps")} == {"2019-04-01"}


def test_two_results_of_one_instant_are_both_delivered():
    dates = [str(fact.date) for fact in sample("Maryam").facts["her2_tests"]]
    assert dates == ["2019-02-01", "2019-02-01"]


def test_older_disease_status_and_medication_statements_are_read():
    person = sample("Maryam")
    assert [plain(one) for one in values(person, "disease_status")] == [
        {"date": "2019-07-22", "status": "responding"},
        {"date": "2019-12-30", "status": "responding"},
    ]
    assert [plain(one) for one in values(person, "systemic_therapy")] == [
        {"start": "2019-02-10", "agents": "paclitaxel"},
        {"start": "2019-12-30", "agents": "anastrozole"},
    ]
    assert values(person, "first_line") == []


def test_the_same_patient_id_in_three_files_is_three_people_of_their_files():
    names = ["bct_patient_data", "ctms_patient_data", "ctms_patient_data_missing_birthdate_invalid_ecog_karnofsky"]
    people = [sample(name) for name in names]
    assert len({person.id for person in people}) == 1
    assert [person.source for person in people] == [f"{name}.json" for name in names]
    assert "birth_date" not in people[2].facts


def test_a_list_instead_of_a_bundle_is_read():
    assert isinstance(json.loads(shared("mcode/patients/Maryam.json").read_text()), list)
    person = sample("Maryam")
    assert str(value(person, "birth_date")) == "1959-02-16"
    assert plain(value(person, "primary_cancer")) == {"type": "breast", "diagnosed": "2019-02-01"}
    assert (value(person, "estrogen_receptor"), value(person, "progesterone_receptor")) == ("positive", "negative")


def test_impossible_scores_are_problems_and_no_facts():
    person = sample("ctms_patient_data_missing_birthdate_invalid_ecog_karnofsky")
    assert "kps" not in person.facts
    assert "ecog" not in person.facts
    assert sum("-1 is out of range" in text for text in errors(person)) == 2


def test_a_metastasis_without_a_site_is_where_its_body_site_says_even_when_nobody_can_read_it():
    record = value(sample("ctms_patient_data"), "metastases")
    assert record["site"] == Unmapped("SNOMED", "8935007")


def test_metastases_by_site():
    records = [plain(one) for one in values(sample("TrialMatching_Patient01"), "metastases")]
    assert [(one["site"], one["discrete"]) for one in records] == [
        ("axillary_node", Range(low=1)),
        ("liver", Range(low=1)),
        ("bone", Range(low=1)),
    ]


def test_a_cancer_of_the_breast_by_its_display_alone_is_not_taken_for_one():
    record = value(sample("mcode-extraction-patient-1"), "primary_cancer")
    assert record["type"] == Unmapped("SNOMED", "363346000", "Breast Cancer")
    assert any("status: used, though preliminary" in text for text in problems(sample("mcode-extraction-patient-1")))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("Condition-secondary-cancer-condition-brain-mets", {"metastases": "brain"}),
        ("Observation-karnofsky-performance-status-normal-activity", {"kps": 90}),
        ("Observation-ecog-performance-status-fully-active", {"ecog": 0}),
        ("Observation-no-history-of-metastatic-cancer", {}),
    ],
)
def test_single_examples_of_the_guide(name, facts):
    (person,) = read_people(shared(f"mcode/examples/{name}.json"), vocabulary())
    assert person.id == "cancer-patient-john-anyperson"
    found = {fact: given[0].value for fact, given in person.facts.items()}
    assert {fact: one["site"] if fact == "metastases" else one for fact, one in found.items()} == facts
