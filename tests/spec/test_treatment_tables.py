"""Treatment tables: regimens over time, operations, courses, each metastasis, completeness, windows."""

from dataclasses import replace
from datetime import date

import pytest

from evenhand.analysis.tables import Table
from evenhand.analysis.treatment import treatment_section
from tests.tables_help import arms_exchanged, check_shape, parts, people, texts, value, world
from tests.treatment_entries import (
    LOCAL,
    USUAL,
    change,
    complication,
    everything,
    locoregional,
    of,
    plan,
    point,
    regimen,
    resection,
    sbrt,
    surgery,
    untreated,
    volume,
)

CUT = date(2029, 6, 30)


def tables(*participants, until=CUT, by_arm=True):
    found = parts(treatment_section(world(*participants, until=until), by_arm=by_arm))
    found = {id: one for id, one in found.items() if isinstance(one, Table)}
    for one in found.values():
        check_shape(one)
    return found


def on_thp(arm):
    return regimen(of(arm), "2026-03-01")


# ---- systemic therapy ---------------------------------------------------------------------------


def test_regimens_over_time_are_of_whoever_was_observed():
    first = regimen(
        regimen(of(USUAL), "2026-03-01", stopped="2026-12-31", stopped_because="maintenance"),
        "2027-01-01", regimen="endocrine_maintenance", because="maintenance",
    )  # fmt: skip
    dead = on_thp(LOCAL).entered("death", on=CUT, died="2026-10-01", cause="unknown")
    found = texts(tables(first, dead, of(LOCAL))["systemic_over_time"])
    assert found["month_0"] == ["1", "2", "3"]
    assert found["month_0/thp_hp"] == ["1 (100.0 %)", "1 (50.0 %)", "2 (66.7 %)"]
    assert found["month_0/-"] == ["0 (0.0 %)", "1 (50.0 %)", "1 (33.3 %)"]
    assert found["month_6"] == ["1", "1", "2"]
    assert found["month_12/endocrine_maintenance"] == ["1 (100.0 %)", "0 (0.0 %)", "1 (50.0 %)"]


def test_holds_and_changes_have_their_reasons_and_days():
    who = change(on_thp(USUAL), "2026-08-01", resumed="2026-08-15")
    who = change(who, "2026-10-01", because="participant", resumed="2026-10-08")
    who = change(who, "2026-11-01", what="reduced", new_dose="60 mg/m2")
    found = tables(who, on_thp(USUAL))["systemic_changes"]
    rows = texts(found)
    assert rows["change/held"][0] == "1 (50.0 %)"
    assert rows["change/held/toxicity"][0] == rows["change/held/participant"][0] == "1 (50.0 %)"
    assert rows["days_held"][0] == "10 (7 to 14)"
    assert value(found, "days_held", 0, "median") == 10.5
    assert rows["change/reduced/toxicity"][0] == "1 (50.0 %)"
    assert len(people(found, "change/held", 0)["P1"]) == 2


def test_a_further_line_and_why():
    who = regimen(on_thp(USUAL), "2027-02-01", regimen="tdxd_pertuzumab", because="progression")
    rows = texts(tables(who)["systemic_changes"])
    assert (rows["begun"][0], rows["begun/progression"][0], rows["line"][0]) == ("1 (100.0 %)",) * 3
    before = texts(tables(on_thp(USUAL))["systemic_changes"])
    assert before["begun"][0] == before["line"][0] == "0 (0.0 %)"


# ---- local therapy ------------------------------------------------------------------------------


def test_local_therapy_as_planned_is_complete():
    found = tables(everything(on_thp(LOCAL)), on_thp(USUAL))
    local = found["local_therapy"]
    assert local.head[1:] == ("Usual approach plus local therapy (n = 1)",)  # the other arm plans none
    rows = texts(local)
    assert rows["surgery/complete"] == rows["locoregional/complete"] == rows["metastases/complete"] == ["1 (100.0 %)"]
    assert rows["local_therapy/complete"] == ["1 (100.0 %)"]
    assert value(local, "completed", 0, "median") == pytest.approx(79 / 30.4375)  # 18 Sep after 1 Jul
    assert texts(found["windows"])["complete"][:2] == ["1", "1 (100.0 %)"]
    assert texts(found["unplanned_local_therapy"])["unplanned"] == ["0 (0.0 %)"]


def test_a_reason_settles_and_is_no_treatment():
    left = untreated(locoregional(surgery(of(LOCAL))))
    rows = texts(tables(left, surgery(of(LOCAL)), of(LOCAL))["local_therapy"])
    assert rows["local_therapy/closed with a reason"] == ["1 (33.3 %)"]
    assert rows["local_therapy/open"] == ["1 (33.3 %)"]
    assert rows["local_therapy/nothing"] == ["1 (33.3 %)"]


def test_surgery_axilla_margins_and_what_was_not_done():
    again = {"procedure": "re_excision", "axilla": "none", "nodes_examined": None, "nodes_positive": None}
    first = surgery(surgery(of(LOCAL), margin="involved"), performed="2026-08-01", **again)
    second = of(LOCAL).entered("surgery", on=CUT, not_done="no primary was found")
    rows = texts(tables(first, second)["surgery"])
    assert rows["surgery"][1] == "1 (50.0 %)"
    assert rows["procedure/breast_conserving"][1] == rows["procedure/re_excision"][1] == "1 (50.0 %)"
    assert rows["margin/involved"][1] == rows["margin/clear"][1] == "1 (100.0 %)"
    assert rows["not_done/no primary was found"][1] == "1 (50.0 %)"


def test_complications_count_once_at_the_worst_and_within_their_time():
    first = complication(complication(surgery(of(LOCAL)), "2026-07-25", grade="I"), "2026-08-01", grade="IIIb")
    late = complication(surgery(of(LOCAL)), "2027-06-01", grade="II")
    found = tables(first, late, resection(of(LOCAL)))["surgical_complications"]
    rows = texts(found)
    assert rows["operated"][1] == "3"
    assert rows["complication/any"][1] == rows["complication/IIIb"][1] == rows["complication/major"][1] == "1 (33.3 %)"
    assert rows["complication/I"][1] == "0 (0.0 %)"
    assert list(people(found, "unowned", 1)) == ["P2"]


def test_courses_by_prescription_delivery_and_gaps():
    gap = {"began": "2026-08-24", "missed": "2", "because": "machine"}
    first = locoregional(of(LOCAL), gaps=[gap], ended="2026-09-08")
    short = [volume(delivered=("37.38", "14"))]
    second = locoregional(of(LOCAL), volumes=short, stopped_because="toxicity", ended="2026-09-03")
    third = locoregional(of(LOCAL), ended=None, volumes=[volume("chest_wall", ("50", "25"), None)])
    found = tables(first, second, third)["locoregional_radiation"]
    rows = texts(found)
    assert rows["people"][1] == "3 (100.0 %)"
    assert rows["state/complete"][1] == rows["state/closed with a reason"][1] == rows["state/open"][1] == "1 (33.3 %)"
    assert rows["short/toxicity"][1] == "1 (33.3 %)"
    assert (rows["prescribed/40.05/15"][1], rows["prescribed/50/25"][1]) == ("3 (75.0 %)", "1 (25.0 %)")
    assert (rows["gaps"][1], rows["gaps/machine"][1], rows["missed"][1]) == ("1 (33.3 %)", "1 (33.3 %)", "2 (2 to 2)")
    assert value(found, "percent", 1, "low") == pytest.approx(37.38 / 40.05 * 100)


def test_a_reason_for_stopping_a_course_that_was_delivered_is_told_and_not_counted_as_cut_short():
    rows = texts(tables(sbrt(of(LOCAL), stopped_because="progression"))["metastasis_radiation"])
    assert rows["short"][1] == "0 (0.0 %)"
    assert rows["contradicted"][1] == "1 (100.0 %)"


def test_each_metastasis_stands_somewhere():
    begun = sbrt(of(LOCAL), ended=None)
    found = tables(sbrt(of(LOCAL)), resection(of(LOCAL)), untreated(of(LOCAL)), begun, of(LOCAL), of(USUAL))[
        "metastases"
    ]
    rows = texts(found)
    assert rows["lesions"] == ["1", "5", "6"]
    assert rows["complete"][1] == "2 (40.0 %)"
    assert rows["complete/metastasis_radiation"][1] == rows["complete/metastasis_resection"][1] == "1 (20.0 %)"
    assert rows["closed_with_a_reason/the participant's wish"][1] == "1 (20.0 %)"
    assert rows["open/begun"][1] == rows["open/nothing"][1] == "1 (20.0 %)"


def test_prescriptions_and_organ_limits():
    kept = plan(sbrt(of(LOCAL)), point())
    hot = plan(sbrt(of(LOCAL), planned_gy="60"), point("spinal_cord", "hot", "0.035", "30"))
    rows = texts(tables(kept, hot, sbrt(of(LOCAL)))["radiation_checks"])
    assert rows["prescriptions/metastasis_radiation"][1] == "3"
    assert rows["prescriptions/metastasis_radiation/fail"][1] == "1 (33.3 %)"
    assert rows["plans/fail"][1] == "1 (50.0 %)"
    assert rows["organs/spinal cord"][1] == "1 (50.0 %)"
    assert rows["no_plan"][1] == "1"


WINDOWS = [
    (lambda: surgery(of(LOCAL), performed="2026-08-26"), "begin", "kept"),  # the last day of 8 weeks
    (lambda: surgery(of(LOCAL), performed="2026-08-27"), "begin", "late"),
    (lambda: locoregional(surgery(of(LOCAL), performed="2026-08-01")), "radiation_after_surgery", "early"),
    (lambda: of(LOCAL), "begin", "overdue"),
    (lambda: of(LOCAL), "radiation_after_surgery", "not begun"),
]


@pytest.mark.parametrize(("who", "window", "state"), WINDOWS)
def test_windows(who, window, state):
    found = tables(who(), until=date(2027, 12, 1))["windows"]
    head = [name.lower() for name in found.head[1:]]
    told = {name for name, text in zip(head[1:], texts(found)[window][1:], strict=True) if text != "0 (0.0 %)"}
    assert told == {state}


def test_local_therapy_in_the_arm_that_plans_none():
    found = tables(surgery(of(USUAL)), of(LOCAL))["unplanned_local_therapy"]
    assert found.head[1:] == ("Usual approach (n = 1)",)
    rows = texts(found)
    assert rows["unplanned"] == rows["unplanned/surgery"] == rows["when/before"] == ["1 (100.0 %)"]


# ---- arms not told apart ------------------------------------------------------------------------


def test_without_arms_nothing_depends_on_anybodys_arm():
    analysis = world(everything(on_thp(LOCAL)), change(on_thp(USUAL), "2026-08-01"), until=CUT)
    pooled = treatment_section(analysis, by_arm=False)
    assert pooled == treatment_section(arms_exchanged(analysis), by_arm=False)
    assert not any(part.by_arm for part in pooled.parts)
    assert not {"local_therapy", "windows", "surgical_complications"} & set(parts(pooled))
    for arm in analysis.protocol.arms:
        assert arm.label not in str(pooled)


def test_the_same_analysis_gives_the_same_section():
    analysis = world(everything(on_thp(LOCAL)), until=CUT)
    assert treatment_section(analysis, by_arm=True) == treatment_section(analysis, by_arm=True)


def test_a_sentence_says_how_complete_local_therapy_was():
    section = treatment_section(world(everything(of(LOCAL)), of(LOCAL), until=CUT), by_arm=True)
    (said,) = section.says
    assert said == (
        "Local therapy in Usual approach plus local therapy (n = 2): every part done: 1 (50.0 %), "
        "not begun: 1 (50.0 %)."
    )


def test_a_study_that_plans_no_treatment_says_so():
    analysis = world(of(USUAL), until=CUT)
    plan = replace(analysis.protocol.plan, treatment=None)
    section = treatment_section(replace(analysis, protocol=replace(analysis.protocol, plan=plan)), by_arm=True)
    assert section.says == ("The study has no treatment.yaml, so that nothing is counted here.",)


def test_a_trial_in_which_nobody_is_randomized_yet_has_tables_of_nobody():
    nobody = replace(world(of(USUAL), until=CUT), people=())
    found = parts(treatment_section(nobody, by_arm=True))
    assert set(texts(found["surgery"])["surgery"]) == set(texts(found["metastases"])["lesions"]) == {"0"}
    assert "local_therapy" not in found and "windows" not in found
