"""Local therapy: each metastasis, surgery of the primary, locoregional radiation, and the whole."""

from dataclasses import replace
from datetime import date

import pytest

from evenhand.conduct import treatment
from tests.treatment_entries import (
    LATE,
    USUAL,
    everything,
    locoregional,
    of,
    primary,
    sbrt,
    surgery,
    untreated,
    volume,
)

COMPLETE, OPEN, CLOSED = "complete", "open", "closed with a reason"


def lesion(who, label="M1"):
    return treatment.metastases(who.protocol, who.known, ["M1", "M2"]).by_label[label]


def local(who, labels=("M1",)):
    return treatment.local_therapy(who.protocol, who.known, labels)


# ---- one metastasis --------------------------------------------------------------------------------


def test_a_shared_target_treats_all_its_lesions():
    who = sbrt(of(), "M1", "M2")
    assert lesion(who) == lesion(who, "M2")
    assert lesion(who).state == COMPLETE
    assert treatment.metastases(who.protocol, who.known, ["M1", "M2"]).open == ()


def test_a_label_that_was_not_registered_is_found():
    who = sbrt(of(), "M1", "liver 9")
    found = treatment.metastases(who.protocol, who.known, ["M1"])
    assert list(found.by_label) == ["M1"]
    assert list(found.unknown) == ["liver 9"]
    assert [
        one.path for one in treatment.doubts(who.protocol, who.known, date(2026, 9, 30)) if "liver 9" in one.say
    ] == ["lesions"]


def test_treated_and_later_said_to_be_untreated_is_asked_about():
    who = untreated(sbrt(of()), decided="2026-09-18")
    assert treatment.metastases(who.protocol, who.known, ["M1"]).contradicted == ("M1",)
    who = untreated(sbrt(of()), decided="2026-09-17")
    assert treatment.metastases(who.protocol, who.known, ["M1"]).contradicted == ()


def test_the_metastases_of_registration_are_those_of_its_evidence():
    who = of()
    assert treatment.registered_lesions(who.protocol, who.known) == ("M1",)


# ---- the parts and the whole -----------------------------------------------------------------------


def test_everything_as_planned_is_complete_on_the_last_day():
    who = everything(of())
    found = local(who)
    assert [part.state for part in found.parts] == [COMPLETE] * 3
    assert found.complete_on == date(2026, 9, 18)
    assert found.begun == date(2026, 7, 20)
    assert treatment.local_therapy_complete_on(who.protocol, who.known, ["M1"]) == date(2026, 9, 18)
    assert treatment.local_therapy_complete_on(who.protocol, who.known, ["M1", "M2"]) is None
    assert treatment.departures(who.protocol, who.known, ["M1"], LATE) == ()


def test_nothing_entered_is_open_and_not_begun():
    found = local(of())
    assert [part.state for part in found.parts] == [OPEN] * 3
    assert found.complete_on is None
    assert found.begun is None
    assert found.planned


def test_no_local_therapy_is_planned_in_the_other_arm():
    found = local(everything(of(USUAL)))
    assert not found.planned
    assert found.parts == ()
    assert found.complete_on is None
    assert found.begun == date(2026, 7, 20)


@pytest.mark.parametrize(
    ("procedures", "state", "on"),
    [
        (["breast_conserving"], COMPLETE, "2026-07-20"),
        (["mastectomy"], COMPLETE, "2026-07-20"),
        (["axilla_only"], OPEN, "2026-07-01"),
        (["breast_conserving", "re_excision"], COMPLETE, "2026-07-20"),
        (["breast_conserving", "mastectomy"], COMPLETE, "2026-08-10"),
    ],
)
def test_surgery_of_the_primary(procedures, state, on):
    who = of()
    for procedure, day in zip(procedures, ("2026-07-20", "2026-08-10"), strict=False):
        who = surgery(who, day, procedure)
    assert (local(who).surgery.state, str(local(who).surgery.on)) == (state, on)


@pytest.mark.parametrize("form", ["surgery", "locoregional_radiation"])
def test_a_part_marked_as_not_done_is_closed_with_its_reason(form):
    who = of().entered(form, on=date(2026, 8, 1), not_done="No primary in the breast.")
    part = local(who).surgery if form == "surgery" else local(who).locoregional
    assert (part.state, part.what, part.on) == (CLOSED, "No primary in the breast.", date(2026, 8, 1))


def test_what_was_done_counts_before_a_reason_for_not_doing_it():
    who = surgery(of().entered("surgery", on=date(2026, 7, 10), not_done="Declined."))
    assert local(who).surgery.state == COMPLETE


def test_what_was_left_out_for_a_reason_lets_the_rest_be_complete():
    who = of().entered("surgery", on=date(2026, 7, 10), not_done="No primary in the breast.")
    who = untreated(locoregional(who))
    assert local(who).complete_on == date(2026, 9, 4)


NOT_DONE = {"on": date(2026, 7, 10), "not_done": "Nothing to operate."}
THERE, NOWHERE = "in_breast", ("removed", "never_found")
NOT_APPLICABLE = "not applicable"


@pytest.mark.parametrize(
    ("said", "entered", "state", "doubt"),
    [
        ([], False, OPEN, "nothing recorded"),
        ([], True, CLOSED, "nothing recorded"),
        ([THERE], False, OPEN, ""),
        ([THERE], True, CLOSED, ""),
        (["removed"], False, NOT_APPLICABLE, ""),
        (["removed"], True, NOT_APPLICABLE, ""),
        (["never_found"], True, NOT_APPLICABLE, ""),
        ([THERE, "removed"], True, NOT_APPLICABLE, ""),
        (["removed", THERE], True, CLOSED, ""),
    ],
)
def test_surgery_applies_to_whoever_has_a_primary_in_the_breast(said, entered, state, doubt):
    who = primary(of(), *said)
    part = local(who.entered("surgery", **NOT_DONE) if entered else who).surgery
    assert part.state == state
    assert doubt in part.doubt
    assert bool(part.doubt) == bool(doubt)


def test_two_statements_of_one_day_leave_it_unknown():
    who = primary(primary(of(), "removed"), THERE)
    assert local(who.entered("surgery", **NOT_DONE)).surgery.state == CLOSED
    assert "recorded as" in local(who).surgery.doubt


@pytest.mark.parametrize("said", NOWHERE)
def test_without_a_primary_local_therapy_is_complete_without_surgery_and_no_window_counts_from_it(said):
    who = untreated(locoregional(primary(of(), said)))
    found = local(who)
    assert "no primary in the breast" in found.surgery.what
    assert who.history.entry(found.surgery.seqs[0]).kind == "facts_recorded"
    assert found.complete_on == date(2026, 9, 4)
    assert {one.state for one in found.parts} == {COMPLETE, CLOSED}
    seen = {one.window.id for one in treatment.windows(who.protocol, who.known, ["M1"], date(2027, 12, 1))}
    assert seen == {"begin", "metastases", "complete"}


def test_an_operation_that_is_recorded_counts_whatever_the_fact_says():
    assert local(surgery(primary(of(), "removed"))).surgery.state == COMPLETE


def test_a_study_that_names_no_fact_plans_surgery_for_everybody():
    who = primary(of(), "removed")
    plan = who.protocol.plan
    told = replace(plan.treatment, surgery=replace(plan.treatment.surgery, no_primary=None))
    who = replace(who, protocol=replace(who.protocol, plan=replace(plan, treatment=told)))
    assert (local(who).surgery.state, local(who).surgery.doubt) == (OPEN, "")


@pytest.mark.parametrize(
    ("volumes", "typed", "state"),
    [
        ([volume(), volume("boost", ("10", "5"), ("10", "5"))], {}, COMPLETE),
        ([volume(), volume("boost", ("10", "5"), ("8", "4"))], {}, OPEN),
        ([volume(), volume("boost", ("10", "5"), ("8", "4"))], {"stopped_because": "toxicity"}, CLOSED),
        ([volume(), volume("boost", ("10", "5"), None)], {}, OPEN),
        ([volume(delivered=None)], {"ended": None}, OPEN),
        ([volume("breast", ("40", "15"), ("38", "15"))], {}, COMPLETE),
        ([volume("breast", ("40", "15"), ("37.99", "15"))], {}, OPEN),
    ],
)
def test_locoregional_radiation_is_delivered_when_every_volume_is(volumes, typed, state):
    assert local(locoregional(of(), volumes=volumes, **typed)).locoregional.state == state


def test_a_boost_as_a_course_of_its_own_has_to_be_delivered_too():
    boost = [volume("boost", ("10", "5"), None)]
    who = locoregional(locoregional(of()), "R2", "2026-09-07", None, boost)
    assert local(who).locoregional.state == OPEN
    boost = [volume("boost", ("10", "5"), ("8", "4"))]
    who = locoregional(locoregional(of()), "R2", "2026-09-07", "2026-09-10", boost, stopped_because="toxicity")
    part = local(who).locoregional
    assert (part.state, part.on) == (CLOSED, date(2026, 9, 10))
    assert part.what == "R2 ended with 80 % of the planned dose: side effects"


def test_a_study_without_a_treatment_plan_says_so():
    who = of()
    without = replace(who.protocol, plan=replace(who.protocol.plan, treatment=None))
    with pytest.raises(LookupError, match="plans no treatment"):
        treatment.local_therapy(without, who.known, ["M1"])
    assert list(treatment.doubts(without, who.known, LATE)) == []
    assert list(treatment.deviations(without, who.known, LATE)) == []
