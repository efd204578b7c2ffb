"""The safety desk: who sees which events, clocks, and what is counted by arm for whom."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from evenhand.web.pages.safety_desk.clocks import left_words
from tests.eligible import PROTOCOL
from tests.web.desks_help import NORTH, SERIOUS, SOUTH, Made, Somebody, ago, number_of, text

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LEFT = [
    (timedelta(minutes=59), "less than 1 hour left"),
    (timedelta(hours=1), "1 hour left"),
    (timedelta(hours=23, minutes=59), "23 hours left"),
    (timedelta(hours=47, minutes=59), "47 hours left"),
    (timedelta(hours=48), "2 days left"),
    (timedelta(days=5), "5 days left"),
    (timedelta(0), "less than 1 hour left"),
    (-timedelta(seconds=1), "less than 1 hour late"),
    (-timedelta(hours=1), "1 hour late"),
    (-timedelta(days=3), "3 days late"),
]


@pytest.mark.parametrize(("ahead", "words"), LEFT)
def test_what_is_left_is_said_in_whole_hours_and_days(ahead, words):
    assert left_words(NOW + ahead, NOW) == words
    assert left_words((NOW + ahead).astimezone(ZoneInfo("Europe/Berlin")), NOW) == words


@pytest.fixture
def world(database, monkeypatch):
    """Two events in the north, one of them serious and reported late; one serious event of today in the south."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    made = Made()
    made.north, made.south = made.participant(NORTH, "local"), made.participant(SOUTH, "usual")
    made.event(made.north, "Nausea", "1")
    made.event(made.north, "Pneumonitis", "3", ago(12), aware=ago(10).isoformat(), expected="yes", **SERIOUS)
    sent = {"event": "2", "regime": "sponsor", "report": "initial", "sent": ago(8).isoformat()}
    made.enters(made.north, "safety_report", **sent)
    made.event(made.south, "Febrile neutropenia", "4", ago(1), aware=ago(0).isoformat(), **SERIOUS)
    return made.keep()


def test_what_is_owed_stands_first_with_its_clock(world):
    shown = text(Somebody("dan").sees("safety"))
    for words in (
        "3 events, 2 of them serious",
        "First report of a serious event to the sponsor's safety desk, within 24 hours of awareness",
        "(America/New_York)",
        "overdue",
        "4 days late",
    ):
        assert words in shown, words
    assert re.search(r"\bhours? left\b", shown)  # one, or less, at the end of a day


def test_who_waits_for_a_report_sees_that_it_was_sent_and_late(world):
    shown = text(Somebody("dan").sees("safety", "?show=sent"))
    assert "sent late" in shown
    assert not re.search(r"\bhours? left\b", shown)


def test_a_site_sees_its_own_events_alone(world):
    shown = text(Somebody("carl").sees("safety"))
    assert "Pneumonitis" in shown
    assert "Febrile neutropenia" not in shown
    assert number_of(world.south) not in shown


def test_the_site_is_led_to_entering_the_report_and_others_are_not(world):
    assert "Record that it was sent" in text(Somebody("carl").sees("safety"))
    assert "Record that it was sent" not in text(Somebody("dan").sees("safety"))


def test_the_board_sees_every_site_and_no_way_to_a_participant(world):
    page = Somebody("board").sees("safety")
    shown = text(page)
    for words in ("Pneumonitis", "Febrile neutropenia", number_of(world.north), number_of(world.south)):
        assert words in shown, words
    assert "/participants" not in page.content.decode()


@pytest.mark.parametrize(
    ("name", "by_arm"),
    [("carl", False), ("clin", False), ("dan", False), ("mona", False), ("stat", True), ("board", True)],
)
def test_counts_by_arm_are_for_few(world, name, by_arm):
    shown = text(Somebody(name).sees("safety"))
    assert "Participants by event and worst grade" in shown
    labels = [arm.label for arm in PROTOCOL.arms]
    assert [label in shown for label in labels] == [by_arm] * len(labels)


FILTERS = [
    ("?events=serious", ["Pneumonitis", "Febrile neutropenia"]),
    ("?events=graded", ["Pneumonitis", "Febrile neutropenia"]),
    ("?events=all", ["Pneumonitis", "Febrile neutropenia", "Nausea"]),
    ("?site=north", ["Pneumonitis", "Nausea"]),
    ("?text=naus", ["Nausea"]),
    ("?text=nothing-like-it", []),
    ("?events=nonsense&show=nonsense", ["Pneumonitis", "Febrile neutropenia", "Nausea"]),
]


@pytest.mark.parametrize(("query", "names"), FILTERS)
def test_filters(world, query, names):
    page = Somebody("dan").sees("safety", query).content.decode()
    events = page.partition('id="events"')[2].partition("</section>")[0]
    assert {name for name in ("Pneumonitis", "Febrile neutropenia", "Nausea") if name in events} == set(names)


def test_a_participant_counts_once_for_a_term_with_the_worst_grade(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    made = Made()
    one, other = made.participant(NORTH), made.participant(NORTH)
    made.event(one, "Nausea", "1", ago(50), ended=ago(40).isoformat(), outcome="recovered")
    made.event(one, "Nausea", "3", ago(20))
    made.event(other, "Nausea", "1", ago(20))
    made.keep()
    counts = text(Somebody("mona").sees("safety")).partition("worst grade")[2]
    assert "Nausea 1 0 1 0 0" in counts


def test_nobody_randomized_is_no_trouble(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    Made().keep()
    assert "No report is owed" in text(Somebody("dan").sees("safety"))


@pytest.mark.parametrize(("site", "zone"), [(NORTH, "Europe/Berlin"), (SOUTH, "America/New_York")])
def test_clocks_run_in_the_time_of_the_site_on_the_participants_page_too(database, monkeypatch, site, zone):
    """Not in the study's: whoever acts by the page must not lose hours."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    made = Made()
    subject = made.participant(site)
    made.event(subject, "Febrile neutropenia", "4", ago(1), aware=ago(0).isoformat(), aware_time="00:30", **SERIOUS)
    made.keep()
    by = f"{ago(-1):%-d %b %Y}, 00:30 ({zone})"
    user = Somebody("carl" if site == NORTH else "sue")
    assert by in text(user.sees("safety"))
    assert by in text(user.sees("participant", subject=subject))
