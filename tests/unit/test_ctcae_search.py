"""Search among terms: what somebody types, and the term that must come first."""

import sys

import pytest

from evenhand.oncology.ctcae import dictionary, search
from evenhand.oncology.ctcae.search import slips_to_beginning
from evenhand.oncology.ctcae.tables import rows

FIRST = [
    ("anemia", "Anemia"),
    ("Anaemia", "Anemia"),
    ("pneumonit", "Pneumonitis"),
    ("radiation derm", "Dermatitis radiation"),
    ("dermatitis rad", "Dermatitis radiation"),
    ("perip sens neurop", "Peripheral sensory neuropathy"),
    ("heart failure", "Heart failure"),
    ("heart", "Heart failure"),
    ("LVEF", "Ejection fraction decreased"),
    ("low platelets", "Platelet count decreased"),
    ("neutropenia", "Neutrophil count decreased"),
    ("radiation burn", "Dermatitis radiation"),
    ("tired", "Fatigue"),
    ("numbness", "Peripheral sensory neuropathy"),
    ("swollen arm", "Lymphedema"),
    ("alt", "Alanine aminotransferase increased"),
    ("wound opens", "Wound dehiscence"),
    ("infusion reac", "Infusion related reaction"),
    ("pain of the skin", "Pain of skin"),
    # slips of the finger
    ("neumonitis", "Pneumonitis"),
    ("diarhea", "Diarrhea"),
    ("esophagits", "Esophagitis"),
    ("fatige", "Fatigue"),
    ("lymphodema", "Lymphedema"),
    ("thrombocytopneia", "Platelet count decreased"),
    ("brachail plexopathy", "Brachial plexopathy"),
    # what fits in part
    ("lungs inflamed", "Pneumonitis"),
    ("fever low white cells", "Febrile neutropenia"),
    ("inflamed lung tissue", "Pneumonitis"),
    ("red skin after radiation", "Dermatitis radiation"),
]


@pytest.mark.parametrize(("query", "name"), FIRST)
def test_the_term_that_is_meant_comes_first(query, name):
    assert search("5.0", query)[0].name == name


@pytest.mark.parametrize("query", ["", "   ", "!?", "xyzzy", "qqqqqqqqq"])
def test_nothing_is_found_for_nothing(query):
    assert search("5.0", query) == ()


def test_every_term_is_found_by_its_name_and_comes_first():
    terms = dictionary("5.0").terms
    assert [name for name in terms if search("5.0", name)[0].name != name] == []


def test_every_beginning_of_a_name_finds_its_term():
    for name in ("Myelitis", "Chest wall pain", "Wound infection"):
        for end in range(1, len(name) + 1):
            assert name in [term.name for term in search("5.0", name[:end], most=837)]


def test_a_slip_is_looked_for_only_where_nothing_fits_as_written():
    assert {term.name for term in search("5.0", "fracture", most=837)} == {
        term.name for term in dictionary("5.0").terms.values() if "fracture" in term.name.lower()
    }


def test_expected_terms_come_before_their_equals():
    plain = [term.name for term in search("5.0", "wound")]
    assert plain[0] == "Wound infection"
    assert search("5.0", "wound", expected=["Wound dehiscence"])[0].name == "Wound dehiscence"


def test_no_more_terms_come_than_asked_for():
    assert len(search("5.0", "infection", most=5)) == 5


def test_every_synonym_leads_somewhere_and_stands_once():
    phrases = [cells[0] for _, cells in rows("synonyms.txt")]
    assert len(phrases) == len(set(phrases))
    assert [phrase for phrase in phrases if not search("5.0", phrase)] == []


@pytest.mark.parametrize(
    ("typed", "word", "slips"),
    [
        ("pain", "pain", 0),
        ("pai", "pain", 0),  # a beginning
        ("pian", "pain", 1),  # swapped
        ("pan", "pain", 1),  # left out
        ("paain", "pain", 1),  # doubled
        ("pein", "pain", 1),  # replaced
        ("", "pain", 0),
        ("abc", "", 3),
    ],
)
def test_slips_are_counted_against_the_nearest_beginning(typed, word, slips):
    assert slips_to_beginning(typed, word) == slips


@pytest.mark.parametrize("rest", ["x" * 100_000, "w z " * 25_000])
def test_a_page_that_was_pasted_is_searched_by_its_beginning(rest):
    assert search("5.0", "headache " + " " * 200 + rest) == search("5.0", "headache")


def test_a_word_longer_than_all_others_is_compared_with_none_of_them_letter_by_letter(monkeypatch):
    def never(typed, word):
        raise AssertionError(f"{len(typed)} letters were compared with {word}")

    monkeypatch.setattr(sys.modules["evenhand.oncology.ctcae.search"], "slips_to_beginning", never)
    assert search("5.0", "a" * 199) == ()
