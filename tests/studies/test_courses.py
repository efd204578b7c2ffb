"""Made-up courses of the shipped studies: what is remembered between two entries is what would be computed anew, and
whatever engines read of such a record is plausible."""

from functools import cache
from itertools import pairwise

import pytest

from evenhand.conduct import forms, lesions, response, treatment
from evenhand.conduct.ending import ends_of
from evenhand.protocol import load_protocol
from evenhand.record import History, dump
from evenhand.replay import verify_record
from evenhand.simulation import Course, Staff, load_scenario, walk
from tests.studies_here import SHIPPED

FOLLOWED = [folder for folder in SHIPPED if load_scenario(folder, load_protocol(folder).version.id).after_randomization]


@cache
def walked(folder):
    protocol = load_protocol(folder)
    scenario = load_scenario(folder, protocol.version.id)
    course = Course(staff=lambda role, site: Staff(f"{role}-{site}", f"Printed {role}"))
    return protocol, walk(protocol, scenario, people=14, seed=4, course=course)


def participants(history):
    found = (history.subject(name) for name in history.subjects)
    return [known for known in found if known.allocation is not None]


@pytest.mark.parametrize("folder", FOLLOWED, ids=lambda folder: folder.name)
def test_it_verifies_and_nothing_was_refused(folder):
    protocol, made = walked(folder)
    found = verify_record(dump(made.history.entries), protocol, secret=made.secret)
    assert (found.findings, found.arms) == ((), "derived again")
    assert not made.report.followed.refused
    assert {known.allocation.arm for known in participants(made.history)} == {arm.id for arm in protocol.arms}


@pytest.mark.parametrize("folder", FOLLOWED, ids=lambda folder: folder.name)
def test_what_is_remembered_is_what_would_be_computed_anew(folder):
    protocol, made = walked(folder)
    remembered = (lesions.lesion_list, lesions.scans, lesions.lives, response.evaluation, treatment.courses)
    history, people = History(protocol.study), {one.subject for one in participants(made.history)}
    for entry in made.history.entries:
        history = history.extend([entry])
        known = history.subject(entry.subject) if entry.subject in people else None
        if known is not None and known.allocation is not None:
            for find in remembered:
                assert find(protocol, known) == find.__wrapped__(protocol, known), (entry, find)


@pytest.mark.parametrize("folder", FOLLOWED, ids=lambda folder: folder.name)
def test_treatment_follows_randomization_and_visits_end_with_follow_up(folder):
    protocol, made = walked(folder)
    for known in participants(made.history):
        ends, randomized = ends_of(protocol, known), known.allocation.effective
        entered = [entry for entry in forms.entries(protocol, known) if entry.counts]
        assert ends.follow_up is not None
        for entry in entered:
            if entry.form.reads in (
                "surgery",
                "locoregional_radiation",
                "metastasis_radiation",
                "metastasis_resection",
            ):
                assert entry.day >= randomized
            if entry.form.reads == "visit":
                assert randomized <= entry.day <= ends.follow_up.collected_until
        scans = [entry.day for entry in entered if entry.form.reads == "scan"]
        assert all(before < after for before, after in pairwise(scans))


@pytest.mark.parametrize("folder", FOLLOWED, ids=lambda folder: folder.name)
def test_the_clinician_mostly_determines_what_the_scans_propose(folder):
    protocol, made = walked(folder)
    verdicts = [one.verdict for known in participants(made.history) for one in response.compared(protocol, known)]
    assert len(verdicts) > 20
    assert verdicts.count("agrees") / len(verdicts) > 0.8
    assert any(response.progression(protocol, known) for known in participants(made.history))
