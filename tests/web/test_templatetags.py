"""Days, moments and names as every page writes them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from evenhand.dates import DateSpan, on_day
from evenhand.web.templatetags.evenhand import day, moment, there, words


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (date(2026, 4, 30), "30 Apr 2026"),
        (date(2026, 5, 3), "3 May 2026"),
        (datetime(2026, 5, 3, 23, 59, tzinfo=UTC), "3 May 2026"),
        ("2026-04-30", "30 Apr 2026"),
        ("2026-04", "Apr 2026"),
        ("2026", "2026"),
        ("2026-04-30/2026-05-02", "30 Apr 2026 to 2 May 2026"),
        (on_day(date(2026, 4, 30)), "30 Apr 2026"),
        (DateSpan(date(2026, 2, 1), date(2026, 2, 28)), "Feb 2026"),
        (DateSpan(date(2026, 2, 1), date(2026, 3, 31)), "1 Feb 2026 to 31 Mar 2026"),
        (DateSpan(date(2025, 1, 1), date(2026, 12, 31)), "1 Jan 2025 to 31 Dec 2026"),
        (None, ""),
        ("", ""),
        ("soon", "soon"),
    ],
)
def test_a_day_says_no_more_than_is_known(value, wanted):
    assert day(value) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (datetime(2026, 4, 30, 14, 5, tzinfo=UTC), "30 Apr 2026, 14:05 UTC"),
        (datetime(2026, 5, 1, 1, 5, tzinfo=timezone(timedelta(hours=2))), "30 Apr 2026, 23:05 UTC"),
        ("2026-04-30T14:05:59.123456Z", "30 Apr 2026, 14:05 UTC"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_moment_is_in_utc(value, wanted):
    assert moment(value) == wanted


@pytest.mark.parametrize(("value", "wanted"), [("treating_clinician", "treating clinician"), ("surgeon", "surgeon")])
def test_words_of_a_name(value, wanted):
    assert words(value) == wanted


def test_a_moment_there_is_in_the_time_of_the_place():
    at = datetime(2026, 11, 24, 22, 59, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))
    assert there(at) == "24 Nov 2026, 23:59 (Europe/Berlin)"
