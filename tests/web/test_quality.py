"""The quality desk: queries and who must act, entries that wait, deviations, figures by site."""

import pytest
from django.conf import settings

from evenhand import steps
from evenhand.conduct.findings import DoubtAt
from evenhand.conduct.forms import shown_digest
from evenhand.record import Actor
from evenhand.web import store
from tests.web.desks_help import NORTH, SOUTH, STUDY, Made, Somebody, ago, entries, number_of, text

MONA = Actor("mona", "monitor", None)
CARL = Actor("carl", "coordinator", NORTH)


@pytest.fixture
def world(database, monkeypatch):
    """Two participants in the north with an event each, one of them asked about; one in the south."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    made = Made()
    made.north, made.south = made.participant(NORTH), made.participant(SOUTH)
    made.first = made.event(made.north, "Nausea", "1", ago(30), ago(28))
    made.second = made.event(made.south, "Fatigue", "2", ago(20), ago(9))
    doubt = DoubtAt("adverse_event", "1", None, "outcome", "", "Is it over by now?")
    made.query = made.take(steps.open_query, MONA, subject=made.north, asked=doubt, on=ago(20)).seq
    return made


def queries(somebody, query=""):
    return text(somebody.sees("quality", query))


def test_a_query_is_shown_with_its_age_and_who_must_act(world):
    world.keep()
    shown = queries(Somebody("dan"))
    for words in ("to be answered by sites", "Is it over by now?", "asked by mona", "20 days", "Outcome"):
        assert words in shown, words
    assert "coordinator or treating clinician or radiation oncologist or surgeon" in shown


def test_whoever_may_answer_is_led_there(world):
    world.keep()
    assert f"/queries/{world.query}/answer" in Somebody("carl").sees("quality").content.decode()
    assert "/answer" not in Somebody("dan").sees("quality").content.decode()


def test_once_answered_it_waits_for_the_desk(world):
    world.take(steps.answer_query, CARL, query=world.query, text="not yet", on=ago(3))
    world.keep()
    shown = queries(Somebody("carl"), "?who=desk")
    assert "data manager or monitor" in shown
    assert "No query fits" not in shown
    assert f"/queries/{world.query}/close" in Somebody("dan").sees("quality").content.decode()
    assert "Is it over" not in queries(Somebody("dan"), "?who=site&text=" + number_of(world.north))


FILTERS = [
    ("", True),
    ("?age=14", True),
    ("?age=30", False),
    ("?age=nonsense", True),
    ("?who=mine", False),
    ("?who=site", True),
    ("?who=desk", False),
    ("?site=south", False),
    ("?site=north", True),
    ("?text=zzz", False),
    ("?view=nonsense", True),
]


@pytest.mark.parametrize(("query", "there"), FILTERS)
def test_filters(world, query, there):
    world.keep()
    assert ("Is it over by now?" in queries(Somebody("dan"), query)) is there


def test_a_site_sees_its_own_alone(world):
    world.keep()
    sue = Somebody("sue")
    for view in ("queries", "waiting", "deviations", "sites"):
        shown = queries(sue, f"?view={view}")
        assert number_of(world.north) not in shown
    assert "Fatigue" not in queries(sue)
    assert "North" not in queries(sue, "?view=sites")


def test_entries_wait_until_they_are_signed_compared_and_locked(world):
    world.keep()
    clin, mona, dan = Somebody("clin"), Somebody("mona"), Somebody("dan")
    address = f"/entries/{world.first}"
    assert "1 for a signature" in queries(clin, "?view=waiting&site=north")
    assert f"sign?entry={world.first}" in clin.sees("quality", "?view=waiting&for=signature").content.decode()
    assert f"{address}/verify" in mona.sees("quality", "?view=waiting&for=source&who=mine").content.decode()
    assert f"{address}/lock" in dan.sees("quality", "?view=waiting&for=lock").content.decode()
    assert "No entry waits" in queries(dan, "?view=waiting&for=source&who=mine")
    mona.fills("verify-entry", {}, subject=world.north, seq=world.first)
    assert f"{address}/verify" not in mona.sees("quality", "?view=waiting&for=source&who=mine").content.decode()


def test_a_signature_ends_the_waiting(world):
    stands = next(one for one in world.history.subject(world.north).standing if one.seq == world.first)
    signing = {"subject": world.north, "shown": {world.first: shown_digest(stands)}, "on": ago(2)}
    world.take(steps.sign_forms, Actor("clin", "treating_clinician", NORTH), **signing)
    world.keep()
    assert "0 for a signature" in queries(Somebody("clin"), "?view=waiting")


def test_deviations_of_the_record_and_of_people(world):
    recorded = {
        "occurred": ago(15).isoformat(),
        "reported": "no",
        "category": "other",
        "severity": "major",
        "description": "The consent form was an old one.",
    }
    world.enters(world.north, "deviation", **recorded)
    world.keep()
    shown = queries(Somebody("dan"), "?view=deviations")
    for words in ("The consent form was an old one.", "recorded", "major", "from the record"):
        assert words in shown, words


def test_figures_by_site(world):
    world.keep()
    shown = queries(Somebody("dan"), "?view=sites")
    for words in ("North 1 1", "South 1 1", "All 2 2"):
        assert words in shown, words


def test_every_entry_of_the_lists_can_be_opened(world):
    world.keep()
    carl = Somebody("carl")
    assert carl.sees("form-entry", subject=world.north, seq=world.first).status_code == 200
    assert entries(world.north)[0].seq == world.first


def test_what_rules_ask_bears_nobodys_signature(world):
    """A signed consent takes a withdrawal back; what a form said of it is asked about, by no signatory."""
    day = ago(10)
    world.enters(world.north, "disposition", ending="consent_withdrawn", ended=day.isoformat())
    world.take(steps.withdraw_consent, CARL, subject=world.north, on=day, reason=None)
    world.keep()
    signing = store.Signing("Carl Test (carl)", "I obtained it.")
    done = store.perform(STUDY, steps.consent, by=CARL, signing=signing, subject=world.north)
    assert [(entry.kind, entry.signature is not None) for entry in done.entries] == [
        ("consented", True),
        ("query_opened", False),
    ]


def test_eligibility_that_turns_out_wrong_is_shown_on_the_page_of_the_participant_and_at_the_desk(world):
    (facts,) = world.history.subject(world.north).of("facts_recorded")
    told = [{**one, "value": 3} if one["fact"] == "ecog" else one for one in facts.body["facts"]]
    given = {"seq": facts.seq, "body": {**facts.body, "facts": told}, "reason": "misread", "on": facts.effective}
    learned = world.take(steps.correct, CARL, **given).seq
    world.keep()
    dan = Somebody("dan")
    shown = text(dan.sees("participant", subject=world.north))
    assert "was not met at randomization, as is known now." in shown
    assert f"entry {learned}" in shown
    assert "was not met at randomization" not in text(dan.sees("participant", subject=world.south))
    desk = queries(dan, f"?view=deviations&text={number_of(world.north)}")
    assert "was not met at randomization" in desk and "major" in desk


def test_a_stratum_that_turns_out_wrong_is_shown_on_the_page_of_the_participant_and_at_the_desk(world):
    (facts,) = world.history.subject(world.north).of("facts_recorded")
    told = [{**one, "value": "negative"} if one["fact"] == "estrogen_receptor" else one for one in facts.body["facts"]]
    given = {"seq": facts.seq, "body": {**facts.body, "facts": told}, "reason": "misread", "on": facts.effective}
    learned = world.take(steps.correct, CARL, **given).seq
    world.keep()
    dan = Somebody("dan")
    shown = text(dan.sees("participant", subject=world.north))
    assert "Randomized in another stratum than is known now" in shown
    assert f"entry {learned}" in shown
    assert "Randomized in another stratum" not in text(dan.sees("participant", subject=world.south))
    assert "as is known now, both receptors negative" in queries(dan, f"?view=deviations&text={number_of(world.north)}")


def test_how_long_a_signature_may_wait_is_said_as_the_protocol_says_it(world):
    world.keep()
    assert "unsigned too long after 30 days, as the protocol says" in queries(Somebody("dan"), "?view=sites")
