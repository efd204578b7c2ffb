"""The calendar as a drawing: it covers its days without a gap, and says in words what it shows."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from evenhand.eligibility import Interval
from evenhand.web.pages.candidates.timeline import timeline

DAY = date(2026, 11, 23)


def interval(first, last, standing, **more):
    return Interval(first, last, standing, more.pop("because", ()), more.pop("provisional", False), **more)


def calendar(*cuts):
    """Intervals from cuts of days relative to ``DAY``, by turns ineligible and eligible."""
    edges = [None, *(DAY + timedelta(days=days) for days in cuts), None]
    return [
        interval(
            first,
            None if last is None else last - timedelta(days=1),
            ("ineligible", "eligible")[number % 2],
            because=("I6",),
            opened_by=("I6",) if first else (),
            closed_by=("I6", "E1") if last else (),
        )
        for number, (first, last) in enumerate(pairwise(edges))
    ]


@pytest.mark.parametrize(
    "cuts", [(), (0,), (1,), (-400, -300), (-10, 20), (-60, 300), (500,), (-2000, 2000), (30, 90, 200)]
)
@pytest.mark.parametrize("day", [DAY, date(2026, 1, 31), date(2028, 2, 29)])
def test_bars_cover_the_drawing_without_a_gap(cuts, day):
    drawn = timeline(calendar(*cuts), day)
    place = 0.0
    for bar in drawn.bars:
        assert float(bar.x[:-1]) == pytest.approx(place, abs=0.02)
        place += float(bar.width[:-1])
    assert place == pytest.approx(100, abs=0.1)
    assert 0 < float(drawn.today[:-1]) < 100
    assert len(drawn.ticks) <= 9
    assert drawn.ticks[0].year
    assert len(drawn.spells) + len(drawn.earlier) == len(cuts) + 1
    assert sum(spell.present for spell in (*drawn.spells, *drawn.earlier)) == 1


def test_it_is_said_in_words():
    drawn = timeline(calendar(-10, 20), DAY)
    assert drawn.label == ("On 23 Nov 2026 eligible, 13 Nov 2026 to 12 Dec 2026. Then ineligible, from 13 Dec 2026 on.")
    assert [(spell.days, spell.why) for spell in (*drawn.earlier, *drawn.spells)] == [
        ("until 12 Nov 2026", "I6"),
        ("13 Nov 2026 to 12 Dec 2026", "opened by I6; closed by I6, E1"),
        ("from 13 Dec 2026 on", "I6"),
    ]


def test_who_is_always_the_same_is_said_so():
    drawn = timeline(calendar(), DAY)
    assert drawn.label == "On 23 Nov 2026 ineligible, always."


def test_what_waits_for_a_signature_is_drawn_and_said_apart():
    drawn = timeline([interval(None, None, "eligible", provisional=True)], DAY)
    assert drawn.bars[0].standing == "eligible provisional"
    assert "provisionally" in drawn.label
