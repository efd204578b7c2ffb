"""The table of CTCAE terms: facts about it, our wording, and that versions are never mixed."""

import csv

import pytest

from evenhand.oncology.ctcae import GRADES, VERSIONS, VersionsMixed, dictionary, one_version
from evenhand.oncology.ctcae.descriptors import differences, parse
from evenhand.oncology.ctcae.tables import rows
from tests.shared_data import shared

V5 = dictionary("5.0")


def test_there_are_837_terms_in_26_classes():
    assert (len(V5.terms), len(V5.socs)) == (837, 26)
    assert all(term.grades and set(term.grades) <= set(GRADES) for term in V5.terms.values())
    assert all(term.version == "5.0" for term in V5.terms.values())


@pytest.mark.parametrize(
    ("name", "soc", "grades"),
    [
        ("Anemia", "Blood and lymphatic system disorders", (1, 2, 3, 4, 5)),
        ("Alopecia", "Skin and subcutaneous tissue disorders", (1, 2)),
        ("Ejection fraction decreased", "Investigations", (2, 3, 4)),
        ("Left ventricular systolic dysfunction", "Cardiac disorders", (3, 4, 5)),
        ("Peripheral sensory neuropathy", "Nervous system disorders", (1, 2, 3, 4)),
        ("Eosinophilia", "Blood and lymphatic system disorders", (1, 3)),
        ("Death NOS", "General disorders and administration site conditions", (5,)),
    ],
)
def test_terms_have_their_class_and_their_grades(name, soc, grades):
    term = V5.terms[name]
    assert (term.soc, term.grades) == (soc, grades)
    assert [term.offers(grade) for grade in GRADES] == [grade in grades for grade in GRADES]


def test_a_term_is_found_whatever_its_capitals_and_spaces():
    assert V5.find("  dermatitis   RADIATION ") is V5.terms["Dermatitis radiation"]
    assert V5.find("Dermatitis") is None


def test_terms_that_want_other_words_are_known():
    others = [term.name for term in V5.terms.values() if term.specify]
    assert "Cardiac disorders - Other, specify" in others
    assert len(others) == 26


def test_our_wording_has_a_text_for_every_grade_of_the_terms_that_it_has():
    worded = [term for term in V5.terms.values() if term.wording]
    assert len(worded) >= 40
    assert [term.name for term in worded if tuple(sorted(term.wording)) != term.grades] == []
    assert {name for name, _ in rows("wording_v5.txt")} == {term.name for term in worded}


def test_our_wording_is_not_the_official_one():
    text = shared("ctcae/ctcae_v5_clean.csv").read_text("utf-8-sig")
    for row in csv.DictReader(text.splitlines()):
        for grade, said in V5.terms[row["term"]].wording.items():
            official = row[f"grade{grade}"]
            assert said.rstrip(".").casefold() != official.rstrip(".").casefold() or official == "Death"


def test_our_table_is_the_published_one():
    official = parse(shared("ctcae/ctcae_v5_clean.csv").read_text("utf-8-sig"))
    assert list(differences(official, "5.0")) == []


def test_a_version_that_is_not_shipped_is_refused_by_name():
    assert VERSIONS == ("5.0",)
    with pytest.raises(ValueError, match=r"CTCAE '6.0' is not known here: a study can pin 5.0"):
        dictionary("6.0")


def test_versions_are_never_pooled():
    assert one_version([]) is None
    assert one_version(["5.0", "5.0"]) == "5.0"
    with pytest.raises(VersionsMixed, match=r"CTCAE 5.0 and 6.0 cannot be pooled"):
        one_version(["6.0", "5.0", "6.0"])
