"""What a design does under its assumptions: bounds, months, power, and the tables around it.

The design is the reference of issue 5: 162 people in 36 months, median 18 months, hazard ratio 0.6, 5 % lost a year,
one-sided 0.025, one O'Brien-Fleming look at 50 events, each followed at most 36 months.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.design.around import around, at_median, at_size, conventions, sizes
from evenhand.design.assumptions import Assumptions, Look, Stratum, varied
from evenhand.design.expected import events_at, expected_at, month_of_events
from evenhand.design.looking import method_of, planned_bounds, stopping, whole_events
from evenhand.design.operating import (
    designed,
    detectable_ratio,
    other_follow_up,
    people_needed,
    power_at,
    resized,
    under_null,
)
from evenhand.refusal import Refusal
from evenhand.statistics.spending import Spending

BASE = Assumptions(
    sample_size=162,
    allocation=(1, 1),
    accrual=((0.0, 4.5),),
    control_hazard=((0.0, math.log(2) / 18),),
    hazard_ratio=((0.0, 0.6),),
    drift_yearly=1.0,
    dropout_yearly=0.05,
    cap_months=36.0,
    after_last_months=None,
    detection_months=None,
    strata=(),
    stratified_test=False,
    block_sizes=(4,),
    alpha=0.025,
    sided=1,
    looks=(Look(events=50), Look(complete=True)),
    efficacy=Spending("obrien_fleming"),
    futility=None,
    binding=False,
    beta=0.2,
    planned_events=100,
)


def with_(**given):
    return varied(BASE, {name: str(value) for name, value in given.items()})


def test_the_reference_design():
    found = designed(BASE)
    first, last = found.looks
    assert (first.z, last.z) == pytest.approx((2.962588042, 1.968595641), abs=1e-8)  # the issue's, from lrsim's input
    assert (first.alpha_spent, last.alpha_spent) == pytest.approx((0.0015253228, 0.025), abs=1e-9)
    assert (first.information, last.information) == (0.5, 1.0)
    assert first.events == pytest.approx(50)
    assert last.events == pytest.approx(100.125, abs=1e-3)
    assert (first.month, last.month) == pytest.approx((32.08, 72.0), abs=0.01)
    assert first.people == pytest.approx(4.5 * first.month)
    assert first.ratio == pytest.approx(math.exp(-2 * first.z / math.sqrt(50)))
    assert found.power == pytest.approx(first.efficacy + last.efficacy)
    assert found.power == pytest.approx(0.7227, abs=1e-4)
    assert found.power_log_rank == pytest.approx(0.7202, abs=1e-4)  # simulated: 0.722 and 0.719
    assert found.events < last.events
    assert (found.accrual_months, found.completion_month) == (36.0, 72.0)
    assert found.complete.events == pytest.approx((57.280, 42.845), abs=1e-3)


def test_one_look_is_the_usual_formula():
    found = designed(with_(looks="complete"))
    (look,) = found.looks
    z = 1.959963984540054
    assert look.z == pytest.approx(z)
    expected = -math.log(0.6) * math.sqrt(look.events / 4)
    assert found.power == pytest.approx(0.5 * math.erfc((z - expected) / math.sqrt(2)))
    assert found.type_one == pytest.approx(0.025)


def test_two_sided_is_one_sided_with_half():
    one, two = designed(BASE), designed(with_(sided=2, alpha=0.05))
    assert [look.z for look in two.looks] == pytest.approx([look.z for look in one.looks])
    assert two.power == pytest.approx(one.power)
    assert two.type_one == pytest.approx(2 * one.type_one)
    assert two.looks[-1].alpha_spent == pytest.approx(0.05)


def test_events_that_never_come_are_told():
    found = designed(with_(control_median=40, looks="50,100"))
    assert [look.reached for look in found.looks] == [True, False]
    assert found.looks[1].month == found.completion_month
    assert found.looks[1].events == pytest.approx(found.complete.total)
    nothing = designed(with_(control_median=200, looks="50,100"))
    assert [look.reached for look in nothing.looks] == [False, False]
    assert nothing.looks[0].efficacy == 0.0
    assert nothing.power == pytest.approx(nothing.looks[1].efficacy)


def test_a_look_at_a_month_has_the_events_of_then():
    found = designed(with_(looks="30m,complete"))
    assert found.looks[0].month == 30.0
    assert found.looks[0].events == pytest.approx(sum(events_at(BASE, 30.0)))
    assert found.looks[0].information == pytest.approx(found.looks[0].events / 100)


@pytest.mark.parametrize(
    ("given", "whole"),
    [({}, 100.0), ({"planned_events": "none"}, 100.125), ({"looks": "50,90"}, 90.0)],
    ids=["planned", "expected", "the last look's"],
)
def test_what_all_the_information_is(given, whole):
    assert whole_events(with_(**given)) == pytest.approx(whole, abs=1e-3)


def test_futility_takes_a_little_power_and_error():
    free, watched = designed(BASE), designed(with_(futility="hwang_shih_decani(-4)"))
    assert watched.power < free.power
    assert watched.type_one < free.type_one
    assert watched.looks[0].below > 0
    assert watched.looks[0].futility_ratio == pytest.approx(math.exp(-2 * watched.looks[0].futility_z / math.sqrt(50)))
    assert watched.looks[1].below == 0  # nothing is stopped early at the last look
    assert watched.events < free.events


@pytest.mark.parametrize(
    ("given", "method"),
    [
        ({}, "schoenfeld"),
        ({"strata": "0.5:1,0.5:1"}, "schoenfeld"),
        ({"hazard_ratio": "1@0,0.5@6"}, "log_rank"),
        ({"drift_yearly": 0.9}, "log_rank"),
        ({"strata": "0.5:1,0.5:2"}, "log_rank"),
        ({"detection_months": 3}, "log_rank"),
    ],
)
def test_the_formula_is_used_where_it_holds(given, method):
    now = with_(**given)
    assert method_of(now) == designed(now).method == method


BOUNDLESS = [
    ({"looks": "120,complete"}, "shares of the information before the last look: 1.2"),
    ({"sided": 2, "futility": "hwang_shih_decani(-4)"}, "two-sided"),
]


@pytest.mark.parametrize(("given", "said"), BOUNDLESS)
def test_what_has_no_bounds_is_refused(given, said):
    with pytest.raises(Refusal, match=r"There are no bounds for this design") as refused:
        designed(with_(**given))
    assert said in refused.value.reason


# ---- progression found at visits: our own sums ----------------------------------------------------


def test_visits_that_are_close_find_events_at_once():
    at_once, close = expected_at(BASE, 60.0), expected_at(replace(BASE, detection_months=0.01), 60.0)
    assert close.events == pytest.approx(at_once.events, rel=2e-3)
    assert close.z == pytest.approx(at_once.z, rel=2e-3)


@pytest.mark.parametrize("given", [{}, {"drift_yearly": 0.8}, {"strata": "0.3:0.5,0.7:1.4"}, {"accrual": "2@0,6@10"}])
def test_visits_far_apart_agree_with_drawn_people(given):
    """The expectation against 400 trials' worth of drawn people, at a month in the midst of follow-up."""
    now, month, many = with_(detection_months=6, **given), 45.0, 400 * 162
    draw = np.random.Generator(np.random.PCG64(7))
    entry = np.array([_month_of(now.accrual, share * 162) for share in draw.random(many)])
    stratum = draw.choice(len(now.strata) or 1, many, p=[one.share for one in now.strata] or [1.0])
    factor = np.array([one.hazard_factor for one in now.strata] or [1.0])[stratum] * now.drift_yearly ** (entry / 12)
    leaves = draw.exponential(-12 / math.log(0.95), many)
    for arm, ratio in enumerate((1.0, 0.6)):
        happens = draw.exponential(1, many) / (factor * ratio * now.control_hazard[0][1])
        found = np.ceil(happens / 6) * 6
        seen = (found <= leaves) & (found <= 36) & (entry + found <= month)
        mean = 81 * seen.mean()
        error = 81 * seen.std() / math.sqrt(many)
        assert abs(events_at(now, month)[arm] - mean) < 4 * error


def _month_of(pieces, gathered):
    (_, first), *rest = pieces
    if not rest or gathered <= first * rest[0][0]:
        return gathered / first
    return rest[0][0] + (gathered - first * rest[0][0]) / rest[0][1]


def test_looking_seldom_costs_power_and_time():
    rare, at_once = designed(with_(detection_months=6)), designed(BASE)
    assert rare.power < at_once.power_log_rank
    assert rare.looks[0].month > at_once.looks[0].month


def test_before_the_first_visit_nothing_is_found():
    found = expected_at(with_(detection_months=3), 2.0)
    assert (found.total, found.z) == (0.0, 0.0)


def test_a_stratified_test_keeps_what_strata_would_cost():
    strata = "0.5:0.5,0.5:2"
    pooled, stratified = designed(with_(strata=strata)), designed(with_(strata=strata, stratified_test="yes"))
    assert stratified.power > pooled.power
    visited = {"strata": strata, "detection_months": 3}
    assert power_at(with_(stratified_test="yes", **visited)) > power_at(with_(**visited))


# ---- around it ------------------------------------------------------------------------------------


def test_the_detectable_ratio_has_the_power():
    ratio = detectable_ratio(BASE, 0.8)
    assert ratio == pytest.approx(0.568, abs=1e-3)
    kept = planned_bounds(BASE)
    assert power_at(replace(BASE, hazard_ratio=((0.0, ratio),)), kept) == pytest.approx(0.8, abs=1e-7)


def test_nothing_is_detected_by_hardly_anybody():
    assert detectable_ratio(with_(sample_size=4, looks="complete"), 0.9) is None


def test_the_people_needed_have_the_power():
    needed = people_needed(BASE, 0.8)
    assert needed == 196
    assert power_at(resized(BASE, needed)) >= 0.8 > power_at(resized(BASE, needed - 6))
    assert people_needed(with_(hazard_ratio=0.999), 0.8, most=1000) is None


def test_another_size_enters_in_the_same_months():
    double = resized(BASE, 324)
    assert designed(double).accrual_months == pytest.approx(36.0)
    assert (double.planned_events, double.looks[0]) == (200, Look(events=100))
    assert sizes(BASE) == (122, 162, 202, 244, 324)
    assert sizes(with_(allocation="1:2", block_sizes=3)) == (120, 162, 204, 243, 324)
    assert at_size(with_(looks="1,complete", planned_events=2), 2).power is None


def test_the_two_conventions_are_not_the_same():
    own, other = conventions(BASE)
    assert (own.each, other.each) == (True, False)
    assert own.length == other.length == 36.0
    assert other.events - own.events == pytest.approx(16.94, abs=0.01)
    assert other.power > own.power
    assert other_follow_up(other_follow_up(BASE)) == BASE
    back, forth = conventions(other_follow_up(BASE))
    assert (back, forth) == (other, own)


def test_the_tables_hold_the_design_itself():
    tables = around(BASE)
    row = next(row for row in tables.by_median if row.median == pytest.approx(18))
    assert row.powers[tables.ratios.index(0.6)] == pytest.approx(designed(BASE).power)
    assert [row.median for row in tables.by_median] == pytest.approx([18, 24, 30])
    assert next(size.power for size in tables.by_size if size.people == 162) == pytest.approx(designed(BASE).power)
    assert [row.median for row in around(with_(control_median=20)).by_median] == pytest.approx([18, 20, 24, 30])
    assert tables.needed == (196, 262)


def test_a_hazard_in_pieces_keeps_its_own_row():
    pieces = with_(control_hazard="0.02@0,0.05@6")
    row = at_median(pieces, 6 + (math.log(2) - 0.12) / 0.05)
    assert row.events == pytest.approx(designed(pieces).complete.total)


# ---- properties -----------------------------------------------------------------------------------

FEW = settings(max_examples=15, deadline=None)


@FEW
@given(st.floats(0.4, 0.9), st.floats(0.01, 0.05))
def test_power_rises_with_the_effect(ratio, stronger):
    assert power_at(with_(hazard_ratio=ratio - stronger)) > power_at(with_(hazard_ratio=ratio))


@FEW
@given(st.integers(40, 300))
def test_power_rises_with_people_and_their_events(rounds):
    few, more = (with_(sample_size=2 * some, looks="complete") for some in (rounds, rounds + 5))
    assert power_at(more) > power_at(few)
    assert designed(more).complete.total > designed(few).complete.total


@FEW
@given(
    st.lists(st.integers(5, 95), min_size=1, max_size=3, unique=True),
    st.sampled_from(["obrien_fleming", "pocock", "hwang_shih_decani(-2)", "kim_demets(2)", "haybittle_peto"]),
    st.floats(0.005, 0.1),
)
def test_no_more_than_alpha_is_spent(events, efficacy, alpha):
    looks = ",".join(map(str, [*sorted(events), 100]))
    now = with_(looks=looks, efficacy=efficacy, alpha=alpha)
    spent = [look.alpha_spent for look in designed(now).looks]
    assert spent == sorted(spent)
    assert spent[-1] == pytest.approx(alpha, abs=1e-9)
    null = stopping(under_null(now), planned_bounds(now))
    assert math.fsum(null.upper) == pytest.approx(alpha, abs=1e-9)


@FEW
@given(st.floats(1, 90))
def test_the_month_of_events_has_these_events(events):
    month = month_of_events(BASE, events)
    assert month is not None
    assert sum(events_at(BASE, month)) == pytest.approx(events, abs=1e-6)
    assert month_of_events(BASE, 101) is None


def test_strata_that_are_alike_change_nothing():
    alike = replace(BASE, strata=(Stratum(0.25), Stratum(0.75)))
    assert designed(alike).power == pytest.approx(designed(BASE).power)
    assert designed(alike).power_log_rank == pytest.approx(designed(BASE).power_log_rank)
