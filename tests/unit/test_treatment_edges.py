"""Treatment before randomization, with regional lesions, and in studies that leave parts of the plan out."""

from dataclasses import replace
from datetime import date

import pytest

from evenhand import steps
from evenhand.conduct import treatment
from evenhand.facts import COMPLETE, Fact, Source
from tests.conduct_help import participant
from tests.eligible import AT, ON, PROTOCOL, Trial, person, signed
from tests.treatment_entries import complication, everything, of, plan, point, surgery


def metastasis(**fields):
    return Fact("metastases", fields, None, Source("form", "", "c.ordinator"))


def registered(*lesions):
    """Somebody who is registered with these lesions and not randomized."""
    complete = Fact("metastases", COMPLETE, None, Source("form", "", "c.ordinator"))
    trial = Trial().activated()
    attested = [
        signed("her2_determined_positive", "pathologist"),
        *(signed("locally_treatable", "radiation_oncologist", lesion.value["lesion"]) for lesion in lesions),
        signed("progression_free", "treating_clinician"),
        signed("can_receive_all_treatments", "treating_clinician"),
    ]
    subject = trial.screened(person(*lesions, complete), attested)
    trial.consented(subject)
    return trial, subject


# ---- the metastases of registration ----------------------------------------------------------------

LIVER = metastasis(lesion="M1", site="liver", confirmed_by="pathology")
REGIONAL = metastasis(lesion="N1", site="axillary_node", side="same")
OTHER_SIDE = metastasis(lesion="N2", site="axillary_node", side="other")
SIDE_NOT_SAID = metastasis(lesion="N3", site="axillary_node")


@pytest.mark.parametrize(
    ("lesions", "labels"),
    [
        ([LIVER], ("M1",)),
        ([LIVER, REGIONAL], ("M1",)),
        ([LIVER, OTHER_SIDE], ("M1", "N2")),
        ([LIVER, SIDE_NOT_SAID], ("M1", "N3")),
    ],
)
def test_regional_nodes_are_no_metastases(lesions, labels):
    trial, subject = registered(*lesions)
    known = trial.history.subject(subject)
    assert treatment.registered_lesions(PROTOCOL, known) == ()
    trial.until(AT).take(steps.register, subject=subject, on=ON)
    assert treatment.registered_lesions(PROTOCOL, trial.history.subject(subject)) == labels


def without(who, **parts):
    """The protocol with parts of the treatment plan taken out."""
    plan_here = who.protocol.plan
    return replace(who.protocol, plan=replace(plan_here, treatment=replace(plan_here.treatment, **parts)))


def test_a_study_need_not_say_which_fact_lists_metastases():
    who = of()
    assert treatment.registered_lesions(without(who, lesions=None), who.known) == ()


# ---- before randomization --------------------------------------------------------------------------


def test_nothing_is_planned_before_randomization():
    trial, subject = registered(LIVER)
    known = trial.history.subject(subject)
    assert treatment.new_line_on(PROTOCOL, known) is None
    assert treatment.usual_at_randomization(PROTOCOL, known) is None
    assert treatment.intercurrent_events(PROTOCOL, known) == ()
    assert not treatment.local_therapy(PROTOCOL, known, ["M1"]).planned
    assert treatment.windows(PROTOCOL, known, ["M1"], date(2026, 7, 1)) == ()


# ---- parts of the plan that a study leaves out -----------------------------------------------------


def test_without_tables_nothing_is_held_against_them():
    who = plan(everything(of()), point("spinal_cord", "hot", "0.035", "30"), course="R1", fractions="15")
    who = plan(who, point("spinal_cord", "hot", "0.035", "30"), course="R2")
    protocol = without(who, prescriptions=(), organ_limits=None, cumulative=None)
    assert treatment.checked_prescriptions(protocol, who.known) == ()
    assert {one.checks for one in treatment.checked_plans(protocol, who.known)} == {()}
    assert treatment.cumulative_doses(protocol, who.known) == ()
    assert treatment.cumulative_doses(who.protocol, who.known) != ()


def test_without_a_part_on_surgery_every_operation_counts_and_no_complication_does():
    who = complication(surgery(of(), procedure="axilla_only"), "2026-07-21")
    protocol = without(who, surgery=None)
    assert treatment.local_therapy(protocol, who.known, []).surgery.state == "complete"
    (operation,) = treatment.operations(protocol, who.known)
    assert operation.complications == ()


def test_before_the_first_version_nothing_was_usual():
    who = participant("usual")
    found = treatment.usual_at_randomization(without(who, usual_approach=()), who.known)
    assert found.version is None
    assert "no version is in force" in str(found.within)


def test_without_lesions_the_rest_is_the_whole():
    who = everything(of())
    assert treatment.local_therapy_complete_on(who.protocol, who.known, []) == date(2026, 9, 4)
