"""A made-up course of radiation is given on weekdays, and says of every gap when it began and how long it was."""

from datetime import date, timedelta
from random import Random

import pytest

from evenhand.oncology.radiation import missed_days
from evenhand.simulation.courses.fractionation import given_in, nearest_weekday, weekday_from, weekdays_later
from evenhand.simulation.courses.sheet import Fractions

MONDAY = date(2026, 11, 23)
DAYS = [MONDAY + timedelta(days=ahead) for ahead in range(14)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_day_on_a_weekend_is_moved_and_no_other(day):
    free = day.weekday() >= 5
    assert weekday_from(day) == (day + timedelta(days=7 - day.weekday()) if free else day)
    assert abs(nearest_weekday(day) - day) == timedelta(days=1 if free else 0)
    assert weekday_from(day).weekday() < 5 > nearest_weekday(day).weekday()


@pytest.mark.parametrize(("count", "last"), [(1, 0), (5, 4), (6, 7), (15, 18), (25, 32)])
def test_from_a_monday_a_daily_course_takes_its_weeks(count, last):
    assert given_in(Fractions(count=count), MONDAY, Random(1)) == (MONDAY + timedelta(days=last), {})


def test_every_second_weekday():
    assert given_in(Fractions(count=3, every=2), MONDAY, Random(1))[0] == MONDAY + timedelta(days=4)
    assert given_in(Fractions(count=3, every=2), date(2026, 11, 26), Random(1))[0] == date(2026, 12, 2)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("begins", DAYS[:5], ids=str)
def test_what_a_gap_takes_is_what_the_form_says(seed, begins):
    plan = Fractions(count=15, gap=1, missed=[1, 4], because={"machine": 2, "toxicity": 1})
    last, known = given_in(plan, begins, Random(seed))
    (gap,) = known["gaps"]
    assert begins < date.fromisoformat(gap["began"]) < last and gap["because"] in plan.because
    assert date.fromisoformat(gap["began"]).weekday() < 5
    assert missed_days(begins, last, 15) == int(gap["missed"]) in range(1, 5)


def test_weekdays_are_counted_over_weekends():
    assert weekdays_later(date(2026, 11, 27), 1) == date(2026, 11, 30)
    assert weekdays_later(MONDAY, 0) == MONDAY
