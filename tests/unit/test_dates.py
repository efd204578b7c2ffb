"""Partial dates and calendar periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dates import (
    DateSpan,
    Period,
    add_months,
    age_on,
    birth_span,
    birthday,
    compare_dates,
    on_day,
    parse_date,
)
from evenhand.logic import NO, YES, Unknown

days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
OPERATORS = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-03-09", "2026-03-09", "2026-03-09"),
        ("2017-07-21T23:41:09-04:00", "2017-07-21", "2017-07-21"),
        ("2026-03-09 10:00", "2026-03-09", "2026-03-09"),
        ("2007-03-02/2008-03-01", "2007-03-02", "2008-03-01"),
        ("2007/2008-03", "2007-01-01", "2008-03-31"),
    ],
)
def test_reading_a_date(text, first, last):
    assert parse_date(text) == DateSpan(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26-03-09",
        "2026-13",
        "2026-02-30",
        "2026-3-9",
        "yesterday",
        "2026-03-09X",
        "20260309",
        "2026-W26-1",
        "2026/2025",
        "2026-00",
    ],
)
def test_what_is_no_date_is_refused_with_the_right_forms(text):
    with pytest.raises(ValueError, match="write YYYY-MM-DD, YYYY-MM, YYYY or first/last"):
        parse_date(text)


@given(days, st.integers(0, 800))
def test_a_span_writes_and_reads_itself(first, length):
    span = DateSpan(first, first + timedelta(days=length))
    assert parse_date(str(span)) == span


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026", "2026"),
        ("2026-02", "2026-02"),
        ("2026-02-01/2026-02-28", "2026-02"),
        ("2026-02-01/2026-02-27", "2026-02-01/2026-02-27"),
    ],
)
def test_a_span_is_written_as_short_as_it_can_be(text, written):
    assert str(parse_date(text)) == written


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2025-01-31", 3, "2025-04-30"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-12-31", 12, "2025-12-31"),
        ("2025-03-30", 11, "2026-02-28"),
        ("2026-05-31", -3, "2026-02-28"),
    ],
)
def test_calendar_months_are_clamped_to_the_months_end(start, months, expected):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(expected)


@given(days, days, st.integers(0, 240))
def test_adding_months_keeps_order(one, other, months):
    early, late = sorted((one, other))
    assert add_months(early, months) <= add_months(late, months)


def test_periods_end_with_the_calendar():
    assert Period(9000, "years").after(date(2026, 1, 1)) == date.max
    assert Period(4_000_000, "days").after(date(2026, 1, 1)) == date.max
    assert Period(10, "days").after(date(2026, 1, 1)) == date(2026, 1, 11)
    assert Period(1, "years").span_after(parse_date("2024-02")) == parse_date("2025-02")
    assert (str(Period(1, "months")), str(Period(3, "months"))) == ("1 month", "3 months")


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        ("2008-03-01", "2026-02-28", 17),
        ("2008-03-01", "2026-03-01", 18),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2008-02-29", "2028-02-29", 20),
        ("2008-02-29", "2028-02-28", 19),
    ],
)
def test_age_goes_by_birthday_and_29_february_by_1_march(birth, on, age):
    assert age_on(date.fromisoformat(birth), date.fromisoformat(on)) == age


@given(days, st.integers(0, 120))
def test_one_reaches_an_age_on_the_birthday_and_not_the_day_before(birth, age):
    reached = birthday(birth, age)
    assert age_on(birth, reached) == age
    assert age == 0 or age_on(birth, reached - timedelta(days=1)) == age - 1


def test_a_birthday_beyond_the_calendar_is_its_last_day():
    assert birthday(date(2008, 2, 29), 9000) == date.max
    assert birthday(date(2008, 3, 1), 9000) == date.max


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 80))
def test_the_birth_span_of_an_age_holds_all_birth_dates_of_that_age_and_no_other(on, age):
    span = birth_span(age, on)
    assert age_on(span.first, on) == age == age_on(span.last, on)
    assert age_on(span.first - timedelta(days=1), on) == age + 1
    assert span.last == on or age_on(span.last + timedelta(days=1), on) == age - 1


@given(days, st.integers(0, 5), days, st.integers(0, 5), st.sampled_from(list(OPERATORS)))
def test_comparing_spans_agrees_with_comparing_every_pair_of_days(a, more_a, b, more_b, operator):
    b = a + timedelta(days=(b.toordinal() - a.toordinal()) % 9 - 4)
    left, right = DateSpan(a, a + timedelta(days=more_a)), DateSpan(b, b + timedelta(days=more_b))
    outcomes = {
        OPERATORS[operator](a + timedelta(days=i), b + timedelta(days=j))
        for i in range(more_a + 1)
        for j in range(more_b + 1)
    }
    answer = compare_dates(left, operator, right)
    assert (answer is YES, answer is NO) == (outcomes == {True}, outcomes == {False})
    assert isinstance(answer, Unknown) == (len(outcomes) == 2)


def test_a_span_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="ends before it begins"):
        DateSpan(date(2026, 1, 2), date(2026, 1, 1))
    assert on_day(date(2026, 1, 1)).exact
    assert not parse_date("2026").exact
