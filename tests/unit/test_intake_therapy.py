"""First line, changes of therapy, disease status and comorbidities."""

import pytest

from evenhand.codes import Unmapped
from tests.mcode_people import (
    BREAST,
    ICD,
    LIVER,
    LOINC,
    MCODE,
    RXNORM,
    administration,
    concept,
    condition,
    errors,
    observation,
    problems,
    read,
    value,
    values,
)

TRASTUZUMAB, PERTUZUMAB, DOCETAXEL, CAPECITABINE = "224905", "1298944", "72962", "194000"
MET = condition("m", LIVER, onsetDateTime="2026-03-10")


def first_line(*resources):
    person = read(*resources)
    return [(str(one["start"]), one["regimen"]) for one in values(person, "first_line")], problems(person)


def test_the_first_her2_directed_agent_after_the_first_metastasis_starts_the_first_line():
    lines, said = first_line(
        MET,
        administration(DOCETAXEL, "2026-04-08", "d"),
        administration(TRASTUZUMAB, "2026-04-01", "t1"),
        administration(TRASTUZUMAB, "2026-04-22", "t2"),
        administration(CAPECITABINE, "2026-09-01", "c"),
    )
    assert (lines, said) == ([("2026-04-01", "trastuzumab, docetaxel")], [])


def test_treatment_before_the_first_metastasis_is_no_first_line():
    lines, said = first_line(MET, administration(TRASTUZUMAB, "2024-04-01"))
    assert lines == []
    assert said == ["MedicationAdministration/m: not counted as first line: it began before the first metastasis"]


def test_without_the_day_of_the_first_metastasis_there_is_no_first_line():
    for given in ((), (condition("m", LIVER),), (MET, condition("n", LIVER))):
        lines, said = first_line(*given, administration(TRASTUZUMAB, "2026-04-01"))
        assert lines == []
        assert "the day of the first metastasis is unknown" in said[0]


def test_a_regional_node_is_no_metastatic_disease():
    node = condition("n", "94181007", onsetDateTime="2024-01-05")
    lines, _ = first_line(
        node, MET, administration(TRASTUZUMAB, "2024-02-01", "a"), administration(TRASTUZUMAB, "2026-04-01")
    )
    assert lines == [("2026-04-01", "trastuzumab")]


def test_a_node_of_the_other_side_is_metastatic_disease():
    primary = condition("p", "C50.912", ICD)
    side = {"url": MCODE + "laterality-qualifier", "valueCodeableConcept": concept("24028007")}
    node = condition(
        "n", "94181007", onsetDateTime="2026-01-05", bodySite=[concept("68171009") | {"extension": [side]}]
    )
    lines, _ = first_line(primary, node, administration(TRASTUZUMAB, "2026-02-01"))
    assert lines == [("2026-02-01", "trastuzumab")]


def test_a_start_in_the_month_of_the_metastasis_decides_nothing():
    found = condition("m", LIVER, onsetDateTime="2026-03")
    lines, said = first_line(
        found, administration(TRASTUZUMAB, "2026-03-20"), administration(TRASTUZUMAB, "2026-04-10", "n")
    )
    assert lines == []
    assert "about when the metastasis was found" in said[0]


@pytest.mark.parametrize(
    ("types", "start"),
    [
        (["MedicationRequest", "MedicationStatement", "MedicationAdministration"], "2026-04-03"),
        (["MedicationRequest", "MedicationStatement"], "2026-04-02"),
        (["MedicationRequest"], "2026-04-01"),
    ],
)
def test_a_dose_given_goes_before_a_statement_and_that_before_an_order(types, start):
    given = [
        administration(TRASTUZUMAB, f"2026-04-0{number}", f"x{number}", type_) for number, type_ in enumerate(types, 1)
    ]
    lines, said = first_line(MET, *given)
    assert lines == [(start, "trastuzumab")]
    assert len(said) == (1 if types == ["MedicationRequest"] else 0)


def test_changes_of_therapy_are_told_by_the_day():
    person = read(
        MET,
        administration(TRASTUZUMAB, "2026-04-01", "t"),
        administration(PERTUZUMAB, "2026-04-01", "p"),
        administration(CAPECITABINE, "2026-09-01", "c"),
        administration(CAPECITABINE, "2024-01-01", "before"),
    )
    assert [(str(one["start"]), one["agents"], one.get("reason")) for one in values(person, "systemic_therapy")] == [
        ("2026-04-01", "trastuzumab, pertuzumab", "first_treatment"),
        ("2026-09-01", "capecitabine", None),
    ]


def stopped(code, until="2026-08-20"):
    return administration(
        TRASTUZUMAB, "2026-04-01", "t", effectiveDateTime=None, status="stopped",
        effectivePeriod={"start": "2026-04-01", "end": until}, statusReason=[concept(code)],
    )  # fmt: skip


WORSE = observation("97509-4", "w", "2026-08-15", valueCodeableConcept=concept("271299001"))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("407563006", "toxicity"),
        ("309846006", "availability"),
        ("160932005", "availability"),
        ("266721009", None),
        ("105480006", None),
    ],
)
def test_why_the_next_treatment_began(code, reason):
    person = read(MET, stopped(code), administration(CAPECITABINE, "2026-09-01", "c"))
    assert values(person, "systemic_therapy")[1].get("reason") == reason


@pytest.mark.parametrize("more", [(WORSE,), ()])
def test_toxicity_is_no_reason_after_a_progression_or_a_long_pause(more):
    until = "2026-08-20" if more else "2026-05-01"
    person = read(MET, stopped("407563006", until), *more, administration(CAPECITABINE, "2026-09-01", "c"))
    assert "reason" not in values(person, "systemic_therapy")[1]


def test_a_drug_may_be_known_by_its_name_or_its_profile_alone():
    product = {"coding": [{"system": RXNORM, "code": "1", "display": "Trastuzumab deruxtecan 100 MG Injection"}]}
    person = read(administration("1", "2026-04-01", medicationCodeableConcept=product))
    assert value(person, "systemic_therapy")["agents"] == "trastuzumab deruxtecan"
    assert "by its name: no table holds its code" in problems(person)[0]
    ours = {"profile": [MCODE + "cancer-related-medication-administration"]}
    novel = administration("1", "2026-04-01", medicationCodeableConcept={"text": "Novelmab"}, meta=ours)
    assert value(read(novel), "systemic_therapy")["agents"] == "Novelmab"
    assert values(read(novel | {"meta": {}}), "systemic_therapy") == []


@pytest.mark.parametrize(
    "elements",
    [
        {"medicationReference": {"reference": "Medication/x"}},
        {"medicationReference": {"reference": "#x"}, "contained": [{"id": "x", "code": concept(TRASTUZUMAB, RXNORM)}]},
    ],
)  # fmt: skip
def test_a_medication_may_stand_elsewhere(elements):
    shared = {"resourceType": "Medication", "id": "x", "code": concept(TRASTUZUMAB, RXNORM)}
    person = read(shared, administration("1", "2026-04-01", medicationCodeableConcept=None, **elements))
    assert value(person, "systemic_therapy")["agents"] == "trastuzumab"


def test_a_medication_that_cannot_be_found_or_dated_is_reported():
    lost = administration(
        "1", "2026-04-01", medicationCodeableConcept=None, medicationReference={"reference": "Medication/x"}
    )
    assert errors(read(lost)) == [
        "MedicationAdministration/m: medicationReference.reference: 'Medication/x' is not in the file"
    ]
    undated = administration(TRASTUZUMAB, None)
    assert problems(read(undated)) == ["MedicationAdministration/m: effective[x]: not used: it does not say when"]


def test_treatment_of_another_cancer_is_none_of_the_study_s():
    lung = condition("q", "C34.11", ICD)
    given = administration(DOCETAXEL, "2026-04-01", reasonReference=[{"reference": "Condition/q"}])
    person = read(condition("p", BREAST), lung, given)
    assert values(person, "systemic_therapy") == []
    assert "it treats another cancer" in problems(person)[0]


STATUSES = [
    ("268910001", "responding"), ("385633008", "responding"), ("550991000124107", "responding"),
    ("551001000124108", "responding"), ("359746009", "stable"), ("271299001", "progression"),
    ("709137006", "undetermined"), ("399409002", Unmapped("SNOMED", "399409002")),
]  # fmt: skip


@pytest.mark.parametrize("loinc", ["97509-4", "88040-1"])
@pytest.mark.parametrize(("code", "status"), STATUSES)
def test_disease_status_under_its_present_and_its_older_code(loinc, code, status):
    person = read(observation(loinc, valueCodeableConcept=concept(code)))
    assert value(person, "disease_status")["status"] == status


@pytest.mark.parametrize(
    ("codes", "basis"),
    [
        (["363679005"], "radiographic"),
        (["5880005"], "clinical"),
        (["5880005", "363679005"], "radiographic"),
        (["250724005"], None),
        ([], None),
    ],
)  # fmt: skip
def test_the_basis_of_a_status(codes, basis):
    extensions = [
        {"url": MCODE + "cancer-disease-status-evidence-type", "valueCodeableConcept": concept(code)} for code in codes
    ]
    person = read(observation("97509-4", valueCodeableConcept=concept("359746009"), extension=extensions))
    assert value(person, "disease_status").get("basis") == basis


def test_several_statuses_of_one_day_are_all_delivered():
    person = read(
        observation("97509-4", "a", valueCodeableConcept=concept("359746009")),
        observation("97509-4", "b", valueCodeableConcept=concept("271299001")),
    )
    assert [one["status"] for one in values(person, "disease_status")] == ["stable", "progression"]


def test_a_status_without_a_date_is_no_fact():
    person = read(observation("97509-4", day=None, valueCodeableConcept=concept("271299001")))
    assert errors(person) == ["Observation/o: no fact disease_status: its date is not known"]


def test_a_status_of_another_cancer_is_not_used():
    focus = [{"reference": "Condition/q"}]
    status = observation("97509-4", valueCodeableConcept=concept("271299001"), focus=focus)
    person = read(condition("p", BREAST), condition("q", "C34.11", ICD), status)
    assert "disease_status" not in person.facts
    assert "Observation/o: focus: not used: it is about another cancer" in problems(person)


def comorbidities(*extensions):
    return observation("398192003", system="http://snomed.info/sct", extension=list(extensions))


def test_comorbidities_present_and_absent():
    person = read(
        condition("c", {"coding": [{"code": "84114007", "display": "Heart failure"}]}),
        comorbidities(
            {"url": MCODE + "related-condition", "valueReference": {"reference": "Condition/c"}},
            {"url": MCODE + "related-condition", "valueReference": {"reference": "Condition/elsewhere"}},
            {"url": MCODE + "related-condition-absent", "valueCodeableConcept": {"text": "Obesity"}},
            {"url": MCODE + "related-condition", "valueCodeableConcept": {}},
        ),
    )
    assert values(person, "comorbidities") == [
        {"condition": "Heart failure"},
        {"condition": "Condition/elsewhere"},
        {"condition": "Obesity (absent)", "precludes": "nothing"},
    ]
    assert errors(person) == ["Observation/o: extension: it names no condition"]


def test_a_history_of_no_metastatic_cancer_is_no_metastasis():
    none = observation("1287652008", system="http://snomed.info/sct", valueBoolean=False)
    assert set(read(none).facts) == {"birth_date", "sex"}


def test_a_bad_observation_code_costs_only_itself():
    person = read(
        observation("89247-1", valueInteger=1),
        {"resourceType": "Observation", "id": "x", "code": {"coding": [{"system": [], "code": LOINC}]}},
    )
    assert value(person, "ecog") == 1
    assert errors(person) == ["Observation/x: coding: a system and a code have to be text"]
