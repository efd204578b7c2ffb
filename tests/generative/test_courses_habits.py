"""What made-up people and sites do otherwise than well: each habit shows in the record that it leaves."""

from datetime import date
from functools import cache
from random import Random

import pytest

from evenhand.conduct import forms
from evenhand.protocol import load_protocol
from evenhand.record import dump
from evenhand.replay import verify_record
from evenhand.simulation import load_scenario, walk
from evenhand.simulation.courses.chances import Chances
from evenhand.simulation.courses.drawing import Scene, draw
from evenhand.simulation.courses.sheet import AtSite, Dying, Happening, LeftOut
from evenhand.simulation.courses.ways import Way
from tests.studies_here import ROOT

ORCHARD = ROOT / "tests" / "studies" / "orchard"
PROTOCOL = load_protocol(ORCHARD)
SCENARIO = load_scenario(ORCHARD, PROTOCOL.version.id)
SECTION = SCENARIO.after_randomization
assert SECTION is not None
DAY = date(2026, 11, 23)
ALL_DONE = SECTION.visits.model_copy(update={"missed": 0})


def walked(seed=1, **changes):
    section = SECTION.model_copy(update=changes)
    made = walk(PROTOCOL, SCENARIO.model_copy(update={"after_randomization": section}), people=10, seed=seed)
    found = verify_record(dump(made.history.entries), PROTOCOL, secret=made.secret)
    assert (found.findings, found.arms) == ((), "derived again")
    return made.history


def entered(history, form):
    people = [history.subject(name) for name in history.subjects if history.subject(name).allocation]
    return [one for known in people for one in forms.entries(PROTOCOL, known) if one.form.id == form]


@cache
def as_ever():
    return walked()


@pytest.mark.parametrize("seed", range(3))
def test_where_nobody_works_on_weekends_no_visit_is_on_one(seed):
    visits = SECTION.visits.model_copy(update={"weekends": 0})
    held = [one for one in entered(walked(seed, visits=visits), "call") if one.not_done is None]
    assert held
    assert not [one.day for one in held if one.day.weekday() >= 5 and one.visit.startswith("monthly")]
    assert any(one.day.weekday() >= 5 for one in entered(as_ever(), "call"))


def test_whoever_missed_a_visit_misses_the_next_one_where_it_is_said_so():
    visits = SECTION.visits.model_copy(update={"missed": 0.3, "missed_again": 1})
    by_person = {}
    for one in entered(walked(visits=visits), "call"):
        by_person.setdefault(one.standing.latest.subject, []).append(one)
    lengths = []
    for found in by_person.values():
        series = [one for one in found if "." in (one.visit or "")]
        gone = [bool(one.not_done) for one in sorted(series, key=lambda one: int(one.visit.split(".")[1]))]
        assert gone == sorted(gone)  # from the first one on, all are missed
        lengths.append(sum(gone))
    assert max(lengths) > 1


def test_what_is_left_out_of_a_visit_says_why():
    left_out = {"everything": LeftOut(chance=1, because={"made up: no time": 1})}
    found = entered(walked(visits=ALL_DONE.model_copy(update={"left_out": left_out})), "everything")
    assert found and {one.not_done for one in found} == {"made up: no time"}


def test_a_form_that_is_forgotten_is_never_entered_and_the_visit_is():
    desk = SECTION.desk.model_copy(update={"forgotten": 1})
    history = walked(desk=desk)
    assert not entered(history, "everything")
    assert entered(history, "call")


def test_one_site_may_work_otherwise_than_the_others():
    history = walked(sites={"garden": AtSite(forgotten=1)})
    assert {one.standing.latest.by.site for one in entered(history, "everything")} == {"ward"}
    assert {one.standing.latest.by.site for one in entered(history, "call")} == {"ward", "garden"}


def happening(id, **given):
    return Happening.model_validate({"id": id, "days": [20, 60], **given})


def at_dentist(**given):
    return {"form": "dentist", "values": {"tooth": {"lesion": "tooth"}, "procedure": "pulled"}, **given}


def test_something_follows_on_one_way_of_doing_it_alone():
    first = happening(
        "dentist",
        arms=["apples"],
        each="lesion",
        weekdays=True,
        manners=[
            at_dentist(called="pulled", having={"teeth.side": ["left"]}),
            at_dentist(called="filled", values={"tooth": {"lesion": "tooth"}, "procedure": "filled"}),
        ],
    )
    fill = {"tooth": "again", "procedure": "filled"}
    again = happening("again", after="pulled", days=[5, 5], manners=[at_dentist(had=["pulled"], values=fill)])
    never = happening("never", after="dentist", days=[5, 5], manners=[at_dentist(had=["again"], lesion_sites=["up"])])
    found = entered(walked(happenings=[first, again, never], leaving=[], death=Dying()), "dentist")
    said = [(one.values["tooth"], one.values["procedure"]) for one in found]
    pulled = sum(procedure == "pulled" for _, procedure in said)
    assert pulled == sum(tooth == "again" for tooth, _ in said) > 0
    assert any(procedure == "filled" and tooth != "again" for tooth, procedure in said)
    assert all(one.day.weekday() < 5 for one in found if one.values["tooth"] != "again")


def test_a_row_is_there_for_such_a_lesion_alone_and_an_answer_may_be_a_fact():
    scene = Scene(DAY, DAY, DAY, Chances("x"), Random(1), {"side": "left"}, facts={"first.start": "2026-01-02"})
    bites = PROTOCOL.plan.forms["everything"].fields["bites"]
    for side, rows in (("left", 1), ("right", 0)):
        way = Way.model_validate({"rows": [{"lesion": {"side": [side]}, "values": {"tooth": "T1"}}]})
        assert len(draw(way, bites, "everything.bites", scene)) == rows
    day = PROTOCOL.plan.forms["dentist"].fields["performed"]
    assert draw(Way(fact="first.start"), day, "dentist.performed", scene) == "2026-01-02"
    assert draw(Way(fact="first.end"), day, "dentist.performed", scene) is None
    assert draw(Way(fact="first.start", words={"2026-01-02": "2026-01"}), day, "dentist.performed", scene) == "2026-01"
