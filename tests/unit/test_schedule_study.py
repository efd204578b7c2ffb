"""The visits of the shipped study: what follows the drugs, surgery and radiation of a participant."""

import pytest

from evenhand.conduct.disposition import ends
from evenhand.conduct.schedule import occurrences
from tests.conduct_help import participant
from tests.eligible import PROTOCOL
from tests.schedule_help import iso


def visits(who, day):
    return {one.id: one for one in occurrences(PROTOCOL, who.known, iso(day), ends(PROTOCOL, who.known))}


def treated(who, *spans):
    """With regimens of HER2 drugs from one day to another (None: it goes on)."""
    for started, stopped in spans:
        said = {"stopped": stopped, "stopped_because": "completed"} if stopped else {}
        who = who.entered("systemic_therapy", on=iso(stopped or started), started=started, regimen="thp_hp",
                          because="maintenance", **said)  # fmt: skip
    return who


# Regimens before the visit of 2027-01-01; whether the heart is to be examined there.
HEART = [
    ([], True),  # nobody said that there was none
    ([("2026-07-01", None)], True),
    ([("2026-07-01", "2026-12-31")], False),
    ([("2026-07-01", "2027-01-01")], True),
    ([("2026-07-01", "2026-10-01"), ("2026-10-02", None)], True),
    ([("2026-07-01", "2026-10-01"), ("2026-10-02", "2026-12-01")], False),
    ([("2027-01-02", None)], True),  # of that day nothing was entered
    ([("2026-07-01", "2026-10-01"), ("2027-01-02", None)], False),
]


@pytest.mark.parametrize(("spans", "asked"), HEART)
def test_the_heart_is_examined_while_her2_therapy_lasts(spans, asked):
    who = treated(participant("usual"), *spans)
    who = who.entered("visit", on=iso("2027-01-02"), visit="follow_up.2", date="2027-01-01", way="in_person")
    assert ("ejection_fraction" in visits(who, "2027-01-03")["follow_up.2"].missing) == asked


def operated(who, day):
    """With an operation of which no more than the day is known."""
    required = [name for name, asked in PROTOCOL.plan.forms["surgery"].fields.items() if asked.required]
    unless = {name: "report awaited" for name in required if name != "performed"}
    return who.entered("surgery", on=iso(day), performed=day, unless=unless)


def test_the_check_after_surgery_moves_with_it_and_nothing_else_does():
    local = participant("local")
    before = visits(local, "2026-09-01")
    assert "surgery_check" not in before
    once = visits(operated(local, "2026-08-10"), "2026-09-01")
    assert (once["surgery_check"].planned, once["surgery_check"].state) == (iso("2026-09-09"), "due")
    twice = visits(operated(operated(local, "2026-08-10"), "2026-08-31"), "2026-09-01")
    assert twice["surgery_check"].planned == iso("2026-09-30")
    for found in (once, twice):
        assert {name: one.planned for name, one in found.items() if name in before} == {
            name: one.planned for name, one in before.items()
        }


def test_visits_and_their_forms_all_stand_in_the_study():
    plan = PROTOCOL.plan
    for visit in plan.schedule.visits.values():
        assert all(plan.forms[expected.form].visits for expected in visit.forms)
        assert visit.source, visit.id
