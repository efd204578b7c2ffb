"""Dates as people write them."""

from datetime import date

import pytest

from evenhand.dates import DateSpan, on_day
from evenhand.intake import written_date

THIRD_OF_MAY = on_day(date(2026, 5, 3))
MAY = DateSpan(date(2026, 5, 1), date(2026, 5, 31))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026-05-03", THIRD_OF_MAY),
        ("3 May 2026", THIRD_OF_MAY),
        ("03 may 2026", THIRD_OF_MAY),
        ("  3   May,  2026 ", THIRD_OF_MAY),
        ("3. May 2026", THIRD_OF_MAY),
        ("2026-05", MAY),
        ("May 2026", MAY),
        ("2026", DateSpan(date(2026, 1, 1), date(2026, 12, 31))),
        ("3 Sept 2026", on_day(date(2026, 9, 3))),
        ("29 Feb 2028", on_day(date(2028, 2, 29))),
        ("31 december 1999", on_day(date(1999, 12, 31))),
        ("2026-05-01/2026-05-03", DateSpan(date(2026, 5, 1), date(2026, 5, 3))),
    ],
)
def test_what_is_a_date(text, span):
    assert written_date(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "3/5/2026",
        "03.05.2026",
        "5-3-2026",
        "3 Ma 2026",
        "3 Ju 2026",
        "30 Feb 2026",
        "0 May 2026",
        "May",
        "",
        "x" * 900,
        "3 M\u00e4rz 2026",
    ],
)
def test_what_is_none_says_what_would_be(text):
    with pytest.raises(ValueError, match=r"is no date: write 2026-05-03 or 3 May 2026, 2026-05 or 2026$") as refused:
        written_date(text)
    assert len(str(refused.value)) < 120
