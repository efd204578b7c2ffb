"""A verdict is computed anew when a fact or a signature has come, and only then."""

from datetime import timedelta

import pytest

from evenhand.record import Event, History, append
from evenhand.simulation import load_scenario, walk
from evenhand.steps.assessing import assess
from tests.studies_here import TINY, protocol_of

PROTOCOL = protocol_of(TINY)
WALKED = walk(PROTOCOL, load_scenario(TINY, PROTOCOL.version.id), people=25, seed=3, close=False).history


def states(kind):
    """The record before and after each entry of a kind, with its subject and day."""
    history = History(PROTOCOL.study)
    for entry in WALKED.entries:
        before, history = history, history.extend([entry])
        if entry.kind == kind and before.subject(entry.subject).entries:
            yield before, history, entry.subject, entry.effective


KINDS = [("consented", True), ("registered", True), ("randomized", True), ("attested", False)]


@pytest.mark.parametrize(("kind", "same"), KINDS)
def test_entries_that_are_no_evidence_leave_the_verdict(kind, same):
    found = list(states(kind))
    assert found
    for before, after, subject, on in found:
        then = assess(PROTOCOL, before, subject=subject, on=on)
        assert (assess(PROTOCOL, after, subject=subject, on=on) is then) == same


def test_another_day_another_protocol_and_new_facts_are_judged_anew():
    before, after, subject, on = next(states("registered"))
    then = assess(PROTOCOL, before, subject=subject, on=on)
    assert assess(PROTOCOL, after, subject=subject, on=on + timedelta(days=1)) is not then
    again = assess(PROTOCOL, after, subject=subject, on=on)
    told = after.subject(subject).facts[0]
    anew = Event("facts_recorded", subject, told.effective, told.body, reason="a test", corrects=told.seq)
    entries = append(after, [anew], by=told.latest.by, at=after.entries[-1].recorded_at)
    assert assess(PROTOCOL, after.extend(entries), subject=subject, on=on) is not again
