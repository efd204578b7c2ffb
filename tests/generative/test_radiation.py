"""Dose points against every organ of a small world, and laws of doses and days."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.oncology.radiation import (
    DosePoint,
    Limit,
    PrescriptionTable,
    TableId,
    check_prescription,
    eqd2,
    eqd2_sum,
    expected_last_day,
    judge,
    missed_days,
    percent_delivered,
    prescription_table,
    treatment_days,
)

# ---- every organ of 4 cc, each half cc of it with a dose of 0 to 4 Gy --------------------------------
# (halves, so that the hottest 2 cc and the coldest 2 cc share nothing, yet may differ)

PARTS, PER_CC = 4, 2
ORGANS = list(combinations_with_replacement(range(5), PARTS * PER_CC))


def received(organ, kind, volume, per_cc=1):
    """The least dose in the hottest parts, or the greatest in the coldest."""
    return sorted(organ, reverse=kind == "hot")[volume * per_cc - 1]


def a_limit(rule, volume, dose):
    return Limit("organ", "organ", rule, (dose,), volume, None, 3, "", True)


SHAPES = [(kind, volume, dose) for kind in ("hot", "spared") for volume in range(1, PARTS + 1) for dose in (1, 2, 3)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_point_proves_exactly_what_all_organs_through_it_agree_on(shape):
    kind, volume, dose = shape
    through = [organ for organ in ORGANS if received(organ, kind, volume, PER_CC) == dose]
    point = DosePoint("organ", kind, volume, dose, PARTS)
    for rule, wanted, most in SHAPES:
        met = {received(organ, rule, wanted, PER_CC) <= most for organ in through}
        truth = {frozenset({True}): "pass", frozenset({False}): "fail"}.get(frozenset(met), "not assessable")
        assert judge(a_limit(rule, wanted, most), [point]).outcome == truth, (shape, rule, wanted, most)


DOSES = st.lists(st.integers(0, 60), min_size=1, max_size=12)


@given(DOSES, st.data())
def test_points_of_a_real_organ_never_prove_what_is_not_so(organ, data):
    kinds, volumes = st.sampled_from(["hot", "spared"]), st.integers(1, len(organ))
    drawn = data.draw(st.lists(st.tuples(kinds, volumes), min_size=1, max_size=4))
    points = [DosePoint("organ", kind, volume, received(organ, kind, volume), len(organ)) for kind, volume in drawn]
    rule, volume, dose = data.draw(kinds), data.draw(volumes), data.draw(st.integers(0, 60))
    met = received(organ, rule, volume) <= dose
    answer = judge(a_limit(rule, volume, dose), points).outcome
    assert answer in ("not assessable", "pass" if met else "fail")
    assert "contradict" not in judge(a_limit(rule, volume, dose), points).why


@given(DOSES, st.data())
def test_the_point_that_a_limit_asks_for_always_decides_it(organ, data):
    rule = data.draw(st.sampled_from(["hot", "spared"]))
    volume, dose = data.draw(st.integers(1, len(organ))), data.draw(st.integers(0, 60))
    point = DosePoint("organ", rule, volume, received(organ, rule, volume))
    assert judge(a_limit(rule, volume, dose), [point]).outcome == ("pass" if point.dose_gy <= dose else "fail")


# ---- equivalent doses --------------------------------------------------------------------------------

GY = st.decimals(0, 100, places=2)
RATIO = st.decimals("0.5", 20, places=1)
COUNT = st.integers(1, 40)


@given(GY, COUNT, RATIO)
def test_two_gray_a_fraction_is_its_own_equivalent(total, fractions, ratio):
    assert eqd2(2 * fractions, fractions, ratio) == 2 * fractions
    assert (eqd2(total, fractions, ratio) >= total) == (total >= 2 * fractions or total == 0)


@given(GY, GY, COUNT, RATIO)
def test_more_dose_is_more_effect(one, other, fractions, ratio):
    assert (eqd2(one, fractions, ratio) < eqd2(other, fractions, ratio)) == (one < other)


@given(st.decimals("0.01", 100, places=2), COUNT, COUNT, RATIO)
def test_more_fractions_of_the_same_total_are_less_effect(total, one, other, ratio):
    assert (eqd2(total, one, ratio) > eqd2(total, other, ratio)) == (one < other)


@given(st.lists(st.tuples(GY, COUNT), max_size=5), RATIO)
def test_the_order_of_courses_does_not_matter(courses, ratio):
    assert eqd2_sum(courses, ratio) == eqd2_sum(courses[::-1], ratio) >= sum(Fraction(0) for _ in courses)


# ---- prescriptions -----------------------------------------------------------------------------------

BR001: PrescriptionTable = prescription_table(TableId("nrg_br001", "2026-1"))


@given(st.sampled_from(sorted(BR001.sites)), GY, COUNT, st.integers(0, 50), st.integers(0, 50))
def test_a_wider_tolerance_never_refuses_more(site, total, fractions, one, other):
    narrow, wide = sorted((one, other))
    tight = check_prescription(BR001, site, total, fractions, narrow).answer.outcome
    loose = check_prescription(BR001, site, total, fractions, wide).answer.outcome
    assert (tight, loose) != ("pass", "fail")


@given(st.sampled_from(BR001.rows), st.decimals("0.90", "1.10", places=4))
def test_the_tolerance_is_exact(row, factor):
    total, fractions = Decimal(row.total_gy.low) * factor, int(row.fractions.low)
    fits = Decimal("0.95") <= factor <= Decimal("1.05")
    assert check_prescription(BR001, row.site, total, fractions, 5).answer.outcome == ("pass" if fits else "fail")


# ---- days --------------------------------------------------------------------------------------------

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def weekdays(started, ended):
    """The slow reference: look at every day."""
    days = (started + timedelta(days=number) for number in range((ended - started).days + 1))
    return sum(day.weekday() < 5 for day in days)


@given(DAYS, st.integers(0, 120))
def test_weekdays_are_counted_as_the_calendar_shows_them(started, length):
    ended = started + timedelta(days=length)
    assert treatment_days(started, ended) == weekdays(started, ended)


@given(DAYS, COUNT)
def test_a_course_without_a_gap_ends_when_expected(started, fractions):
    last = expected_last_day(started, fractions)
    assert missed_days(started, last, fractions) == 0
    if started.weekday() < 5:
        assert weekdays(started, last) == fractions


@given(st.decimals("0.01", 80, places=2), st.decimals(0, 80, places=2))
def test_what_is_delivered_within_the_plan_is_at_most_all_of_it(planned, delivered):
    percent = percent_delivered(planned, delivered)
    assert percent is not None
    assert (percent <= 100) == (delivered <= planned)
