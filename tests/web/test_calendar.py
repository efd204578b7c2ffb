"""The calendar: which days are shown, and where each visit stands."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from evenhand.web.pages.calendars.span import WEEKS, span_of
from tests.web.desks_help import NORTH, SOUTH, Made, Somebody, ago, number_of, text, today

TODAY = date(2026, 11, 23)  # a Monday
SPANS = [
    ({}, "2026-10-26", "2026-12-06"),
    ({"month": "2026-02"}, "2026-01-26", "2026-03-01"),
    ({"month": "2027-02"}, "2027-02-01", "2027-02-28"),  # four whole weeks
    ({"month": "2028-02"}, "2028-01-31", "2028-03-05"),  # a leap year
    ({"month": "2026-13"}, "2026-10-26", "2026-12-06"),
    ({"month": "1999-01"}, "2026-10-26", "2026-12-06"),
    ({"weeks": "2"}, "2026-11-23", "2026-12-06"),
    ({"weeks": "4", "from": "2026-12-02"}, "2026-11-30", "2026-12-27"),
    ({"weeks": "13", "from": "nonsense"}, "2026-11-23", "2027-02-21"),
    ({"weeks": "4", "from": "9999-12-31"}, "2026-11-23", "2026-12-20"),
    ({"weeks": "5"}, "2026-10-26", "2026-12-06"),
]


@pytest.mark.parametrize(("told", "first", "last"), SPANS)
def test_days_are_whole_weeks(told, first, last):
    span = span_of(told, TODAY)
    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)
    assert (span.first.weekday(), span.last.weekday(), len(span.days) % 7) == (0, 6, 0)


@pytest.mark.parametrize("weeks", WEEKS)
def test_neighbouring_weeks_leave_no_day_out_and_show_none_twice(weeks):
    here = span_of({"weeks": str(weeks)}, TODAY)
    assert span_of(here.later, TODAY).first == here.last + timedelta(days=1)
    assert span_of(here.earlier, TODAY).last == here.first - timedelta(days=1)


def test_every_day_of_a_year_is_inside_exactly_one_of_its_months():
    seen = []
    told = {"month": "2028-01"}
    for _ in range(12):
        span = span_of(told, TODAY)
        seen += [on for on in span.days if span.inside(on)]
        told = span.later
    assert seen == [date(2028, 1, 1) + timedelta(days=number) for number in range(366)]


@pytest.fixture
def world(database, monkeypatch):
    """Participants of the north and the south, randomized 100 days ago; the northern one came on day 90."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    made = Made(days=100)
    made.north, made.south = made.participant(NORTH, "usual"), made.participant(SOUTH, "usual")
    made.enters(made.north, "visit", ago(8), "follow_up.1", date=ago(8).isoformat(), way="in_person")
    return made.keep()


def test_what_is_overdue_and_due_stands_first(world):
    shown = text(Somebody("dan").sees("calendar"))
    first = shown.partition("Overdue and due now")[2].partition("Calendar")[0]
    assert "First visit" in first  # its window closed long ago, and nobody entered it
    assert "overdue 93 days" in first
    assert first.index("overdue") < first.index("due ")


def test_a_visit_stands_on_the_day_on_which_it_took_place(world):
    page = Somebody("carl").sees("calendar", f"?month={ago(8):%Y-%m}").content.decode()
    cell = page.partition(f'datetime="{ago(8).isoformat()}"')[2].partition("<time")[0]
    assert number_of(world.north) in cell
    assert "took place" in cell


def test_a_visit_to_come_stands_on_its_planned_day_with_its_window(world):
    begun = ago(100)
    month = begun.month + 6
    planned = date(begun.year + (month - 1) // 12, (month - 1) % 12 + 1, min(begun.day, 28))
    shown = text(Somebody("carl").sees("calendar", f"?month={planned:%Y-%m}"))
    assert "coming" in shown
    assert "window" in shown


def test_a_site_sees_its_own_alone_and_others_choose(world):
    south = number_of(world.south)
    assert south not in text(Somebody("carl").sees("calendar"))
    assert south in text(Somebody("dan").sees("calendar", "?site=south"))
    assert south not in text(Somebody("dan").sees("calendar", "?site=north"))


def test_the_whole_path_of_months_can_be_walked(world):
    dan = Somebody("dan")
    answer = dan.sees("calendar", "?weeks=4&site=north")
    page = answer.content.decode()
    monday = today() - timedelta(days=today().weekday())
    later = f"weeks=4&amp;from={(monday + timedelta(days=28)).isoformat()}&amp;site=north"
    assert later in page
    assert dan.sees("calendar", "?" + later.replace("&amp;", "&")).status_code == 200


def test_without_participants_the_days_are_empty(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    Made().keep()
    assert "No visit falls on these days" in text(Somebody("dan").sees("calendar"))
