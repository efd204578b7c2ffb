"""Efficacy from cases: what each table says, what it refuses to say, and the numbers behind it."""

import math
from dataclasses import replace

import pytest

from evenhand.analysis.efficacy.arms import arms_of
from evenhand.analysis.efficacy.cases import Cases
from evenhand.analysis.efficacy.comparing import Adjustment, comparison_table
from evenhand.analysis.efficacy.counts import counts_table
from evenhand.analysis.efficacy.distant import incidence_table
from evenhand.analysis.efficacy.estimates import estimates_table
from evenhand.analysis.efficacy.lesions import by_person, incidence_by_lesion, lesion_table
from evenhand.analysis.efficacy.people import Grouping
from evenhand.analysis.efficacy.sensitivity import sensitivity_table
from evenhand.analysis.efficacy.subgroups import interaction, subgroup_table
from evenhand.analysis.saying import NOT, fixed, p_text, ratio_cell, ratio_text
from evenhand.statistics.normal import quantile
from evenhand.statistics.survival import cumulative_incidence
from tests.analysis_help import PFS
from tests.efficacy_help import ARMS, case, made, table_of, value
from tests.eligible import PROTOCOL

near = pytest.approx
ABOUT = {"id": "x", "population": "Everybody, 2 people"}


def spread(control, experimental, *, censored=4):
    """Events at these days in the two arms, and as many censored late in each."""
    late = [(arm, 1200, 0) for arm in (0, 1) for _ in range(censored)]
    return made(*((0, day, 1) for day in control), *((1, day, 1) for day in experimental), *late)


TYPICAL = spread(range(60, 900, 30), range(90, 1100, 60))


def compared(found, *, stratified=False, sided=1):
    ages = {"age": [float(40 + number % 7) for number in range(len(found.all))]}
    adjusted = Adjustment(ages, found, "age")
    return comparison_table(found, PFS, stratified=stratified, sided=sided, adjusted=adjusted, **ABOUT)


def estimated(found, **more):
    return estimates_table(found, PFS, landmarks=(12.0, 24.0), horizon=36.0, **ABOUT, **more)


# ---- how numbers are printed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "text"), [(0.01234, "0.012"), (0.0004999, "< 0.001"), (0.0005, "0.001"), (0.9996, "> 0.999"), (1, "> 0.999")]
)
def test_p_values(p, text):
    assert p_text(p) == text


@pytest.mark.parametrize(
    ("value_", "text"), [(0.614, "0.61"), (0.001, "< 0.01"), (5e9, "> 1000"), (None, "not finite"), (0.0, "0.00")]
)
def test_ratios(value_, text):
    assert ratio_text(value_) == text


def test_a_ratio_that_no_number_can_hold_is_refused():
    assert ratio_cell(None, None, None, "too large for a number").text == NOT


def test_nothing_is_minus_zero():
    assert fixed(-0.04, 1) == "0.0"


# ---- counts ----------------------------------------------------------------------------------------


def test_people_are_events_competing_events_and_censorings():
    table = counts_table(made((0, 9, 1), (0, 5, 0), (0, 8, 2), (1, 3, 0)), PFS, **ABOUT)
    assert table_of(table) == {
        "cases": ("3", "1", "4"),
        "event": ("1 (33.3 %)", "0 (0.0 %)", "1 (25.0 %)"),
        "event_progression": ("1 (33.3 %)", "0 (0.0 %)", "1 (25.0 %)"),
        "competing": ("1 (33.3 %)", "0 (0.0 %)", "1 (25.0 %)"),
        "competing_death": ("1 (33.3 %)", "0 (0.0 %)", "1 (25.0 %)"),
        "censored": ("1 (33.3 %)", "1 (100.0 %)", "2 (50.0 %)"),
        "censored_data_cut": ("1 (33.3 %)", "1 (100.0 %)", "2 (50.0 %)"),
    }
    (event,) = (row for row in table.rows if row.id == "event")
    assert [(one.subject, one.seqs) for one in event.cells[0].behind] == [("P-0", (9,))]


def test_a_day_that_was_chosen_is_counted():
    found = made((0, 9, 1), (1, 5, 1))
    chosen = replace(found, all=(replace(found.all[0], imputed=True), found.all[1]))
    assert "day_chosen" not in table_of(counts_table(found, PFS, **ABOUT))
    assert table_of(counts_table(chosen, PFS, **ABOUT))["day_chosen"] == ("1 (100.0 %)", "0 (0.0 %)", "1 (50.0 %)")


def test_lesions_are_counted_by_lesion():
    two = Cases(ARMS, tuple(case(1, days, 0, "P-1", item=f"M{days}") for days in (3, 4)))
    assert table_of(counts_table(two, PFS, unit="Lesions", **ABOUT))["censored"] == ("0", "2 (100.0 %)", "2 (100.0 %)")


# ---- estimates, by hand ----------------------------------------------------------------------------


def test_median_and_landmarks_by_hand():
    """Four people an arm: of the control half had the event by a year, of the experimental arm a quarter."""
    found = made(*((0, one, 1) for one in (100, 200, 400, 500)), (1, 300, 1), *((1, 1200, 0) for _ in range(3)))
    table = estimated(found)
    assert value(table, "at_12") == near(0.5)
    assert value(table, "at_12", 1) == near(0.75)
    assert value(table, "at_12", 2) == near(0.25)
    assert value(table, "median") == near((200 + 400) / 2 / 30.4375)
    assert table_of(table)["median"][1] == "not reached (9.9 to not reached)"
    assert value(table, "rmst") == near((100 + 200 + 400 + 500) / 4 / 30.4375)
    assert any("the estimate never came down to 0.5" in note for note in table.notes)


def test_a_horizon_that_is_not_known_yet_is_said_and_a_shorter_one_shown():
    """Both arms are followed to 20 and 22 months only: the restricted mean at 36 is refused, that at 20 is shown."""
    found = made((0, 100, 1), (0, 609, 0), (1, 120, 1), (1, 670, 0))
    table = estimated(found)
    assert table_of(table)["rmst"] == (NOT, NOT, NOT)
    assert value(table, "rmst_shorter", name="horizon") == near(609 / 30.4375)
    assert any("before the horizon of 36 months" in note for note in table.notes)


def test_where_nothing_is_compared_no_difference_and_no_p_is_shown():
    table = estimated(TYPICAL, compared=False)
    assert table.head == ("", "Control", "Experimental")
    assert all(len(row.cells) == 2 and "p" not in dict(row.cells[0].values) for row in table.rows)


# ---- comparison ------------------------------------------------------------------------------------


def test_the_test_of_the_design_comes_first():
    found = made(*((place % 2, 10 + place, place % 3 > 0, "ab"[place % 5 > 2]) for place in range(40)))
    plain, stratified = compared(found), compared(found, stratified=True, sided=2)
    assert [row.id for row in plain.rows][:4] == ["log_rank", "log_rank_stratified", "cox", "cox_stratified"]
    assert [row.id for row in stratified.rows][:4] == ["log_rank_stratified", "log_rank", "cox_stratified", "cox"]
    assert "not stratified, one-sided" in plain.notes[0]
    assert "stratified as at randomization, two-sided" in stratified.notes[0]
    assert value(plain, "log_rank", 0, "z") == value(stratified, "log_rank", 0, "z")
    assert "2 strata" in plain.method


def test_without_strata_nothing_is_stratified():
    found = Cases(ARMS, tuple(replace(one, stratum=()) for one in TYPICAL.all))
    assert [row.id for row in compared(found).rows if "stratified" in row.id] == []


def test_one_sided_and_two_sided_belong_to_one_z():
    table = compared(TYPICAL)
    one, two = value(table, "log_rank", 1, "p"), value(table, "log_rank", 2, "p")
    assert two == near(2 * min(one, 1 - one))
    assert value(table, "log_rank", 0, "z") > 0
    assert value(table, "cox", 0) < 1


def test_whoever_has_no_covariate_is_left_out_and_said():
    kept = TYPICAL.where(lambda one: one.subject != "P-0")
    ages = Adjustment({"age": [float(number % 9) for number in range(len(kept.all))]}, kept, "age", 1)
    table = comparison_table(TYPICAL, PFS, stratified=False, sided=1, adjusted=ages, **ABOUT)
    assert value(table, "cox_adjusted", name="people") == len(TYPICAL.all) - 1
    assert any("leaves out 1 in whom" in note for note in table.notes)


# ---- data that say little: a clear result or a clear refusal ---------------------------------------

DEGENERATE = {
    "nobody": made(),
    "one arm empty": made((0, 5, 1), (0, 9, 1), (0, 12, 0)),
    "one person": made((1, 40, 1)),
    "no events": made((0, 5, 0), (0, 9, 0), (1, 8, 0), (1, 11, 0)),
    "one event": made((0, 5, 1), (0, 9, 0), (1, 8, 0), (1, 11, 0)),
    "all ties": made(*((arm, 100, 1) for arm in (0, 0, 1, 1))),
    "everybody censored at randomization": made((0, 1, 0), (0, 1, 0), (1, 1, 0)),
    "one arm censored": made((0, 5, 1), (0, 9, 1), (1, 8, 0), (1, 11, 0)),
    "never together at risk": made((0, 5, 1), (0, 6, 1), (1, 3, 0), (1, 2, 0)),
    "competing alone": made((0, 5, 2), (0, 9, 2), (1, 8, 2), (1, 11, 0)),
    "two people": made((0, 400, 1), (1, 800, 1)),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_every_table_stands_on_degenerate_data(name):
    found = DEGENERATE[name]
    sexes = Grouping("sex", "Sex", {one.subject: "female" for one in found.all}, {"female": "female"})
    tables = [
        counts_table(found, PFS, **ABOUT),
        estimated(found),
        compared(found),
        incidence_table(found, PFS, landmarks=(12.0,), **ABOUT),
        lesion_table(found, PFS, landmarks=(12.0,), **ABOUT),
        subgroup_table(found, [sexes], PFS, fewest=10, **ABOUT),
        sensitivity_table([("a", "A", found)], PFS, title="x", stratified=False, **ABOUT),
    ]
    for table in tables:
        width = len(table.head) - 1
        cells = [(row, cell) for row in table.rows for cell in row.cells]
        assert all(len(row.cells) in (0, width) for row in table.rows)
        assert all("nan" not in cell.text and "None" not in cell.text and "inf" not in cell.text for _, cell in cells)
        assert all(dict(cell.values).get("reason") for _, cell in cells if cell.text == NOT)
        reasons = {str(dict(cell.values)["reason"]) for _, cell in cells if "reason" in dict(cell.values)}
        assert all(any(reason in note for note in table.notes) for reason in reasons)


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("nobody", "cox", "nobody was followed"),
        ("one arm empty", "log_rank", "nobody was followed in Experimental"),
        ("no events", "log_rank", "nobody had the event"),
        ("one arm censored", "cox", "the hazard ratio tends to 0"),
        ("never together at risk", "log_rank", "no event happened while both arms were at risk"),
    ],
)
def test_a_refusal_says_why(name, row, reason):
    table = compared(DEGENERATE[name])
    assert reason in str(value(table, row, name="reason"))
    assert table_of(table)[row][0] == NOT


# ---- estimands and populations ---------------------------------------------------------------------


def test_each_variant_is_a_row():
    fewer = TYPICAL.where(lambda one: one.days > 200)
    table = sensitivity_table(
        [("primary", "Primary", TYPICAL), ("later", "Later", fewer)], PFS, title="x", stratified=False, **ABOUT
    )
    assert table_of(table)["primary"][:2] == ("28/32", "17/21")
    assert table_of(table)["later"][:2] == ("23/27", "15/19")
    assert value(table, "later", 3, "p") != value(table, "primary", 3, "p")


# ---- subgroups -------------------------------------------------------------------------------------


def grouped(found, name_of):
    level = {one.subject: name_of(place) for place, one in enumerate(found.all)}
    return Grouping("sex", "Sex", level, {one: one for one in sorted(set(level.values()))})


def test_levels_add_up_and_few_events_have_counts_alone():
    grouping = grouped(TYPICAL, lambda place: "b" if place < 5 else "a")
    table = subgroup_table(TYPICAL, [grouping], PFS, fewest=10, **ABOUT)
    printed = table_of(table)
    assert printed["all"][:2] == ("28/32", "17/21")
    assert printed["sex_a"][:2] == ("23/27", "17/21")
    assert printed["sex_b"] == ("5/5", "0/0", NOT, "")
    assert printed["sex"][3] == NOT
    assert "b (Hazard ratio): fewer than 10 events." in table.notes


@pytest.mark.parametrize("fewest", [5, 45, 46])
def test_the_protocol_says_how_many_events_an_estimate_takes(fewest):
    """The five of the second group have events in one arm alone, however few are asked for."""
    grouping = grouped(TYPICAL, lambda place: "b" if place < 5 else "a")
    table = subgroup_table(TYPICAL, [grouping], PFS, fewest=fewest, **ABOUT)
    assert (table_of(table)["all"][2] == NOT) is (fewest > 45)
    assert table_of(table)["sex_b"][2] == NOT
    assert f"fewer than {fewest} events" in table.method


def test_levels_in_the_same_words_have_rows_of_their_own():
    level = {one.subject: "< 50" if place % 2 else "> 50" for place, one in enumerate(TYPICAL.all)}
    grouping = Grouping("age", "Age", level, {one: one for one in ("< 50", "> 50")})
    table = subgroup_table(TYPICAL, [grouping], PFS, fewest=10, **ABOUT)
    assert [row.id for row in table.rows] == ["all", "age", "age_50_1", "age_50_2"]


def test_without_an_event_in_an_arm_there_is_no_ratio():
    found = spread(range(60, 900, 30), ())
    table = subgroup_table(found, [], PFS, fewest=10, **ABOUT)
    assert value(table, "all", 2, "reason") == "no event in Experimental"


def test_an_effect_that_differs_shows_and_one_that_does_not_does_not():
    """In the first groups the experimental arm is better in one and worse in the other; in the second alike."""
    better = [(0, 30 + 10 * place, 1) for place in range(30)] + [(1, 300 + 10 * place, 1) for place in range(30)]
    worse = [(1 - arm, days, event) for arm, days, event in better]
    found = made(*better, *worse)
    test, _ = interaction(found, grouped(found, lambda place: "a" if place < 60 else "b"), 10)
    assert test.p < 1e-6 and test.df == 1
    test, _ = interaction(found, grouped(found, lambda place: "ab"[place % 2]), 10)
    assert test.p > 0.2


def test_what_is_not_recorded_is_a_row_and_is_not_tested():
    level = {
        one.subject: "not recorded" if place % 4 == 0 else "ab"[place % 2] for place, one in enumerate(TYPICAL.all)
    }
    grouping = Grouping("sex", "Sex", level, {one: one for one in ("a", "b", "not recorded")})
    table = subgroup_table(TYPICAL, [grouping], PFS, fewest=10, **ABOUT)
    assert table.rows[-1].label == "not recorded"
    assert value(table, "sex", 3, "df") == 1


def test_an_interaction_that_no_model_can_hold_says_why():
    """In one level the experimental arm has its events all after those of the control: its ratio tends to 0."""
    apart = [(0, 10 + place, 1) for place in range(12)] + [(1, 500 + place, 1) for place in range(12)]
    found = made(*apart, *((place % 2, 20 + 9 * place, 1) for place in range(40)))
    test, reason = interaction(found, grouped(found, lambda place: "a" if place < 24 else "b"), 10)
    assert test is None and "tends to" in reason


# ---- lesions ---------------------------------------------------------------------------------------


def lesions(*people):
    """Each person is a list of (days, event), one a lesion, in the experimental arm."""
    return Cases(
        ARMS,
        tuple(
            case(1, days, event, f"P-{number}", item=f"M{place}")
            for number, rows in enumerate(people)
            for place, (days, event) in enumerate(rows)
        ),
    )


def test_with_one_lesion_each_the_error_is_that_of_a_proportion():
    """Without censoring the jackknife variance of k of n is p (1 - p) / (n - 1)."""
    found = lesions(*[[(100, 1)]] * 3, *[[(900, 0)]] * 7)
    result = incidence_by_lesion(found.of_arm(1), 12)
    assert result.incidence == near(0.3)
    assert result.se == near(math.sqrt(0.3 * 0.7 / 9))
    assert 0 < result.low < 0.3 < result.high < 1
    z = quantile(0.975)
    width = z * (result.se / 0.3) / -math.log(0.3)
    assert result.high == near(0.3 ** math.exp(-width))


def test_lesions_that_fail_together_are_no_new_evidence():
    """Three alike lesions in each person leave estimate and interval as with one; a naive interval would shrink."""
    rows = [*[[(100, 1)]] * 3, *[[(900, 0)]] * 7]
    one, three = (incidence_by_lesion(lesions(*(row * many for row in rows)).of_arm(1), 12) for many in (1, 3))
    assert (three.incidence, three.low, three.high) == near((one.incidence, one.low, one.high))
    tripled = lesions(*(row * 3 for row in rows)).of_arm(1)
    naive = cumulative_incidence(tripled.months, tripled.causes, 1).at(12)
    assert naive.high - naive.low < 0.7 * (three.high - three.low)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([[(100, 1), (900, 0)]], "one person alone"),
        ([[(100, 1), (900, 0)], [(100, 0)]], "one person alone"),
        ([[(100, 1), (900, 0)], [(100, 1), (900, 0)]], "people do not differ"),
        ([[(100, 1)], [(50, 1)]], "incidence is 1"),
        ([[(900, 0)], [(950, 0)]], "incidence is 0"),
        ([[(100, 0)], [(120, 0)]], "nobody was followed until 12"),
    ],
)
def test_where_people_show_no_error_there_is_no_interval(rows, reason):
    result = incidence_by_lesion(lesions(*rows).of_arm(1), 12)
    assert result.low is None and reason in result.reason


@pytest.mark.parametrize(
    ("rows", "days", "cause"),
    [
        ([(300, 0), (200, 1), (250, 1)], 200, 1),
        ([(300, 0), (200, 0)], 200, 0),
        ([(100, 2), (90, 2)], 90, 2),
        ([(100, 0), (200, 1)], 200, 1),
    ],
    ids=["the first to fail", "the first no longer followed", "death", "a failure after another is not followed"],
)
def test_a_person_is_the_first_lesion_to_fail(rows, days, cause):
    (found,) = by_person(lesions(rows)).all
    assert (found.days, found.cause) == (days, cause)


def test_no_p_and_no_comparison_of_lesions():
    table = lesion_table(lesions([(100, 1)], [(900, 0), (50, 1)]), PFS, landmarks=(12.0,), **ABOUT)
    assert table_of(table)["lesions"] == ("0", "3")
    assert table_of(table)["people_failed"] == ("0", "2")
    assert not any(name == "p" for row in table.rows for cell in row.cells for name, _ in cell.values)
    assert "are not compared" in table.method


# ---- competing events ------------------------------------------------------------------------------


def test_competing_events_share_what_is_not_free():
    """Four people, all followed for 2 years: incidences of both causes and what is left add up to 1."""
    found = made((0, 50, 1), (0, 60, 2), (0, 900, 0), (0, 900, 0), (1, 70, 1), (1, 900, 0))
    table = incidence_table(found, PFS, landmarks=(12.0,), **ABOUT)
    assert value(table, "event_12") == near(0.25)
    assert value(table, "competing_12") == near(0.25)
    assert value(table, "event_12", 1) == near(0.5)


# ---- arms ------------------------------------------------------------------------------------------


def test_the_control_of_the_design_comes_first_and_is_called_by_its_label():
    swapped = replace(PROTOCOL, arms=tuple(reversed(PROTOCOL.arms)))
    for protocol in (PROTOCOL, swapped):
        arms = arms_of(protocol)
        assert arms.ids[0] == PROTOCOL.design.control
        assert arms.named("arm 1 less arm 0") == f"{arms.labels[1]} less {arms.labels[0]}"


def test_three_arms_are_not_compared():
    assert arms_of(replace(PROTOCOL, arms=(*PROTOCOL.arms, replace(PROTOCOL.arms[0], id="third")))) is None
