"""Entering an adverse event: the search, the grades that exist, the treatments given, the clocks."""

import pytest
from django.conf import settings

from evenhand.oncology.ctcae import dictionary
from evenhand.oncology.ctcae.descriptors import file_in
from tests.eligible import PROTOCOL
from tests.web.desks_help import SERIOUS, STUDY, Made, Somebody, ago, count, entries, form_of, text, today

FORM = {"form": "adverse_event"}
PLAIN = {
    "f.term": "Fatigue",
    "found": "tired",
    "find": "tired",
    "f.onset": "",
    "f.outcome": "recovering",
    "f.serious": "no",
    "f.course.0.grade": "2",
    "f.attribution.0.relation": "possible",
    "f.attribution.1.relation": "unlikely",
    "f.attribution.2.relation": "unrelated",
}


@pytest.fixture
def subject(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    made = Made()
    subject = made.participant(arm="local")
    made.treats(subject)
    made.keep()
    return subject


@pytest.fixture
def carl(subject):
    return Somebody("carl")


def filled(**changes):
    onset = ago(3).isoformat()
    return PLAIN | {"f.onset": onset, "f.course.0.day": onset} | changes


def test_a_list_of_forms_leads_to_the_special_page(carl, subject):
    answer = carl.sees("participant", subject=subject)
    assert f"/{STUDY}/participants/{subject}/events/adverse_event" in answer.content.decode()


def test_everyday_words_find_terms_and_nothing_is_recorded(carl, subject):
    before = count()
    answer = carl.fills("adverse-event", {"find": "tired", "again": "1"}, subject=subject, **FORM)
    assert (answer.status_code, count()) == (200, before)
    assert 'value="Fatigue"' in answer.content.decode()
    assert "errorlist" not in answer.content.decode()


def test_words_that_fit_nothing_say_so(carl, subject):
    answer = carl.fills("adverse-event", {"find": "xqzwv", "again": "1"}, subject=subject, **FORM)
    assert "No term fits these words" in text(answer)


def test_enter_in_the_search_searches_and_keeps_what_was_typed(carl, subject):
    before = count()
    answer = carl.fills("adverse-event", {"find": "tired", "f.outcome": "fatal"}, subject=subject, **FORM)
    assert (answer.status_code, count()) == (200, before)
    assert form_of(answer)["f.outcome"] == "fatal"
    assert 'value="Fatigue"' in answer.content.decode()


def test_before_a_search_the_terms_known_of_the_treatments_given_are_offered(carl, subject):
    shown = carl.sees("adverse-event", subject=subject, **FORM).content.decode()
    assert 'value="Ejection fraction decreased"' in shown
    assert 'value="Brachial plexopathy"' not in shown  # radiation was not given


@pytest.mark.parametrize("term", ["Fatigue", "Alopecia", "Dermatitis radiation", "Death NOS"])
def test_only_the_grades_that_exist_are_offered(carl, subject, term):
    answer = carl.fills("adverse-event", {"f.term": term, "again": "1"}, subject=subject, **FORM)
    page = answer.content.decode()
    known = dictionary("5.0").find(term)
    for grade in range(1, 6):
        there = f'name="f.course.0.grade" value="{grade}"' in page
        assert there is known.offers(grade), (term, grade)
    for sentence in known.wording.values():
        assert sentence in text(answer)


def test_the_official_sentences_stand_below_ours_once_imported(carl, subject, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    head = "soc,term,grade1,grade2,grade3,grade4,grade5\n"
    file_in(tmp_path, "5.0").write_text(f"{head}General disorders,Fatigue,Relieved by rest.,Not relieved.,Very.,-,-\n")
    answer = carl.fills("adverse-event", {"f.term": "Fatigue", "again": "1"}, subject=subject, **FORM)
    assert "CTCAE: Relieved by rest." in text(answer)
    file_in(tmp_path, "5.0").write_text("no table")
    answer = carl.fills("adverse-event", {"f.term": "Fatigue", "again": "1"}, subject=subject, **FORM)
    assert "CTCAE: " not in text(answer)


def test_relations_begin_with_what_was_given_and_the_disease(carl, subject):
    answer = carl.sees("adverse-event", subject=subject, **FORM)
    typed = form_of(answer)
    rows = [typed[f"f.attribution.{row}.intervention"] for row in range(int(typed["rows.attribution"]))]
    assert rows == ["her2_antibodies", "chemotherapy", "disease"]
    assert "Given so far: Trastuzumab, pertuzumab since" in text(answer)


def test_an_event_is_recorded_as_it_was_meant(carl, subject):
    answer = carl.fills("adverse-event", filled(), subject=subject, **FORM)
    assert answer.status_code == 302, text(answer)
    entry = entries(subject)[-1]
    assert (entry.values["term"], entry.rows("course")[0]["grade"]) == ("Fatigue", 2)
    assert [row["relation"] for row in entry.rows("attribution")] == ["possible", "unlikely", "unrelated"]


FAULTS = [
    ({"f.course.0.grade": "5"}, "Fatigue has no grade 5"),
    ({"f.term": "Tiredness of life"}, "is no term of CTCAE 5.0"),
    ({"f.term": ""}, "is missing"),
    ({"f.attribution.1.relation": ""}, "Relation in row 2 of Related to is missing"),
    ({"f.aware_time": "25:00", **{f"f.{name}": value for name, value in SERIOUS.items()}}, "is no time of day"),
]


@pytest.mark.parametrize(("changes", "words"), FAULTS)
def test_a_fault_is_said_and_nothing_typed_is_lost(carl, subject, changes, words):
    before = count()
    first = form_of(carl.sees("adverse-event", subject=subject, **FORM)) | filled(**changes)
    sent = first | {"f.aware": today().isoformat(), "again": "1"}
    sent = form_of(carl.posts("adverse-event", sent, subject=subject, **FORM)) | filled(**changes)
    answer = carl.posts("adverse-event", sent, subject=subject, **FORM)
    assert (answer.status_code, count()) == (200, before), text(answer)
    assert words in text(answer)
    assert form_of(answer)["f.onset"] == sent["f.onset"]


def test_a_serious_event_says_its_clocks(carl, subject):
    answers = {f"f.{name}": value for name, value in SERIOUS.items()}
    more = filled(**answers, **{"f.aware": today().isoformat()})
    typed = form_of(carl.sees("adverse-event", subject=subject, **FORM))
    for _ in range(3):  # what is asked because of an answer, because of an answer
        typed = form_of(carl.posts("adverse-event", typed | more | {"again": "1"}, subject=subject, **FORM))
    asked = [name for name, one in PROTOCOL.plan.forms[FORM["form"]].fields.items() if one.asked_when]
    answer = carl.posts("adverse-event", typed | more | {"shown": asked}, subject=subject, **FORM)
    assert answer.status_code == 302, text(answer)
    shown = text(carl.client.get(answer["Location"]))
    assert "First report of a serious event: to the sponsor's safety desk by" in shown
    assert "(Europe/Berlin)" in shown


def test_a_correction_begins_with_what_stands(carl, subject):
    carl.fills("adverse-event", filled(), subject=subject, **FORM)
    seq = entries(subject)[-1].seq
    page = carl.sees("correct-adverse-event", subject=subject, seq=seq)
    typed = form_of(page)
    assert (typed["f.term"], typed["f.course.0.grade"], typed["rows.attribution"]) == ("Fatigue", "2", "3")
    sent = typed | {"f.course.0.grade": "3", "reason": "graded anew"}
    answer = carl.posts("correct-adverse-event", sent, subject=subject, seq=seq)
    assert answer.status_code == 302, text(answer)
    assert entries(subject)[-1].rows("course")[0]["grade"] == 3


def test_another_form_is_not_filled_in_here(carl, subject):
    answer = carl.sees("adverse-event", subject=subject, form="surgery")
    assert answer["Location"] == f"/{STUDY}/participants/{subject}/forms/surgery"
