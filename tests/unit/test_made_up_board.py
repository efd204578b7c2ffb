"""The safety board of a made-up trial: it looks once the events are there, and leaves the rest as it was."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from evenhand.administration import Grant
from evenhand.analysis.efficacy.looks import events_at
from evenhand.protocol import as_versions
from evenhand.protocol.design import PlannedLook
from evenhand.record import LOOK_HELD, MEETING_HELD, board_met, dump, looks_held, meetings_held
from evenhand.replay import verify_record
from evenhand.simulation import Course, load_scenario, walk
from evenhand.simulation.looking import PREPARED, MadeUpBoard
from tests import walked_help
from tests.eligible import PROTOCOL
from tests.studies_here import SHIPPED

HEAD = Grant("made-up administrator", "administrator", None)
SCENARIO = load_scenario(SHIPPED[0], PROTOCOL.version.id)


def designed(*looks):
    """The shipped study with so few events that a few people give them."""
    return replace(PROTOCOL, design=replace(PROTOCOL.design, events=1000, looks=(*looks, PlannedLook(complete=True))))


def walked(protocol, **course):
    return walk(protocol, SCENARIO, people=24, seed=11, course=Course(**course))


def of(made):
    return [entry for entry in made.history.entries if entry.kind == LOOK_HELD]


@pytest.fixture(scope="module")
def made():
    protocol = designed(PlannedLook(events=1))
    return protocol, walked(protocol)


def test_it_looks_once_the_events_are_there_when_the_report_would_be_ready(made):
    (look,) = looks_held(made[1].history)
    assert (look.number, look.events, look.recommendation) == (1, 1, "continue_unchanged")
    assert (look.held - look.effective).days == PREPARED.days + 1
    assert look.entry.signature is not None
    assert look.entry.by.role == "safety_board"


def test_counting_ends_when_nothing_more_is_recorded(made, monkeypatch):
    """Deaths lie decades ahead, when nobody is followed any more: no month until then is worth the seconds."""
    counts: list[date] = []
    due = MadeUpBoard._due
    monkeypatch.setattr(MadeUpBoard, "_due", lambda board, day: (counts.append(day), due(board, day))[1])
    whole = made[1].history
    seen = events_at(as_versions(made[0]), whole, effective=date.max, recorded=whole.head.recorded_at)
    history = walked(designed(PlannedLook(events=seen + 1))).history
    assert looks_held(history) == ()
    last = max(one.effective for one in history.entries if one.kind != "study_closed")
    assert counts
    assert all((day - last).days <= 31 for day in counts)


def test_besides_it_meets_as_often_as_the_protocol_says_while_somebody_is_followed(made):
    history = made[1].history
    held = [one.held for one in board_met(history)]
    assert len(meetings_held(history)) > 3
    first = min(one.effective for one in history.allocations)
    every = made[0].monitoring.meets_every
    assert all(after <= every.after(before) for before, after in pairwise([first, *held]))
    last = max(one.effective for one in history.entries if one.kind not in ("study_closed", MEETING_HELD))
    assert held[-1] <= every.after(last)
    assert {one.occasion for one in meetings_held(history)} == {"periodic"}
    assert all(one.entry.signature for one in meetings_held(history))


def test_where_the_protocol_names_no_period_it_meets_for_looks_alone():
    protocol = designed(PlannedLook(events=1))
    protocol = replace(protocol, monitoring=replace(protocol.monitoring, meets_every=None))
    history = walked(protocol, until=date(2027, 6, 1)).history
    assert meetings_held(history) == ()


def test_the_whole_record_verifies_with_the_events_counted_again(made):
    protocol, trial = made
    assert verify_record(dump(trial.history.entries), protocol, secret=trial.secret).findings == ()


def test_until_it_looks_nothing_is_otherwise_and_nobody_is_allocated_otherwise(made):
    """Under the shipped design so few people do not reach a look. What comes after one has other numbers in the record,
    by which a made-up monitor chooses what to compare with the source."""
    without, (look,) = walked_help.walked(), looks_held(made[1].history)
    assert looks_held(without) == ()
    before = look.entry.seq - 1
    assert made[1].history.entries[:before] == without.entries[:before]
    assert [one.arm for one in made[1].history.allocations] == [one.arm for one in without.allocations]


@pytest.mark.parametrize(
    "course",
    [{"follow_up": False}, {"grants": (HEAD,), "until": date(2020, 1, 1)}],
    ids=["nobody is followed", "nobody is the board"],
)  # fmt: skip
def test_without_events_or_a_board_there_is_no_look(course):
    assert of(walked(designed(PlannedLook(events=1)), **course)) == []
