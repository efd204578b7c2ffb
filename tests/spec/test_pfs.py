"""Progression-free survival, row by row: the table of dates and censoring, under the primary estimand and otherwise.

Sources: FDA, Clinical Trial Endpoints (2018), tables A to C; what is ours is said in the docstring of the engine.
"""

from datetime import date

import pytest

from evenhand.analysis.outcome import CENSORED
from tests.analysis_help import PFS, START, answer, begun, died, estimand, month, person, progressed, told

EVENT, CENSOR = True, False

# situation, person, what is otherwise than in the primary estimand, the answer
ROWS = [
    ("no baseline", person(3, lacks="no list", determined=(progressed(6),)), {}, (CENSOR, START, "no_baseline")),
    ("no baseline, ignored", person(3, lacks="no list", determined=(progressed(6),)), {"no_baseline": "ignore"},
     (EVENT, month(6), "progression")),
    ("progression at a visit", person(3, 6, determined=(progressed(6),)), {}, (EVENT, month(6), "progression")),
    ("progression between visits", person(3, determined=(progressed(4, 9),)), {}, (EVENT, month(4, 9), "progression")),
    ("progression between visits, scheduled dates", person(3, determined=(progressed(4, 9),)), {"dates": "scheduled"},
     (EVENT, month(6), "progression")),
    ("progression late in a window, scheduled dates", person(3, determined=(progressed(6, 9),)), {"dates": "scheduled"},
     (EVENT, month(6), "progression")),
    ("progression by biopsy", person(3, determined=(progressed(4, basis="pathological"),)), {},
     (EVENT, month(4), "progression")),
    ("the earlier of two", person(3, determined=(progressed(6), progressed(5))), {}, (EVENT, month(5), "progression")),
    ("progression on the day of randomization", person(determined=(progressed(0),)), {}, (EVENT, START, "progression")),
    ("no progression", person(3, 6, 9, until=month(10)), {}, (CENSOR, month(9), "data_cut")),
    ("no progression, scheduled dates", person(3, 6, 9, until=month(10)), {"dates": "scheduled"},
     (CENSOR, month(9), "data_cut")),
    ("no assessment, alive", person(until=month(10)), {}, (CENSOR, START, "unassessed")),
    ("clinical progression", person(3, 6, determined=(progressed(7, basis="clinical"),)), {},
     (CENSOR, month(6), "clinical")),
    ("clinical progression as an event", person(3, 6, determined=(progressed(7, basis="clinical"),)),
     {"clinical_progression": "event"}, (EVENT, month(7), "progression")),
    ("clinical progression, then death", person(3, 6, determined=(progressed(7, basis="clinical"),), died=died(8)), {},
     (EVENT, month(8), "death")),
    ("clinical progression ends observation",
     person(3, 6, 9, determined=(progressed(7, basis="clinical"),), died=died(10)),
     {"clinical_progression": "censor"}, (CENSOR, month(6), "clinical")),
    ("left for side effects", person(3, 6, left=begun(7, label="follow-up declined")), {}, (CENSOR, month(6), "left")),
    ("new therapy before progression", person(3, 6, 9, determined=(progressed(9),), therapy=begun(7)), {},
     (CENSOR, month(6), "new_therapy")),
    ("new therapy, ignored", person(3, 6, 9, determined=(progressed(9),), therapy=begun(7)), {"new_therapy": "ignore"},
     (EVENT, month(9), "progression")),
    ("new therapy as an event", person(3, 6, 9, determined=(progressed(9),), therapy=begun(7)),
     {"new_therapy": "event"}, (EVENT, month(7), "new_therapy")),
    ("new therapy after progression", person(3, 6, determined=(progressed(6),), therapy=begun(7)), {},
     (EVENT, month(6), "progression")),
    ("new therapy on the day of progression", person(3, determined=(progressed(6),), therapy=begun(6)), {},
     (EVENT, month(6), "progression")),
    ("new therapy after the end of follow-up", person(33, therapy=begun(37)), {}, (CENSOR, month(33), "end")),
    ("local therapy in the other arm", person(3, 6, determined=(progressed(6),), unplanned=begun(4)), {},
     (EVENT, month(6), "progression")),
    ("local therapy in the other arm, censored", person(3, 6, determined=(progressed(6),), unplanned=begun(4)),
     {"unplanned_local_therapy": "censor"}, (CENSOR, month(3), "unplanned_local_therapy")),
    ("death before the first assessment", person(died=died(2)), {}, (EVENT, month(2), "death")),
    ("death between visits", person(3, 6, died=died(8)), {}, (EVENT, month(8), "death")),
    ("death between visits, scheduled dates", person(3, 6, died=died(8)), {"dates": "scheduled"},
     (EVENT, month(8), "death")),
    ("death and progression on one day", person(3, determined=(progressed(5),), died=died(5)), {},
     (EVENT, month(5), "progression")),
    ("death after one missed visit", person(3, died=died(9)), {}, (EVENT, month(9), "death")),
    ("death on the last day after one missed visit", person(3, died=died(9, 14)), {}, (EVENT, month(9, 14), "death")),
    ("death after two missed visits", person(3, died=died(9, 15)), {}, (CENSOR, month(3), "missed")),
    ("death after two missed visits, ignored", person(3, died=died(9, 15)), {"most_missed": None},
     (EVENT, month(9, 15), "death")),
    ("progression after two missed visits", person(3, 12, determined=(progressed(12),)), {},
     (CENSOR, month(3), "missed")),
    ("progression after a gap that ended", person(3, 12, 15, determined=(progressed(15),)), {},
     (EVENT, month(15), "progression")),
    ("no scan at all before a late death", person(died=died(8)), {}, (CENSOR, START, "missed")),
    ("three may be missed", person(3, died=died(12)), {"most_missed": 3}, (EVENT, month(12), "death")),
    ("none may be missed", person(3, died=died(6, 15)), {"most_missed": 0}, (CENSOR, month(3), "missed")),
    ("progression on the last day of follow-up", person(33, 36, determined=(progressed(36),)), {},
     (EVENT, month(36), "progression")),
    ("progression at the visit after it", person(33, determined=(progressed(36, 3),)), {}, (CENSOR, month(33), "end")),
    ("progression after it, until the data cut", person(33, determined=(progressed(36, 3),)), {"end": "data_cut"},
     (EVENT, month(36, 3), "progression")),
    ("a last scan after it without progression", person(33, 37), {}, (CENSOR, month(36), "end")),
    ("death after it", person(33, died=died(37)), {}, (CENSOR, month(33), "end")),
    ("nobody signed", person(3, 6, unsigned=progressed(6)), {}, (CENSOR, month(3), "unsigned")),
    ("the scans propose", person(3, 6, unsigned=progressed(6, basis="proposed")), {},
     (CENSOR, month(3), "unsigned")),
    ("nobody signed, then death", person(3, 6, unsigned=progressed(6), died=died(8)), {}, (EVENT, month(8), "death")),
    ("the scans alone", person(3, 6, scanned=(progressed(6, basis="proposed"),)), {"progression": "scans"},
     (EVENT, month(6), "progression")),
    ("local progression", person(3, 6, determined=(progressed(6, local=True),)), {}, (EVENT, month(6), "progression")),
    ("local progression not counted", person(3, 6, determined=(progressed(6, local=True),)),
     {"local_progression": "ignore"}, (CENSOR, month(6), "end")),
    ("died, and nobody knows when", person(3, 6, nameless=9), {}, (CENSOR, month(6), "day_unknown")),
    ("progression before randomization", person(3, 6, determined=(progressed(-1),)), {},
     (CENSOR, START, "contradiction")),
    ("death before randomization", person(3, 6, died=died(-1)), {}, (CENSOR, START, "contradiction")),
]  # fmt: skip


@pytest.mark.parametrize(("seen", "otherwise", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_dates_and_censoring(seen, otherwise, expected):
    assert told(seen, **otherwise) == expected


def test_every_reason_of_this_endpoint_is_met_by_a_row():
    met = {row[3][2] for row in ROWS}
    others = {"death", "other_progression", "place_unknown"}  # of endpoints of one kind of progression
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
