"""RECIST 1.1: the code does what the tables say, and says why."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

from evenhand.dates import add_months
from evenhand.oncology.recist import (
    Assessed,
    Baseline,
    Candidate,
    Look,
    NewLesion,
    NonTargetState,
    Response,
    Scan,
    Target,
    TargetCourse,
    assessed,
    best_response,
    confirmed_response,
    evaluate,
    explain,
    irradiated_course,
    measurability,
    micrometres,
    millimetres,
    node_certainty,
    non_target_response,
    overall_response,
    pattern_of,
    pet_certainty,
)
from evenhand.oncology.recist.criteria import RECIST_1_1
from evenhand.oncology.recist.explain import percent
from tests.spec import recist_table as tables

DAY = date(2026, 1, 31)
TARGETS = ("CR", "PR", "SD", "PD", "NE", "INDETERMINATE", "none")
NON_TARGETS = ("CR", "NON-CR/NON-PD", "PD", "NE", "none")
NEW = ("no", "equivocal", "unequivocal", "not searched")


def um(text):
    """A size of a table in micrometres; None where the cell is empty."""
    return micrometres(Decimal(text)) if text else None


def weeks(number):
    return DAY + timedelta(weeks=number)


# ---- overall response -----------------------------------------------------------------------------


def covers(pattern, value):
    return pattern in (value, "any") or (pattern == "not PD" and value != "PD")


def by_table(target, non_target, new):
    """What every row that covers a combination says; PD goes first in the table of RECIST."""
    found = {row[3] for row in tables.body(tables.OVERALL)
             if covers(row[0], target) and covers(row[1], non_target) and covers(row[2], new)}  # fmt: skip
    if "PD" in found:
        return "PD"
    assert len(found) == 1, (target, non_target, new, found)
    return by_table(target, non_target, "no") if found == {"as with no"} else found.pop()


@pytest.mark.parametrize(("target", "non_target", "new"), list(product(TARGETS, NON_TARGETS, NEW)))
def test_every_combination_has_the_overall_response_of_the_table(target, non_target, new):
    given = [None if said == "none" else Response(said) for said in (target, non_target)]
    assert overall_response(*given, new)[0] == by_table(target, non_target, new)


# ---- targets --------------------------------------------------------------------------------------


def course_of(*sums, node=False):
    """The target results of one lesion with these sizes in mm, the first at baseline."""
    course = TargetCourse((Target("T1", um(str(sums[0])), node),), RECIST_1_1)
    return [course.assess((None if size is None else um(str(size)),), {}) for size in sums[1:]]


@pytest.mark.parametrize(("baseline", "smallest", "now", "response", "why"), tables.body(tables.SUMS))
def test_a_sum_has_the_response_of_the_table(baseline, smallest, now, response, why):
    course = TargetCourse((Target("T1", um(baseline)), Target("T2", 0)), RECIST_1_1)
    course.nadir = um(smallest)
    course.had_pr = um(smallest) * 10 <= um(baseline) * 7
    assert course.assess((um(now) - 1, 1), {}).response == response, why


@pytest.mark.parametrize("node", [False, True])
def test_complete_response_is_0_or_a_normal_node(node):
    (result,) = course_of(20, "9.999", node=node)
    assert result.response == ("CR" if node else "PR")
    (result,) = course_of(20, 10, node=node)
    assert result.response == "PR"
    (result,) = course_of(20, 0, node=node)
    assert result.response == "CR"


def test_complete_response_goes_before_progression():
    # A normal node that grows from 4 to 9.5 mm is still a normal node.
    assert [result.response for result in course_of(20, 4, "9.5", node=True)] == ["CR", "CR"]


def test_a_response_continues_until_progression():
    seen = [result.response for result in course_of(100, 70, 75, 84, 60)]
    assert seen == ["PR", "PR", "PD", "PR"]
    seen = [result.response for result in course_of(100, 70, 84, 79)]
    assert seen == ["PR", "PD", "SD"]


def test_the_smallest_sum_is_of_complete_scans_and_includes_baseline():
    course = TargetCourse((Target("T1", um("50")), Target("T2", um("50"))), RECIST_1_1)
    first = course.assess((um("20"), None), {})
    assert (first.response, first.total, first.measured, first.missing) == ("NE", None, 20_000, (1,))
    second = course.assess((um("50"), um("50")), {})
    assert (second.response, second.nadir) == ("SD", 100_000)


def test_progression_of_the_measured_part_is_progression():
    course = TargetCourse((Target("T1", um("50")), Target("T2", um("10"))), RECIST_1_1)
    assert course.assess((um("72"), None), {}).response == "PD"
    course = TargetCourse((Target("T1", um("50")), Target("T2", um("10"))), RECIST_1_1)
    assert course.assess((um("71.9"), None), {}).response == "NE"


def test_from_zero_without_an_earlier_complete_response_overall():
    assert [result.response for result in course_of(50, 0, 6)] == ["CR", "INDETERMINATE"]
    assert [result.response for result in course_of(50, 0, 4)] == ["CR", "PR"]


def test_a_target_that_is_seen_again_after_a_complete_response_overall_is_progression():
    baseline = Baseline(DAY, (Target("T1", um("50")), Target("N1", um("16"), node=True)))
    for again in ((1000, 0), (0, 10_000), (1000, None)):
        gone, back = (Scan(weeks(8), (0, 9_999)), Scan(weeks(16), again))
        assert [point.overall for point in evaluate(baseline, [gone, back]).points] == ["CR", "PD"]
    unseen = evaluate(baseline, [Scan(weeks(8), (0, 9_999)), Scan(weeks(16), (0, None))])
    assert unseen.points[1].overall == "NE"


def test_a_provisional_complete_response_was_not_assigned():
    baseline = Baseline(DAY, (Target("T1", um("50")),))
    doubt = Scan(weeks(8), (0,), new=(NewLesion("X", "equivocal"),))
    course = evaluate(baseline, [doubt, Scan(weeks(16), (3000,))])
    assert [(point.overall, point.provisional) for point in course.points] == [("CR", True), ("PR", False)]


def test_a_lesion_merged_into_another_follows_it():
    course = TargetCourse((Target("T1", um("20")), Target("T2", um("20"))), RECIST_1_1)
    assert course.assess((um("30"), None), {1: 0}).response == "SD"
    assert course.assess((None, None), {1: 0}).missing == (0, 1)
    assert course.assess((0, None), {1: 0}).response == "CR"
    with pytest.raises(ValueError, match="circle"):
        course.assess((None, None), {0: 1, 1: 0})
    with pytest.raises(ValueError, match="no size of its own"):
        course.assess((um("30"), um("5")), {1: 0})


def test_sizes_have_to_fit_the_targets():
    with pytest.raises(ValueError, match="1 sizes for 2 targets"):
        TargetCourse((Target("T1", 1), Target("T2", 1)), RECIST_1_1).assess((1,), {})


# ---- non-targets, new lesions, the course -----------------------------------------------------------


@pytest.mark.parametrize(("states", "before", "response"), tables.body(tables.NON_TARGETS))
def test_non_targets(states, before, response):
    given = tuple(NonTargetState(state) for state in states.split(", "))
    assert non_target_response(given, bool(before))[0] == response


def test_progression_is_dated_to_the_first_sight_of_what_was_equivocal():
    baseline = Baseline(DAY, (Target("T1", um("20")),))
    doubt, sure = NewLesion("X", "equivocal"), NewLesion("X", "unequivocal")
    scans = [Scan(weeks(8), (10_000,), new=(doubt,)), Scan(weeks(16), (5_000,)), Scan(weeks(24), (0,), new=(sure,))]
    course = evaluate(baseline, scans)
    assert [point.overall for point in course.points] == ["PR", "PR", "PD"]
    assert course.progression == (weeks(8), weeks(24))
    cleared = [scans[0], Scan(weeks(16), (5_000,), new=(NewLesion("X", "cleared"),)), scans[2]]
    assert evaluate(baseline, cleared).progression == (weeks(24), weeks(24))


def test_a_later_confirmation_can_date_a_progression_further_back():
    baseline = Baseline(DAY, (Target("T1", um("20")),))
    doubt, sure = NewLesion("X", "equivocal"), NewLesion("X", "unequivocal")
    scans = [Scan(weeks(8), (20_000,), new=(doubt,)), Scan(weeks(16), (30_000,)), Scan(weeks(24), (0,), new=(sure,))]
    assert evaluate(baseline, scans[:2]).progression == (weeks(16), weeks(16))
    assert evaluate(baseline, scans).progression == (weeks(8), weeks(24))


def test_a_progression_is_dated_by_the_images_that_show_it():
    baseline = Baseline(DAY, (Target("T1", um("20")),), ("NT1",))
    present, worse = (NonTargetState.PRESENT,), (NonTargetState.PROGRESSED,)
    new = (NewLesion("X", "unequivocal", weeks(7)),)
    days = {"target_day": weeks(8) - timedelta(1), "non_target_day": weeks(8) - timedelta(2)}
    for scan, day in (
        (Scan(weeks(8), (30_000,), present, **days), weeks(8) - timedelta(1)),
        (Scan(weeks(8), (20_000,), worse, **days), weeks(8) - timedelta(2)),
        (Scan(weeks(8), (20_000,), present, new, **days), weeks(7)),
        (Scan(weeks(8), (30_000,), worse, new), weeks(7)),
        (Scan(weeks(8), (30_000,), worse), weeks(8)),
    ):
        assert evaluate(baseline, [scan]).progression == (day, weeks(8))


def test_no_disease_until_something_is_found():
    scans = [Scan(weeks(8)), Scan(weeks(16), searched=False), Scan(weeks(24), new=(NewLesion("X", "unequivocal"),))]
    assert [point.overall for point in evaluate(Baseline(DAY), scans).points] == ["NED", "NE", "PD"]


def test_an_equivocal_lesion_where_not_everything_was_searched_leaves_it_not_evaluable():
    scan = Scan(weeks(8), new=(NewLesion("X", "equivocal"),), searched=False)
    (point,) = evaluate(Baseline(DAY), [scan]).points
    assert (point.overall, point.new, point.provisional) == ("NE", "not searched", True)


def test_scans_are_given_oldest_first_and_fit_the_baseline():
    for scans, message in (
        ([Scan(DAY)], "does not lie after"),
        ([Scan(weeks(8)), Scan(weeks(8))], "does not lie after"),
        ([Scan(weeks(8), (), (NonTargetState.ABSENT,))], "tells of 1 non-targets, not of 0"),
    ):
        with pytest.raises(ValueError, match=message):
            evaluate(Baseline(DAY), scans)


def test_a_baseline_names_each_lesion_once_and_measures_its_targets():
    with pytest.raises(ValueError, match="T1 stands at baseline twice"):
        Baseline(DAY, (Target("T1", 1),), ("T1",))
    with pytest.raises(ValueError, match="T1 has no size"):
        Baseline(DAY, (Target("T1", 0),))


# ---- baseline, nodes, PET ---------------------------------------------------------------------------


@pytest.mark.parametrize(("lesion", "method", "slices", "size", "can_be", "why"), tables.body(tables.MEASURABLE))
def test_measurability(lesion, method, slices, size, can_be, why):
    treated = lesion.startswith("treated")
    nature = "solid" if treated else lesion
    candidate = Candidate("L1", "liver", nature, um(size), method, um(slices), treated, lesion.endswith("grown"))
    found = measurability(candidate)
    assert found.standing == can_be, why
    assert found.why
    assert found.source.startswith("RECIST 1.1")


@pytest.mark.parametrize(("smallest", "now", "new"), tables.body(tables.NODES))
def test_a_normal_node_that_grows(smallest, now, new):
    assert (node_certainty(um(smallest), um(now)) or "no") == new


@pytest.mark.parametrize(("before", "now", "by_ct", "new"), tables.body(tables.PET))
def test_pet(before, now, by_ct, new):
    assert (pet_certainty(before, now, by_ct) or "no") == new


# ---- best response ----------------------------------------------------------------------------------


def responses(text):
    """Assessments from `8: CR, 16: PD`: weeks after the reference day."""
    pairs = [item.split(": ") for item in text.split(", ")]
    return [Assessed(weeks(int(week)), Response(response)) for week, response in pairs]


@pytest.mark.parametrize(("text", "unconfirmed", "confirmed"), tables.body(tables.BEST))
def test_best_response(text, unconfirmed, confirmed):
    assert best_response(responses(text), DAY).response == unconfirmed
    assert confirmed_response(responses(text), DAY).response == confirmed


def test_what_lies_after_the_day_of_a_progression_does_not_count():
    baseline = Baseline(DAY, (Target("T1", um("20")),))
    doubt, sure = NewLesion("X", "equivocal"), NewLesion("X", "unequivocal")
    scans = [Scan(weeks(8), (20_000,)), Scan(weeks(16), (20_000,), new=(doubt,)), Scan(weeks(24), (0,)),
             Scan(weeks(32), (0,), new=(sure,))]  # fmt: skip
    course = evaluate(baseline, scans)
    assert [point.overall for point in course.points] == ["SD", "SD", "CR", "PD"]
    assert assessed(course) == ((weeks(8), "SD"), (weeks(16), "PD"))
    assert best_response(assessed(course), DAY).response == "SD"
    assert assessed(evaluate(baseline, scans[:2])) == ((weeks(8), "SD"), (weeks(16), "SD"))


# ---- irradiated lesions -----------------------------------------------------------------------------


def look(item):
    month, seen = item.split(": ")
    biopsy = {"b+": "positive", "b-": "negative"}.get(seen[-2:])
    pet = None if biopsy else {"+": "positive", "-": "negative"}.get(seen[-1])
    size = seen.rstrip("+-b?")
    return Look(add_months(DAY, int(month)), um(size), pet, biopsy)


@pytest.mark.parametrize(("looks", "status", "progressed"), tables.body(tables.IRRADIATED))
def test_an_irradiated_lesion(looks, status, progressed):
    course = irradiated_course(DAY, [look(item) for item in looks.split(", ")])
    expected = progressed and tuple(add_months(DAY, int(month)) for month in progressed.split(", on "))
    assert (course.statuses[-1], course.progression or "") == (status, expected)
    assert course.why


@pytest.mark.parametrize(("site", "side", "in_field", "pattern"), tables.body(tables.PATTERNS))
def test_the_pattern_of_a_progression(site, side, in_field, pattern):
    known = {"yes": True, "no": False, "not said": None}[in_field]
    found = pattern_of(site, side or None, known, frozenset({"axillary_node"}))
    assert (found or "not said") == pattern


# ---- reasons ----------------------------------------------------------------------------------------

TWO = Baseline(DAY, (Target("T1", 20_000), Target("N1", 16_000, node=True)), ("NT1",))
A, P, W, U = NonTargetState.ABSENT, NonTargetState.PRESENT, NonTargetState.PROGRESSED, NonTargetState.NOT_ASSESSED
GONE = "Targets CR: every target is gone and every node among them is below 10 mm (RECIST 1.1, 4.3.1)."
NOT_GONE = "Non-targets NON-CR/NON-PD: at least one non-target persists (RECIST 1.1, 4.3.3)."
ALL_GONE = "Non-targets CR: every non-target is gone (RECIST 1.1, 4.3.3)."
GREW = "Overall PD: the targets progressed (RECIST 1.1, table 1)."
REASONS = [
    ([((0, 8_000), A)], [GONE, ALL_GONE, "Overall CR: by the targets (RECIST 1.1, table 1)."]),
    ([((0, 8_000), A), ((0, 12_000), A)],
     ["Targets PD: a complete response was assigned before, and a target is there again (EORTC, clarifications to "
      "RECIST 1.1).", ALL_GONE, GREW]),
    ([((0, 8_000), A), ((0, 8_000), P)],
     [GONE, "Non-targets PD: a complete response was assigned before, and a non-target is there again (EORTC, "
      "clarifications to RECIST 1.1).", "Overall PD: the non-targets progressed (RECIST 1.1, tables 1 and 2)."]),
    ([((27_200, 16_000), P)],
     ["Targets PD: the sum of 43.2 mm is 20 % and 7.2 mm above the smallest, 36 mm (RECIST 1.1, 4.3.1).", NOT_GONE,
      GREW]),
    ([((45_000, None), U)],
     ["Targets PD: the targets that were assessed reach 45 mm alone, 25 % and 9 mm above the smallest sum, 36 mm; N1 "
      "would only add to it (RECIST 1.1, 4.5).", "Non-targets NE: not all non-targets were assessed (RECIST 1.1, 4.5).",
      GREW]),
    ([((20_000, None), P)],
     ["Targets NE: N1 not assessed, and the others do not reach progression (RECIST 1.1, 4.5).", NOT_GONE,
      "Overall NE: by the targets (RECIST 1.1, table 1)."]),
    ([((0, 0), P)],
     [GONE, NOT_GONE, "Overall PR: the targets are gone, and non-targets remain or were not all assessed (RECIST 1.1, "
      "table 1)."]),
    ([((0, 0), P), ((6_000, 0), P)],
     ["Targets INDETERMINATE: the sum rose from 0 to 6 mm without a complete response overall before; no percentage "
      "can be given, so the scans have to be read again (our rule: RECIST 1.1 does not say).", NOT_GONE,
      "Overall INDETERMINATE: by the targets (RECIST 1.1, table 1)."]),
    ([((12_000, 12_000), P), ((14_000, 12_000), W)],
     ["Targets PR: reached before, and the sum of 26 mm is no progression from 24 mm (EORTC, clarifications to RECIST "
      "1.1).", "Non-targets PD: unequivocal progression of a non-target (RECIST 1.1, 4.3.4).",
      "Overall PD: the non-targets progressed (RECIST 1.1, tables 1 and 2)."]),
    ([((12_000, 12_000), P)],
     ["Targets PR: the sum of 24 mm is 33.333 % below the 36 mm of baseline (RECIST 1.1, 4.3.1).", NOT_GONE,
      "Overall PR: by the targets (RECIST 1.1, table 1)."]),
    ([((20_000, 12_000), P)],
     ["Targets SD: the sum of 32 mm is neither 30 % below baseline (36 mm) nor 20 % and 5 mm above the smallest (36 "
      "mm) (RECIST 1.1, 4.3.1).", NOT_GONE, "Overall SD: by the targets (RECIST 1.1, table 1)."]),
]  # fmt: skip


@pytest.mark.parametrize(("scans", "said"), REASONS, ids=[said[0][:40] for _, said in REASONS])
def test_every_response_says_why(scans, said):
    given = [Scan(weeks(8 * (number + 1)), sizes, (state,)) for number, (sizes, state) in enumerate(scans)]
    assert list(explain(evaluate(TWO, given).points[-1], TWO)) == said


def test_doubt_and_dating_back_are_said():
    doubt, sure = NewLesion("X", "equivocal"), NewLesion("X", "unequivocal")
    course = evaluate(Baseline(DAY), [Scan(weeks(8), new=(doubt,)), Scan(weeks(16), new=(sure,))])
    first, second = (explain(point, course.baseline) for point in course.points)
    assert first == (
        "Overall NED: no lesion at baseline and none found since (code of CDISC).",
        "Provisional: a new lesion is equivocal; if it proves real, progression is dated back to it.",
    )
    assert second[1:] == ("The progression is dated to 28 Mar 2026, when it was first seen.",)


def test_a_percentage_never_looks_like_a_tie_that_it_is_not():
    assert [percent(part, 100_001) for part in (20_000, 30_000, 20_001)] == ["19.999 %", "29.999 %", "20 %"]
    assert percent(5_000, 0) == "more than any percentage"


# ---- sizes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, Decimal("9.8"), Decimal("24.999"), Decimal("70.01"), 300])
def test_sizes_are_whole_micrometres(size):
    assert millimetres(micrometres(size)) == size


@pytest.mark.parametrize(("size", "message"), [(Decimal("0.0001"), "finer than 0.001"), (-1, "below zero")])
def test_a_size_that_cannot_be_exact_is_refused(size, message):
    with pytest.raises(ValueError, match=message):
        micrometres(size)
