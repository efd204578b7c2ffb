"""Verification of what follows randomization: entries that no step returned are found, each with what is wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand.conduct.findings import DoubtAt
from evenhand.record import Event, append, dump, sign
from evenhand.replay import verify_record
from tests.course_help import DOCTOR, MANAGER, MONITOR, NURSE, ON, course

WEIGHT = {"weighed": "2026-03-02", "weight": 70}
FALL = {"fell": "2026-03-02", "hurt": False}


def entered(form, values, visit=None, **others):
    return {"form": form, "item": "1", "visit": visit, "values": values, "unless": {}, "not_done": None, **others}


def forged(world, kind, body, *, by=NURSE, on=ON, **others):
    """The record with an entry that no step returned, with right hashes."""
    at = world.history.head.recorded_at + timedelta(minutes=1)
    event = Event(kind, world.subject, on, body, **others)
    return replace(world, history=world.history.extend(append(world.history, [event], by=by, at=at)))


def findings(world):
    return [found.what for found in verify_record(dump(world.history.entries), world.protocol).findings]


def full():
    """Everything that can be done to an entry, and undone."""
    world = course().entered("weight", visit="week.1", weighed="2026-03-02", weight="130")
    seq = world.last
    world = world.answered(world.query()).closed(world.query()).signed(seq).verified(seq).locked(seq).unlocked(seq)
    world = world.corrected(seq, weighed="2026-03-02", weight="45").entered("fall", fell="2026-03-02", hurt="no")
    world = world.corrected(world.last, fell="2026-03-02", hurt="yes", where="arm")
    world = world.questioned(DoubtAt("weight", "1", "week.1", "weight", "", "So light?"))
    world = world.closed(world.query(), "withdrawn").struck(world.last)
    return world.entered("summary", content="yes", on=ON + timedelta(days=1)).entered("fall", not_done="lost")


def test_a_record_of_legal_steps_verifies():
    assert findings(full()) == []


def weighed(weight=70):
    return course().entered("weight", visit="week.1", weighed="2026-03-02", weight=str(weight))


def seen(world, digest=None):
    return {"entries": [{"seq": seq, "digest": digest or shown} for seq, shown in world.shown(world.last).items()]}


def signing(body, signer=DOCTOR.user):
    at = weighed().history.head.recorded_at
    return {"by": DOCTOR, "signature": sign(body, meaning="I have looked.", signer=signer, at=at)}


def doubted(check, path="weight", text="So?", visit="week.1"):
    return {"form": "weight", "item": "1", "visit": visit, "path": path, "check": check, "text": text}


FORGED = {
    "a form that there is not": (course, "form_entered", entered("none", {}), {}, "there is no form 'none'"),
    "an answer that is none": (course, "form_entered", entered("fall", {**FALL, "hurt": 3}), {}, "Hurt"),
    "a hard check": (course, "form_entered", entered("fall", {**FALL, "healed": "2026-01"}), {}, "Healed before"),
    "a second entry in one place": (
        weighed, "form_entered", entered("weight", WEIGHT, "week.1"), {}, "is entered already",
    ),
    "another day than the form says": (
        course, "form_entered", entered("fall", FALL), {"on": ON - timedelta(days=1)},
        "2026-03-02 is what the form gives",
    ),
    "answers beside what was not done": (
        course, "form_entered", entered("fall", FALL, not_done="away"), {}, "marked not done, but has answers",
    ),
    "a correction against a hard limit": (
        weighed, "form_entered", entered("weight", {**WEIGHT, "weight": 500}, "week.1"),
        {"corrects": 6, "reason": "misread"}, "Weight",
    ),
    "a correction of nothing": (
        weighed, "form_entered", entered("weight", WEIGHT, "week.1"), {"corrects": 6, "reason": "x"}, "nothing of",
    ),
    "a correction of what is locked": (
        lambda: weighed().signed(6).locked(6), "form_entered", entered("weight", {**WEIGHT, "weight": 71}, "week.1"),
        {"corrects": 6, "reason": "misread"}, "is locked",
    ),
    "a strike of what is locked": (
        lambda: weighed().signed(6).locked(6), "form_entered", entered("weight", WEIGHT, "week.1", struck=True),
        {"corrects": 6, "reason": "misread"}, "is locked",
    ),
    "a strike that says something else": (
        weighed, "form_entered", entered("weight", {**WEIGHT, "weight": 71}, "week.1", struck=True),
        {"corrects": 6, "reason": "misread"}, "values is",
    ),
    "a strike on another day": (
        weighed, "form_entered", entered("weight", WEIGHT, "week.1", struck=True),
        {"corrects": 6, "reason": "x", "on": ON - timedelta(days=1)}, "2026-03-02 is what the form gives",
    ),
    "a correction that moves what has no date": (
        lambda: course().entered("summary", content="yes"), "form_entered", entered("summary", {"content": False}),
        {"corrects": 6, "reason": "x", "on": ON - timedelta(days=1)}, "2026-03-02 is what the form gives",
    ),
    "a signature without one": (weighed, "forms_signed", seen(weighed()), {"by": DOCTOR}, "it is not signed"),
    "a signature of a role that may not": (
        weighed, "forms_signed", seen(weighed()), {**signing(seen(weighed()), NURSE.user), "by": NURSE}, "may not sign",
    ),
    "a signature given by another": (
        weighed, "forms_signed", seen(weighed()), signing(seen(weighed()), "s.urgeon"), "is signed by s.urgeon",
    ),
    "a signature of something else": (
        weighed, "forms_signed", seen(weighed(), "0" * 64), signing(seen(weighed(), "0" * 64)), "has changed since",
    ),
    "a verification of something else": (
        weighed, "source_verified", seen(weighed(), "0" * 64), {"by": MONITOR}, "has changed since",
    ),
    "a verification of one's own entry": (weighed, "source_verified", seen(weighed()), {}, "n.urse made entry 6"),
    "a verification of nothing": (weighed, "source_verified", {"entries": [6]}, {"by": MONITOR}, "cannot be taken"),
    "a lock of what is unsigned": (weighed, "forms_locked", {"entries": [6]}, {"by": MANAGER}, "is not signed"),
    "a lock of what is no form": (weighed, "forms_locked", {"entries": [1]}, {"by": MANAGER}, "is no form"),
    "an unlocking of what is not locked": (
        weighed, "forms_unlocked", {"entries": [6]}, {"by": MANAGER, "reason": "x"}, "is not locked",
    ),
    "a query of a rule that asks nothing": (weighed, "query_opened", doubted("range weight"), {}, "no rule asks"),
    "a query of a rule in other words": (
        lambda: replace(weighed(130).closed(7, "withdrawn"), subject=course().subject),
        "query_opened", doubted("range weight"), {}, "no rule asks",
    ),
    "a query that is open already": (
        lambda: weighed(130), "query_opened", doubted("range weight"), {}, "open already",
    ),
    "a query of a room that there is not": (weighed, "query_opened", doubted("kitchen: salt"), {}, "no room 'kitchen'"),
    "a query of a person about no field": (weighed, "query_opened", doubted("", "hue"), {}, "has no field 'hue'"),
    "an answer to nothing": (weighed, "query_answered", {"query": 6, "text": "yes"}, {}, "entry 6 is no query"),
    "an agreement that there is not": (
        lambda: weighed(130), "query_closed", {"query": 7, "how": "data agree"}, {}, "the rule still asks",
    ),
    "an agreement about a person's query": (
        lambda: weighed().questioned(DoubtAt("weight", "1", "week.1", "", "", "So?")),
        "query_closed", {"query": 7, "how": "data agree"}, {}, "is no query of a rule that is open",
    ),
    "an end without an answer": (
        lambda: weighed(130), "query_closed", {"query": 7, "how": "answered", "digest": "x"}, {"reason": "x"},
        "has no answer",
    ),
    "an end about something else": (
        lambda: weighed(130), "query_closed", {"query": 7, "how": "withdrawn", "digest": "x"}, {"reason": "x"},
        "digest is 'x'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FORGED)
def test_found(case):
    make, kind, body, others, said = FORGED[case]
    world = make()
    assert findings(world) == []
    world = forged(world, kind, body, **others)
    (found,) = findings(world)
    assert said in found
    assert found.startswith(f"entry {world.history.head.seq} ({kind}")
