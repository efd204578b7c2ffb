"""Laboratory values of a participant: graded by their own limits and baseline, and compared with the adverse events."""

from datetime import date

import pytest

from evenhand.conduct import safety
from evenhand.refusal import Refusal
from tests.conduct_help import participant
from tests.safety_help import TODAY, doubts, event, sampled

BASELINE, FIRST, SECOND = "unscheduled.1", "unscheduled.2", "unscheduled.3"
WHO = participant("local")  # randomized on 2026-07-01


def graded(who):
    """The grades of each value that can have some, by day and test."""
    return {
        (str(one.value.sampled), one.value.sample.analyte, grading.term): grading.possible
        for one in safety.graded(who.protocol, who.known)
        for grading in one.gradings
    }


def test_values_are_graded_by_the_limits_of_their_sample():
    who = sampled(WHO, "2026-08-01", FIRST, "neutrophils 1.7 10*9/L 1.8 7", "platelets 100 10*9/L")
    assert graded(who) == {
        ("2026-08-01", "neutrophils", "Neutrophil count decreased"): (1,),
        ("2026-08-01", "platelets", "Platelet count decreased"): (0, 1),
    }


@pytest.mark.parametrize(
    ("day", "grades"),
    [
        ("2026-06-30", (1,)),  # up to randomization a value is the baseline: 100 is more than 1.5 times 60
        ("2026-07-01", (1,)),
        ("2026-07-02", (0, 1)),  # after it, it is none
    ],
)
def test_the_baseline_is_the_last_value_up_to_randomization(day, grades):
    who = sampled(sampled(WHO, day, BASELINE, "alt 60 U/L - 40"), "2026-08-01", FIRST, "alt 100 U/L - 40")
    found = graded(who)["2026-08-01", "alt", "Alanine aminotransferase increased"]
    assert found == grades


def test_the_last_of_several_values_before_randomization_is_the_baseline():
    who = sampled(WHO, "2026-06-10", BASELINE, "alt 60 U/L - 40")
    who = sampled(who, "2026-06-20", FIRST, "alt 30 U/L - 40")
    who = sampled(who, "2026-08-01", SECOND, "alt 100 U/L - 40")
    assert graded(who)["2026-08-01", "alt", "Alanine aminotransferase increased"] == (1,)  # normal: 2.5 times the limit


def test_symptoms_decide_where_they_must():
    who = sampled(WHO, "2026-08-01", FIRST, "sodium 127 mmol/L 135 145 yes")
    assert graded(who)["2026-08-01", "sodium", "Hyponatremia"] == (3,)


def test_total_calcium_is_corrected_by_the_albumin_of_the_same_sample():
    who = sampled(WHO, "2026-08-01", FIRST, "calcium_total 1.9 mmol/L 2.1 2.6", "albumin 30 g/L 35 50")
    found = next(one for one in safety.graded(who.protocol, who.known) if one.value.sample.analyte == "calcium_total")
    assert {grading.term: grading.possible for grading in found.gradings} == {
        "Hypocalcemia": (0,),
        "Hypercalcemia": (0,),
    }


def test_total_calcium_without_albumin_says_why_it_has_no_grade():
    who = sampled(WHO, "2026-08-01", FIRST, "calcium_total 1.5 mmol/L 2.1 2.6")
    (found,) = safety.graded(who.protocol, who.known)
    assert (found.gradings, found.worst) == ((), None)
    assert found.why_not == "total calcium is graded after correction for albumin, and this sample has none"


def heart(who, day, visit, percent):
    given = {"performed": day, "method": "echocardiography", "lvef": percent}
    return who.entered("ejection_fraction", on=TODAY, visit=visit, **given)


def test_ejection_fractions_are_graded_against_their_baseline():
    who = heart(heart(WHO, "2026-06-20", BASELINE, "65"), "2026-10-01", FIRST, "54")
    assert graded(who) == {
        ("2026-06-20", "lvef", "Ejection fraction decreased"): (0,),
        ("2026-10-01", "lvef", "Ejection fraction decreased"): (2,),
    }
    assert safety.graded(who.protocol, who.known)[1].worst.grade == 2


def test_a_value_known_by_a_bound_keeps_every_grade_that_it_may_have():
    who = sampled(WHO, "2026-08-01", FIRST, "platelets <50 10*9/L 150 400")
    assert graded(who)["2026-08-01", "platelets", "Platelet count decreased"] == (3, 4)


def test_a_unit_that_the_test_does_not_come_in_is_refused():
    with pytest.raises(Refusal, match="Hemoglobin is not measured in U/L") as caught:
        sampled(WHO, "2026-08-01", FIRST, "hemoglobin 120 U/L")
    assert "g/L, g/dL, mmol/L" in caught.value.mend


# ---- values that ought to be an adverse event ---------------------------------------------------

LOW = "neutrophils 0.7 10*9/L 1.8 7"  # grade 3, from which the study asks
TERM = "Neutrophil count decreased"


def asked(who):
    return [(visit, path, id_) for form, visit, path, id_ in doubts(who) if form == "laboratory"]


def test_a_graded_value_without_an_event_is_asked_about():
    who = sampled(WHO, "2026-08-01", FIRST, "sodium 140 mmol/L 135 145", LOW)
    assert asked(who) == [(FIRST, "results.2.value", f"no event neutrophils {TERM}")]
    (found,) = safety.suggested(who.protocol, who.known)
    assert (found.grading.grade, found.lower) == (3, None)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ({"onset": "2026-08-01", "grades": "3"}, False),
        ({"onset": "2026-07-20", "grades": "2026-07-20 2, 2026-08-01 3"}, False),
        ({"onset": "2026-08-01", "grades": "4"}, False),
        ({"onset": "2026-08-01", "grades": "2"}, True),  # its grade is lower
        ({"onset": "2026-08-02", "grades": "3"}, True),  # it began later
        ({"onset": "2026-07-10", "ended": "2026-07-31", "grades": "3"}, True),  # it was over
        ({"onset": "2026-08", "grades": "2026-08-05 3"}, False),  # it may have begun by then
        ({"onset": "2026-08-01", "grades": "3", "term": "Fatigue"}, True),
    ],
)
def test_an_event_of_that_term_and_grade_on_that_day_answers_it(typed, wanted):
    who = event(sampled(WHO, "2026-08-01", FIRST, LOW), **({"term": TERM} | typed))
    assert bool(asked(who)) is wanted


def test_the_event_with_a_lower_grade_is_named():
    who = event(sampled(WHO, "2026-08-01", FIRST, LOW), term=TERM, onset="2026-08-01", grades="2")
    (found,) = safety.suggested(who.protocol, who.known)
    assert found.lower.item == "1"
    (doubt,) = (one for one in safety.doubts(who.protocol, who.known, date(2027, 1, 1)) if one.form == "laboratory")
    assert doubt.say == "The value is Neutrophil count decreased, grade 3; event 1 has a lower grade."


def test_a_value_below_the_grade_of_the_study_is_not_asked_about():
    assert asked(sampled(WHO, "2026-08-01", FIRST, "neutrophils 1.2 10*9/L 1.8 7")) == []


def test_a_value_whose_grade_is_open_is_asked_about_only_where_the_lowest_reaches_it():
    assert asked(sampled(WHO, "2026-08-01", FIRST, "alt 10000 U/L - 40")) == []
    assert asked(sampled(WHO, "2026-08-01", FIRST, "sodium 127 mmol/L 135 145")) == []
    assert len(asked(sampled(WHO, "2026-08-01", FIRST, "platelets <50 10*9/L 150"))) == 1


def test_a_value_no_worse_than_at_baseline_is_not_asked_about():
    before = sampled(WHO, "2026-06-20", BASELINE, LOW)
    assert asked(before) == []
    assert asked(sampled(before, "2026-08-01", FIRST, LOW)) == []
    assert len(asked(sampled(before, "2026-08-01", FIRST, "neutrophils 0.4 10*9/L 1.8 7"))) == 1


def test_a_bad_value_before_randomization_is_not_asked_about():
    who = sampled(WHO, "2026-06-10", BASELINE, LOW)
    assert asked(sampled(who, "2026-06-20", FIRST, "neutrophils 3.0 10*9/L 1.8 7")) == []
