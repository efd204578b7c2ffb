"""The interim look: which look a cut is, the bounds at the events observed, and what they say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from evenhand.analysis.efficacy import interim_section
from evenhand.protocol.design import FromMonth, PlannedLook, Spend
from evenhand.record import History
from evenhand.statistics.boundaries import bounds
from evenhand.statistics.monitoring import Interim, conditional_power, observed_bounds, predictive_power
from evenhand.statistics.spending import Spending
from tests.efficacy_help import analysis_of, empty, table_of, trial, value
from tests.eligible import PROTOCOL

near = pytest.approx
FLEMING = Spending("obrien_fleming")
EARLY, LATE = date(2028, 7, 2), date(2030, 1, 1)  # made-up people are followed from July 2026 to July 2029
LOOKS = (PlannedLook(information=Decimal("0.5")), PlannedLook(complete=True))


def designed(**changes):
    """The shipped study with another design: 100 planned events, a look at 50, all at the end."""
    return replace(PROTOCOL, design=replace(PROTOCOL.design, **changes))


def look(events, people=(80, 82), *, earlier=None, last=None, effective=EARLY, **more):
    return interim_section(trial(events, people, effective=effective, **more), earlier=earlier, last=last)


def tables(section):
    return {part.id: part for part in section.parts}


def result(section, row, name):
    return value(tables(section)["interim_result"], row, 0, name)


def bound(section, row, column, name):
    return value(tables(section)["interim_looks"], row, column, name)


# ---- which look it is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "given", "begins"),
    [
        ((20, 10), {}, "No look is due at this cut: the first is planned at 50 events."),
        ((30, 20), {}, "Look 1 of 2 on progression-free survival: 50 of 100 planned events"),
        ((40, 31), {}, "Look 1 of 2 on progression-free survival: 71 of 100 planned events"),
        ((40, 31), {"earlier": (52,)}, "Look 2 of 2 on progression-free survival: 71 of 100"),
        ((40, 31), {"last": True}, "Final look (2 of 2) on progression-free survival: 71 of 100"),
        ((60, 45), {}, "Final look (2 of 2) on progression-free survival: 105 of 100"),
        ((40, 31), {"effective": LATE}, "Final look (2 of 2) on progression-free survival: 71 of 100"),
        ((40, 31), {"effective": LATE, "people": (60, 60)}, "Look 1 of 2 on progression-free survival: 71 of 100"),
    ],
    ids=["before", "at it", "late", "after one that was held", "said to be the last", "over-running",
         "nobody is followed any more", "people may still enter"],
)  # fmt: skip
def test_which_look_a_cut_is(events, given, begins):
    section = look(events, **given)
    assert begins in " ".join(section.says)


def test_before_the_first_look_nothing_is_tested():
    section = look((20, 10))
    assert section.says[0].endswith("30 of 100 planned events, an information fraction of 0.30.")
    (planned,) = section.parts
    assert planned.id == "interim_looks"
    expected = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=FLEMING).efficacy
    assert [bound(section, f"look_{number}", 2, "z") for number in (1, 2)] == near(list(expected))


def test_nobody_randomized_is_before_the_first_look():
    assert "0 of 100 planned events" in interim_section(empty()).says[0]


def test_without_a_design_there_is_no_look():
    section = interim_section(trial((9, 9), (9, 9), protocol=replace(PROTOCOL, design=None)))
    assert section.says == ("The study has no design with a primary endpoint, so that no look is planned.",)


def test_three_arms_have_no_look():
    third = replace(PROTOCOL, arms=(*PROTOCOL.arms, replace(PROTOCOL.arms[0], id="third")))
    assert interim_section(analysis_of((), protocol=third)).says == (
        "The protocol has 3 arms; these methods compare two.",
    )


# ---- the bounds at the information observed --------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "earlier", "last", "held"),
    [
        ((30, 24), None, None, [54]),
        ((40, 31), (52,), None, [52, 71]),
        ((60, 45), None, None, [50, 105]),
        ((40, 31), None, True, [50, 71]),
        ((40, 31), (), True, [71]),
    ],
)
def test_error_is_spent_by_the_events_observed(events, earlier, last, held):
    section = look(events, earlier=earlier, last=last)
    ended = bool(last) or held[-1] >= 100
    expected = observed_bounds(held, 100, alpha=0.025, sided=1, efficacy=FLEMING, last=ended)
    found = [bound(section, f"look_{number}", 2, "z") for number in range(1, len(held) + 1)]
    assert found == near(list(expected.efficacy))
    assert result(section, "bound", "z") == near(expected.efficacy[-1])
    if ended:
        assert bound(section, f"look_{len(held)}", 5, "alpha_spent") == near(0.025, rel=1e-6)


def test_looks_to_come_are_shown_at_their_planned_events():
    section = look((30, 24))
    printed = table_of(tables(section)["interim_looks"])
    assert [texts[:2] for texts in printed.values()] == [("54", "0.54"), ("100", "1.00")]


def test_after_the_last_look_nothing_more_is_tested():
    section = look((60, 45), earlier=(50, 100))
    assert section.says[1].startswith("There is no bound for this look: look 2 had all planned events")
    assert section.parts == ()


def test_a_look_at_a_month_is_due_from_that_month_on():
    """The shipped record is activated on 21 June 2026."""
    by_month = designed(looks=(PlannedLook(month=24), PlannedLook(complete=True)))
    early = look((20, 10), protocol=by_month, effective=date(2028, 6, 1))
    due = look((20, 10), protocol=by_month, effective=date(2028, 7, 1))
    assert "the first is planned at month 24" in early.says[1]
    assert due.says[0].startswith("Look 1 of 2")


# ---- what the boundary says ------------------------------------------------------------------------


def test_a_bound_that_is_not_reached_lets_the_trial_go_on():
    section = look((27, 25))
    assert section.says[1].endswith("by the design the trial goes on.")


def test_a_bound_that_is_crossed_is_the_boards_to_judge():
    section = look((45, 8), every=3)
    assert result(section, "z", "z") > result(section, "bound", "z")
    assert "reaches the efficacy bound of" in section.says[1]
    assert section.says[1].endswith("The bound is a rule of the design; the board decides.")


def test_the_final_look_concludes():
    assert (
        look((60, 45))
        .says[1]
        .endswith("the trial has not shown a difference in favour of Usual approach plus local therapy.")
    )
    assert look((80, 25), every=3).says[1].endswith("The trial has shown it.")


def test_a_futility_bound_stops_below_and_says_whether_it_binds():
    futile = designed(futility=Spend("obrien_fleming"), looks=LOOKS)
    section = look((25, 45), protocol=futile, every=3)
    assert result(section, "z", "z") < bound(section, "look_1", 6, "z")
    assert "is at or below the futility bound" in section.says[1]
    assert "The bound is not binding." in section.says[1]


def test_a_two_sided_test_has_a_bound_on_the_other_side():
    section = look((8, 45), protocol=designed(sided=2, alpha=Decimal("0.05")), every=3)
    assert bound(section, "look_1", 6, "z") == near(-bound(section, "look_1", 2, "z"))
    assert "bound on the other side" in section.says[1]


def test_a_test_that_cannot_be_made_says_why():
    section = look((55, 0), (80, 0))
    assert section.says[1] == "The test cannot be made: nobody was followed in Usual approach plus local therapy."


# ---- what the end may bring ------------------------------------------------------------------------


def test_conditional_and_predictive_power():
    section = look((32, 24))
    z, events = result(section, "z", "z"), 56
    critical = observed_bounds([events, 100], 100, alpha=0.025, sided=1, efficacy=FLEMING, last=True).efficacy[-1]
    now = Interim(z, events)
    assert result(section, "power_trend", "power") == near(conditional_power(now, 100, critical))
    assert result(section, "power_design", "power") == near(conditional_power(now, 100, critical, 0.6))
    assert result(section, "power_none", "power") == near(conditional_power(now, 100, critical, 1.0))
    assert result(section, "power_predictive", "power") == near(predictive_power(now, 100, critical))


def test_the_final_look_has_no_power_to_come():
    assert not any(row.id.startswith("power") for row in tables(look((60, 45)))["interim_result"].rows)


def test_events_can_be_shown_by_person():
    (row,) = (one for one in tables(look((32, 24)))["interim_result"].rows if one.id == "events_0")
    assert len(row.cells[0].behind) == 32
    assert row.cells[0].text == "32 of 80"


# ---- designs that leave something open -------------------------------------------------------------


def test_a_design_without_a_pace_of_accrual_cannot_be_computed_with():
    slow = replace(PROTOCOL, enrollment=replace(PROTOCOL.enrollment, accrual_months=None))
    assert "has no design to compute with" in look((30, 24), protocol=slow).says[0]


def test_looks_that_no_bounds_can_be_found_for_say_why_before_and_at_the_look():
    """The second look is planned within a thousandth of the first."""
    close = designed(looks=(PlannedLook(events=50), PlannedLook(events=5000), PlannedLook(complete=True)), events=100)
    assert bound(look((2, 1), protocol=close), "look_1", 2, "reason")


def test_an_effect_that_changes_over_time_gives_no_power_of_its_own():
    pieces = (FromMonth(month=0, value=Decimal(1)), FromMonth(month=6, value=Decimal("0.5")))
    rows = tables(look((32, 24), protocol=designed(hazard_ratio=pieces)))["interim_result"].rows
    assert [row.id for row in rows if row.id.startswith("power")] == ["power_trend", "power_none", "power_predictive"]


def test_looks_to_come_that_lie_too_close_leave_this_one_standing():
    """Looks at 3999 and 4000 events: the bound of this look stands, what is ahead cannot be computed."""
    near_end = designed(
        events=4000, looks=(PlannedLook(events=30), PlannedLook(events=3999), PlannedLook(complete=True))
    )
    found = look((32, 24), protocol=near_end)
    assert found.says[0].startswith("Look 1 of 3 on progression-free survival: 56 of 4000")
    assert list(table_of(tables(found)["interim_looks"])) == ["look_1"]
    assert "too close" in str(result(found, "power", "reason"))


def test_a_closed_study_is_complete():
    history = replace(trial().cut.history, state=replace(trial().cut.history.state, closure=object()))
    assert look((32, 24), history=history).says[0].startswith("Final look (2 of 2)")


def test_a_month_before_activation_is_not_due():
    by_month = designed(looks=(PlannedLook(month=24), PlannedLook(complete=True)))
    found = look((9, 9), (9, 9), protocol=by_month, history=History(PROTOCOL.study))
    assert "No look is due" in found.says[1]
