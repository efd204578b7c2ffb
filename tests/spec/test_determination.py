"""The system proposes, the clinician determines: what counts, where the two differ, and what is asked then."""

from datetime import date, timedelta

import pytest

from evenhand.conduct.response import compared, progression, response_doubts
from tests.response_help import (
    ONCOLOGIST,
    followed,
    month,
    proposed,
)

PD = {"overall": "pd", "progressed": "yes", "basis": "radiographic"}
SD = {"overall": "sd", "progressed": "no"}


def verdicts(person):
    return [one.verdict for one in compared(*person.about)]


def test_a_scan_awaits_a_signed_determination():
    person = followed().scanned(month(1), {"M1": 20})
    assert verdicts(person) == ["missing"]
    assert verdicts(person.determined(month(1, 3), signed=False, **SD)) == ["unsigned"]
    assert verdicts(person.determined(month(1, 3), **SD)) == ["agrees"]


def test_only_a_signed_progression_is_determined():
    person = followed().scanned(month(1), {"M1": 30})
    said = {**PD, "progressed_on": month(1).isoformat()}
    assert proposed(person) == (month(1), "proposed", False)
    assert proposed(person.determined(month(1, 3), signed=False, **said)) == (month(1), "radiographic", False)
    assert proposed(person.determined(month(1, 3), **said)) == (month(1), "radiographic", True)


def test_whoever_signs_that_it_is_none_takes_the_proposal_back_and_is_asked():
    person = followed().scanned(month(1), {"M1": 30}).determined(month(1, 3), **SD)
    assert proposed(person) is None
    assert verdicts(person) == ["disagrees"]
    (doubt,) = response_doubts(*person.about)
    assert doubt.form == "response"
    assert doubt.say.startswith("The overall response is determined as SD; the scan of 1 Aug 2026 is proposed as PD.")
    assert "the sum of 30 mm is 50 % and 10 mm above the smallest, 20 mm" in doubt.say


@pytest.mark.parametrize(
    ("size", "said", "difference"),
    [
        (30, {"progressed": "no"}, "No progression is determined; the scan of 1 Aug 2026 is proposed as PD."),
        (20, {"progressed": "yes", "progressed_on": "2026-08-01", "basis": "radiographic"},
         "A radiographic progression is determined; the scan of 1 Aug 2026 is proposed as SD."),
        (30, {**PD, "progressed_on": "2026-07-20"},
         "The progression is dated to 20 Jul 2026; the scans date it to 1 Aug 2026."),
        (20, {"progressed": "yes", "progressed_on": "2026-07-20", "basis": "clinical"}, ""),
        (30, {**PD, "progressed_on": "2026-08-01"}, ""),
    ],
)  # fmt: skip
def test_differences_are_said(size, said, difference):
    person = followed().scanned(month(1), {"M1": size}).determined(month(1, 3), **said)
    (one,) = compared(*person.about)
    assert (one.say, one.verdict) == (difference, "disagrees" if difference else "agrees")


def test_a_clinical_progression_needs_no_scan():
    person = followed().determined(
        month(1), visit="unscheduled.1", progressed="yes", progressed_on="2026-07-28", basis="clinical"
    )
    assert proposed(person) == (date(2026, 7, 28), "clinical", True)
    assert verdicts(person) == []


def test_the_earliest_signed_progression_counts():
    person = followed().scanned(month(1), {"M1": 20})
    person = person.determined(month(1, 3), visit="unscheduled.9", signed=False, progressed="yes", basis="clinical",
                               progressed_on="2026-07-15")  # fmt: skip
    assert proposed(person) == (date(2026, 7, 15), "clinical", False)
    person = person.scanned(month(2), {"M1": 30}).determined(month(2, 3), progressed_on=month(2).isoformat(), **PD)
    assert proposed(person) == (month(2), "radiographic", True)


def test_a_changed_determination_is_no_longer_signed():
    person = followed().scanned(month(1), {"M1": 30}).determined(month(1, 3), progressed_on="2026-08-01", **PD)
    seq = progression(*person.about).seq
    changed = person.given.corrected(
        seq, "response", on=month(1, 4), reason="day", by=ONCOLOGIST, assessed="2026-08-03", progressed_on="2026-07-30",
        **PD,
    )  # fmt: skip
    found = progression(changed.protocol, changed.known)
    assert (found.day, found.determined) == (date(2026, 7, 30), False)


def test_determinations_belong_to_the_scan_before_them():
    person = followed().scanned(month(1), {"M1": 20}).scanned(month(2), {"M1": 20})
    person = person.determined(month(2) - timedelta(days=1), visit="unscheduled.7", **SD)
    assert verdicts(person) == ["agrees", "missing"]
