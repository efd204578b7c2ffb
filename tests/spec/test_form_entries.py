"""Entries of forms: what is taken, what is refused and why, what is read from what was typed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from evenhand import steps
from evenhand.conduct.entering import Given
from evenhand.conduct.forms import read_typed
from evenhand.dates import parse_date
from evenhand.record import Event, History, RecordError, append
from evenhand.refusal import Refusal
from tests.course_help import NURSE, ON, course

LATER = date(2026, 3, 20)
FALL = {"fell": "2026-03-05", "hurt": False}
HURT = {"fell": "2026-03-05", "hurt": True, "where": "arm"}
WEIGHT = {"weighed": "2026-03-05", "weight": "70.5"}


def given(form, values, **others):
    return Given(form, values, **others)


def take(world, asked, on=LATER):
    return world.after(steps.enter, subject=world.subject, given=asked, on=on)


def refused(world, asked, on=LATER):
    with pytest.raises(Refusal) as caught:
        take(world, asked, on)
    assert caught.value.mend or caught.value.clause
    return caught.value


TAKEN = [
    given("fall", FALL),
    given("fall", {**FALL, "healed": "2026"}),
    given("fall", {**FALL, "healed": "2026-03"}),
    given("fall", HURT),
    given("fall", FALL, item="x7"),
    given("fall", {"fell": "2026-03-05", "hurt": True}, unless={"where": "the person does not know"}),
    given("fall", {**FALL, "bruises": [{"place": "knee", "size": "3.5"}, {"place": "elbow"}]}),
    given("fall", {}, not_done="the diary is lost"),
    given("fall", {"hurt": False}, unless={"fell": "not remembered"}),
    given("weight", WEIGHT, visit="week.1"),
    given("weight", {**WEIGHT, "weight": 400}, visit="week.1"),
    given("weight", {**WEIGHT, "weight": 1}, visit="week.1"),
    given("weight", {"weighed": "2026-03-20", "weight": 70}, visit="week.1"),
    given("summary", {"content": True}),
    given("summary", {"content": True}, item="1"),
]


@pytest.mark.parametrize("asked", TAKEN, ids=str)
def test_taken(asked):
    world = take(course(), asked)
    (entry,) = world.entries
    body = entry.standing.body
    assert body["values"] == asked.values
    assert body["unless"] == (asked.unless or {})
    assert body["not_done"] == asked.not_done
    assert entry.item == (asked.item or "1")
    assert entry.counts == (asked.not_done is None)


REFUSED = [
    (given("nothing", {}), "there is no form 'nothing'"),
    (given("fall", {"hurt": False}), "Day of the fall is missing"),
    (given("fall", {"fell": "2026-03-05"}), "Hurt is missing"),
    (given("fall", {"fell": "2026-03-05", "hurt": True}), "Part of the body is missing"),
    (given("fall", {"fell": "2026-03-05", "hurt": True}, unless={"where": "  "}), "Part of the body is missing"),
    (given("fall", {**FALL, "where": "arm"}), "Part of the body is not asked for here"),
    (given("fall", HURT, unless={"where": "unknown"}), "has an answer and a reason for having none"),
    (given("fall", FALL, unless={"colour": "unknown"}), "has no field 'colour'"),
    (given("fall", {**FALL, "colour": "blue"}), "has no field 'colour'"),
    (given("fall", {**HURT, "where": "head"}), "Part of the body"),
    (given("fall", {**FALL, "hurt": "yes"}), "Hurt"),
    (given("fall", {**FALL, "hurt": 1}), "Hurt"),
    (given("fall", {**FALL, "fell": "2026-03"}), "is not a full day"),
    (given("fall", {**FALL, "fell": "2026-02-30"}), "2026-02-30"),
    (given("fall", {**FALL, "fell": "yesterday"}), "yesterday"),
    (given("fall", {**FALL, "fell": "2026-03-21"}), "lies in the future"),
    (given("fall", {**FALL, "healed": "2026-03-04"}), "Healed before the fall"),
    (given("fall", {**FALL, "healed": "2026-02"}), "Healed before the fall"),
    (given("fall", {**FALL, "bruises": "knee"}), "a list is needed"),
    (given("fall", {**FALL, "bruises": [{"size": 3}]}), "Place in row 1 of Bruises is missing"),
    (given("fall", {**FALL, "bruises": [{"place": "knee"}, {"place": "knee"}]}), "knee stands in two rows"),
    (given("fall", {**FALL, "bruises": [{"place": "knee", "size": 101}]}), "Size"),
    (given("fall", {**FALL, "bruises": [{"place": "knee", "hue": 3}]}), "Bruises"),
    (given("fall", FALL, visit="week.1"), "does not belong to a visit"),
    (given("fall", FALL, item=" "), "has no item ' '"),
    (given("fall", FALL, not_done="no diary"), "marked not done, but has answers"),
    (given("fall", {}, not_done=" "), "marked not done without a reason"),
    (given("fall", {}, not_done="no diary", unless={"fell": "no diary"}), "marked not done, but has answers"),
    (given("weight", WEIGHT), "is filled in at a visit"),
    (given("weight", WEIGHT, visit=" "), "there is no visit ' '"),
    (given("weight", {**WEIGHT, "weight": "0.9"}, visit="week.1"), "Weight"),
    (given("weight", {**WEIGHT, "weight": "400.1"}, visit="week.1"), "Weight"),
    (given("weight", {**WEIGHT, "weight": "70.55"}, visit="week.1"), "Weight"),
    (given("weight", {**WEIGHT, "weight": "<70"}, visit="week.1"), "Weight"),
    (given("weight", {**WEIGHT, "weight": "heavy"}, visit="week.1"), "Weight"),
    (given("weight", {**WEIGHT, "weight": True}, visit="week.1"), "Weight"),
    (given("weight", {**WEIGHT, "weight": None}, visit="week.1"), "Weight"),
    (given("summary", {"content": True}, item="2"), "has no item '2'"),
    (given("summary", {"content": True, "why": "the knee"}), "What hurt is not asked for here"),
]


@pytest.mark.parametrize(("asked", "said"), REFUSED, ids=str)
def test_refused(asked, said):
    assert said in refused(course(), asked).reason


def test_all_faults_are_said_at_once():
    said = refused(course(), given("fall", {"where": "head", "healed": "2026-01-01"})).reason
    assert "Day of the fall is missing" in said
    assert "Hurt is missing" in said
    assert "Part of the body" in said


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_a_text_of_nothing_is_no_answer(text):
    hurt = take(course(), given("fall", HURT))
    assert "What hurt" in refused(hurt, given("summary", {"content": True, "why": text})).reason


def test_one_place_holds_one_entry():
    world = take(course(), given("weight", WEIGHT, visit="week.1"))
    assert "entered already, as entry" in refused(world, given("weight", WEIGHT, visit="week.1")).reason
    world = take(world, given("weight", WEIGHT, visit="week.2"))
    world = take(world, given("summary", {"content": True}))
    assert "entered already" in refused(world, given("summary", {"content": False})).reason
    assert [entry.place for entry in world.entries] == [
        ("weight", "1", "week.1"), ("weight", "1", "week.2"), ("summary", "1", None),
    ]  # fmt: skip


def test_items_are_numbered_on_and_a_number_is_never_given_twice():
    world = take(take(course(), given("fall", FALL)), given("fall", FALL))
    assert [entry.item for entry in world.entries] == ["1", "2"]
    world = take(world.struck(world.last, on=LATER), given("fall", FALL))
    assert [entry.item for entry in world.entries] == ["1", "2", "3"]


def test_what_was_struck_frees_its_place():
    world = take(course(), given("summary", {"content": True}))
    world = take(world.struck(world.last, on=LATER), given("summary", {"content": False}))
    assert [(entry.item, entry.struck) for entry in world.entries] == [("1", True), ("1", False)]


@pytest.mark.parametrize(
    ("form", "visit", "values", "not_done", "day"),
    [
        ("fall", None, FALL, None, date(2026, 3, 5)),
        ("fall", None, {"hurt": False}, None, LATER),
        ("fall", None, {}, "lost", LATER),
        ("summary", None, {"content": True}, None, LATER),
        ("weight", "week.1", WEIGHT, None, date(2026, 3, 5)),
    ],
)
def test_the_day_is_that_of_the_form_or_that_of_entry(form, visit, values, not_done, day):
    unless = {"fell": "unknown"} if values == {"hurt": False} else None
    world = take(course(), given(form, values, visit=visit, not_done=not_done, unless=unless))
    assert world.entries[-1].day == day


def test_a_correction_moves_the_day_only_with_the_date_of_the_form():
    world = take(course(), given("summary", {"content": True}))
    world = world.corrected(world.last, content="no", on=date(2026, 4, 1))
    assert world.entries[-1].day == LATER
    world = take(world, given("fall", FALL))
    world = world.corrected(world.last, fell="2026-03-07", hurt="no", on=date(2026, 4, 1))
    assert world.entries[-1].day == date(2026, 3, 7)


def test_only_people_who_were_randomized_have_forms():
    world = course()
    with pytest.raises(Refusal, match="not in the record"):
        world.after(steps.enter, subject="S0009-9", given=given("fall", FALL))
    registered = replace(world, history=History("course").extend(world.history.entries[:-1]))
    assert "is not randomized" in refused(registered, given("fall", FALL)).reason


# ---- corrections and strikes -------------------------------------------------------------------


def test_a_correction_keeps_what_was_said_before():
    world = take(course(), given("fall", FALL))
    seq = world.last
    world = world.corrected(seq, fell="2026-03-06", hurt="yes", where="leg", on=LATER)
    (entry,) = world.entries
    assert entry.seq == seq
    assert entry.values["where"] == "leg"
    assert entry.standing.original.body["values"] == FALL
    again = world.after(
        steps.correct_form, seq=entry.standing.corrections[-1], given=given("fall", FALL), reason="misread", on=LATER
    )
    assert len(again.entries[0].standing.corrections) == 2


CORRECTIONS = [
    ({"reason": " "}, HURT, "needs a reason"),
    ({"seq": 1}, HURT, "entry 1 is no form"),
    ({"seq": 999}, HURT, "entry 999 is no form"),
    ({"seq": 2}, HURT, "entry 2 is no form of"),
    ({"form": "summary"}, {"content": True}, "is of Fall"),
    ({"item": "2"}, HURT, "belongs elsewhere"),
    ({"visit": "week.1"}, HURT, "belongs elsewhere"),
    ({}, FALL, "nothing of entry"),
    ({}, {**HURT, "healed": "2026-01"}, "Healed before the fall"),
]


@pytest.mark.parametrize(("changed", "values", "said"), CORRECTIONS, ids=str)
def test_a_correction_that_is_refused(changed, values, said):
    world = take(course(), given("fall", FALL))
    asked = given(changed.get("form", "fall"), values, item=changed.get("item"), visit=changed.get("visit"))
    seq = changed.get("seq", world.last)
    with pytest.raises(Refusal) as caught:
        world.after(steps.correct_form, seq=seq, given=asked, reason=changed.get("reason", "misread"), on=LATER)
    assert said in caught.value.reason


def test_what_is_struck_stays_legible_and_counts_no_more():
    world = take(course(), given("fall", FALL))
    world = world.struck(world.last, on=LATER)
    (entry,) = world.entries
    assert entry.struck
    assert not entry.counts
    assert entry.standing.body["values"] == FALL
    for change in (lambda: world.struck(entry.seq, on=LATER), lambda: world.corrected(entry.seq, hurt="yes", on=LATER)):
        with pytest.raises(Refusal, match="is struck out"):
            change()


def test_a_strike_needs_a_reason():
    world = take(course(), given("fall", FALL))
    with pytest.raises(Refusal, match="needs a reason"):
        world.struck(world.last, reason="", on=LATER)


def test_no_other_step_corrects_a_form():
    world = take(course(), given("fall", FALL))
    with pytest.raises(Refusal, match="is of a form"):
        world.after(steps.correct, seq=world.last, body={"anything": 1}, reason="misread", on=LATER)


@pytest.mark.parametrize(("key", "value"), [("form", "summary"), ("item", "2"), ("visit", "week.9")])
def test_the_record_itself_keeps_an_entry_in_its_place(key, value):
    world = take(course(), given("weight", WEIGHT, visit="week.1"))
    before = world.entries[-1].standing.latest
    event = Event("form_entered", world.subject, ON, {**before.body, key: value}, reason="misread", corrects=before.seq)
    with pytest.raises(RecordError, match=f"It changes {key} of entry"):
        append(world.history, [event], by=NURSE, at=before.recorded_at)


# ---- what was typed ----------------------------------------------------------------------------

TYPED = [
    ("fall", {"fell": "5 Mar 2026"}, {"fell": "2026-03-05"}, {}),
    ("fall", {"fell": "2026-03-05", "where": "", "healed": None}, {"fell": "2026-03-05"}, {}),
    ("fall", {"fell": "2026-03"}, {}, {"fell": "2026-03 is not a full day"}),
    ("fall", {"healed": "2026-03"}, {"healed": "2026-03"}, {}),
    ("fall", {"healed": "soon"}, {}, {"healed": "soon"}),
    ("fall", {"hurt": "yes", "where": "arm"}, {"hurt": True, "where": "arm"}, {}),
    ("fall", {"where": "head"}, {}, {"where": "head"}),
    ("fall", {"colour": "blue"}, {}, {"colour": "has no field"}),
    ("weight", {"weight": " 70.5 "}, {"weight": "70.5"}, {}),
    ("weight", {"weight": "70"}, {"weight": 70}, {}),
    ("weight", {"weight": "<70"}, {}, {"weight": "exact number"}),
    ("weight", {"weight": "401"}, {}, {"weight": "401"}),
    ("fall", {"bruises": [{"place": "a", "size": "3"}, {"place": ""}]}, {"bruises": [{"place": "a", "size": 3}]}, {}),
    ("fall", {"bruises": [{"place": "a"}, {"size": "x"}]}, {"bruises": [{"place": "a"}]}, {"bruises.2.size": "x"}),
    ("fall", {"bruises": [{"hue": "x"}]}, {}, {"bruises.1.hue": "no column"}),
    ("fall", {"bruises": "knee"}, {}, {"bruises": "a list of rows"}),
]  # fmt: skip


@pytest.mark.parametrize(("form", "typed", "values", "faults"), TYPED, ids=str)
def test_typed(form, typed, values, faults):
    read = read_typed(course().protocol.plan.forms[form], typed)
    assert read.values == values
    assert read.faults.keys() == faults.keys()
    for path, said in faults.items():
        assert said in read.faults[path]


def test_values_come_back_in_their_kinds():
    values = {**HURT, "healed": "2026-03", "bruises": [{"place": "knee", "size": "3.5"}]}
    (entry,) = take(course(), given("fall", values), on=LATER).entries
    assert entry.values == {
        "fell": parse_date("2026-03-05"), "hurt": True, "where": "arm", "healed": parse_date("2026-03"),
        "bruises": ({"place": "knee", "size": Decimal("3.5")},),
    }  # fmt: skip
    assert entry.rows("bruises")[0]["place"] == "knee"
    assert entry.rows("nothing") == ()
