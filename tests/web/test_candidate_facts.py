"""Entering facts about a known candidate: only what is new is recorded, and nothing that was typed is lost."""

import pytest

from evenhand import steps
from evenhand.facts import Fact, Person, Source
from evenhand.web import store
from tests.web.candidate_help import Visitor, fields_of, form_of, text
from tests.web.trial_here import COORDINATOR, SOUTH, STUDY, Making, eligible_now

ECOG = {"fact.ecog": "2", "day.ecog": "20 Nov 2026"}


@pytest.fixture
def subject(database):
    """Screened, with everything but the first line of therapy."""
    facts = {name: some for name, some in eligible_now().facts.items() if name != "first_line"}
    making = Making()
    one = making.candidate("screened", who=Person("x", facts))
    making.keep()
    return one


def recorded(subject):
    """The newest entry about a subject, its facts as name, value and date."""
    entry = store.current(STUDY).subject(subject).entries[-1]
    return [(one["fact"], one["value"], one["date"]) for one in entry.body["facts"]]


def count(subject):
    return len(store.current(STUDY).subject(subject).entries)


@pytest.mark.parametrize(
    ("query", "changes", "facts"),
    [
        ("?facts=ecog", ECOG, [("ecog", 2, "2026-11-20")]),
        (
            "?facts=ecog,kps",
            {**ECOG, "fact.kps": "70", "day.kps": "2026-11"},
            [("ecog", 2, "2026-11-20"), ("kps", 70, "2026-11")],
        ),
        ("", {"fact.sex": "female"}, [("sex", "female", None)]),
        (
            "",
            {"fact.estrogen_receptor": "positive", "day.estrogen_receptor": "2026"},
            [("estrogen_receptor", "positive", "2026")],
        ),
        ("", {"fact.race": "as told"}, [("race", "as told", None)]),
        (
            "?facts=first_line",
            {"fact.first_line.start": "26 Jun 2026", "fact.first_line.regimen": "THP", "day.first_line": "2026-11-20"},
            [("first_line", {"start": "2026-06-26", "regimen": "THP"}, "2026-11-20")],
        ),
        (
            "?facts=imaging",
            {
                "rows.imaging": "2",
                "fact.imaging.0.date": "5 Nov 2026",
                "fact.imaging.0.metastases": "at least 2",
                "fact.imaging.0.cns_disease": "no",
                "fact.imaging.1.date": "2026-11-06",
            },
            [
                (
                    "imaging",
                    {
                        "date": "2026-11-05",
                        "metastases": {"range": {"low": 2, "high": None}, "open": []},
                        "cns_disease": False,
                    },
                    "2026-11-05",
                ),
                ("imaging", {"date": "2026-11-06"}, "2026-11-06"),
            ],
        ),
        (
            "?facts=metastases",
            {
                "rows.metastases": "3",
                "fact.metastases.1.lesion": "M2",
                "fact.metastases.1.site": "skin",
                "fact.metastases.1.size": "1.2 cm",
            },
            [("metastases", {"lesion": "M2", "site": "skin", "size": 12}, None)],
        ),
        ("?facts=disease_status", {"complete.disease_status": "on"}, [("disease_status", {"complete": True}, None)]),
    ],
)
def test_what_is_entered_is_recorded(subject, query, changes, facts):
    before = count(subject)
    answer = Visitor().fills("facts", changes, subject, query)
    assert answer.status_code == 302, text(answer)
    assert count(subject) == before + 1
    assert recorded(subject) == facts


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"fact.ecog": "2"}, "A measure changes: enter the day on which it was so"),
        ({"fact.ecog": "7", "day.ecog": "2026-11-20"}, "out of range"),
        ({"day.ecog": "2026-11-20"}, "A day alone says nothing"),
        ({"fact.ecog": "2", "day.ecog": "3/5/2026"}, "is no date: write 2026-05-03 or 3 May 2026"),
        ({"fact.ecog": "2", "day.ecog": "2030-01-01"}, "That day has not come yet"),
        ({"fact.ecog": "2", "day.ecog": "2026-13-01"}, "is no date"),
        ({"rows.metastases": "1", "fact.metastases.0.size": "large"}, "is no number"),
        ({"rows.metastases": "1", "fact.metastases.0.lesion": "M9"}, "Needed, as the entry says something else"),
        ({"rows.metastases": "1", "fact.metastases.0.lesion": "M9", "fact.metastases.0.site": "moon"}, "is none of"),
        ({"rows.metastases": "1", "day.metastases.0": "2026"}, "A day alone says nothing"),
        ({"rows.imaging": "1", "fact.imaging.0.date": "May"}, "is no date"),
        ({"rows.imaging": "1", "fact.imaging.0.cns_disease": "maybe"}, "neither yes nor no"),
        ({"fact.race": "x" * 501}, "at most 500 characters"),
        ({}, "Nothing was entered, so nothing was recorded"),
        ({"fact.ecog": "1", "day.ecog": "{stands}"}, "Everything that was entered is on record already"),
        ({"fact.ecog": "3", "day.ecog": "{stands}"}, "contradicts another statement"),
        ({"rows.metastases": "1", "fact.metastases.0.lesion": "M1", "fact.metastases.0.site": "lung"}, "contradicts"),
        ({"fact.estrogen_receptor": "negative"}, "contradicts another statement"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_lost(subject, changes, said):
    stands = next(date for name, _, date in recorded(subject) if name == "ecog")
    changes = {name: value.format(stands=stands) for name, value in changes.items()}
    before = count(subject)
    answer = Visitor().fills("facts", changes, subject)
    assert answer.status_code == 200
    assert said in text(answer)
    assert count(subject) == before
    shown = form_of(answer)
    options = ("fact.ecog", "fact.metastases.0.site", "fact.imaging.0.cns_disease")  # an unknown word has no option
    kept = {name: value for name, value in changes.items() if name not in options or value in "0123lung"}
    assert {name: shown.get(name) for name in kept} == kept


@pytest.mark.parametrize(
    ("button", "rows"),
    [
        ({"add": "metastases"}, ["M8", "M9", ""]),
        ({"drop": "metastases.0"}, ["M9"]),
        ({"drop": "metastases.1"}, ["M8"]),
        ({"drop": "metastases.7"}, ["M8", "M9"]),
        ({"drop": "metastases.x"}, ["M8", "M9"]),
        ({"drop": "metastases." + "9" * 5000}, ["M8", "M9"]),
        ({"drop": "nothing.0"}, ["M8", "M9"]),
        ({"add": "nothing"}, ["M8", "M9"]),
    ],
)
def test_rows_come_and_go_without_script_and_record_nothing(subject, button, rows):
    before = count(subject)
    typed = {
        "rows.metastases": "2",
        "fact.metastases.0.lesion": "M8",
        "fact.metastases.0.size": "not judged yet",
        "fact.metastases.1.lesion": "M9",
        "fact.ecog": "2",
        "complete.disease_status": "on",
    }
    answer = Visitor().fills("facts", typed | button, subject)
    assert answer.status_code == 200
    shown = form_of(answer)
    found = [shown.get(f"fact.metastases.{row}.lesion") for row in range(len(rows))]
    assert found == rows
    assert f"fact.metastases.{len(rows)}.lesion" not in fields_of(answer)
    assert shown["fact.ecog"] == "2"
    assert shown["complete.disease_status"] == "on"
    assert "is no number" not in text(answer)
    assert count(subject) == before


def test_no_page_grows_without_end(subject):
    answer = Visitor().fills("facts", {"rows.metastases": "999", "add": "metastases"}, subject)
    assert "fact.metastases.39.lesion" in fields_of(answer)
    assert "fact.metastases.40.lesion" not in fields_of(answer)


def test_only_the_facts_asked_for_are_shown(subject):
    visitor = Visitor()
    some = fields_of(visitor.sees("facts", subject, "?facts=ecog,kps,nonsense"))
    assert {"fact.ecog", "fact.kps"} <= set(some)
    assert not [name for name in some if "metastases" in name]
    assert "fact.sex" in fields_of(visitor.sees("facts", subject, "?facts=nonsense"))


@pytest.mark.parametrize("damage", [{"seen": "x"}, {"key": ""}, {"seen": ""}])
def test_a_damaged_page_is_made_anew(subject, damage):
    before = count(subject)
    answer = Visitor().fills("facts", ECOG | damage, subject)
    assert answer.status_code == 409
    assert "not whole" in text(answer)
    assert count(subject) == before
    assert Visitor().sends("facts", form_of(answer), subject).status_code == 302


def test_the_same_form_twice_is_recorded_once(subject):
    visitor = Visitor()
    form = form_of(visitor.sees("facts", subject)) | ECOG
    before = count(subject)
    assert [visitor.sends("facts", form, subject).status_code for _ in range(2)] == [302, 302]
    assert count(subject) == before + 1


def test_a_stale_form_is_refused_with_what_was_typed_and_can_be_sent_again(subject):
    visitor = Visitor()
    form = form_of(visitor.sees("facts", subject)) | ECOG
    news = Person(subject, {"race": (Fact("race", "as told", None, Source("form")),)})
    store.perform(STUDY, steps.screen, by=COORDINATOR, person=news, subject=subject)
    before = count(subject)
    answer = visitor.sends("facts", form, subject)
    assert answer.status_code == 409
    assert "since you opened this page" in text(answer)
    assert count(subject) == before
    again = form_of(answer)
    assert {name: again[name] for name in ECOG} == ECOG
    assert visitor.sends("facts", again, subject).status_code == 302
    assert recorded(subject) == [("ecog", 2, "2026-11-20")]


@pytest.mark.parametrize(
    ("name", "role", "site", "status"),
    [
        ("clin", "treating_clinician", "north", 200),
        ("pat", "pathologist", "north", 200),
        ("rad", "radiation_oncologist", "north", 403),
        ("mona", "monitor", None, 403),
        ("dan", "data_manager", None, 403),
        ("sally", "statistician", None, 403),
        ("soren", "coordinator", SOUTH, 404),
    ],
)
def test_who_may_enter_facts(subject, name, role, site, status):
    visitor = Visitor(name, role, site)
    form = form_of(Visitor().sees("facts", subject)) | ECOG
    before = count(subject)
    assert visitor.sees("facts", subject).status_code == status
    assert visitor.sends("facts", form, subject).status_code == (302 if status == 200 else status)
    assert count(subject) == before + (status == 200)


def test_a_birth_date_that_is_missing_is_asked_for_and_kept_with_the_name(database):
    making = Making()
    making.keep()
    facts = {name: some for name, some in eligible_now().facts.items() if name != "birth_date"}
    who = store.Who("N-1", "Ada Example", None)
    keep = store.identify(STUDY, "north", who)
    done = store.perform(STUDY, steps.screen, by=COORDINATOR, also=keep, person=Person("x", facts))
    subject = done.entries[0].subject
    answer = Visitor().fills("facts", {"fact.birth_date": "17 May 1970"}, subject, "?facts=birth_date")
    assert answer.status_code == 302, text(answer)
    ((name, value, _),) = recorded(subject)
    assert name == "birth_date"
    assert "1970-05-17" not in value  # a span alone
    assert str(store.identity_of(STUDY, [subject])[subject].who.birth_date) == "1970-05-17"
    assert "fact.birth_date" not in fields_of(Visitor().sees("facts", subject))
