"""Radiation by the tables: prescriptions, organs at risk, equivalent doses, treatment days."""

from datetime import date
from fractions import Fraction

import pytest

from evenhand.oncology.radiation import (
    DosePoint,
    Outcome,
    TableId,
    UnknownTableError,
    bed,
    check_plan,
    check_prescription,
    elapsed_days,
    eqd2,
    eqd2_sum,
    expected_last_day,
    limit_table,
    missed_days,
    percent_delivered,
    prescription_table,
    table_ids,
    treatment_days,
)
from tests.spec.radiation_table import EQUIVALENTS, EXPECTED_LAST, MISSED, ORGANS, PRESCRIPTIONS

TG101 = limit_table(TableId("tg101", "2026-1"))


def of(name):
    return prescription_table(TableId(name, "2026-1"))


@pytest.mark.parametrize("case", PRESCRIPTIONS, ids=lambda case: case.sentence)
def test_a_prescription(case):
    found = check_prescription(of(case.table), case.site, case.total_gy, case.fractions, case.tolerance)
    assert found.answer.outcome == case.outcome
    assert found.table == TableId(case.table, "2026-1")
    assert (found.row is not None) == (case.outcome == "pass")
    assert found.answer.why


@pytest.mark.parametrize("case", ORGANS, ids=lambda case: case.sentence)
def test_an_organ(case):
    points = [DosePoint(case.organ, *point) for point in case.points]
    checks = check_plan(TG101, case.fractions, points, [case.organ])
    assert tuple(check.answer.outcome for check in checks) == case.outcomes
    assert all(check.table == TG101.id and check.organ == case.organ and check.answer.why for check in checks)


@pytest.mark.parametrize(("total", "fractions", "ratio", "biological", "equivalent"), EQUIVALENTS)
def test_equivalent_doses(total, fractions, ratio, biological, equivalent):
    assert bed(total, fractions, ratio) == Fraction(biological)
    assert eqd2(total, fractions, ratio) == Fraction(equivalent)


@pytest.mark.parametrize(("total", "fractions", "ratio"), [(-1, 3, 3), (30, 0, 3), (30, 3, 0), (30, 3, -2)])
def test_what_is_no_dose_is_refused(total, fractions, ratio):
    with pytest.raises(ValueError, match="is no dose"):
        eqd2(total, fractions, ratio)
    with pytest.raises(ValueError, match="is no dose"):
        bed(total, fractions, ratio)


def test_doses_of_courses_add():
    assert eqd2_sum([(30, 3), (50, 25)], 3) == 78 + 50
    assert eqd2_sum([], 3) == 0


@pytest.mark.parametrize(("started", "fractions", "last", "sentence"), EXPECTED_LAST)
def test_the_last_day_of_a_daily_course(started, fractions, last, sentence):
    assert expected_last_day(date.fromisoformat(started), fractions) == date.fromisoformat(last), sentence


@pytest.mark.parametrize(("started", "ended", "fractions", "missed", "sentence"), MISSED)
def test_treatment_days_missed(started, ended, fractions, missed, sentence):
    assert missed_days(date.fromisoformat(started), date.fromisoformat(ended), fractions) == missed, sentence


def test_days_of_a_course_count_both_ends():
    monday, sunday = date(2026, 8, 3), date(2026, 8, 9)
    assert elapsed_days(monday, monday) == 1
    assert elapsed_days(monday, sunday) == 7
    assert treatment_days(monday, sunday) == 5


@pytest.mark.parametrize(
    ("planned", "delivered", "percent"),
    [(50, 50, 100), (50, 25, 50), (45, 15, "100/3"), (50, 0, 0), (0, 0, None), (None, 50, None), (50, None, None)],
)
def test_the_delivered_part(planned, delivered, percent):
    assert percent_delivered(planned, delivered) == (None if percent is None else Fraction(percent))


# ---- tables --------------------------------------------------------------------------------------


def test_a_table_that_is_not_there_says_which_are():
    with pytest.raises(UnknownTableError, match=r"no table tg101 2030-1 of organ limits: there are tg101 2026-1"):
        limit_table(TableId("tg101", "2030-1"))
    with pytest.raises(UnknownTableError, match="nrg_br001 2026-1"):
        prescription_table(TableId("tg101", "2026-1"))


def test_every_table_can_be_read():
    for table in table_ids("prescriptions"):
        rows = prescription_table(table).rows
        assert rows
        assert all(row.status in ("seen", "general knowledge") and row.source for row in rows)
    for table in table_ids("organ_limits"):
        assert limit_table(table).limits


def test_a_limit_says_how_far_it_was_verified():
    (cochlea,) = TG101.of("cochlea", 1)
    assert cochlea.point
    assert not cochlea.confirmed
    (cochlea,) = TG101.of("cochlea", 3)
    assert cochlea.confirmed


@pytest.mark.parametrize("point", [("hot", -1, 5, None), ("hot", 1, -5, None), ("spared", 31, 5, 30)])
def test_a_point_that_no_organ_has_is_refused(point):
    with pytest.raises(ValueError, match="larger than the organ"):
        DosePoint("liver", *point)


def test_what_lacks_is_said():
    (check,) = check_plan(TG101, 3, [DosePoint("renal_hilum", "hot", 20, 10)])
    assert "2/3 of the renal hilum" in check.answer.why
    assert "volume of the organ" in check.answer.why
    (check,) = check_plan(TG101, 4, [DosePoint("liver", "spared", 700, 10)])
    assert check.answer.why == "tg101 2026-1 has no limit of liver for 4 fractions: it has 1, 3, 5"
    assert check.answer.outcome is Outcome.NOT_ASSESSABLE
