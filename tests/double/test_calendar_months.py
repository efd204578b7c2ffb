"""Calendar months against other programs: dateutil, and a table computed elsewhere."""

import csv
from datetime import date

from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from evenhand.dates import add_months
from tests.shared_data import shared


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)), st.integers(0, 200))
def test_months_agree_with_dateutil(day, months):
    assert add_months(day, months) == day + relativedelta(months=months)


def test_months_agree_with_the_shared_table():
    rows = list(csv.DictReader(shared("dates/month_windows.csv").read_text().splitlines()))
    assert rows
    for row in rows:
        start = date.fromisoformat(row["start"])
        for months, column in (
            (3, "plus3_calendar"),
            (12, "plus12_calendar"),
            (36, "plus36m_calendar"),
            (120, "plus120m_calendar"),
        ):
            assert add_months(start, months) == date.fromisoformat(row[column]), (row["start"], months)
