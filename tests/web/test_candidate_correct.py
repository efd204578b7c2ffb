"""Correcting recorded facts: shown before and after, recorded with a reason, the earlier entry untouched."""

import pytest

from evenhand import steps
from evenhand.facts import Fact, Person, Source
from evenhand.web import store
from tests.eligible import PROTOCOL
from tests.web.candidate_help import PATIENTS, Visitor, address, form_of, text
from tests.web.trial_here import COORDINATOR, NORTH, SOUTH, STUDY, Making, eligible_now, trial

M1 = {"lesion": "M1", "site": "liver", "confirmed_by": "pathology"}
COMPLETE = ({"complete": True}, None)
REASON = {"reason": "typing error"}


@pytest.fixture
def subject(database):
    (one,) = trial("screened")
    return one


def entries(subject):
    return store.current(STUDY).subject(subject).entries


def seq_of(subject):
    return entries(subject)[0].seq


def place(subject, fact, nth=0):
    """The number of a statement in the first entry."""
    found = [number for number, one in enumerate(entries(subject)[0].body["facts"]) if one["fact"] == fact]
    return found[nth]


def shown(visitor, subject, changes, seq=None):
    return visitor.fills("correct", changes, subject, seq=seq or seq_of(subject))


def confirmed(visitor, subject, changes, seq=None):
    """Both steps: look at what changes, then record it."""
    looked = shown(visitor, subject, changes, seq)
    assert "Record this correction" in text(looked), text(looked)
    return visitor.sends("correct", form_of(looked) | {"confirm": "1"}, subject, seq=seq or seq_of(subject))


def standing(subject, fact):
    (one,) = store.current(STUDY).subject(subject).facts
    return [(given["value"], given["date"]) for given in one.body["facts"] if given["fact"] == fact]


@pytest.mark.parametrize(
    ("fact", "changes", "after"),
    [
        ("ecog", {"fact.{}.ecog": "2"}, [(2, "same")]),
        ("ecog", {"day.{}": "1 Nov 2026"}, [(1, "2026-11-01")]),
        ("ecog", {"day.{}": ""}, [(1, None)]),
        ("ecog", {"out.{}": "on"}, []),
        (
            "metastases",
            {"fact.{}.site": "lung"},
            [({"lesion": "M1", "site": "lung", "confirmed_by": "pathology"}, None), ({"complete": True}, None)],
        ),
        (
            "metastases",
            {"fact.{}.confirmed_by": ""},
            [({"lesion": "M1", "site": "liver"}, None), ({"complete": True}, None)],
        ),
        ("metastases", {"fact.{}.size": "at least 1.2 cm"}, None),
        ("first_line", {"fact.{}.start": "May 2026"}, [({"start": "2026-05"}, None)]),
        ("imaging", {"fact.{}.date": "1 Nov 2026"}, None),
    ],
)
def test_a_statement_is_changed_and_everything_else_stays_to_the_letter(subject, fact, changes, after):
    number, before = place(subject, fact), entries(subject)[0].body["facts"]
    day = before[number]["date"]
    answer = confirmed(Visitor(), subject, {name.format(number): value for name, value in changes.items()} | REASON)
    assert answer.status_code == 302
    first, correction = entries(subject)
    assert first.body["facts"] == before
    assert (correction.corrects, correction.reason) == (first.seq, "typing error")
    assert correction.effective == first.effective
    if after is not None:
        assert standing(subject, fact) == [(value, day if date == "same" else date) for value, date in after]
    others = [one for number_of, one in enumerate(before) if number_of != number]
    assert [one for one in correction.body["facts"] if one in others] == others
    assert store.verified(STUDY).findings == ()


def test_a_list_is_no_longer_complete_when_the_statement_is_taken_out(subject):
    number = place(subject, "comorbidities")
    confirmed(Visitor(), subject, {f"out.{number}": "on"} | REASON)
    assert standing(subject, "comorbidities") == []


def test_before_and_after_are_shown_before_anything_is_recorded(subject):
    number = place(subject, "ecog")
    looked = shown(Visitor(), subject, {f"fact.{number}.ecog": "2"} | REASON)
    page = looked.content.decode()
    assert "<del>1 (" in page
    assert "<ins>2 (" in page
    assert "typing error" in text(looked)
    assert len(entries(subject)) == 1


def test_what_is_changed_after_looking_is_shown_again(subject):
    visitor, number = Visitor(), place(subject, "ecog")
    looked = shown(visitor, subject, {f"fact.{number}.ecog": "2"} | REASON)
    changed = form_of(looked) | {"confirm": "1", f"fact.{number}.ecog": "0"}
    again = visitor.sends("correct", changed, subject, seq=seq_of(subject))
    assert "<ins>0 (" in again.content.decode()
    assert len(entries(subject)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Nothing was changed"),
        ({"fact.{ecog}.ecog": "2", "reason": ""}, "This field is required"),
        ({"fact.{ecog}.ecog": "9"}, "out of range"),
        ({"fact.{ecog}.ecog": ""}, "Enter what is right, or take the statement out"),
        ({"day.{ecog}": "1/2/2026"}, "is no date"),
        ({"day.{ecog}": "2030"}, "That day has not come yet"),
        ({"fact.{first_line}.start": ""}, "Needed: enter what is right"),
        ({"fact.{first_line}.start": "soon"}, "is no date"),
    ],
)
def test_what_is_no_correction_is_said_and_nothing_is_lost(subject, changes, said):
    places = {name: place(subject, name) for name in ("ecog", "first_line")}
    changes = REASON | {name.format(**places): value for name, value in changes.items()}
    answer = shown(Visitor(), subject, changes)
    assert said in text(answer)
    assert "Record this correction" not in text(answer)
    assert len(entries(subject)) == 1
    kept = form_of(answer)
    assert {name: kept[name] for name in changes if not name.endswith("ecog")} == {
        name: value for name, value in changes.items() if not name.endswith("ecog")
    }


def test_the_same_correction_twice_is_recorded_once(subject):
    visitor, number = Visitor(), place(subject, "ecog")
    form = form_of(shown(visitor, subject, {f"fact.{number}.ecog": "2"} | REASON)) | {"confirm": "1"}
    sent = [visitor.sends("correct", form, subject, seq=seq_of(subject)).status_code for _ in range(2)]
    assert sent == [302, 302]
    assert len(entries(subject)) == 2


def test_a_correction_is_corrected_in_turn_from_either_entry(subject):
    number = place(subject, "ecog")
    confirmed(Visitor(), subject, {f"fact.{number}.ecog": "2"} | REASON)
    confirmed(Visitor(), subject, {f"fact.{number}.ecog": "0"} | REASON, seq=entries(subject)[-1].seq)
    assert [value for value, _ in standing(subject, "ecog")] == [0]
    assert entries(subject)[-1].corrects == entries(subject)[0].seq
    assert store.verified(STUDY).findings == ()


def test_a_stale_correction_is_refused(subject):
    visitor, number = Visitor(), place(subject, "ecog")
    form = form_of(shown(visitor, subject, {f"fact.{number}.ecog": "2"} | REASON)) | {"confirm": "1"}
    news = Person(subject, {"race": (Fact("race", "as told", None, Source("form")),)})
    store.perform(STUDY, steps.screen, by=COORDINATOR, person=news, subject=subject)
    answer = visitor.sends("correct", form, subject, seq=seq_of(subject))
    assert answer.status_code == 409
    assert "since you opened this page" in text(answer)
    assert len(entries(subject)) == 2


def test_bounds_and_codes_that_no_form_can_say_stay_as_they_were(database):
    """What came from a file holds bounds; what is not touched is not written anew."""
    from evenhand.intake import read_people  # noqa: PLC0415

    making = Making()
    (clara,) = read_people(PATIENTS / "clara.json", PROTOCOL.vocabulary)
    subject = making.candidate("screened", who=clara)
    making.keep()
    before = entries(subject)[0].body["facts"]
    number = place(subject, "metastases")
    assert "range" in before[number]["value"]["discrete"]
    confirmed(Visitor(), subject, {f"fact.{number}.site": "liver"} | REASON)
    after = entries(subject)[-1].body["facts"]
    assert after[number]["value"] == {**before[number]["value"], "site": "liver"}
    assert after[number]["date"] == before[number]["date"]


def test_a_wrong_birth_date_is_mended_beside_the_record_and_only_its_span_in_it(database):
    making = Making()
    making.keep()
    keep = store.identify(STUDY, NORTH, store.Who("N-1", "Ada Example", None))
    done = store.perform(STUDY, steps.screen, by=COORDINATOR, also=keep, person=eligible_now())
    subject = done.entries[0].subject
    number = place(subject, "birth_date")
    answer = confirmed(Visitor(), subject, {f"fact.{number}.birth_date": "3 May 1999"} | REASON)
    assert answer.status_code == 302
    ((span, _),) = standing(subject, "birth_date")
    assert span.startswith("1998")
    assert "1999-05-03" not in b"".join(store.lines(STUDY)).decode()
    assert str(store.identity_of(STUDY, [subject])[subject].who.birth_date) == "1999-05-03"


@pytest.mark.parametrize(
    ("name", "role", "site", "status"),
    [
        ("dan", "data_manager", None, 200),
        ("clin", "treating_clinician", NORTH, 403),
        ("mona", "monitor", None, 403),
        ("ines", "inspector", None, 403),
        ("soren", "coordinator", SOUTH, 404),
    ],
)
def test_who_may_correct(subject, name, role, site, status):
    number = place(subject, "ecog")
    form = form_of(shown(Visitor(), subject, {f"fact.{number}.ecog": "2"} | REASON)) | {"confirm": "1"}
    visitor = Visitor(name, role, site)
    assert visitor.sees("correct", subject, seq=seq_of(subject)).status_code == status
    sent = visitor.sends("correct", form, subject, seq=seq_of(subject))
    assert sent.status_code == (302 if status == 200 else status)
    assert len(entries(subject)) == (2 if status == 200 else 1)


@pytest.mark.parametrize(("name", "role", "site"), [("carl", "coordinator", NORTH), ("dan", "data_manager", None)])
def test_the_form_of_facts_is_offered_to_who_may_fill_it_in(subject, name, role, site):
    visitor = Visitor(name, role, site)
    offered = address("facts", subject).encode() in visitor.sees("correct", subject, seq=seq_of(subject)).content
    assert offered == (visitor.sees("facts", subject).status_code == 200)


def test_only_entries_with_facts_of_that_candidate_are_corrected_here(database):
    first, second = trial("attested", 2)
    visitor = Visitor()
    attested = next(entry.seq for entry in entries(first) if entry.kind == "attested")
    for seq in (attested, seq_of(second), 1, 99999):
        assert visitor.sees("correct", first, seq=seq).status_code == 404
