"""Progression-free survival, row by row: the table of dates and censoring, under the primary estimand and otherwise.

Sources: FDA, Clinical Trial Endpoints (2018), tables A to C; what is ours is said in the docstring of the engine.
"""

from datetime import date

import pytest

from evenhand.analysis.outcome import CENSORED
from tests.analysis_help import PFS, answer, begun, died, estimand, month, person, progressed, told
from tests.spec.pfs_table import ROWS


@pytest.mark.parametrize(("seen", "otherwise", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_dates_and_censoring(seen, otherwise, expected):
    assert told(seen, **otherwise) == expected


def test_every_reason_of_this_endpoint_is_met_by_a_row():
    met = {row[3][2] for row in ROWS}
    others = {"death", "other_progression", "place_unknown", "unseen", "unwatched", "suspected"}  # of other endpoints
    assert set(CENSORED) - others <= met


@pytest.mark.parametrize(
    ("seen", "otherwise", "say", "seqs"),
    [
        (person(3, died=died(9, 15)), {},
         "censored 1 Apr 2026: last adequate assessment before two missed scans; death on 16 Oct 2026 is not counted",
         (103, 309)),
        (person(3, 6, therapy=begun(7)), {},
         "censored 1 Jul 2026: last adequate assessment before new anticancer therapy on 1 Aug 2026", (106, 407)),
        (person(3, left=begun(5, label="lost to follow-up")), {},
         "censored 1 Apr 2026: last adequate assessment; lost to follow-up on 1 Jun 2026", (103, 405)),
        (person(until=month(2)), {},
         "censored 1 Jan 2026, at randomization: no adequate assessment after baseline by the data cut of 1 Mar 2026",
         (1,)),
        (person(3, determined=(progressed(4, 9),)), {"dates": "scheduled"},
         "event 1 Jul 2026: progression on images, as determined, found on 10 May 2026; the day of the scheduled visit "
         "is taken", (204,)),
        (person(3, determined=(progressed(-1),)), {},
         "censored 1 Jan 2026, at randomization: a progression is dated 1 Dec 2025, before randomization", (1, 199)),
    ],
)  # fmt: skip
def test_each_outcome_explains_itself_and_names_its_entries(seen, otherwise, say, seqs):
    found = answer(seen, **otherwise)
    assert (found.say, found.seqs) == (say, seqs)


@pytest.mark.parametrize(
    ("chosen", "alive", "day", "imputed"),
    [
        ("first", None, date(2026, 5, 1), "D"),
        ("middle", None, date(2026, 5, 16), "D"),
        ("last", None, date(2026, 5, 31), "D"),
        ("first", date(2026, 5, 20), date(2026, 5, 20), "D"),
        ("middle", date(2026, 6, 20), date(2026, 5, 16), "D"),
    ],
)
def test_of_a_partial_death_a_day_is_chosen_and_said(chosen, alive, day, imputed):
    seen = person(3, died=died(4, last=date(2026, 5, 31)), alive=alive)
    found = answer(seen, day_of_death=chosen)
    assert (found.event, found.day, found.imputed) == (True, day, imputed)
    assert f"of its day only 2026-05 is known, and the {chosen} day that it may have been is taken" in found.say


def test_of_a_year_the_month_is_chosen_too():
    found = answer(person(3, died=died(0, last=date(2026, 12, 31)), alive=month(3)), day_of_death="first")
    assert (found.day, found.imputed) == (month(3), "M")


def test_time_counts_randomization_as_day_one():
    assert answer(person(determined=(progressed(0),))).days == 1
    assert answer(person(3, determined=(progressed(1),))).days == 32


def test_codes_of_censoring_are_positive_and_each_its_own():
    codes = [code for code, _ in CENSORED.values()]
    assert len(set(codes)) == len(codes)
    assert min(codes) > 0
    assert answer(person(3, determined=(progressed(3),))).censored == 0
    assert estimand().id == PFS.primary.id
