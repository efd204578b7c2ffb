"""The calendar says of every single day what judging that day says."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.eligibility import Calendar, assessor_of
from tests.generative.people import FIRST, people
from tests.studies_here import ALL, protocol_of

DAY = timedelta(days=1)


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@settings(max_examples=25)
@given(st.data())
def test_the_calendar_equals_judging_every_single_day(folder, data):
    protocol = protocol_of(folder)
    person = data.draw(people(protocol))
    assessor = assessor_of(protocol)
    intervals = Calendar(assessor).of(person)
    for number in range(-40, 1000):
        day = FIRST + number * DAY
        (interval,) = [one for one in intervals if one.holds(day)]
        judged = assessor.assess(person, day)
        binding = {"ineligible": "fail", "undetermined": "unknown", "eligible": None}[judged.standing]
        because = tuple(item.criterion.id for item in judged.criteria if item.verdict == binding)
        assert interval.standing == judged.standing, day
        assert judged.standing == "eligible" or interval.because == because, day
        assert interval.provisional == (judged.standing == "eligible" and judged.provisional), day


@pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)
@given(st.data())
def test_intervals_follow_each_other_without_gap_or_end(folder, data):
    protocol = protocol_of(folder)
    intervals = Calendar(assessor_of(protocol)).of(data.draw(people(protocol)))
    assert intervals[0].first is None
    assert intervals[-1].last is None
    for one, other in pairwise(intervals):
        assert one.last + DAY == other.first
        assert one.closed_by == other.opened_by
        assert one.closed_by
