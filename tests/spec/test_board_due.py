"""What is due of the safety board at a cut, what followed from its meetings, and what either session's report says."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from evenhand.analysis import analyse, cut
from evenhand.analysis.monitoring import board_section, meetings_section
from evenhand.analysis.monitoring.due import board_due
from evenhand.analysis.monitoring.followed_up import followed_by
from evenhand.analysis.monitoring.met import rules_met, rules_met_at, rules_met_now
from evenhand.analysis.monitoring.stopping import standing
from evenhand.analysis.monitoring.watched import had_event, watched
from evenhand.record import FINAL_MADE, MEETING_HELD, Actor, Event, append
from tests.monitoring_world import PROTOCOL, START, activated, adverse, randomized

BOARD, HEAD = Actor("bea", "safety_board"), Actor("ada", "administrator")
DAY = timedelta(days=1)
TREATED = START + 10 * DAY
LATE = START + 150 * DAY  # before half a year has gone by
RELATED = (("metastasis_radiation", "possible"),)
assert PROTOCOL.monitoring is not None
assert PROTOCOL.monitoring.meets_every is not None
TOXICITY = next(one for one in PROTOCOL.monitoring.event_rules if one.id == "local_toxicity")


def irradiated(many, toxic):
    """A world in which ``many`` people were irradiated, ``toxic`` of them with a severe event that is related."""
    world = activated()
    for number in range(1, many + 1):
        who = (f"P-{number}", "s1")
        randomized(world, who, START, "local", number)
        course = {"course": "M1", "started": TREATED.isoformat(), "lesions": [{"lesion": "M1"}], "site": "bone"}
        world.entered(who, TREATED, "metastasis_radiation", course)
        if number <= toxic:
            adverse(world, who, TREATED + 20 * DAY, "1", term="Fatigue", grade=3, relations=RELATED)
    return world.history()


TEN_OF_TEN, ONE_OF_TEN = irradiated(10, 8), irradiated(10, 1)


def body(day, **more):
    told = {"effective": (day - DAY).isoformat(), "recorded": "2026-02-01T10:00:00Z", "last_entry": 1, "hash": "a" * 64}
    return {**told, "report": "", "manifest": "", **more}


def met(day, *rules, recommendation="continue_unchanged", occasion="periodic"):
    """The board met on a day."""
    about = [{"rule": name, "people": people} for name, people in rules]
    told = body(day, occasion=occasion, rules=about, recommendation=recommendation)
    return Event(MEETING_HELD, None, day, told, reason="All well."), BOARD


def act(kind, day, **told):
    return Event(kind, None, day, told, reason="r"), HEAD


def recorded(history, *events):
    """The record with more entries about the study, each at noon of its day."""
    for event, by in events:
        at = max(datetime.combine(event.effective, time(12), UTC), history.head.recorded_at)
        history = history.extend(append(history, [event], by=by, at=at))
    return history


def analysis(history, on=LATE):
    return analyse(cut(PROTOCOL, history, effective=on, recorded=datetime(2040, 1, 1, tzinfo=UTC)))


def due(history, on=LATE):
    made = analysis(history, on)
    people = [one.person for one in made.people]
    return board_due(PROTOCOL, made.cut.history, people, rules_met(people, PROTOCOL, on), on)


def names(found):
    return [(one.rule.id, one.people) for one in found.rules]


# ---- which rules are met ---------------------------------------------------------------------------


@pytest.mark.parametrize("toxic", [0, 3, 6, 7, 8, 10])
def test_a_rule_is_met_for_a_page_as_it_is_for_the_report(toxic):
    """Found quickly, from those who had the event; the report goes through everybody."""
    history = irradiated(10, toxic)
    made = analysis(history)
    found = standing(TOXICITY, watched(made, TOXICITY))
    assert sum(had_event(one.person, TOXICITY) for one in made.people) == toxic
    newest = [(TOXICITY.id, look.bound.people) for look in found.looks if look.decided == "met"]
    moment = datetime(2040, 1, 1, tzinfo=UTC)
    assert list(rules_met_at(PROTOCOL, history, LATE, moment)) == newest[-1:]
    assert list(rules_met_now(PROTOCOL, history, LATE)) == newest[-1:]
    assert bool(newest) is (toxic >= 7), "the bound at ten people is seven events"


def test_a_study_without_rules_meets_none():
    people = [one.person for one in analysis(TEN_OF_TEN).people]
    assert rules_met(people, replace(PROTOCOL, monitoring=None), LATE) == ()


# ---- what is due -----------------------------------------------------------------------------------


def test_a_rule_that_is_met_waits_until_the_board_has_met_about_it():
    assert names(due(TEN_OF_TEN)) == [("local_toxicity", 10)]
    assert due(TEN_OF_TEN).questions_accrual
    other = recorded(TEN_OF_TEN, met(LATE - DAY), met(LATE - DAY, ("pneumonitis", 10)))
    assert names(due(other)) == [("local_toxicity", 10)]
    answered = due(recorded(TEN_OF_TEN, met(LATE - DAY, ("local_toxicity", 10), occasion="stopping_rule")))
    assert not answered.anything
    assert not answered.questions_accrual
    assert due(ONE_OF_TEN).rules == ()


def test_a_rule_that_is_met_again_at_a_later_look_waits_again():
    history = recorded(irradiated(20, 14), met(LATE - DAY, ("local_toxicity", 10)))
    assert names(due(history)) == [("local_toxicity", 20)]


def test_the_board_is_to_meet_as_often_as_the_protocol_says_while_somebody_is_followed():
    by = PROTOCOL.monitoring.meets_every.after(START)
    before, after = due(ONE_OF_TEN, by - DAY), due(ONE_OF_TEN, by)
    assert (before.meeting, before.next) == (None, by)
    assert (after.meeting, after.next) == (by, None)
    again = due(recorded(ONE_OF_TEN, met(by)), by)
    assert (again.meeting, again.next) == (None, PROTOCOL.monitoring.meets_every.after(by))


def test_it_is_due_no_more_once_nobody_is_followed_or_the_study_is_closed():
    long_after = START + 365 * 10 * DAY
    assert due(ONE_OF_TEN, long_after).meeting is None
    closed = recorded(TEN_OF_TEN, act("study_closed", LATE, secret="5" * 64))
    assert not due(closed, LATE + 365 * DAY).anything


def test_nothing_is_due_where_nobody_was_randomized_or_no_period_is_named():
    assert not due(activated().history()).anything
    people = [one.person for one in analysis(ONE_OF_TEN).people]
    none = replace(PROTOCOL, monitoring=replace(PROTOCOL.monitoring, meets_every=None))
    assert board_due(none, ONE_OF_TEN, people, (), LATE + 900 * DAY).meeting is None


ADVICE = {"continue_unchanged": False, "continue_with_changes": False, "pause_accrual": True, "stop_for_safety": True,
          "stop_for_efficacy": True, "stop_for_futility": True}  # fmt: skip


@pytest.mark.parametrize(("advice", "asks"), ADVICE.items())
def test_a_recommendation_that_accrual_does_not_go_on_waits_for_an_act(advice, asks):
    history = recorded(ONE_OF_TEN, met(LATE - 5 * DAY, recommendation=advice))
    assert (due(history).unfollowed is not None) is due(history).questions_accrual is asks
    halted = recorded(history, act("accrual_halted", LATE - 3 * DAY))
    assert due(halted).unfollowed is None
    resumed = recorded(halted, act("accrual_resumed", LATE - 2 * DAY))
    assert (due(resumed).unfollowed is not None) is asks
    assert due(recorded(resumed, met(LATE - DAY))).unfollowed is None, "the newest recommendation counts"


# ---- what followed ---------------------------------------------------------------------------------


def test_what_followed_is_told_with_its_days_until_the_next_meeting():
    first, halt, resume, last = (LATE - days * DAY for days in (40, 38, 20, 10))
    history = recorded(
        ONE_OF_TEN, met(first, recommendation="pause_accrual"), act("accrual_halted", halt, rule="local_toxicity"),
        act("accrual_resumed", resume), met(last),
    )  # fmt: skip
    paused, went_on = followed_by(history).values()
    assert paused == (
        f"Accrual halted for the stopping rule local_toxicity on {halt:%-d %b %Y} by ada (entry "
        f"{history.head.seq - 2}); accrual resumed on {resume:%-d %b %Y} by ada (entry {history.head.seq - 1})"
    )
    assert went_on == "No act, and none was asked for"


def test_an_act_belongs_to_the_meeting_before_it():
    history = recorded(
        ONE_OF_TEN, act("accrual_halted", LATE - 30 * DAY), met(LATE - 20 * DAY, recommendation="stop_for_safety"),
        met(LATE - 10 * DAY, recommendation="continue_unchanged"), act("accrual_resumed", LATE - 10 * DAY),
    )  # fmt: skip
    stopped, resumed = followed_by(history).values()
    assert stopped == "Not followed: no act since"
    assert resumed.startswith("Accrual resumed on")


# ---- the section -----------------------------------------------------------------------------------


def section(history, *, by_arm, on=LATE):
    return board_section(analysis(history, on), by_arm=by_arm)


def told(found):
    cells = [cell.text for part in found.parts for row in part.rows for cell in row.cells]
    return " ".join((*found.says, *cells))


def test_the_closed_session_reads_which_rule_is_met_and_the_open_one_that_one_is():
    closed, opened = section(TEN_OF_TEN, by_arm=True), section(TEN_OF_TEN, by_arm=False)
    assert closed.says[0].startswith(f"{TOXICITY.label}: this stopping rule is met at its look at 10 people")
    assert TOXICITY.does in closed.says[0]
    assert opened.says[0] == (
        "A stopping rule is met, and the board has not met about it: see the report for the closed session."
    )
    assert TOXICITY.label not in told(opened)


def test_meetings_are_listed_with_what_they_recommended_and_what_followed():
    about = met(
        LATE - 9 * DAY, ("local_toxicity", 10), occasion="stopping_rule", recommendation="pause_accrual"
    )  # fmt: skip
    history = recorded(TEN_OF_TEN, about)
    for by_arm in (True, False):
        found = told(section(history, by_arm=by_arm))
        assert "the board recommended: pause accrual. Accrual goes on" in found
        assert "Not followed: no act since" in found
        assert (f"A stopping rule was met: {TOXICITY.label}" in found) is by_arm
        assert "A stopping rule was met" in found


def test_with_nothing_due_it_says_so_and_when_the_board_meets_next():
    found = section(recorded(ONE_OF_TEN, met(LATE - DAY)), by_arm=False)
    assert found.says[0] == "Nothing is due of the safety board at this cut."
    assert found.says[1].startswith("It meets next by ")
    assert section(ONE_OF_TEN, by_arm=False).says[-1] == "The record tells of no meeting so far."


def test_the_report_at_the_end_lists_the_meetings_and_the_final_analysis_and_nothing_due():
    final = body(LATE, events=77, ground="complete") | {"report": "final", "manifest": "c" * 64}
    history = recorded(
        TEN_OF_TEN, met(LATE - DAY), (Event(FINAL_MADE, None, LATE, final), Actor("sam", "statistician"))
    )
    found = meetings_section(analysis(history))
    assert found.says == ()
    (table,) = found.parts
    assert [row.cells[0].text for row in table.rows][1].startswith("The final analysis, with 77 events")
    assert "SHA-256 cccccccccccccccc" in told(found)
    assert meetings_section(analysis(TEN_OF_TEN)).parts == ()


def test_an_earlier_cut_knows_of_no_later_meeting():
    history = recorded(TEN_OF_TEN, met(LATE + DAY, ("local_toxicity", 10)))
    assert section(history, by_arm=True) == section(TEN_OF_TEN, by_arm=True)


def test_nobody_tells_the_arms_apart_by_the_open_section():
    """Were everybody treated in another arm, the open section would be the same; it names nobody either."""
    found = section(recorded(TEN_OF_TEN, met(LATE - DAY)), by_arm=False)
    assert not any(part.by_arm for part in found.parts)
    assert not [cell for part in found.parts for row in part.rows for cell in row.cells if cell.behind]
