"""The worklist against judging day by day, against the steps themselves, and whatever the order of recording."""

from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evenhand import steps
from evenhand.dates import DateSpan, on_day
from evenhand.eligibility import assessor_of
from evenhand.record import Event, History, append, fold
from evenhand.record.facts import recorded_person
from evenhand.refusal import Refusal
from evenhand.simulation.scenario import load_scenario
from evenhand.simulation.walk import walk
from evenhand.worklist import listing, outlook, urgency, worklist
from evenhand.worklist.window import windows_of
from tests.eligible import SECRET
from tests.generative.people import FIRST, people
from tests.studies_here import ALL, SHIPPED, protocol_of
from tests.waiting_people import PROTOCOL, everybody, person

DAY = timedelta(days=1)
TODAY = date(2026, 7, 1)
SPAN = [FIRST + number * DAY for number in range(0, 900, 7)]


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@settings(max_examples=25)
@given(st.data())
def test_the_window_is_the_present_or_next_run_of_days_that_are_not_ineligible(folder, data):
    protocol = protocol_of(folder)
    who = data.draw(people(protocol))
    on = data.draw(st.sampled_from(SPAN))
    window = windows_of(protocol).of(who, on)

    def possible(day):
        return assessor_of(protocol).assess(who, day).standing != "ineligible"

    if window is None or (window.last is not None and window.last < on):
        assert not any(possible(day) for day in (on, *SPAN) if day >= on)
        return
    first, last = max(window.first or on, on), window.last
    assert not any(possible(day) for day in (on, *SPAN) if on <= day < first)
    assert all(possible(day) for day in (first, last or first, *SPAN) if first <= day and (last is None or day <= last))
    if last is not None and last < date.max:
        assert not possible(last + DAY)
    if window.first is not None:
        assert not possible(window.first - DAY)


@given(st.dates(date(2025, 7, 1), date(2026, 6, 1)), st.integers(1, 75))
@settings(max_examples=25)
def test_a_partial_date_promises_no_more_than_every_day_that_it_may_be(first, width):
    def window_of(start):
        return windows_of(PROTOCOL).of(person(TODAY, start), TODAY)

    vague = window_of(DateSpan(first, first + width * DAY))
    exact = [window_of(on_day(first + number * DAY)) for number in range(width + 1)]
    assume(vague is not None)
    assert vague.first == min(one.first for one in exact)
    assert vague.last == max(one.last for one in exact)
    assert vague.sure_first == max(one.first for one in exact)
    assert vague.sure_last == min(one.last for one in exact)


@given(st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_urgency_is_one_order_however_the_rows_are_shuffled(random):
    rows = list(worklist(PROTOCOL, everybody_today().history, {None: TODAY}).rows)
    keys = [urgency(row) for row in rows]
    assert all(one < other for one, other in pairwise(keys))
    shuffled = random.sample(rows, len(rows))
    assert sorted(shuffled, key=urgency) == rows


@given(st.randoms(use_true_random=False))
@settings(max_examples=10)
def test_who_was_recorded_before_whom_does_not_matter(random):
    history = everybody_today().history
    assert worklist(PROTOCOL, interleaved(history, random), {None: TODAY}).rows == worklist(
        PROTOCOL, history, {None: TODAY}
    ).rows  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_the_list_asks_for_a_step_just_when_the_step_would_be_taken(seed):
    whole = walked(seed)
    day = date(2026, 3, 1) + Random(seed).randrange(300) * DAY
    entries = [entry for entry in whole if entry.recorded_at.date() <= day]
    history = fold(entries)
    rows = worklist(PROTOCOL, history, {None: day}).rows
    assert len(rows) > 3
    for row in rows:
        said = {task.act for task in row.due}
        assert ("register" in said) == taken(history, steps.register, row, day)
        assert ("randomize" in said) == taken(history, steps.randomize, row, day, secret=None)


@pytest.mark.parametrize("seed", range(2))
@given(data=st.data())
@settings(max_examples=5)
def test_what_is_kept_of_one_day_says_the_same_on_another_as_judging_everybody_anew(seed, data):
    history = fold(walked(seed))
    drawn = data.draw(st.lists(st.integers(0, 500), min_size=2, max_size=3, unique=True))
    days = [date(2026, 1, 1) + offset * DAY for offset in drawn]
    kept = {day: worklist(PROTOCOL, history, {None: day}).rows for day in days}
    for day, rows in kept.items():
        for memory in (listing._LISTS, listing._ROWS, outlook._OUTLOOKS._kept):
            memory.clear()
        assert worklist(PROTOCOL, history, {None: day}).rows == rows
        for row in rows:
            who = recorded_person(history.subject(row.subject), PROTOCOL.vocabulary)
            judged = assessor_of(PROTOCOL).assess(who, day)
            assert (row.standing, row.failed) == (judged.standing, judged.failed())


@cache
def everybody_today():
    return everybody(TODAY)[0]


@cache
def walked(seed):
    """The entries of a made-up trial, the closure left out."""
    folder = SHIPPED[0]
    scenario = load_scenario(folder, PROTOCOL.version.id)
    return walk(PROTOCOL, scenario, people=60, seed=seed, close=False).history.entries


def interleaved(history, random):
    """The same entries of each subject in the same order, subjects taken in turn by chance."""
    about_study = [entry for entry in history.entries if entry.subject is None]
    queues = {subject: list(history.subject(subject).entries) for subject in history.subjects}
    entries = list(about_study)
    while queues:
        subject = random.choice(sorted(queues))
        entries.append(queues[subject].pop(0))
        if not queues[subject]:
            del queues[subject]
    last = max(entry.recorded_at for entry in entries)
    mixed = History(history.study)
    for entry in entries:
        event = Event(
            entry.kind, entry.subject, entry.effective, dict(entry.body), entry.reason, signature=entry.signature
        )
        mixed = mixed.extend(append(mixed, [event], by=entry.by, at=last))
    return mixed


def taken(history, step, row, day, **given):
    """Whether the step would be taken; the secret is the last thing that a randomization asks for."""
    at = history.entries[-1].recorded_at.replace(year=day.year, month=day.month, day=day.day)
    try:
        step(PROTOCOL, history, subject=row.subject, on=day, by=None, at=at, **({"secret": SECRET} if given else {}))
    except Refusal as refusal:
        return "the secret is not" in refusal.reason
    return True
