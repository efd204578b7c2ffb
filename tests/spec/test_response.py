"""From the record to response: what the scans propose, with and without local treatment, and what clinicians say."""

from dataclasses import replace
from datetime import date

import pytest

from evenhand.conduct.lesions import assessments_of, carried, lesion_doubts, lives
from evenhand.conduct.lesions import proposed as proposed_list
from evenhand.conduct.response import evaluation, progression, response_doubts
from evenhand.oncology.recist import TreatedPolicy
from tests.conduct_help import participant
from tests.response_help import (
    BONE,
    LIVER,
    LUNG,
    NODE,
    PRIMARY,
    Person,
    followed,
    month,
    overalls,
    proposed,
    says,
)

# ---- the arm without local treatment -------------------------------------------------------------------


def test_nothing_is_proposed_without_a_list_of_lesions():
    bare = participant("usual")
    found = evaluation(bare.protocol, bare.known)
    assert (found.points, found.best.why) == ((), "the lesions at baseline are not entered")
    assert progression(bare.protocol, bare.known) is None
    scanned = Person(bare).scanned(month(1), {"M1": 20})
    assert says(scanned) == ["The lesions at baseline are not entered: nothing can be compared."]


def test_response_and_progression_by_size():
    person = followed("usual", LIVER, LUNG).scanned(month(1), {"M1": 12, "M2": 10})
    person = person.scanned(month(2), {"M1": 14, "M2": 10})
    person = person.scanned(month(3), {"M1": 17, "M2": 10})
    assert overalls(person) == ["PR", "PR", "PD"]
    assert proposed(person) == (month(3), "proposed", False)
    assert evaluation(*person.about).best[:2] == ("PR", month(1))
    last = evaluation(*person.about).points[-1]
    assert last.reasons[0] == ("Targets PD: the sum of 27 mm is 22.727 % and 5 mm above the smallest, 22 mm "
                               "(RECIST 1.1, 4.3.1).")  # fmt: skip
    assert last.patterns == {"distant"}


def test_a_lesion_without_a_row_was_not_assessed_and_is_asked_about():
    person = followed("usual", LIVER, LUNG).scanned(month(1), {"M1": 12})
    assert overalls(person) == ["NE"]
    assert [doubt.say for doubt in lesion_doubts(*person.about)] == [
        "M2 has no row: it counts as not assessed. Was it?"
    ]


def test_a_region_that_was_not_imaged_leaves_it_not_evaluable():
    assert overalls(followed().scanned(month(1), {"M1": 12}, complete="no")) == ["NE"]


def test_a_new_lesion_is_progression_and_a_doubtful_one_once_it_is_beyond_doubt():
    new = {"lesion": "X1", "site": "brain"}
    assert overalls(followed().scanned(month(1), {"M1": 20}, [new])) == ["PD"]
    person = followed().scanned(month(1), {"M1": 20}, [{**new, "certainty": "equivocal"}])
    assert overalls(person) == ["SD"]
    assert evaluation(*person.about).points[0].point.provisional
    person = person.scanned(month(2), {"M1": 20}, [new])
    assert overalls(person) == ["SD", "PD"]
    assert proposed(person) == (month(1), "proposed", False)


@pytest.mark.parametrize(
    ("new", "patterns"),
    [
        ({"site": "brain"}, {"distant"}),
        ({"site": "axillary_node", "side": "same"}, {"regional"}),
        ({"site": "axillary_node", "side": "other"}, {"distant"}),
        ({"site": "axillary_node"}, set()),
        ({"site": "chest_wall", "side": "same", "in_field": "yes"}, {"local"}),
    ],
)
def test_where_a_new_lesion_is(new, patterns):
    person = followed().scanned(month(1), {"M1": 20}, [{"lesion": "X1", **new}])
    assert evaluation(*person.about).points[0].patterns == patterns


def test_non_targets_and_the_words_of_the_reader():
    person = followed("usual", LIVER, BONE).scanned(month(1), {"M1": "absent", "M3": "present"})
    assert overalls(person) == ["PR"]
    assert overalls(person.scanned(month(2), {"M1": "absent", "M3": "absent"})) == ["PR", "CR"]
    worse = person.scanned(month(2), {"M1": "absent", "M3": "progressed"})
    assert overalls(worse) == ["PR", "PD"]
    assert evaluation(*worse.about).points[1].patterns == {"distant"}


def test_too_small_merged_and_split():
    person = followed("usual", LIVER, {**LIVER, "lesion": "M4"})
    assert overalls(person.scanned(month(1), {"M1": "too_small", "M4": "absent"})) == ["PR"]
    merged = person.scanned(month(1), {"M1": 40}, M4={"seen": "merged", "into": "M1"})
    assert overalls(merged) == ["SD"]
    split = person.scanned(month(1), {"M4": 20}, M1={"seen": "measured", "size": "14", "size_2": "14"})
    assert overalls(split) == ["PD"]


def test_a_scan_that_contradicts_itself_is_not_read_and_the_others_are():
    person = followed("usual", LIVER, LUNG).scanned(month(1), {"M1": 20}, M2={"seen": "merged", "into": "M3"})
    person = person.scanned(month(2), {"M1": 26, "M2": 18})
    assert overalls(person) == ["NE", "PD"]
    doubts = [doubt.say for doubt in response_doubts(*person.about)]
    assert doubts == ["This scan cannot be read: M2: merged into M3, which is no other target."]
    assert evaluation(*person.about).points[0].reasons == ("Not read: M2: merged into M3, which is no other target.",)


def test_images_of_other_days_date_the_progression():
    person = followed().scanned(month(1, 10), M1={"seen": "measured", "size": "30", "imaged": "2026-08-08"})
    assert proposed(person) == (date(2026, 8, 8), "proposed", False)


def test_a_correction_changes_what_is_proposed():
    person = followed().scanned(month(1), {"M1": 30})
    assert overalls(person) == ["PD"]
    seq = evaluation(*person.about).points[0].scan.seq
    mended = person.given.corrected(
        seq, "scan", on=month(1, 2), reason="misread", imaged=month(1).isoformat(), complete="yes",
        lesions=[{"lesion": "M1", "seen": "measured", "size": "20"}],
    )  # fmt: skip
    assert [point.overall for point in evaluation(mended.protocol, mended.known).points] == ["SD"]


# ---- the second baseline --------------------------------------------------------------------------------


def test_sums_begin_anew_after_six_months_in_the_arm_without_local_treatment():
    person = followed("usual", LIVER, LUNG)
    for number, sizes in ((3, (12, 10)), (6, (15, 10)), (9, (18, 10)), (12, (20, 10))):
        person = person.scanned(month(number), dict(zip(("M1", "M2"), sizes, strict=True)))
    found = evaluation(*person.about)
    # 22, 25 | 25 anew: 28 is 12 % above it (27 % above 22), 30 is 20 % and 5 mm above it.
    assert [str(point.overall) for point in found.points] == ["PR", "PR", "SD", "PD"]
    assert found.second.day == month(6)
    assert [point.renewed for point in found.points] == [False, False, True, True]


def test_a_scan_that_leaves_out_a_target_is_no_second_baseline():
    person = followed("usual", LIVER, LUNG).scanned(month(6), {"M1": 20}).scanned(month(7), {"M1": 20, "M2": 16})
    assert evaluation(*person.about).second.day == month(7)


def test_a_target_that_is_gone_at_the_second_baseline_is_followed_as_non_target():
    person = followed("usual", LIVER, LUNG).scanned(month(6), {"M1": 20, "M2": "absent"})
    person = person.scanned(month(9), {"M1": 20, "M2": "present"})
    last = evaluation(*person.about).points[1]
    assert (last.overall, last.baseline.non_targets) == ("SD", ("M2",))


def test_what_was_complete_or_doubtful_before_the_second_baseline_is_remembered():
    person = followed().scanned(month(6), {"M1": "absent"}).scanned(month(9), {"M1": "present"})
    assert overalls(person) == ["CR", "PD"]
    new = {"lesion": "X1", "site": "liver"}
    person = followed().scanned(month(6), {"M1": 20}, [{**new, "certainty": "equivocal"}])
    person = person.scanned(month(9), {"M1": 20}, [new])
    assert proposed(person) == (month(6), "proposed", False)


# ---- local treatment ------------------------------------------------------------------------------------


def ablated():
    """Primary and axillary node removed, the liver metastasis irradiated by 1 October; a lung metastasis resected."""
    person = followed("local", PRIMARY, NODE, LIVER, LUNG).scanned(month(1), {"B1": 30, "N1": 18, "M1": 20, "M2": 16})
    person = person.operated(month(1, 10)).resected(month(1, 20), "M2")
    return person.locally_treated(month(2, 10)).irradiated(month(2, 20), month(3), "M1")


def test_treated_lesions_have_states_from_their_forms():
    found = {life.label: life for life in lives(*ablated().about).lesions}
    assert [str(found["M1"].state(day)) for day in (month(2, 19), month(2, 20), month(3))] == [
        "present", "planned", "irradiated",
    ]  # fmt: skip
    assert {label: str(life.state(month(4))) for label, life in found.items()} == {
        "B1": "resected", "N1": "resected", "M1": "irradiated", "M2": "resected",
    }  # fmt: skip


def test_a_new_scan_asks_for_every_lesion_that_is_left():
    person = ablated()
    rows = carried(*person.about, month(4)).lesions
    assert [(row.life.label, str(row.state), row.last.size) for row in rows] == [("M1", "irradiated", 20)]
    before = carried(*person.about, month(1, 2)).lesions
    assert [row.life.label for row in before] == ["B1", "N1", "M1", "M2"]


def test_new_lesions_are_carried_until_they_are_cleared():
    new = {"lesion": "X1", "site": "lung", "certainty": "equivocal"}
    person = followed().scanned(month(1), {"M1": 20}, [new])
    assert [row.life.label for row in carried(*person.about, month(2)).new] == ["X1"]
    person = person.scanned(month(2), {"M1": 20}, [{**new, "certainty": "cleared"}])
    assert carried(*person.about, month(3)).new == ()


def test_resected_lesions_leave_the_sums_of_baseline_too():
    person = followed("local", PRIMARY, LIVER).operated(month(1)).scanned(month(2), {"M1": 25})
    (point,) = evaluation(*person.about).points
    # 20 to 25 mm of what is left; with the primary in the baseline it would be a response.
    assert (point.overall, point.point.target.baseline) == ("PD", 20_000)


def test_a_resection_that_left_visible_tumour_leaves_the_lesion():
    person = followed("local", LIVER).resected(month(1), "M1", margin="visible")
    assert lives(*person.about).of("M1").state(month(2)) == "present"
    assert overalls(person.scanned(month(3), {"M1": 20})) == ["SD"]


def test_everything_resected_is_no_evidence_of_disease_until_something_is_found():
    person = followed("local", LIVER).resected(month(1), "M1").scanned(month(3))
    assert overalls(person) == ["NED"]
    person = person.scanned(month(6), new=[{"lesion": "X1", "site": "liver", "in_field": "yes"}])
    assert overalls(person) == ["NED", "PD"]
    assert evaluation(*person.about).points[1].patterns == {"local"}


def test_an_irradiated_lesion_that_swells_has_not_progressed():
    person = ablated().scanned(month(4), {"M1": 16}).scanned(month(5), {"M1": 30})
    assert overalls(person)[1:] == ["NON-CR/NON-PD", "NON-CR/NON-PD"]
    assert evaluation(*person.about).points[2].local["M1"].status == "grown too early to tell"
    assert proposed(person) is None


def test_an_irradiated_lesion_progresses_once_growth_is_late_and_confirmed_dated_back():
    person = ablated().scanned(month(4), {"M1": 16}).scanned(month(7), {"M1": 24})
    point = evaluation(*person.about).points[-1]
    assert (point.overall, point.local["M1"].status) == ("NON-CR/NON-PD", "progression suspected")
    assert [doubt.say for doubt in response_doubts(*person.about)] == [
        "M1 was irradiated and is grown on 1 Feb 2027; a later scan, PET or a biopsy has to confirm it."
    ]
    person = person.scanned(month(10), {"M1": 25})
    assert overalls(person)[1:] == ["NON-CR/NON-PD", "NON-CR/NON-PD", "PD"]
    assert proposed(person) == (month(7), "proposed", False)
    assert evaluation(*person.about).points[-1].patterns == {"local"}
    assert evaluation(*person.about).best[:2] == ("NON-CR/NON-PD", month(4))


def test_a_biopsy_confirms_at_once_and_pet_can_withdraw():
    grown = {"seen": "measured", "size": "24"}
    person = ablated().scanned(month(4), {"M1": 16})
    assert proposed(person.scanned(month(7), M1={**grown, "biopsy": "positive"}))[0] == month(7)
    person = person.scanned(month(7), M1={**grown, "pet": "negative"}).scanned(month(10), {"M1": 24})
    assert overalls(person)[-2:] == ["NON-CR/NON-PD", "NON-CR/NON-PD"]


def test_an_irradiated_lesion_that_was_never_measured_progresses_by_word_and_confirmation():
    person = followed("local", LIVER, BONE).irradiated(month(1), month(1, 10), "M3")
    for number, word in ((3, "present"), (6, "progressed"), (9, "progressed")):
        person = person.scanned(month(number), {"M1": 20, "M3": word})
    assert overalls(person) == ["SD", "SD", "PD"]
    assert proposed(person) == (month(6), "proposed", False)


def test_an_irradiated_lesion_that_was_gone_and_leaves_a_scar_has_not_progressed():
    person = ablated().scanned(month(4), {"M1": "absent"}).scanned(month(7), {"M1": 4})
    assert overalls(person)[1:] == ["CR", "NON-CR/NON-PD"]


def test_a_lesion_left_untreated_stays_in_the_sums():
    person = followed("local", LIVER, LUNG).irradiated(month(1), month(1, 10), "M1")
    person = person.treated("metastasis_untreated", month(2), decided=month(2).isoformat(), because="participant",
                            lesions=[{"lesion": "M2"}])  # fmt: skip
    person = person.scanned(month(3), {"M1": 18, "M2": 22})
    (point,) = evaluation(*person.about).points
    assert (point.overall, point.point.target.baseline) == ("PD", 16_000)


def test_sums_begin_anew_when_local_treatment_is_complete():
    person = followed("local", LIVER, LUNG).scanned(month(1), {"M1": 20, "M2": 12})
    person = person.operated(month(1, 10)).locally_treated(month(2)).irradiated(month(2), month(2, 10), "M1")
    assert evaluation(*person.about).second is None
    person = person.scanned(month(3), {"M1": 18, "M2": 14}).scanned(month(6), {"M1": 18, "M2": 17})
    found = evaluation(*person.about)
    assert found.second.day == month(3)
    # The lung metastasis alone: 16, 12, 14 | 14 anew: 17 is 5 mm above 12, which would be PD, and 3 mm above 14.
    assert overalls(person) == ["SD", "SD", "SD"]
    assert [point.point.target.nadir for point in found.points] == [36_000, 12_000, 14_000]


def plain(person):
    """Protocol and record where treated lesions are read as RECIST reads any lesion."""
    protocol, known = person.about
    policy = replace(protocol.plan.assessments, treated=TreatedPolicy(excluded=False), second_baseline={})
    return replace(protocol, plan=replace(protocol.plan, assessments=policy)), known


def test_a_study_may_read_treated_lesions_as_recist_reads_any():
    person = followed("local", LIVER, LUNG, BONE).irradiated(month(1), month(1, 10), "M1")
    person = person.resected(month(1, 20), "M2").resected(month(1, 21), "M3")
    person = person.scanned(month(2), {"M1": 15}).scanned(month(3), {"M1": 20})
    assert overalls(person) == ["NON-CR/NON-PD", "NON-CR/NON-PD"]
    # 36 to 15 mm with the resected lesion as 0; then 20 mm: a third and 5 mm above, one month after radiation.
    found = evaluation(*plain(person))
    assert [str(point.overall) for point in found.points] == ["PR", "PD"]
    assert [point.point.non_target for point in found.points] == ["CR", "CR"]


def test_a_course_that_has_not_ended_only_plans():
    person = followed("local", LIVER).treated(
        "metastasis_radiation", month(1), course="S1", site="liver", started=month(1).isoformat(),
        lesions=[{"lesion": "M1"}], planned_gy="45", planned_fractions="3",
    )  # fmt: skip
    assert lives(*person.about).of("M1").state(month(2)) == "planned"
    assert overalls(person.scanned(month(1, 5), {"M1": 25})) == ["PD"]


def test_regional_treatment_reaches_its_own_side_and_sites_alone():
    other = {**NODE, "lesion": "N2", "side": "other"}
    person = followed("local", LIVER, NODE, other, PRIMARY).locally_treated(month(1))
    states = {life.label: str(life.state(month(2))) for life in lives(*person.about).lesions}
    assert states == {"M1": "present", "N1": "irradiated", "N2": "present", "B1": "irradiated"}
    bed = person.operated(month(1, 5)).locally_treated(month(3))
    states = {life.label: str(life.state(month(4))) for life in lives(*bed.about).lesions}
    assert states == {"M1": "present", "N1": "resected", "N2": "present", "B1": "resected"}


def test_words_for_targets_and_sizes_for_non_targets():
    person = followed("usual", LIVER, {**LUNG, "followed": "non_target", "because": "cystic"})
    assert overalls(person.scanned(month(1), {"M1": "present", "M2": 10})) == ["NE"]
    assert overalls(person.scanned(month(1), {"M1": "absent", "M2": 0})) == ["CR"]
    assert overalls(person.scanned(month(1), {"M1": "absent"})) == ["PR"]
    split = {"seen": "progressed", "size": "26"}
    assert overalls(person.scanned(month(1), {"M2": 10}, M1=split)) == ["PD"]


def test_an_irradiated_lesion_that_was_not_looked_at_leaves_it_not_evaluable():
    person = ablated().scanned(month(4), {"M1": 16}).scanned(month(7))
    assert overalls(person)[1:] == ["NON-CR/NON-PD", "NE"]
    assert evaluation(*person.about).points[-1].local["M1"].status == "not assessed"
    small = ablated().scanned(month(4), {"M1": "too_small"}).scanned(month(7), {"M1": 10})
    assert evaluation(*small.about).points[-1].local["M1"].status == "progression suspected"


def test_a_list_can_be_proposed_before_it_is_entered():
    typed = [{"lesion": "M1", "site": "liver", "nature": "solid", "size": 20, "method": "ct", "slice": 5},
             {"lesion": "M9", "site": "rib", "nature": "solid", "size": 20}]  # fmt: skip
    assert proposed_list(typed, assessments_of(followed().about[0])).targets == ("M1",)
