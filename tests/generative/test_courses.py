"""Made-up courses after randomization: whatever the seed, the record that they leave is one that could be real."""

from collections import Counter
from datetime import timedelta
from functools import cache

import pytest

from evenhand.administration import SITE_ROLES
from evenhand.conduct import forms, schedule
from evenhand.conduct.ending import ends_of
from evenhand.protocol import load_protocol
from evenhand.record import dump
from evenhand.replay import verify_record
from evenhand.simulation import Course, load_scenario, walk
from tests.studies_here import ROOT

ORCHARD = ROOT / "tests" / "studies" / "orchard"
PROTOCOL = load_protocol(ORCHARD)
SCENARIO = load_scenario(ORCHARD, PROTOCOL.version.id)
SEEDS = range(6)
PEOPLE = 12


@cache
def walked(seed, **course):
    return walk(PROTOCOL, SCENARIO, people=PEOPLE, seed=seed, course=Course(**course))


def participants(seed):
    history = walked(seed).history
    return [history.subject(name) for name in history.subjects if history.subject(name).allocation]


def entered(known):
    return forms.entries(PROTOCOL, known)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_record_verifies_and_is_played_again(seed):
    made = walked(seed)
    found = verify_record(dump(made.history.entries), PROTOCOL, secret=made.secret)
    assert (found.findings, found.arms) == ((), "derived again")
    assert found.allocations == PEOPLE
    assert not made.report.followed.refused


def test_the_same_seed_leaves_the_same_record_byte_for_byte():
    one, other = (walk(PROTOCOL, SCENARIO, people=PEOPLE, seed=5).history.entries for _ in range(2))
    assert dump(one) == dump(other)
    assert dump(one) != dump(walked(4).history.entries)


@pytest.mark.parametrize("days", [40, 90, 150])
def test_what_is_written_by_a_day_does_not_depend_on_how_long_the_trial_goes_on(days):
    whole = walked(1).history.entries
    until = whole[0].effective + timedelta(days=days)
    cut = walked(1, until=until).history.entries
    assert 0 < len(cut) < len(whole)
    assert dump(whole).startswith(dump(cut))
    assert max(entry.recorded_at for entry in cut).date() < until


def test_without_the_section_the_walk_ends_at_the_allocation_as_it_always_did():
    alone = SCENARIO.model_copy(update={"after_randomization": None})
    without = walk(PROTOCOL, alone, people=PEOPLE, seed=2).history.entries
    assert dump(without) == dump(walked(2, follow_up=False).history.entries)
    before = {entry.kind for entry in without}
    assert [_said(one) for one in without[:-1]] == [
        _said(one) for one in walked(2).history.entries[:-1] if one.kind in before
    ]


def _said(entry):
    """What an entry says but for the number of another one, which depends on what stands between."""
    return entry.kind, entry.subject, entry.effective, {**entry.body, "consent": None}


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_is_entered_after_it_happened_and_by_somebody_who_may(seed):
    for known in participants(seed):
        for entry in entered(known):
            assert entry.day >= known.allocation.effective, entry
            assert entry.standing.original.recorded_at.date() >= entry.day
            author = entry.standing.original.by
            assert author.role in entry.form.entered_by
            assert (author.site is not None) == (author.role in SITE_ROLES)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_seen_of_somebody_after_follow_up_has_ended(seed):
    for known in participants(seed):
        ended = ends_of(PROTOCOL, known).follow_up
        late = [entry for entry in entered(known) if entry.day > ended.day and entry.counts]
        assert [entry.form.id for entry in late if entry.form.reads != "disposition"] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_visits_come_in_their_order_and_none_is_forgotten(seed):
    for known in participants(seed):
        ends = ends_of(PROTOCOL, known)
        days = [entry.day for entry in entered(known) if entry.visit and entry.visit.startswith("monthly.")]
        held = sorted(
            (int(entry.visit.partition(".")[2]), entry.day)
            for entry in entered(known)
            if entry.form.reads == "visit" and entry.counts and entry.visit.startswith("monthly.")
        )
        assert [day for _, day in held] == sorted(day for _, day in held)
        assert len(days) >= len(held)
        gone = ends.follow_up.day
        left = list(schedule.occurrences(PROTOCOL, known, ends.at_most + timedelta(days=30), ends))
        open_still = [one for one in left if one.state in ("due", "overdue") and one.planned < gone - timedelta(days=9)]
        assert open_still == [], known.subject


@pytest.mark.parametrize("seed", SEEDS)
def test_somebody_says_how_everybody_left(seed):
    for known in participants(seed):
        ended = ends_of(PROTOCOL, known).follow_up
        said = [entry.values["ending"] for entry in forms.entries_reading(PROTOCOL, known, "disposition")]
        assert said == [ended.ending.id]


def test_all_of_it_happens_somewhere():
    """Otherwise these tests would hold for an empty record."""
    kinds, endings, not_done, slow = Counter(), Counter(), 0, 0
    for seed in SEEDS:
        kinds.update(entry.kind for entry in walked(seed).history.entries)
        for known in participants(seed):
            endings[ends_of(PROTOCOL, known).follow_up.ending.id] += 1
            not_done += sum(entry.not_done is not None for entry in entered(known))
            slow += sum((entry.standing.original.recorded_at.date() - entry.day).days > 14 for entry in entered(known))
    assert {"forms_signed", "forms_locked", "source_verified", "query_opened", "query_answered"} <= kinds.keys()
    assert endings.keys() == {"done", "died", "no_consent", "moved"}
    assert not_done > 0
    assert slow > 0
