"""HER2 and hormone receptors."""

from decimal import Decimal

import pytest

from evenhand.codes import Unmapped
from evenhand.units import Range
from tests.mcode_people import LOINC, SNOMED, concept, errors, observation, patient, problems, read, value, values

IHC, ISH, RATIO, COPIES, GENERIC = "85319-2", "85318-4", "49683-6", "74860-8", "48676-1"
POSITIVE, NEGATIVE, EQUIVOCAL = (concept(code) for code in ("10828004", "260385009", "42425007"))
POS = {"interpretation": [concept("POS", "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation")]}


def ratio_of(numerator, denominator):
    return {"valueRatio": {"numerator": {"value": numerator}, "denominator": {"value": denominator}}}


def her2_fields(person):
    """The fields of the one HER2 record, without those that say which specimen."""
    return {name: item for name, item in value(person, "her2_tests").items() if name not in ("specimen", "of")}


@pytest.mark.parametrize(
    ("code", "given", "fields"),
    [
        (IHC, {"valueInteger": 3}, {"ihc": 3}),
        (IHC, {"valueQuantity": {"value": 3, "unit": "{score}"}}, {"ihc": 3}),
        (IHC, {"valueString": "3+"}, {"ihc": 3}),
        (IHC, {"valueString": "IHC 2+"}, {"ihc": 2}),
        (IHC, {"valueString": "Score: 1+"}, {"ihc": 1}),
        (IHC, {"valueString": "0"}, {"ihc": 0}),
        (IHC, {"valueString": "positive"}, {"reported": "positive"}),
        (IHC, {"valueCodeableConcept": concept("LA11843-2", LOINC)}, {"ihc": 3}),
        (IHC, {"valueCodeableConcept": POSITIVE}, {"reported": "positive"}),
        (IHC, {"valueCodeableConcept": EQUIVOCAL}, {"ihc": 2}),
        (IHC, {"valueCodeableConcept": concept("LA6577-6", LOINC)}, {"reported": "negative"}),
        (IHC, {"valueInteger": 3} | POS, {"ihc": 3, "reported": "positive"}),
        (IHC, POS, {"reported": "positive"}),
        ("18474-7", {"valueCodeableConcept": NEGATIVE}, {"reported": "negative"}),
        ("72383-3", {"valueBoolean": True}, {"reported": "positive"}),
        (ISH, {"valueCodeableConcept": EQUIVOCAL}, {"reported": "equivocal"}),
        (ISH, {"valueBoolean": False}, {"reported": "negative"}),
        (
            ISH,
            {"valueString": "greater than 1.8"},
            {"ratio": Range(low=Decimal("1.8"), low_open=True), "probe": "dual"},
        ),
        (ISH, {"valueString": "less than 1.8"}, {"ratio": Range(high=Decimal("1.8"), high_open=True), "probe": "dual"}),
        (ISH, {"valueString": "HER2/CEP17 ratio: 2.3"}, {"ratio": Decimal("2.3"), "probe": "dual"}),
        (ISH, {"valueString": "6.1 copies per cell"}, {"copies": Decimal("6.1")}),
        (ISH, {"valueString": "amplified"}, {"reported": "positive"}),
        (ISH, {"valueString": "Not amplified"}, {"reported": "negative"}),
        (
            ISH,
            {"valueRatio": {"numerator": {"value": 9}, "denominator": {"value": 4}}},
            {"ratio": Decimal("2.25"), "probe": "dual"},
        ),
        (RATIO, {"valueQuantity": {"value": 4.6}}, {"ratio": Decimal("4.6"), "probe": "dual"}),
        (COPIES, {"valueQuantity": {"value": 6}}, {"copies": 6}),
        (GENERIC, {"valueCodeableConcept": POSITIVE}, {"reported": "positive"}),
        (GENERIC, {"valueString": "IHC 3+"}, {"ihc": 3}),
        (GENERIC, {"valueString": "2+"}, {"ihc": 2}),
        (GENERIC, {"valueCodeableConcept": concept("82334004")}, {"reported": "indeterminate"}),
        (IHC, {"valueCodeableConcept": concept("999", SNOMED, "odd")}, {"reported": Unmapped("SNOMED", "999", "odd")}),
        (IHC, {"valueCodeableConcept": {"text": "unclear"}}, {"reported": Unmapped("text", "unclear", "unclear")}),
    ],
)
def test_every_way_to_write_a_her2_result(code, given, fields):
    person = read(observation(code, **given))
    assert her2_fields(person) == fields
    assert problems(person) == []


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        (IHC, {"valueInteger": 4}, "her2_tests.ihc: 4 is out of range"),
        (IHC, {"valueQuantity": {"value": 2.5}}, "her2_tests.ihc: 2.5 is none of its values"),
        (GENERIC, {"valueInteger": 3}, "valueInteger: the code does not say whether this number is an IHC score"),
        (GENERIC, {"valueString": "high"}, "valueString: 'high' is no result that can be read here"),
        (ISH, {"valueString": "many copies"}, "valueString: "),
        (
            ISH,
            {"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 0}}},
            "valueRatio.denominator.value: ",
        ),
        (ISH, {"valueRatio": {"numerator": {"value": 1}}}, "valueRatio.denominator: a ratio needs"),
    ],
)
def test_what_is_no_result_is_a_problem(code, given, said):
    person = read(observation(code, **given))
    assert errors(person)[0].startswith(f"Observation/o: {said}")
    assert all("ihc" not in one and "ratio" not in one for one in values(person, "her2_tests"))


@pytest.mark.parametrize("code", ["32996-1", "42914-2", "51981-9", "85328-3", "10480-2"])
def test_serum_and_other_tests_are_ignored(code):
    person = read(observation(code, valueCodeableConcept=POSITIVE))
    assert (values(person, "her2_tests"), person.problems) == ([], ())


def test_a_test_that_was_not_done_is_no_result():
    person = read(observation(IHC, valueCodeableConcept=concept("416237000")))
    assert values(person, "her2_tests") == []
    assert problems(person) == ["Observation/o: value[x]: it has no value"]


def test_several_codes_of_one_observation_are_read_by_the_most_exact_one():
    codes = {"coding": [{"system": LOINC, "code": code} for code in (GENERIC, IHC)]}
    assert her2_fields(read(observation(GENERIC, valueInteger=3) | {"code": codes})) == {"ihc": 3}


def test_ihc_and_ish_of_one_day_share_a_specimen_and_an_undated_one_has_its_own():
    person = read(
        observation(IHC, "a", valueInteger=2),
        observation(RATIO, "b", valueQuantity={"value": 2.2}),
        observation(IHC, "c", day=None, valueInteger=3),
    )
    labels = [one["specimen"] for one in values(person, "her2_tests")]
    assert labels == ["specimen of 2026-04-01", "specimen of 2026-04-01", "specimen without a date"]
    assert [str(fact.date) for fact in person.facts["her2_tests"]] == ["2026-04-01", "2026-04-01", "None"]


def specimen(code=None):
    body = {} if code is None else {"collection": {"bodySite": concept(code)}}
    return {"resourceType": "Specimen", "id": "s", "subject": {"reference": "Patient/anna"}} | body


@pytest.mark.parametrize(
    ("site", "of"),
    [("76752008", "primary"), ("10200004", "metastasis"), ("68171009", None), ("59441001", None), (None, None)],
)
def test_a_specimen_says_where_it_was_taken(site, of):
    person = read(specimen(site), observation(IHC, valueInteger=3, specimen={"reference": "Specimen/s"}))
    record = value(person, "her2_tests")
    assert (record["specimen"], record.get("of")) == ("s", of)


def test_a_specimen_that_is_not_in_the_file_still_labels_the_result():
    person = read(observation(IHC, valueInteger=3, specimen={"reference": "Specimen/elsewhere"}))
    assert value(person, "her2_tests")["specimen"] == "elsewhere"


def test_the_components_of_a_panel_are_read():
    parts = [
        {"code": concept(RATIO, LOINC), "valueQuantity": {"value": 2.4}},
        {"code": concept(COPIES, LOINC), "valueQuantity": {"value": 6.5}},
        {"code": concept("1-8", LOINC), "valueQuantity": {"value": 1}},
    ]
    person = read(observation("74885-5", component=parts))
    assert [sorted(set(one) - {"specimen"}) for one in values(person, "her2_tests")] == [["probe", "ratio"], ["copies"]]


def test_results_of_one_observation_that_contradict_each_other_are_both_delivered():
    person = read(observation(IHC, valueCodeableConcept=NEGATIVE, **POS))
    assert [one["reported"] for one in values(person, "her2_tests")] == ["negative", "positive"]


RECEPTORS = [
    ("16112-5", "estrogen_receptor"), ("40556-3", "estrogen_receptor"), ("85337-4", "estrogen_receptor"),
    ("16113-3", "progesterone_receptor"), ("40557-1", "progesterone_receptor"), ("85339-0", "progesterone_receptor"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "fact"), RECEPTORS)
def test_receptors(code, fact):
    assert value(read(observation(code, valueCodeableConcept=POSITIVE)), fact) == "positive"


@pytest.mark.parametrize(
    ("code", "given", "result"),
    [
        ("14228-1", {"valueQuantity": {"value": 1, "unit": "%"}}, "positive"),
        ("14228-1", {"valueQuantity": {"value": 0.5, "unit": "%"}}, "negative"),
        ("85329-1", {"valueInteger": 0}, "negative"),
        ("85329-1", {"valueString": "more than 90%"}, "positive"),
        ("85329-1", {"valueString": "<1%"}, "negative"),
        ("85337-4", {"valueQuantity": {"value": 10, "comparator": ">=", "unit": "%"}}, "positive"),
        ("85337-4", {"valueString": "95%"}, "positive"),
        ("16112-5", {"valueString": "Positive"}, "positive"),
        ("16112-5", {"valueBoolean": False}, "negative"),
        ("16112-5", POS, "positive"),
        ("16112-5", {"valueCodeableConcept": EQUIVOCAL}, Unmapped("mCODE intake", "equivocal", "equivocal")),
    ],
)
def test_a_receptor_is_positive_from_one_per_cent_of_stained_cells(code, given, result):
    person = read(observation(code, **given))
    assert value(person, "estrogen_receptor") == result
    assert errors(person) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"valueQuantity": {"value": 90}}, "valueQuantity: a number without per cent"),
        ({"valueString": "up to 5%"}, "valueString: at most 5 per cent does not say"),
        ({"valueString": "strong"}, "valueString: 'strong' is no number"),
    ],
)
def test_a_receptor_result_that_decides_nothing_is_a_problem(given, said):
    person = read(observation("85337-4", **given))
    assert "estrogen_receptor" not in person.facts
    assert errors(person)[0].startswith(f"Observation/o: {said}")


def test_a_study_without_her2_gets_none():
    assert "her2" not in read(patient()).facts


def test_a_number_with_a_unit_of_copies_is_one_of_copies():
    person = read(observation(ISH, valueQuantity={"value": 7, "unit": "copies/cell"}))
    assert her2_fields(person) == {"copies": 7}


def test_empty_values_are_none():
    empty = {"valueString": " ", "valueCodeableConcept": None, "valueQuantity": None, "valueRatio": None}
    person = read(observation(ISH, **empty, valueBoolean=None, valueInteger=None))
    assert problems(person) == ["Observation/o: value[x]: it has no value"]


def test_a_value_of_another_shape_is_a_problem():
    person = read(observation(ISH, valueBoolean="yes"))
    assert errors(person) == ["Observation/o: valueBoolean: expected true or false, found text"]
