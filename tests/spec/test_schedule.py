"""The rules of the schedule, one table a rule."""

import pytest

from evenhand.conduct.disposition import Ends
from evenhand.conduct.schedule import next_unscheduled, suggested
from evenhand.conduct.schedule.occurrences import meet
from evenhand.conduct.schedule.planning import plan_visits
from evenhand.dates import on_day, parse_date
from evenhand.protocol.plan.visits import Anchor, Expected, Window, earlier, shortest
from tests.schedule_help import BLOOD, attended, days, ends, entry, form, iso, months, on, schedule, visit, years
from tests.spec.schedule_table import ENDED, MOVED, PLANNED, STATES, TILES, WINDOWS

# ---- which day: anchor's day, offset, step, number, planned day --------------------------------------------------


@pytest.mark.parametrize(("start", "offset", "every", "number", "planned"), PLANNED)
def test_an_occurrence_counts_from_the_anchor(start, offset, every, number, planned):
    assert visit(offset=offset, every=every).planned(iso(start), number) == iso(planned)


# ---- which days are in time: window, planned day, first, last ----------------------------------------------------


@pytest.mark.parametrize(("window", "planned", "first", "last"), WINDOWS)
def test_a_window_counts_from_the_planned_day(window, planned, first, last):
    found = visit(window=window).days_of(iso(planned), iso(planned), 1)
    assert found == (iso(first), iso(last))


@pytest.mark.parametrize(("every", "planned", "number", "first", "last"), TILES)
def test_a_tile_reaches_half_way_to_its_neighbours(every, planned, number, first, last):
    series = visit(offset=every, every=every, window=Window(tiled=True))
    assert series.planned(iso("2026-07-01"), number) == iso(planned)
    assert series.days_of(iso(planned), iso("2026-07-01"), number) == (iso(first), iso(last))


@pytest.mark.parametrize(
    ("every", "fewest"), [(days(21), 21), (months(1), 28), (months(2), 59), (months(3), 89), (years(1), 365)]
)
def test_the_shortest_step_of_a_series(every, fewest):
    assert shortest(every) == fewest


def test_the_calendar_has_a_first_and_a_last_day():
    assert earlier(iso("0001-01-15"), months(1)) == iso("0001-01-01")
    assert earlier(iso("0001-01-15"), days(15)) == iso("0001-01-01")
    assert visit(offset=months(1), every=years(9000)).planned(iso("2026-01-01"), 3) == iso("9999-12-31")


# ---- the state of one visit on a day -----------------------------------------------------------------------------

ROUND = schedule(visit(offset=months(3), every=months(3), times=1, window=Window(days(14), days(14))))
START = iso("2026-07-01")


@pytest.mark.parametrize(("day", "entered", "state"), STATES)
def test_the_state_of_a_visit_on_a_day(day, entered, state):
    entries = [] if entered is None else [entry("round.1", iso(entered[0]), **entered[1])]
    (found,) = on(ROUND, START, iso(day), *entries)
    assert found.state == state
    assert found.on == (iso(entered[0]) if state == "done" else None)
    assert found.reason == ("on holiday" if state == "missed" else "")


# ---- the end of follow-up ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ended", "states", "last"), ENDED)
def test_visits_planned_after_the_end_of_follow_up_are_cancelled(ended, states, last):
    series = schedule(visit(offset=months(3), every=months(3), times=2, window=Window(days(14), days(14))))
    found = on(series, START, iso("2026-12-01"), ended=iso(ended))
    assert [one.state for one in found] == states
    assert [bool(one.reason) for one in found] == [state == "cancelled" for state in states]
    if last:
        assert found[0].last == iso(last)


def test_a_series_ends_with_the_longest_follow_up_that_day_included():
    series = schedule(visit(offset=months(3), every=months(3), window=Window(days(14), days(14))))
    found = on(series, START, START)
    assert len(found) == 12
    assert found[-1].planned == found[-1].last == iso("2029-07-01")
    assert len(on(series, START, START, at_most=iso("2029-06-30"))) == 11


def test_a_visit_that_took_place_after_the_end_is_kept_and_said():
    (found,) = on(ROUND, START, iso("2026-12-01"), entry("round.1", iso("2026-10-02")), ended=iso("2026-09-30"))
    assert (found.state, found.remarks) == ("done", ("after the end of follow-up on 2026-09-30",))


# ---- what moves --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("moves", "done", "planned"), MOVED)
def test_a_delay_moves_what_the_study_says_and_nothing_else(moves, done, planned):
    cycles = visit("cycle", every=days(21), times=4, moves=moves)
    fixed = visit("fixed", offset=days(60))
    said = entry("cycle.2", iso(done or "2026-08-25"), not_done=None if done else "holiday")
    found = on(schedule(cycles, fixed), START, START, said)
    assert [str(one.planned) for one in found if one.id in ("cycle.3", "cycle.4")] == planned
    assert next(one.planned for one in found if one.id == "fixed") == iso("2026-08-30")


SURGERY = Anchor("form", ("surgery",), "performed", "last")


def test_a_visit_counts_from_the_date_of_a_form_once_it_is_known():
    after = schedule(visit("check", anchor=SURGERY, offset=days(30)))
    assert on(after, START, START) == ()
    (waits,) = plan_visits(after, attended(START), ends(START, iso("2029-07-01"))).waiting
    assert waits.anchor is SURGERY
    surgery = form("surgery", "surgery")
    one = entry(None, iso("2026-08-01"), of=surgery, performed=on_day(iso("2026-08-01")))
    two = entry(None, iso("2026-09-01"), of=surgery, performed=on_day(iso("2026-09-01")))
    vague = entry(None, iso("2026-10-01"), of=surgery, performed=parse_date("2026-10"))
    assert [str(found.planned) for found in on(after, START, START, one)] == ["2026-08-31"]
    assert [str(found.planned) for found in on(after, START, START, one, two)] == ["2026-10-01"]
    assert [str(found.planned) for found in on(after, START, START, two, vague)] == ["2026-11-30"]
    first = schedule(visit("check", anchor=Anchor("form", ("surgery",), "performed", "first"), offset=days(30)))
    assert [str(found.planned) for found in on(first, START, START, two, one)] == ["2026-08-31"]


def test_a_visit_follows_another_one_as_it_took_place():
    plan = schedule(visit("call", anchor=Anchor("visit", ("scan",)), offset=days(7), each=True),
                    visit("scan", offset=months(3), every=months(3), times=2))  # fmt: skip
    found = on(plan, START, START, entry("scan.1", iso("2026-10-05")))
    planned = {one.id: str(one.planned) for one in found}
    assert planned == {
        "scan.1": "2026-10-01", "call.1": "2026-10-12", "scan.2": "2027-01-01", "call.2": "2027-01-08",
    }  # fmt: skip


def test_a_visit_that_follows_one_that_waits_waits_too():
    plan = schedule(
        visit("check", anchor=SURGERY, offset=days(30)),
        visit("call", anchor=Anchor("visit", ("check",)), offset=days(7)),
    )
    nothing = plan_visits(plan, attended(START), ends(START, iso("2029-07-01")))
    assert nothing.slots == () and [one.visit.id for one in nothing.waiting] == ["check", "call"]
    done = entry(None, iso("2026-08-01"), of=form("surgery", "surgery"), performed=on_day(iso("2026-08-01")))
    planned = {one.id: str(one.planned) for one in on(plan, START, START, done, entry("check", iso("2026-09-05")))}
    assert planned == {"check": "2026-08-31", "call": "2026-09-12"}


def test_a_series_ends_with_the_date_that_the_study_names_once_it_is_known():
    radiation = form("radiation", "radiation")
    dates = [Anchor("form", ("radiation",), name, which) for name, which in (("started", "first"), ("ended", "last"))]
    plan = schedule(visit("review", anchor=dates[0], offset=days(4), every=days(7), times=7, until=dates[1]))
    began = {"started": on_day(iso("2026-08-03"))}
    open_end = entry(None, iso("2026-08-03"), of=radiation, **began)
    assert len(on(plan, START, START, open_end)) == 7
    over = entry(None, iso("2026-08-03"), of=radiation, **began, ended=on_day(iso("2026-08-21")))
    assert [str(one.planned) for one in on(plan, START, START, over)] == ["2026-08-07", "2026-08-14", "2026-08-21"]


def test_a_series_without_an_end_in_sight_is_planned_once():
    plan = schedule(visit("endless", anchor=Anchor("registration"), every=days(7)),
                    visit("counted", anchor=Anchor("registration"), every=days(7), times=3))  # fmt: skip
    found = meet(plan, attended(START), START, Ends(None, None))
    assert [one.id for one in found] == ["endless.1", "counted.1", "counted.2", "counted.3"]


# ---- what belongs to a visit -------------------------------------------------------------------------------------


def test_a_visit_that_took_place_says_which_forms_are_missing():
    plan = schedule(visit("round", forms=(Expected("visit"), Expected("blood"))))
    (before,) = on(plan, START, START)
    assert before.missing == ("visit", "blood")
    (done,) = on(plan, START, START, entry("round", START))
    assert (done.state, done.missing) == ("done", ("blood",))
    (complete,) = on(plan, START, START, entry("round", START), entry("round", START, of=BLOOD))
    assert complete.missing == () and len(complete.entries) == 2
    (excused,) = on(plan, START, START, entry("round", START), entry("round", START, of=BLOOD, not_done="no vein"))
    assert excused.missing == ()


def test_a_form_alone_does_not_say_that_the_visit_took_place():
    plan = schedule(visit("round", forms=(Expected("visit"), Expected("blood"))))
    (found,) = on(plan, START, START, entry("round", START, of=BLOOD))
    assert (found.state, found.missing) == ("due", ("visit",))


REMARKS = [
    ("2026-09-17", ()),
    ("2026-09-16", ("1 day before its window (2026-09-17 to 2026-10-15)",)),
    ("2026-10-15", ()),
    ("2026-10-17", ("2 days after its window (2026-09-17 to 2026-10-15)",)),
]


@pytest.mark.parametrize(("day", "remarks"), REMARKS)
def test_a_visit_outside_its_window_is_said_and_not_refused(day, remarks):
    (found,) = on(ROUND, START, iso("2026-12-01"), entry("round.1", iso(day)))
    assert (found.state, found.remarks) == ("done", remarks)


def test_a_visit_before_the_one_before_it_is_said():
    plan = schedule(visit(offset=months(3), every=months(3), times=2, window=Window(months(6), days(0))))
    entries = [entry("round.1", iso("2026-10-01")), entry("round.2", iso("2026-09-30"))]
    found = on(plan, START, iso("2027-02-01"), *entries)
    assert [one.id for one in found] == ["round.2", "round.1"], "in the order of the days on which they took place"
    assert found[0].remarks == ("before Round 1, which took place on 2026-10-01",)


def test_two_visits_on_one_day_are_two_visits():
    plan = schedule(visit("one"), visit("two"))
    found = on(plan, START, START, entry("one", START), entry("two", START))
    assert [(one.id, one.state) for one in found] == [("one", "done"), ("two", "done")]


def test_unscheduled_visits_and_those_of_no_plan_are_not_lost():
    plan = schedule(visit("round", arms=frozenset({"b"})), unscheduled=(Expected("visit"), Expected("blood")))
    entries = [
        entry("unscheduled.2", iso("2026-09-01")),
        entry("round", iso("2026-08-01")),
        entry("gone.7", iso("2026-07-15"), of=BLOOD),
        entry("unscheduled.1", iso("2026-08-15"), not_done="did not come"),
    ]
    found = on(plan, START, iso("2026-10-01"), *entries)
    said = [(one.id, one.label, one.state, one.missing, one.remarks) for one in found]
    assert said == [
        ("gone.7", "gone.7", "done", (), ("not planned for this participant",)),
        ("round", "Round", "done", (), ("not planned for this participant",)),
        ("unscheduled.1", "Unscheduled visit 1", "missed", (), ()),
        ("unscheduled.2", "Unscheduled visit 2", "done", ("blood",), ()),
    ]
    assert next_unscheduled(found) == "unscheduled.3"
    assert next_unscheduled(()) == "unscheduled.1"


SUGGESTED = [
    ("2026-09-16", None),
    ("2026-09-17", "round.1"),
    ("2026-10-15", "round.1"),
    ("2026-12-25", "round.2"),
]


@pytest.mark.parametrize(("day", "name"), SUGGESTED)
def test_a_day_suggests_the_visit_in_whose_window_it_lies(day, name):
    plan = schedule(visit(offset=months(3), every=months(3), times=2, window=Window(days(14), days(14))))
    found = suggested(on(plan, START, START), iso(day))
    assert (found.id if found else None) == name
    done = on(plan, START, START, entry("round.1", iso("2026-09-20")))
    assert suggested(done, iso("2026-10-01")) is None


# ---- names -------------------------------------------------------------------------------------------------------

NAMES = [
    ("round", True), ("round.1", False), ("series", False), ("series.1", True), ("series.12", True),
    ("series.0", False), ("series.01", False), ("series.-1", False), ("series.1.2", False), ("series.", False),
    ("series.x", False), ("series.99999", False), ("unscheduled", False), ("unscheduled.1", True),
    ("unscheduled.0", False), ("other", False), ("", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "known"), NAMES)
def test_which_visits_an_entry_may_name(name, known):
    plan = schedule(visit("round"), visit("series", every=days(7)))
    assert plan.names(name) is known
