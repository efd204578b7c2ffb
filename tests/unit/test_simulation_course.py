"""How a made-up trial runs: by default a whole trial in a hurry; a course makes it slower, and leaves it running."""

from datetime import date, time, timedelta
from itertools import pairwise

import pytest

from evenhand.administration import Grant, Site, grants, sites
from evenhand.protocol import load_protocol
from evenhand.record import dump
from evenhand.replay import verify_record
from evenhand.simulation import Course, Pace, Staff, load_scenario, walk
from tests.studies_here import TINY

PROTOCOL = load_protocol(TINY)
SCENARIO = load_scenario(TINY, PROTOCOL.version.id)
START = date(2026, 3, 2)


def walked(course=None, people=25, **more):
    return walk(PROTOCOL, SCENARIO, people=people, seed=3, course=course, **more)


def days_between(history, before, after):
    """Days from one kind of entry to another, of every subject that has both."""
    found = []
    for name in history.subjects:
        first = {entry.kind: entry.effective for entry in reversed(history.subject(name).entries)}
        if before in first and after in first:
            found.append((first[after] - first[before]).days)
    return found


def test_a_pace_without_a_choice_draws_nothing_and_changes_nothing():
    assert dump(walked().history.entries) == dump(walked(Course(pace=Pace(consent=(1, 1)))).history.entries)


def test_another_start_moves_every_day():
    later = [entry.effective for entry in walked(Course(start=START)).history.entries]
    as_written = [entry.effective for entry in walked().history.entries]
    assert min(later) == START
    assert [day - later[0] for day in later][:10] == [day - as_written[0] for day in as_written][:10]


@pytest.mark.parametrize("days", [1, 20, 60])
def test_it_stops_before_its_last_day_and_stays_open(days):
    until = START + timedelta(days=days)
    history = walked(Course(start=START, until=until)).history
    assert max(entry.effective for entry in history.entries) < until
    assert history.state.accrual_open
    assert history.state.secret is None


def test_what_is_written_by_a_day_does_not_depend_on_how_long_the_trial_goes_on():
    short = walked(Course(start=START, until=START + timedelta(days=9))).history.entries
    long = walked(Course(start=START, until=START + timedelta(days=15))).history.entries
    assert len(short) < len(long)
    assert dump(long).startswith(dump(short))


def test_the_pace_is_kept():
    pace = Pace(consent=(4, 9), registration=(2, 6), randomization=(3, 5))
    history = walked(Course(start=START, pace=pace), people=60).history
    assert set(days_between(history, "registered", "randomized")) <= {3, 4, 5}
    assert set(days_between(history, "consented", "registered")) <= set(range(2, 7))
    assert min(days_between(history, "facts_recorded", "consented")) >= 4
    assert len(set(days_between(history, "registered", "randomized"))) > 1


def test_a_slow_trial_verifies_with_the_secret_that_was_given():
    course = Course(start=START, pace=Pace((1, 3), (0, 2), (0, 2), (0, 2)), secret=b"s" * 32, opens=time(14))
    made = walked(course, people=60)
    assert made.secret == b"s" * 32
    found = verify_record(dump(made.history.entries), PROTOCOL, secret=made.secret)
    assert (found.findings, found.arms) == ((), "derived again")
    assert found.allocations == sum(made.report.randomized.values()) > 3
    assert {entry.recorded_at.hour for entry in made.history.entries} == {14}
    assert all(one.recorded_at < other.recorded_at for one, other in pairwise(made.history.entries))


def test_what_the_course_says_is_signed_by_whoever_took_the_step():
    course = Course(signed={"consented": "I took it.", "randomized": "I asked for it."})
    history = walked(course, people=60).history
    signed = {entry.kind: entry.signature for entry in history.entries}
    assert (signed["consented"].signer, signed["consented"].meaning) == (
        "made-up coordinator (made-up coordinator)",
        "I took it.",
    )
    assert signed["randomized"].meaning == "I asked for it."
    assert signed["registered"] is None
    assert verify_record(dump(history.entries), PROTOCOL).findings == ()


def test_sites_and_roles_are_in_the_record_before_the_first_candidate():
    places = tuple(Site(code, f"Site {code}", "Europe/Berlin") for code in SCENARIO.sites)
    head = Grant("boss", "administrator", None)
    held = (Grant("carl", "coordinator", places[0].code), Grant("mona", "monitor", None), head)

    def staff(role, site):
        return Staff("boss" if role == "administrator" else f"{role} {site}", "Printed")

    history = walked(Course(sites=places, grants=held, staff=staff)).history
    assert sites(history) == places
    assert set(grants(history)) == set(held)
    kinds = [entry.kind for entry in history.entries]
    before = ["role_granted", *["site_opened"] * len(places), *["role_granted"] * (len(held) - 1)]
    assert kinds[: len(before) + 1] == [*before, "study_activated"]
    assert [entry.by.user for entry in history.entries][:2] == ["installer", "boss"]
    printed = {entry.signature.signer for entry in history.entries if entry.kind == "attested" and entry.signature}
    assert printed <= {"Printed"}
