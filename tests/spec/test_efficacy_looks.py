"""The interim analysis by the looks that the record says were held: which one a cut is, what is spent and said."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from evenhand.analysis.efficacy import interim_section
from evenhand.analysis.efficacy.crossing import crossed_by, look_at
from evenhand.analysis.efficacy.looks import primary_cases, standing
from evenhand.analysis.monitoring.looking import look_standing
from evenhand.design import assumptions_of
from evenhand.protocol.design import PlannedLook, Spend
from evenhand.protocol.monitoring import LookRule
from evenhand.record import FINAL_MADE, LOOK_HELD, Actor, Event, append
from evenhand.refusal import Refusal
from evenhand.statistics.boundaries import bounds
from evenhand.statistics.monitoring import Futility, observed_bounds
from evenhand.statistics.spending import Spending
from tests.efficacy_help import analysis_of, trial
from tests.eligible import PROTOCOL

near = pytest.approx
FLEMING = Spending("obrien_fleming")
BOARD = Actor("bea", "safety_board")
CUT = date(2028, 7, 2)
LATE = date(2030, 1, 1)  # made-up people are followed from July 2026 to July 2029
assert PROTOCOL.design is not None
THREE = replace(
    PROTOCOL,
    design=replace(
        PROTOCOL.design,
        looks=(PlannedLook(events=40), PlannedLook(events=70), PlannedLook(complete=True)),
    ),
)


def recorded(*looks, wait=1):
    """The record of one participant, in which looks were held: (number, data cut, events), so many days after it."""
    history = trial((0, 0), (0, 0)).cut.history
    for number, cut, events in looks:
        on = cut + timedelta(days=wait)
        body = {"look": number, "effective": cut.isoformat(), "recorded": "2026-07-01T10:00:00Z", "last_entry": 1}
        body |= {"hash": "a" * 64, "events": events, "report": "", "manifest": "", "recommendation": "pause_accrual"}
        at = datetime.combine(on, time(12), UTC)
        history = history.extend(append(history, [Event(LOOK_HELD, None, on, body, reason="r")], by=BOARD, at=at))
    return history


def section(events, *looks, people=(80, 82), effective=CUT, protocol=PROTOCOL, every=9):
    return interim_section(analysed(events, *looks, people=people, effective=effective, protocol=protocol, every=every))


def analysed(events, *looks, people=(80, 82), effective=CUT, protocol=PROTOCOL, every=9):
    return trial(events, people, effective=effective, protocol=protocol, history=recorded(*looks), every=every)


def stands(*given, **more):
    made = analysed(*given, **more)
    return standing(made, primary_cases(made), assumptions_of(made.protocol), None, None)


def looks(section):
    (table,) = (part for part in section.parts if part.id == "interim_looks")
    return {row.label: row.cells for row in table.rows}, table


def told(section):
    return " ".join(section.says)


EARLIER = date(2028, 1, 31)
AT_50 = (1, EARLIER, 50)


# ---- which look a cut is ---------------------------------------------------------------------------

STAGES = {
    "no look recorded, and one due": ((30, 22), (), {}, ("interim", 1, ())),
    "after the look that was held": ((30, 28), (AT_50,), {}, ("between", 1, ())),
    "the cut of the look itself": ((30, 22), ((1, CUT, 52),), {}, ("interim", 1, ())),
    "the end": ((45, 31), (AT_50,), {"effective": LATE}, ("last", 2, ())),
    "all events": ((60, 45), (AT_50,), {}, ("last", 2, ())),
    "the second of three is due": ((40, 31), ((1, EARLIER, 44),), {"protocol": THREE}, ("interim", 2, ())),
    "between the first and the second": ((30, 31), ((1, EARLIER, 44),), {"protocol": THREE}, ("between", 1, ())),
    "the first was passed over": ((40, 33), ((2, EARLIER, 71),), {"protocol": THREE}, ("between", 2, (1,))),
    "at the end one is missing": ((45, 31), ((1, EARLIER, 44),), {"protocol": THREE, "effective": LATE},
                                  ("last", 3, (2,))),
}  # fmt: skip


@pytest.mark.parametrize(("events", "held", "more", "expected"), STAGES.values(), ids=STAGES)
def test_which_look_a_cut_is(events, held, more, expected):
    at = stands(events, *held, **more)
    assert (at.stage, at.number, at.missed) == expected


def test_a_look_counts_with_the_events_that_it_had_and_not_with_those_planned():
    found, table = looks(section((45, 31), (1, EARLIER, 57), effective=LATE))
    assert list(found) == ["Look 1, held 1 Feb 2028", "Final look (2 of 2), now"]
    expected = observed_bounds([57, 76], 100, alpha=0.025, sided=1, efficacy=FLEMING, last=True).efficacy
    assert [dict(cells[2].values)["z"] for cells in found.values()] == near(list(expected))
    assert table.notes == ("A look that was held counts with the events at its data cut, as the record has them.",)
    planned = bounds([0.5, 1], alpha=0.025, sided=1, efficacy=FLEMING).efficacy
    assert expected[-1] != near(planned[-1])


def test_an_old_record_gives_what_it_gave_and_says_so():
    given = section((45, 31), effective=LATE)
    found, table = looks(given)
    assert list(found) == ["Look 1, held before", "Final look (2 of 2), now"]
    expected = observed_bounds([50, 76], 100, alpha=0.025, sided=1, efficacy=FLEMING, last=True).efficacy
    assert [dict(cells[2].values)["z"] for cells in found.values()] == near(list(expected))
    assert "the record does not say when one was" in table.notes[0]


# ---- what is said ----------------------------------------------------------------------------------


def test_between_looks_the_section_begins_with_it_and_tests_nothing():
    given = section((30, 28), (1, EARLIER, 52))
    assert given.says[0] == (
        "Between looks: no decision is taken on these numbers. Next is look 2 of 2, the final one, when all is "
        "complete, or all 100 planned events are there; 58 are reached."
    )
    assert [part.id for part in given.parts] == ["interim_looks"]
    assert "z of" not in told(given)
    found, _ = looks(given)
    assert list(found) == ["Look 1, held 1 Feb 2028", "Look 2, planned"]


def test_between_looks_the_next_interim_one_is_named_with_its_events():
    given = section((30, 31), (1, EARLIER, 44), protocol=THREE)
    assert "Next is look 2 of 3 at 70 events; 61 are reached." in given.says[0]
    assert list(looks(given)[0]) == ["Look 1, held 1 Feb 2028", "Look 2, planned", "Look 3, planned"]


SAID = {
    "due": ((30, 22), (), {}, "Look 1 is due, and the record does not say that it was held."),
    "over-running": ((30, 22), (), {}, "Over-running: 2 more events than the 50 planned for this look"),
    "one more": ((30, 21), (), {}, "Over-running: 1 more event than the 50 planned"),
    "held as planned": ((30, 28), (AT_50,), {}, "at the data cut of 31 Jan 2028, with 50 events, as planned (entry"),
    "held late": ((30, 38), ((1, EARLIER, 61),), {}, "with 61 events, 11 more than planned (entry"),
    "held early": ((30, 28), ((1, EARLIER, 47),), {}, "with 47 events, 3 fewer than planned (entry"),
    "what came of it": ((30, 28), (AT_50,), {}, "The board's recommendation: pause accrual."),
    "at the end": ((45, 31), (AT_50,), {"effective": LATE}, "Look 1 was held on 1 Feb 2028"),
    "missed": ((40, 33), ((2, EARLIER, 71),), {"protocol": THREE}, "does not say that look 1 was held"),
    "more than all": ((60, 45), (AT_50,), {}, "Over-running: 5 more events than planned; the last look spends what is"),
}  # fmt: skip


@pytest.mark.parametrize(("events", "held", "more", "says"), SAID.values(), ids=SAID)
def test_what_is_said_of_looks(events, held, more, says):
    assert says in told(section(events, *held, **more))


def test_a_look_that_the_record_has_is_not_called_due_at_its_own_cut():
    given = section((30, 22), (1, CUT, 52), effective=CUT + timedelta(days=1))
    assert given.says[0].startswith("Between looks")
    given = interim_section(trial((30, 22), (80, 82), effective=CUT, history=recorded((1, CUT, 52), wait=0)))
    assert given.says[0].startswith("Look 1 of 2 on progression-free survival: 52 of 100")
    assert "is due" not in told(given)
    assert "with 52 events, 2 more than planned" in told(given)


def test_a_look_with_more_events_than_there_are_now_has_no_bounds_ahead():
    """Corrections may take events away: what was spent stays spent, and the planned looks are still shown."""
    given = section((20, 20), (1, EARLIER, 50))
    assert given.says[0].startswith("Between looks")
    assert list(looks(given)[0]) == ["Look 1, held 1 Feb 2028", "Look 2, planned"]
    ended = section((20, 20), (1, EARLIER, 50), effective=LATE)
    assert "There is no bound for this look" in told(ended)
    assert "Look 1 was held on 1 Feb 2028" in told(ended)


def test_looks_to_come_that_no_bounds_can_be_found_for_leave_those_that_were_held():
    close = replace(THREE.design, events=4000, looks=(PlannedLook(events=40), PlannedLook(events=3999),
                                                      PlannedLook(complete=True)))  # fmt: skip
    given = section((30, 28), (1, EARLIER, 44), protocol=replace(THREE, design=close))
    assert list(looks(given)[0]) == ["Look 1, held 1 Feb 2028"]
    classical = replace(THREE, design=replace(THREE.design, efficacy=Spend("classical_obrien_fleming")))
    assert section((30, 31), (1, EARLIER, 44), protocol=classical).parts == ()


def test_an_amended_design_with_fewer_looks_leaves_those_that_were_held():
    given = section((40, 33), (1, EARLIER, 44), (2, CUT - timedelta(days=60), 71))
    assert "Next is look 2 of 2, the final one" in given.says[0]
    assert list(looks(given)[0]) == ["Look 1, held 1 Feb 2028", "Look 2, held 4 May 2028", "Look 2, planned"]
    assert "with 71 events (entry" in told(given)


# ---- the stopping rule of looks, and who else asks -------------------------------------------------


def test_the_stopping_rule_decides_nothing_between_looks():
    rule = next(one for one in PROTOCOL.monitoring.stopping.values() if isinstance(one, LookRule))
    found = look_standing(analysed((60, 20), (1, EARLIER, 50), every=3), rule)
    assert (found.decided, found.z, found.look) == ("not yet evaluable", None, "After look 1 of 2")
    assert found.why.startswith("between looks: no decision is taken")
    assert look_standing(analysed((45, 8), every=3), rule).decided == "met"


@pytest.mark.parametrize(
    ("events", "held", "expected"),
    [
        ((45, 8), (), ("interim", 1, 53, "efficacy")),
        ((27, 25), (), ("interim", 1, 52, "none")),
        ((45, 15), (AT_50,), ("between", 1, 60, "not tested")),
        ((20, 10), (), ("before", 0, 30, "not tested")),
        ((55, 0), (), ("interim", 1, 55, "not tested")),
    ],
)
def test_which_bound_a_look_reaches(events, held, expected):
    people = (80, 0) if events == (55, 0) else (80, 82)
    found = look_at(analysed(events, *held, every=3, people=people))
    assert (found.stage, found.number, found.events, found.crossed) == expected


def test_nothing_that_is_compared_has_no_look():
    assert look_at(trial((9, 9), (9, 9), protocol=replace(PROTOCOL, design=None))) is None
    third = replace(PROTOCOL, arms=(*PROTOCOL.arms, replace(PROTOCOL.arms[0], id="third")))
    with pytest.raises(Refusal, match="3 arms"):
        primary_cases(analysis_of((), protocol=third))
    other = replace(PROTOCOL, design=replace(PROTOCOL.design, endpoint="local_failure"))
    with pytest.raises(Refusal, match="names no endpoint that is compared"):
        primary_cases(analysis_of((), protocol=other))


@pytest.mark.parametrize(
    ("z", "sided", "futility", "expected"),
    [
        (3.5, 1, None, "efficacy"),
        (0.0, 1, None, "none"),
        (-3.5, 1, None, "none"),
        (-3.5, 2, None, "other side"),
        (-3.5, 1, FLEMING, "futility"),
        (None, 1, None, "not tested"),
    ],
)
def test_which_bound_a_z_reaches(z, sided, futility, expected):
    below = None if futility is None else Futility(futility, 0.2, 2.8)
    found = observed_bounds([50], 100, alpha=0.025 * sided, sided=sided, efficacy=FLEMING, futility=below)
    assert crossed_by(z, found) == expected


# ---- the final analysis ----------------------------------------------------------------------------


def finished(*given, made=LATE, events=76, **more):
    """As ``analysed``, with the final analysis on record, made at a data cut."""
    found = analysed(*given, **more)
    body = {"effective": made.isoformat(), "recorded": "2026-07-01T10:00:00Z", "last_entry": 1, "hash": "a" * 64}
    body |= {"report": "final", "manifest": "c" * 64, "events": events, "ground": "complete"}
    at, by = datetime.combine(made, time(18), UTC), Actor("sam", "statistician")
    history = found.cut.history.extend(
        append(found.cut.history, [Event(FINAL_MADE, None, made, body)], by=by, at=at)
    )  # fmt: skip
    return replace(found, cut=replace(found.cut, history=history))


def test_the_cut_of_the_final_analysis_is_the_last_look_and_spends_what_is_left():
    made = finished((45, 31), AT_50, effective=LATE)
    given = interim_section(made)
    assert given.says[0].startswith("Final look (2 of 2)")
    assert "This is the data cut of the final analysis, made on 1 Jan 2030 with 76 events (entry" in told(given)
    found, _ = looks(given)
    before, _ = looks(section((45, 31), AT_50, effective=LATE))
    assert [dict(cells[2].values) for cells in found.values()] == [dict(cells[2].values) for cells in before.values()]


def test_after_it_nothing_is_tested_and_the_bounds_are_those_that_were_used():
    given = interim_section(finished((50, 40), AT_50, made=EARLIER + timedelta(days=200), events=76, effective=LATE))
    assert given.says[0].startswith(
        "The final analysis was made on 18 Aug 2028 at the data cut of 18 Aug 2028, with 76"
    )
    assert [part.id for part in given.parts] == ["interim_looks"]
    found, _ = looks(given)
    assert list(found) == ["Look 1, held 1 Feb 2028", "Final analysis, made 18 Aug 2028"]
    expected = observed_bounds([50, 76], 100, alpha=0.025, sided=1, efficacy=FLEMING, last=True)
    assert [dict(cells[2].values)["z"] for cells in found.values()] == near(list(expected.efficacy))
    assert dict(list(found.values())[-1][5].values)["alpha_spent"] == near(0.025)


def test_after_it_the_stopping_rule_of_looks_decides_nothing():
    rule = next(one for one in PROTOCOL.monitoring.stopping.values() if isinstance(one, LookRule))
    made = finished((60, 20), AT_50, made=EARLIER + timedelta(days=200), effective=LATE, every=3)
    assert look_standing(made, rule).decided == "not yet evaluable"
    assert look_at(made).stage == "after"
