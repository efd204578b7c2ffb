"""Whole reports of trials in which next to nothing happened, or everything at once: made, with reasons, and recounted.

Each trial is a real record of a few people; what happens to them is written past the steps.
"""

from datetime import timedelta
from functools import cache
from math import isnan

import pytest

from evenhand.analysis.saying import NOT
from evenhand.record import Event, append
from evenhand.reports.behind import People
from evenhand.reports.html import as_html
from tests.double.recount.reported import RECOUNTS, Reported
from tests.eligible import BY, ON, PROTOCOL, Trial
from tests.response_help import month

UNTIL = month(30)
LISTED = {"lesion": "M1", "site": "liver", "nature": "solid", "size": 20, "followed": "target", "method": "ct"}


@cache
def randomized(people):
    """So many people, randomized on one day by the real steps."""
    trial = Trial().activated()
    for _ in range(people):
        trial.randomized()
    return trial.history


def grown(history, events):
    """The record after these: (pseudonym, kind, day since randomization, body)."""
    at = history.head.recorded_at + timedelta(days=900)
    given = [Event(kind, name, ON + timedelta(days=day), body) for name, kind, day, body in events]
    return history.extend(append(history, given, by=BY, at=at)) if given else history


def form(name, title, day, number=1, **values):
    return name, "form_entered", day, {"form": title, "item": str(number), "visit": None, "values": values}


def followed(names):
    """Everybody with a baseline and a scan without growth after three and six months."""
    for name in names:
        yield form(name, "lesions", 0, imaged=ON.isoformat(), lesions=[LISTED])
        for number, day in enumerate((90, 180), start=2):
            imaged = (ON + timedelta(days=day)).isoformat()
            seen = [{"lesion": "M1", "seen": "measured", "size": 20}]
            yield form(name, "scan", day, number, imaged=imaged, complete=True, lesions=seen)


def died(names, day):
    for name in names:
        yield form(name, "death", day, died=(ON + timedelta(days=day)).isoformat(), cause="breast_cancer")


def arm_of(history, arm):
    return [one.subject for one in history.allocations if one.arm == arm]


def a_trial(people, happened):
    """The record of so many people after what ``happened`` makes of their names."""
    history = randomized(people)
    return grown(history, [*followed(history.subjects), *happened(history)])


TRIALS = {
    "nobody screened": lambda: Trial().activated().history,
    "one person, and nothing happened": lambda: randomized(1),
    "one person, who died": lambda: a_trial(1, lambda known: died(known.subjects, 200)),
    "no events": lambda: a_trial(8, lambda known: ()),
    "one event": lambda: a_trial(8, lambda known: died(known.subjects[:1], 200)),
    "events in one arm alone": lambda: a_trial(8, lambda known: died(arm_of(known, "usual"), 200)),
    "everybody died on one day": lambda: a_trial(8, lambda known: died(known.subjects, 200)),
    "everybody died on the day of randomization": lambda: grown(
        randomized(8), [*died(randomized(8).subjects, 0)]
    ),
    "everybody withdrew on the first day": lambda: grown(
        randomized(8), [(name, "consent_withdrawn", 0, {}) for name in randomized(8).subjects]
    ),
}  # fmt: skip


@cache
def reported(name, kind="final"):
    return Reported(kind, PROTOCOL, TRIALS[name](), UNTIL)


@pytest.mark.parametrize("name", TRIALS)
def test_the_report_is_made_and_every_gap_says_why(name):
    found = reported(name)
    assert as_html(found.report, People())
    for table in found.report.tables:
        assert len({row.id for row in table.rows}) == len(table.rows), table.id
        for row in table.rows:
            for cell in row.cells:
                values = dict(cell.values)
                assert "nan" not in cell.text.lower().split(), (table.id, row.id)
                assert not any(isinstance(value, float) and isnan(value) for value in values.values()), (
                    table.id,
                    row.id,
                )  # no NaN
                if cell.text == NOT and table.id.startswith(("pfs", "os", "local_failure", "distant")):
                    assert values.get("reason") or table.notes, (table.id, row.id)


@pytest.mark.parametrize("name", TRIALS)
def test_a_second_program_finds_the_same(name):
    found = reported(name)
    assert [one for table in found.told if table in RECOUNTS for one in found.differences(table)] == []


@pytest.mark.parametrize("name", ["nobody screened", "no events", "everybody died on one day"])
def test_the_closed_report_is_made_too(name):
    found = reported(name, "safety-board-closed")
    assert found.report.tables
    assert [one for table in found.told if table in RECOUNTS for one in found.differences(table)] == []
