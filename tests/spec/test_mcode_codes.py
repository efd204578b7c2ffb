"""The code tables, held to the lists that they were made from; where a site's code decides about the nervous system."""

import json

import pytest

from evenhand.codes import Unmapped
from evenhand.facts import FactType
from evenhand.intake.tables import (
    ICD_10_CM,
    LOINC,
    RXNORM,
    SNOMED,
    agents,
    answers,
    body_sites,
    diagnoses,
    observations,
)
from evenhand.logic import NO, YES
from tests.mcode_people import ICD, condition, read, value, vocabulary
from tests.shared_data import shared

CNS = [
    "94225005", "94224009", "94245002", "94248000", "94247005", "94246001",
    "1155991005", "722671009", "230156002", "94600009", "94601008", "188462001",
    "94243009", "96981000119102", "285641009",
]  # fmt: skip
PERMITTED = [
    "94602001", "94250008", "94274006", "94389000", "285619009", "866087009",
    "94679009", "94296000", "94597008", "722707001",
]  # fmt: skip
UNDECIDED = [
    "94442001", "255123005", "94266005", "128462008",
]  # fmt: skip


def in_cns(code, system=SNOMED):
    """What the study's set says about the metastasis of a code."""
    record = value(read(condition("m", code, system)), "metastases")
    return vocabulary().sets["cns"].contains(record["site"])


@pytest.mark.parametrize("code", CNS)
def test_disease_of_the_central_nervous_system_is_recognized(code):
    assert in_cns(code) is YES


@pytest.mark.parametrize("code", ["C79.31", "C79.32"])
def test_disease_of_the_central_nervous_system_in_icd_is_recognized(code):
    assert in_cns(code, ICD) is YES


@pytest.mark.parametrize("code", PERMITTED)
def test_what_only_looks_like_the_central_nervous_system_is_permitted(code):
    assert in_cns(code) is NO


@pytest.mark.parametrize("code", ["C79.51", "C78.7", "C77.3"])
def test_what_is_elsewhere_in_icd_is_permitted(code):
    assert in_cns(code, ICD) is NO


@pytest.mark.parametrize("code", UNDECIDED)
def test_a_code_that_cannot_tell_leaves_it_unknown(code):
    assert in_cns(code) not in (YES, NO)


@pytest.mark.parametrize("code", ["C79.40", "C79.49", "C79.9"])
def test_an_icd_code_that_cannot_tell_leaves_it_unknown(code):
    assert in_cns(code, ICD) not in (YES, NO)


SITES = {
    "94225005": "brain", "94381002": "liver", "94391008": "lung", "94222008": "bone", "94181007": "axillary_node",
    "94392001": "unspecified_node", "94347008": "distant_node", "94161006": "adrenal", "94493005": "pleura",
    "94579000": "skin", "94253005": "chest_wall", "94521000": "rib", "94605004": "sternum", "94627008": "peritoneum",
    "94614009": "supraclavicular_node", "94602001": "vertebra", "94242004": "intrathecal", "128462008": "unspecified",
}  # fmt: skip


@pytest.mark.parametrize(("code", "word"), SITES.items())
def test_sites_of_metastases(code, word):
    assert value(read(condition("m", code)), "metastases")["site"] == word


def words_of_sites():
    kind: FactType = vocabulary().facts["metastases"].fields["site"]
    return set(kind.codes)


def test_every_code_of_the_tables_gives_a_word_of_the_study():
    def word_of(code):
        return value(read(condition("m", code[1], code[0])), "metastases")["site"]

    secondary = [code for code in diagnoses() if diagnoses().of({"system": code[0], "code": code[1]}).secondary]
    assert len(secondary) > 850
    assert {word_of(code) for code in secondary} <= words_of_sites()


def test_every_body_site_gives_a_word_of_the_study_or_the_breast():
    found = {body_sites().of({"system": code[0], "code": code[1]}).word for code in body_sites()}
    assert found <= words_of_sites() | {"breast"}


def test_every_code_of_the_value_sets_of_secondary_cancer_is_read():
    expanded = json.loads(shared("mcode/valuesets/mcode-secondary-cancer-disorder-vs_expanded_STU2.json").read_text())
    listed = json.loads(shared("mcode/valuesets/ValueSet-mcode-secondary-cancer-disorder-vs.json").read_text())
    codes = [one for one in expanded["expansion"]["contains"] if one["code"] != "SCC-OTHER"]
    codes += [
        one | {"system": part["system"]} for part in listed["compose"]["include"] for one in part.get("concept", [])
    ]
    assert len(codes) > 900
    lost = [one["code"] for one in codes if not (place := diagnoses().of(one)) or not place.secondary]
    assert lost == []


def test_every_code_of_primary_cancer_in_icd_is_a_cancer():
    listed = json.loads(
        shared("mcode/valuesets/ValueSet-mcode-primary-malignant-neoplasm-disorder-vs.json").read_text()
    )
    codes = [one["code"] for part in listed["compose"]["include"] for one in part.get("concept", [])]
    solid = [code for code in codes if code.startswith("C")]
    lost = [code for code in solid if diagnoses().of({"system": ICD_10_CM, "code": code}) is None]
    assert lost == []


def test_every_laterality_and_status_of_the_value_sets_is_read():
    for name, table in (("laterality-qualifier", "laterality"), ("condition-status-trend", "disease_status")):
        listed = json.loads(shared(f"mcode/valuesets/ValueSet-mcode-{name}-vs.json").read_text())
        codes = [one["code"] for part in listed["compose"]["include"] for one in part["concept"]]
        assert all(answers(table).of({"system": SNOMED, "code": code}) for code in codes), name


READERS = {
    "48676-1": "her2", "85319-2": "her2 ihc", "18474-7": "her2 ihc", "85318-4": "her2 ish", "31150-6": "her2 ish",
    "96893-3": "her2 ish", "49683-6": "her2 ratio", "74860-8": "her2 copies", "32996-1": "unused", "42914-2": "unused",
    "51981-9": "unused", "97509-4": "disease_status", "88040-1": "disease_status", "89247-1": "ecog", "89262-0": "ecog",
    "89243-0": "kps", "21889-1": "tumor_size", "33728-7": "tumor_size", "33729-5": "tumor_size other",
}  # fmt: skip


@pytest.mark.parametrize(("code", "reads"), READERS.items())
def test_which_observations_are_read(code, reads):
    assert observations().of({"system": LOINC, "code": code}) == reads


ANSWERS = [
    ("ecog", "LA9622-7", "0"), ("ecog", "LA9623-5", "1"), ("ecog", "LA9624-3", "2"), ("ecog", "LA9625-0", "3"),
    ("ecog", "LA9626-8", "4"), ("ecog", "LA9627-6", "5"), ("kps", "LA29175-9", "100"), ("kps", "LA29176-7", "90"),
    ("kps", "LA29180-9", "50"), ("kps", "LA29184-1", "10"), ("kps", "LA9627-6", "0"), ("ihc", "LA6111-4", "0"),
    ("ihc", "LA11841-6", "1"), ("ihc", "LA11842-4", "2"), ("ihc", "LA11843-2", "3"), ("result", "LA6576-8", "positive"),
    ("result", "LA6577-6", "negative"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "code", "word"), ANSWERS)
def test_answer_codes(table, code, word):
    assert answers(table).of({"system": LOINC, "code": code}) == word


@pytest.mark.parametrize(
    ("code", "name", "her2"),
    [
        ("224905", "trastuzumab", True), ("1298944", "pertuzumab", True), ("2267574", "trastuzumab deruxtecan", True),
        ("2267582", "trastuzumab deruxtecan", True), ("1371046", "trastuzumab emtansine", True),
        ("2382605", "pertuzumab and trastuzumab", True), ("2361285", "tucatinib", True), ("1940643", "neratinib", True),
        ("480167", "lapatinib", True), ("72962", "docetaxel", False), ("56946", "paclitaxel", False),
        ("194000", "capecitabine", False), ("10324", "tamoxifen", False), ("258494", "exemestane", False),
    ],
)  # fmt: skip
def test_agents(code, name, her2):
    assert agents().of({"system": RXNORM, "code": code}) == (name, her2)


def test_a_code_that_no_table_holds_stays_a_code():
    meta = {"profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-secondary-cancer-condition"]}
    record = value(read(condition("m", "1", meta=meta)), "metastases")
    assert record["site"] == Unmapped("SNOMED", "1")
