"""The forecast counts the events that the primary analysis counts, of the same days, and nobody else's."""

from datetime import timedelta

import pytest

from evenhand.accrual.forecast import forecast_of
from evenhand.accrual.forecast_follow_up import followed
from evenhand.analysis import analyse
from evenhand.analysis.efficacy import efficacy_sections
from tests.response_help import followed as followed_person
from tests.response_help import month
from tests.walked_help import PROTOCOL, cut_at, walked

PD = {"overall": "pd", "progressed": "yes", "basis": "radiographic", "distant": "yes"}


def of_primary_analysis(analysis):
    """The days of the events, and how many the table of the primary endpoint counts, both arms together."""
    days = sorted(one.day for one in analysis.outcomes("pfs") if one.event)
    tables = {part.id: part for section in efficacy_sections(analysis) for part in section.parts}
    (row,) = (one for one in tables["pfs_counts"].rows if one.id == "event")
    return days, sum(dict(cell.values)["count"] for cell in row.cells[:2])


@pytest.mark.parametrize(("people", "seed"), [(24, 11), (24, 3), (40, 11)])
@pytest.mark.parametrize("share", [0.4, 0.7, 1.0])
def test_past_events_of_the_forecast_are_those_of_the_primary_analysis(people, seed, share):
    at = cut_at(share, history=walked(people, seed))
    analysis = analyse(at)
    days, counted = of_primary_analysis(analysis)
    found = followed(at.versions, at.history, at.effective)
    assert found.events == tuple(days)
    assert len(found.events) == counted
    every = len(found.events) + found.left + len(found.remaining)
    by_time = sum(one.seen.end < at.effective for one in analysis.people)
    assert every <= len(analysis.people) <= every + by_time
    foretold = forecast_of(at.versions, at.history, at.effective)
    assert foretold is None or foretold.ending.events == counted


def test_the_trials_have_progressions_that_do_not_count():
    """Else the test above could not tell the two counts apart."""
    at = cut_at(1.0, history=walked(40, 11))
    found = followed(at.versions, at.history, at.effective)
    progressed = [one for one in analyse(at).people if one.seen.determined or one.seen.died]
    assert 0 < len(found.events) < len(progressed)


def scanned(*months):
    person = followed_person("usual")
    for number in months:
        person = person.scanned(month(number), {"M1": 20})
    return person


def progressed(person, number, **more):
    return person.determined(month(number), progressed_on=month(number).isoformat(), **{**PD, **more})


def new_therapy(person, number):
    first = person.given.entered(
        "systemic_therapy", on=month(0), started="2026-03-01", regimen="thp_hp", because="first_treatment"
    )
    return first.entered(
        "systemic_therapy", on=month(number), started=month(number).isoformat(), regimen="tdxd_pertuzumab",
        because="progression",
    )  # fmt: skip


# What was seen of somebody; how many events, who left or can have none, are still followed, are followed all the same.
CASES = [
    ("scans without a change", lambda: scanned(3, 6), (0, 0, 1, 0)),
    ("no baseline yet", lambda: followed_person("usual"), (0, 0, 1, 0)),
    ("a progression, signed", lambda: progressed(scanned(3, 6), 6), (1, 0, 0, 0)),
    ("a progression, not signed", lambda: progressed(scanned(3, 6), 6, signed=False), (0, 0, 1, 0)),  # it may be yet
    ("without images", lambda: progressed(scanned(3, 6), 6, basis="clinical"), (0, 1, 0, 0)),
    ("after missed scans", lambda: progressed(scanned(3), 12), (0, 1, 0, 0)),
    ("another line of therapy", lambda: new_therapy(scanned(3), 4), (0, 1, 0, 1)),
]


@pytest.mark.parametrize(("what", "who", "expected"), CASES, ids=[one[0] for one in CASES])
def test_what_counts_as_an_event_and_who_can_still_have_one(what, who, expected):
    person = who()
    history = getattr(person, "given", person).history
    found = followed(PROTOCOL, history, month(13))
    assert (len(found.events), found.left, len(found.remaining), len(found.beside)) == expected


def test_the_days_of_somebody_with_an_event_end_with_it():
    history = progressed(scanned(3, 6), 6).given.history
    first = history.allocations[0].effective
    for day in (month(6), month(6) + timedelta(days=90)):
        found = followed(PROTOCOL, history, day)
        assert (found.events, found.days) == ((month(6),), (month(6) - first).days)
