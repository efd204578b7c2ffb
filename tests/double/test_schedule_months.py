"""The days of follow-up against a table of calendar months that another program computed."""

import csv
from datetime import date

from evenhand.protocol.plan.visits import Window
from tests.schedule_help import days, months, on, schedule, visit
from tests.shared_data import shared


def test_follow_up_visits_agree_with_the_shared_table():
    rows = list(csv.DictReader(shared("dates/month_windows.csv").read_text().splitlines()))
    assert rows
    plan = schedule(visit(offset=months(3), every=months(3), window=Window(days(14), days(14))))
    for row in rows:
        start, last = (date.fromisoformat(row[name]) for name in ("start", "plus36m_calendar"))
        found = on(plan, start, start, at_most=last)
        assert [found[number - 1].planned for number in (1, 4, 12)] == [
            date.fromisoformat(row[name]) for name in ("plus3_calendar", "plus12_calendar", "plus36m_calendar")
        ]
        assert len(found) == 12 and found[-1].last == last
