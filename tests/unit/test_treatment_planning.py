"""Prescriptions, plans and doses of several courses, from the forms."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from evenhand.conduct import treatment
from evenhand.conduct.forms import entries
from evenhand.conduct.treatment.planning import points_of
from tests.treatment_entries import LATE, LOCAL, USUAL, locoregional, of, plan, point, sbrt, surgery, volume

POINT = "0.035"


def prescriptions(who):
    return [
        (one.course.label, one.target, str(one.check.answer.outcome))
        for one in treatment.checked_prescriptions(who.protocol, who.known)
    ]


def test_every_prescription_is_held_against_the_set_of_its_kind():
    who = sbrt(locoregional(of(), volumes=[volume(), volume("boost", ("10", "5"), ("10", "5"))]))
    who = sbrt(who, course="S2", site="lung_central")
    who = sbrt(who, course="S3", site="other")
    assert prescriptions(who) == [
        ("R1", "breast", "pass"),
        ("R1", "boost", "not assessable"),
        ("S1", "liver", "pass"),
        ("S2", "lung_central", "fail"),
        ("S3", "other", "not assessable"),
    ]
    tables = {str(one.check.table) for one in treatment.checked_prescriptions(who.protocol, who.known)}
    assert tables == {"nrg_br001 2026-1", "breast_regional 2026-1"}


def test_a_prescription_outside_of_the_set_is_a_departure():
    who = plan(sbrt(surgery(of()), site="lung_central"), point("lungs", "spared", "1500", "5"))
    (found,) = treatment.deviations(who.protocol, who.known, date(2026, 10, 1))
    assert found.id == "prescription"
    assert found.day == date(2026, 9, 14)
    assert found.what == "S1 to the lung central: 45 Gy in 3 is not 50 Gy in 5 (nrg_br001 2026-1, lung, central)."
    assert found.clause == "nrg_br001 2026-1"


# ---- plans -----------------------------------------------------------------------------------------


def test_a_plan_is_held_against_the_limits_of_the_organs_that_its_site_asks_for():
    (found,) = treatment.checked_plans(*known(plan(sbrt(of()), point("liver"), point("rib", "hot", "1", "30"))))
    assert found.course.label == "S1"
    outcomes = {}
    for check in found.checks:
        outcomes.setdefault(check.organ, []).append(str(check.answer.outcome))
    assert outcomes == {
        "liver": ["pass"],
        "duodenum": ["not assessable"] * 3,
        "stomach": ["not assessable"] * 2,
        "kidneys": ["not assessable"],
        "rib": ["fail", "not assessable", "pass"],
    }


def known(who):
    return who.protocol, who.known


def test_an_exceeded_limit_is_a_departure_and_an_open_one_is_none():
    who = plan(sbrt(of()), point("spinal_cord", "hot", POINT, "22"))
    found = next(one for one in treatment.deviations(*known(who), date(2026, 10, 1)) if one.id == "organ limit")
    assert (found.day, found.clause) == (date(2026, 9, 10), "tg101 2026-1")
    assert "hottest 0.035 cc of the spinal cord and medulla at most 21.9 Gy" in found.what


def test_the_fractions_of_the_plan_count_and_else_those_of_the_course():
    who = plan(sbrt(of()), point("spinal_cord", "hot", POINT, "22"), fractions="5")
    (found,) = treatment.checked_plans(*known(who))
    assert found.fractions == 5
    assert [str(one.answer.outcome) for one in found.checks if one.organ == "spinal_cord"][1] == "pass"


def test_a_part_larger_than_its_organ_is_said_and_proves_nothing():
    who = plan(sbrt(of()), point("liver", "spared", "700", "15", "700"))
    (entry,) = (one for one in entries(*known(who)) if one.form.id == "radiation_plan")
    rows = ({**entry.rows("organs")[0], "organ_volume": 600}, {"organ": "liver", "volume": 5, "dose": 3})
    points, unusable = points_of(replace(entry, values={**entry.values, "organs": rows}))
    assert points == ()
    assert "larger than the organ" in unusable[0]
    assert unusable[1] == "the dose to liver is not fully recorded"


def test_plans_and_courses_find_each_other_by_label():
    who = plan(sbrt(of()), course="S9")
    asked = [(one.form, one.say) for one in treatment.doubts(*known(who), LATE)]
    assert ("metastasis_radiation", "S1 has ended and has no plan.") in asked
    assert ("radiation_plan", "the plan names the course 'S9', which is not recorded.") in asked


def test_a_plan_before_its_course_is_not_asked_about():
    assert list(treatment.doubts(*known(plan(of())), LATE)) == []


@pytest.mark.parametrize(
    ("arm", "lesions", "asked"),
    [
        (LOCAL, ("M1",), True),
        (LOCAL, ("M1", "pain in a rib"), True),
        (LOCAL, ("pain in a rib",), False),
        (USUAL, ("M1",), False),
    ],
)
def test_radiation_beside_the_protocol_needs_no_plan_of_it_and_another_dose_is_no_departure(arm, lesions, asked):
    who = sbrt(of(arm), *lesions, planned_gy="8", planned_fractions="1", delivered_gy="8", delivered_fractions="1")
    assert treatment.registered_lesions(*known(who)) == ("M1",)
    assert [one.label for one in treatment.courses_without_plan(*known(who))] == (["S1"] if asked else [])
    found = {one.kind for one in treatment.departures(*known(who), ["M1"], LATE)}
    assert {"no plan", "prescription"} & found == ({"no plan", "prescription"} if asked else set())


def test_a_course_that_runs_needs_no_plan_yet():
    assert list(treatment.doubts(*known(sbrt(of(), ended=None)), LATE)) == []


# ---- doses of several courses ----------------------------------------------------------------------


def cord(dose, volume=POINT):
    return point("spinal_cord", "hot", volume, dose)


def test_doses_of_courses_to_one_organ_add_as_an_upper_bound():
    who = plan(of(), cord("15"), course="S1", fractions="3")
    assert treatment.cumulative_doses(*known(who)) == ()
    who = plan(who, cord("20"), course="old", fractions="10", earlier="yes", approved="2020-03-01")
    (found,) = treatment.cumulative_doses(*known(who))
    assert (found.organ, found.courses, found.alpha_beta_gy) == ("spinal_cord", ("S1", "old"), 2)
    # 15 Gy in 3: 15 * (5 + 2) / 4; 20 Gy in 10: 20 * (2 + 2) / 4
    assert found.eqd2_gy == Fraction(15 * 7, 4) + 20


def test_other_organs_add_as_late_tissue():
    who = plan(of(), point("heart", "hot", POINT, "9"), course="S1")
    who = plan(who, point("heart", "hot", POINT, "9"), course="S2")
    (found,) = treatment.cumulative_doses(*known(who))
    assert (found.alpha_beta_gy, found.eqd2_gy) == (3, 2 * Fraction(9 * 6, 5))


def test_without_a_point_maximum_the_sum_is_open_and_still_shown():
    who = plan(plan(of(), cord("15"), course="S1"), cord("15", volume="0.35"), course="S2")
    (found,) = treatment.cumulative_doses(*known(who))
    assert found.eqd2_gy is None
