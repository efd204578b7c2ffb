"""Primary cancer, other cancers, metastases and single lesions."""

import pytest

from evenhand.codes import Unmapped
from evenhand.units import Range
from tests.mcode_people import (
    BREAST,
    ICD,
    LIVER,
    LOINC,
    MCODE,
    SNOMED,
    concept,
    condition,
    errors,
    observation,
    problems,
    read,
    value,
    values,
)

PRIMARY = condition("p", BREAST, onsetDateTime="2024-05-06")


def laterality(code):
    return {"url": MCODE + "laterality-qualifier", "valueCodeableConcept": concept(code)}


def site(code, *extensions):
    return [concept(code) | ({"extension": list(extensions)} if extensions else {})]


def evidence(code):
    return [{"code": [concept(code)]}]


def extension(name, **content):
    return {"url": MCODE + name, **content}


def morphology(code, system=SNOMED):
    return extension("histology-morphology-behavior", valueCodeableConcept=concept(code, system))


def structure(id_, location, of="m", **elements):
    link = extension("related-condition", valueReference={"reference": f"Condition/{of}"})
    plain = {"resourceType": "BodyStructure", "id": id_, "patient": {"reference": "Patient/anna"}}
    return plain | {"extension": [link], "location": concept(location)} | elements


def size(of, quantity, day="2026-04-10", id_="z", code="21889-1"):
    focus = [{"reference": f"BodyStructure/{of}"}]
    if code == "21889-1":
        return observation(
            code, id_, day, focus=focus, component=[{"code": concept("33728-7", LOINC), "valueQuantity": quantity}]
        )
    return observation(code, id_, day, focus=focus, valueQuantity=quantity)


KNEE = "Secondary malignant neoplasm of knee"
MM = {"value": 18, "unit": "mm", "code": "mm"}


def test_the_primary_cancer():
    person = read(PRIMARY)
    assert {name: str(item) for name, item in value(person, "primary_cancer").items()} == {
        "type": "breast",
        "diagnosed": "2024-05-06",
    }
    assert str(person.facts["primary_cancer"][0].date) == "2024-05-06"


@pytest.mark.parametrize(
    ("elements", "kind"),
    [
        ({"code": concept("C50.911", ICD)}, "breast"),
        ({"code": concept("C50.9", "http://hl7.org/fhir/sid/icd-10")}, "breast"),
        ({"code": concept("C34.11", ICD)}, "other"),
        ({"code": concept("363346000"), "bodySite": site("80248007")}, "breast"),
        ({"code": concept("363346000"), "bodySite": site("39607008")}, "other"),
        ({"code": concept("363346000")}, Unmapped("SNOMED", "363346000")),
        ({"code": concept("1"), "meta": {"profile": [MCODE + "primary-cancer-condition"]}}, Unmapped("SNOMED", "1")),
    ],
)
def test_what_a_primary_cancer_is(elements, kind):
    assert value(read(condition("p", BREAST) | elements), "primary_cancer") == {"type": kind}


def test_another_cancer_beside_the_study_s_is_a_prior_cancer():
    lung = {"coding": [{"system": ICD, "code": "C34.11", "display": "Cancer of right upper lobe"}]}
    person = read(PRIMARY, condition("q", lung), condition("h", "Z85.118", ICD), condition("b", "Z85.3", ICD))
    assert value(person, "primary_cancer")["type"] == "breast"
    called = ["Cancer of right upper lobe", "code (ICD-10-CM Z85.118)"]
    assert values(person, "prior_cancers") == [{"cancer": cancer} for cancer in called]


def test_a_cancer_that_no_table_reads_beside_the_study_s_is_another():
    unread = condition("q", "1", meta={"profile": [MCODE + "primary-cancer-condition"]})
    person = read(PRIMARY, unread)
    assert value(person, "primary_cancer")["type"] == "breast"
    assert len(values(person, "prior_cancers")) == 1


def test_of_several_diagnoses_of_one_kind_the_earliest_counts():
    person = read(PRIMARY, condition("q", BREAST, onsetDateTime="2019"), condition("r", BREAST))
    assert str(value(person, "primary_cancer")["diagnosed"]) == "2019"
    assert [text.split(": ")[0] for text in problems(person)] == ["Condition/p", "Condition/r"]


def test_a_condition_that_is_no_cancer_is_none():
    person = read(condition("c", "38341003"), condition("d", "I10", ICD), condition("e", {"text": "gout"}))
    assert (set(person.facts), person.problems) == ({"birth_date", "sex"}, ())


def test_a_condition_is_at_least_one_lesion_at_its_site_and_the_list_stays_open():
    person = read(condition("m", LIVER, onsetDateTime="2026-03-01"))
    record = value(person, "metastases")
    assert (record["lesion"], record["site"], record["discrete"]) == ("m", "liver", Range(low=1))
    assert str(record["first_seen"]) == "2026-03-01"


@pytest.mark.parametrize(
    ("elements", "word"),
    [
        ({}, "unspecified"),
        ({"bodySite": site("10200004")}, "liver"),
        ({"bodySite": site("12738006")}, "brain"),
        ({"bodySite": site("8935007")}, Unmapped("SNOMED", "8935007")),
        ({"bodySite": 7}, "unspecified"),
    ],
)
def test_a_metastasis_of_a_site_not_said_is_where_its_body_site_says(elements, word):
    assert value(read(condition("m", "128462008", **elements)), "metastases")["site"] == word


def codings(*pairs):
    return {"coding": [{"system": system, "code": code} for system, code in pairs]}


@pytest.mark.parametrize(
    ("code", "word"),
    [
        (codings((SNOMED, "128462008"), (ICD, "C79.31")), "brain"),
        (codings((SNOMED, "94222008"), (ICD, "C79.51")), "bone"),
        (codings((SNOMED, LIVER), (ICD, "C78.00")), Unmapped("SNOMED", LIVER)),
        (codings((ICD, "C79.63")), "ovary"),
        (codings((SNOMED + "/731000124108", LIVER)), "liver"),
        ({"coding": [{"system": "urn:x", "code": "9", "display": KNEE}]}, Unmapped("urn:x", "9", KNEE)),
        ({"text": "Metastasis, left adrenal"}, Unmapped("text", *["Metastasis, left adrenal"] * 2)),
    ],
)  # fmt: skip
def test_several_codes_of_one_metastasis(code, word):
    assert value(read(condition("m", code)), "metastases")["site"] == word


@pytest.mark.parametrize(
    ("primary", "node", "side"),
    [
        (site("80248007"), site("68171009", laterality("7771000")), "same"),
        (site("80248007"), site("68171009", laterality("24028007")), "other"),
        (site("76752008", laterality("7771000")), site("68171009", laterality("7771000")), "same"),
        (site("80248007"), site("68171009"), None),
        (site("76752008"), site("68171009", laterality("7771000")), None),
        (site("80248007"), site("68171009", laterality("399488007")), "midline"),
        (site("80248007"), site("68171009", laterality("51440002")), None),
    ],
)
def test_the_side_of_a_node_as_seen_from_the_primary(primary, node, side):
    person = read(PRIMARY | {"bodySite": primary}, condition("m", "94181007", bodySite=node))
    record = value(person, "metastases")
    assert (record["site"], record.get("side")) == ("axillary_node", side)


def test_the_side_may_stand_in_the_codes():
    person = read(condition("p", "C50.912", ICD), condition("m", "353721000119100"))
    assert value(person, "metastases") == {"lesion": "m", "site": "adrenal", "side": "same", "discrete": Range(low=1)}


@pytest.mark.parametrize(
    ("code", "word"), [("12241071000119106", "contralateral_breast"), ("12241031000119108", "other_organ")]
)
def test_a_metastasis_in_a_breast_is_in_the_other_one(code, word):
    person = read(condition("p", "C50.912", ICD), condition("m", code))
    assert value(person, "metastases")["site"] == word


@pytest.mark.parametrize(
    ("elements", "by"),
    [
        ({"evidence": evidence("108257001")}, "pathology"),
        ({"evidence": evidence("714797009")}, "pathology"),
        ({"evidence": evidence("116147009")}, "pathology"),
        ({"evidence": evidence("363679005")}, "imaging"),
        ({"evidence": evidence("5880005")}, "clinical"),
        ({"evidence": evidence("250724005")}, None),
        ({"evidence": [*evidence("363679005"), *evidence("108257001")]}, "pathology"),
        ({"extension": [extension("evidence-type", valueCodeableConcept=concept("363679005"))]}, "imaging"),
        ({"extension": [morphology("79282002")]}, "pathology"),
        ({"extension": [morphology("8500/6", "urn:icd-o")]}, "pathology"),
        ({"extension": [morphology("8500/3", "urn:icd-o")]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_what_confirms_a_metastasis(elements, by):
    assert value(read(condition("m", LIVER, **elements)), "metastases").get("confirmed_by") == by


def test_bad_evidence_costs_the_confirmation_and_not_the_metastasis():
    person = read(condition("m", LIVER, evidence=[{"code": "pathology"}]))
    assert value(person, "metastases")["site"] == "liver"
    assert errors(person) == ["Condition/m: evidence.code: expected a list of objects, found text"]


@pytest.mark.parametrize("bad", ["2026-02-30", 7, {"start": 1}])
def test_a_bad_date_costs_the_date_and_not_the_metastasis(bad):
    person = read(condition("m", LIVER, onsetDateTime=bad))
    assert "first_seen" not in value(person, "metastases")
    assert errors(person)[0].startswith("Condition/m: onsetDateTime: ")


def test_the_date_asserted_stands_in_for_an_onset_and_the_date_recorded_dates_the_fact():
    asserted = {"url": "http://hl7.org/fhir/StructureDefinition/condition-assertedDate", "valueDateTime": "2026-03-02"}
    person = read(condition("m", LIVER, extension=[asserted]), condition("n", LIVER, recordedDate="2026-03-09"))
    first, second = person.facts["metastases"]
    assert (str(first.date), str(first.value["first_seen"])) == ("2026-03-02", "2026-03-02")
    assert (str(second.date), "first_seen" in second.value) == ("2026-03-09", False)


def test_lesions_stand_for_their_condition_with_their_sizes():
    person = read(
        condition("m", LIVER, onsetDateTime="2026-03-01", evidence=evidence("108257001")),
        structure("l1", "10200004"),
        structure("l2", "10200004"),
        size("l1", MM),
        size("l1", {"value": 1.5, "code": "cm"}, "2026-07-10", "y"),
    )
    records = person.facts["metastases"]
    assert [fact.value["lesion"] for fact in records] == ["l1", "l1", "l1", "l2"]
    assert [(str(fact.date), fact.value.get("size")) for fact in records] == [
        ("2026-03-01", None),
        ("2026-04-10", 18),
        ("2026-07-10", 15),
        ("2026-03-01", None),
    ]
    assert all(fact.value["discrete"] == 1 for fact in records)


def test_a_size_without_a_date_is_an_undated_record_of_the_same_lesion():
    person = read(condition("m", LIVER), structure("l", "10200004"), size("l", MM, day=None, code="33728-7"))
    plain, sized = person.facts["metastases"]
    assert (plain.value["lesion"], "size" in plain.value) == ("l", False)
    assert (sized.value["lesion"], sized.value["size"], sized.date) == ("l", 18, None)


@pytest.mark.parametrize("quantity", [{"value": 18, "code": "kg"}, {"value": 18}, {"value": -1, "code": "mm"}])
def test_a_size_that_is_none_is_a_problem(quantity):
    person = read(condition("m", LIVER), structure("l", "10200004"), size("l", quantity))
    assert all("size" not in record for record in values(person, "metastases"))
    assert errors(person)[0].startswith("Observation/z: metastases.size: ")


def test_another_dimension_and_the_size_of_the_primary_are_not_used():
    person = read(
        condition("m", LIVER), structure("l", "10200004"), size("l", MM, code="33729-5"), observation("21889-1", "y")
    )
    assert "size" not in value(person, "metastases")


def test_a_lesion_may_be_more_exact_than_its_condition_and_a_contradiction_is_told():
    exact = read(condition("m", "94222008"), structure("l", "73903008"))
    assert (value(exact, "metastases")["site"], exact.problems) == ("vertebra", ())
    other = read(condition("m", LIVER), structure("l", "39607008"))
    assert value(other, "metastases")["site"] == "lung"
    assert "the location is lung, but Condition/m says liver" in problems(other)[0]


def test_a_structure_that_belongs_to_the_primary_or_to_nothing_is_no_metastasis():
    alone = structure("l2", "10200004") | {"extension": []}
    person = read(PRIMARY, condition("m", LIVER), structure("l1", "76752008", of="p"), alone)
    assert [record["lesion"] for record in values(person, "metastases")] == ["m"]


def test_the_side_of_a_lesion_is_its_qualifier():
    qualified = structure("l", "68171009", locationQualifier=[concept("7771000")])
    person = read(PRIMARY | {"bodySite": site("80248007")}, condition("m", "94181007"), qualified)
    assert value(person, "metastases")["side"] == "same"


def test_a_metastasis_of_another_cancer_is_not_the_study_s():
    link = extension("related-primary-cancer-condition", valueReference={"reference": "Condition/q"})
    person = read(PRIMARY, condition("q", "C34.11", ICD), condition("m", LIVER, extension=[link]))
    assert values(person, "metastases") == []
    assert "Condition/m: extension: not used: it is a metastasis of another cancer" in problems(person)


def test_two_metastases_of_one_id_stay_two():
    person = read(condition("m", LIVER), condition("m", "94225005"))
    assert [(one["lesion"], one["site"]) for one in values(person, "metastases")] == [("m", "liver"), ("m#2", "brain")]
