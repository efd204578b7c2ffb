"""A made-up trial of every shipped study that names endpoints: an outcome for everybody, with entries behind it."""

from collections import Counter
from datetime import timedelta
from functools import cache

import pytest

from evenhand.analysis import analyse, cut
from evenhand.analysis.datasets import csv_of, datasets
from evenhand.simulation import load_scenario, walk
from tests.studies_here import SHIPPED, protocol_of

STUDIES = [folder for folder in SHIPPED if protocol_of(folder).endpoints is not None]


@cache
def walked(folder):
    """A small trial, walked to its end."""
    protocol = protocol_of(folder)
    return protocol, walk(protocol, load_scenario(folder, protocol.version.id), people=24, seed=11).history


def answer(folder, share=1.0):
    """The analysis at a share of the time that the trial took."""
    protocol, history = walked(folder)
    first, last = history.entries[0].recorded_at, history.entries[-1].recorded_at
    moment = first + share * (last - first)
    return analyse(cut(protocol, history, effective=(moment - timedelta(days=14)).date(), recorded=moment))


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_everybody_has_one_outcome_for_each_endpoint_and_estimand(folder, share):
    found = answer(folder, share)
    assert found.people
    per_person = [one for one in found.endpoints.by_id.values() if one.kind not in ("local_failure", "best_response")]
    for endpoint in per_person:
        for estimand in [one.id for one in endpoint.estimands] or ["primary"]:
            whom = Counter(one.subject for one in found.outcomes(endpoint.id, estimand))
            assert whom == Counter(one.person.subject for one in found.people)


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_every_outcome_names_entries_of_that_person_in_the_cut(folder):
    found = answer(folder)
    for one in found.people:
        for outcome in one.outcomes:
            assert outcome.seqs, outcome
            assert {found.cut.history.entry(seq).subject for seq in outcome.seqs} == {one.person.subject}
            assert one.seen.start <= outcome.day <= found.cut.effective


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_a_made_up_trial_without_slips_has_no_contradictions(folder):
    sorts = {one.id for one in answer(folder).mistakes}
    assert sorts <= {"unsigned_progression"}


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_the_same_cut_gives_the_same_bytes(folder):
    one, other = ([csv_of(each) for each in datasets(answer(folder, 0.6))] for _ in range(2))
    assert one == other
    assert all(text.endswith(b"\n") for text in one)
