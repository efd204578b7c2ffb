"""How a study comes along: the plan, who came when, who was lost where, what stood in the way, and balance."""

from datetime import date, timedelta
from fractions import Fraction
from importlib import import_module

import pytest

from evenhand import administration, steps
from evenhand.accrual import (
    Counts,
    Plan,
    by_arm,
    courses,
    judged_ahead,
    judged_said,
    losses,
    plan_of,
    screening_tally,
    site_counts,
    strata_by_arm,
    stratum_totals,
    study_timeline,
)
from evenhand.dates import add_months, on_day
from evenhand.facts.wire import fact_json
from evenhand.record import History
from evenhand.record.remembered import Remembered
from tests.eligible import ATTESTED, ON, PROTOCOL, Trial, changed, person
from tests.studies_here import TINY, protocol_of

PLAN = Plan(date(2026, 1, 1), date(2029, 1, 1), 162)
DAYS = (PLAN.end - PLAN.start).days
NEGATIVE = changed("estrogen_receptor", "negative")


def trial():
    return Trial().activated(["north", "idle"])


def lost(of, on=ON):
    """Who is not randomized, as {stage: {fate: count}} without zeros."""
    found = losses(PROTOCOL, of.history, lambda _site: on)
    return {one.stage: {fate: n for fate, n in one.by_fate.items() if n} for one in found if one.total}


def tallied(of):
    """The criteria that anybody failed or left open, as {id: (failed, failed no other, unknown)}."""
    tally = screening_tally(PROTOCOL, of.history)
    return {one.criterion.id: one[1:] for one in tally.criteria if one.failed or one.unknown}


# ---- the plan ----------------------------------------------------------------------------------

EXPECTED = [
    (date(2025, 12, 31), Fraction(0)),
    (date(2026, 1, 1), Fraction(0)),
    (date(2026, 1, 2), Fraction(162, DAYS)),
    (date(2027, 7, 2), Fraction(162 * 547, DAYS)),
    (date(2028, 12, 31), Fraction(162 * (DAYS - 1), DAYS)),
    (date(2029, 1, 1), Fraction(162)),
    (date(2035, 1, 1), Fraction(162)),
]


@pytest.mark.parametrize(("day", "expected"), EXPECTED)
def test_the_plan_is_a_straight_line_from_activation_to_the_target(day, expected):
    assert PLAN.expected(day) == expected


def test_the_plan_begins_at_activation_and_ends_after_the_planned_months():
    began = trial()
    start = began.history.state.activation.effective
    months = PROTOCOL.enrollment.accrual_months
    assert plan_of(PROTOCOL, began.history) == Plan(start, add_months(start, months), PROTOCOL.enrollment.target)


def test_there_is_no_plan_before_activation_nor_where_the_protocol_has_none():
    tiny = protocol_of(TINY)
    assert plan_of(PROTOCOL, History(PROTOCOL.study)) is None
    assert tiny.enrollment.accrual_months is None
    assert plan_of(tiny, trial().history) is None


def one_randomized():
    of = trial()
    of.randomized()
    return of


# ---- who came when -----------------------------------------------------------------------------


def test_everybody_has_a_course_with_the_day_of_each_stage():
    of = trial()
    first, second = of.randomized(), of.screened()
    (one, two) = courses(of.history)
    assert (one.subject, one.site, one.stage) == (first, "north", "randomized")
    assert (one.consented, one.registered, one.randomized, one.agrees) == (date(2026, 6, 30), ON, ON, True)
    assert (two.subject, two.stage, two.consented, two.agrees) == (second, "screened", None, False)


def test_counts_are_of_the_end_of_a_day():
    of = trial()
    of.randomized()
    everybody = study_timeline(of.history)
    (screened,) = everybody.screened
    assert everybody.by(screened - timedelta(days=1)) == Counts(0, 0, 0, 0)
    assert everybody.by(screened) == Counts(1, 0, 0, 0)
    assert everybody.by(date(2026, 6, 30)) == Counts(1, 1, 0, 0)
    assert everybody.by(ON) == Counts(1, 1, 1, 1)


def test_an_idle_site_is_counted_with_zeros():
    assert site_counts(one_randomized().history, ON) == {"north": Counts(1, 1, 1, 1), "idle": Counts()}


def test_to_correct_a_fact_later_does_not_move_the_day_of_screening():
    of = trial()
    subject = of.screened()
    before = courses(of.history)
    entry = of.history.subject(subject).entries[0]
    of.until(of.at + timedelta(days=30))
    of.take(steps.correct, seq=entry.seq, body=entry.body, reason="a slip", on=of.at.date())
    assert courses(of.history) == before


def test_who_agreed_again_after_withdrawing_agrees():
    of = trial()
    subject = of.consented(of.screened())
    of.take(steps.withdraw_consent, subject=subject, on=of.at.date(), reason=None)
    assert [one.agrees for one in courses(of.history)] == [False]
    of.take(steps.consent, subject=subject, on=of.at.date())
    assert [one.agrees for one in courses(of.history)] == [True]


# ---- who was lost where ------------------------------------------------------------------------


def test_candidates_are_lost_by_stage_and_fate():
    of = trial()
    of.randomized()
    of.registered()
    of.consented(of.screened())
    of.screened(person(changed("ecog", 3, "2026-06-20")))
    gone = of.consented(of.screened())
    of.take(steps.withdraw_consent, subject=gone, on=ON, reason=None)
    assert lost(of) == {
        "screened": {"not eligible": 1},
        "consented": {"open": 1, "withdrew": 1},
        "registered": {"open": 1},
    }


def test_who_failed_nothing_when_last_judged_ran_out_of_time_later():
    of = trial()
    of.screened()
    assert lost(of) == {"screened": {"open": 1}}
    assert lost(of, on=date(2027, 6, 1)) == {"screened": {"ran out of time": 1}}


def test_a_closed_study_stays_at_its_last_day():
    of = trial()
    of.screened()
    of.until(of.at + timedelta(days=5))
    of.take(steps.close, secret=bytes(range(32)), on=of.at.date())
    assert lost(of, on=date(2027, 6, 1)) == {"screened": {"closed": 1}}  # nobody may enter any more


LATE = date(2027, 6, 1)
TURNS = [  # what was done, in days after somebody was screened; on which day; what became of the person
    ([], ON, "open"),
    ([], LATE, "ran out of time"),
    ([(3, "halt_accrual")], LATE, "halted"),  # time alone keeps nobody out afterwards
    ([(3, "halt_accrual"), (5, "resume_accrual")], LATE, "ran out of time"),
    ([(3, "halt_accrual"), (400, "close")], LATE + timedelta(days=300), "halted"),
    ([(3, "close")], LATE, "closed"),
    ([(400, "halt_accrual")], LATE + timedelta(days=300), "ran out of time"),  # it had run out by then
]


@pytest.mark.parametrize(("turns", "on", "fate"), TURNS)
def test_what_became_of_somebody_is_judged_on_the_day_of_a_halt_or_of_the_end(turns, on, fate):
    of = trial()
    of.screened()
    first = of.at
    for days, turn in turns:
        of.until(first + timedelta(days=days))
        more = {"secret": bytes(range(32))} if turn == "close" else {"reason": "a look at the data"}
        of.take(getattr(steps, turn), **more, on=of.at.date())
    assert lost(of, on) == {"screened": {fate: 1}}


def test_the_day_of_judging_is_said():
    of = trial()
    assert judged_said(of.history.state, "today") == "The day of judging is today."
    of.take(steps.halt_accrual, reason="a look at the data", on=of.at.date())
    halted = f"The day of judging is {of.at:%-d %b %Y}, on which accrual was halted; of whoever came later, "
    assert judged_said(of.history.state, "today") == halted + "today."
    of.until(of.at + timedelta(days=3))
    of.take(steps.close, secret=bytes(range(32)), on=of.at.date())
    closed = f"{of.at:%-d %b %Y}, on which the study was closed."
    assert judged_said(of.history.state, "today") == halted + closed


# ---- which criteria stood in the way -----------------------------------------------------------


def test_failures_and_open_questions_are_counted_by_criterion():
    of = trial()
    of.randomized()  # is no failure
    of.screened(person(changed("ecog", 3, "2026-06-20")))
    brain = changed("metastases", {"lesion": "M2", "site": "brain"})
    of.screened(person(changed("ecog", 4, "2026-06-20"), *person().facts["metastases"], brain))
    of.screened(attested=())
    tally = screening_tally(PROTOCOL, of.history)
    found = tallied(of)
    ecog = next(one for one in tally.criteria if "ECOG" in one.criterion.title).criterion.id
    assert (tally.candidates, tally.failing, tally.undetermined) == (3, 2, 1)
    assert found[ecog] == (2, 1, 0)
    assert any(unknown for _, _, unknown in found.values())
    assert [one.criterion for one in tally.criteria] == list(PROTOCOL.criteria)


def test_a_candidate_is_judged_on_the_last_day_of_doing_and_not_today():
    """A window that passed long after the last entry is no reason for which somebody was turned away."""
    of = trial()
    of.screened()
    assert tallied(of) == {}
    other = trial()
    other.screened(person(changed("first_line", {"start": on_day(date(2024, 1, 1))})), attested=ATTESTED)
    (failed,) = [name for name, counts in tallied(other).items() if counts[0]]
    assert tallied(other)[failed][0] == 1


def test_a_corrected_fact_counts_as_it_now_stands():
    of = trial()
    subject = of.screened()
    entry = of.history.subject(subject).entries[0]
    facts = [given for given in entry.body["facts"] if given["fact"] != "ecog"]
    facts.append(fact_json(changed("ecog", 4, "2026-06-20")))
    of.until(of.at + timedelta(days=300))
    of.take(steps.correct, seq=entry.seq, body={"facts": facts}, reason="read wrongly", on=of.at.date())
    assert [counts for counts in tallied(of).values() if counts[0]] == [(1, 1, 0)]


# ---- balance -----------------------------------------------------------------------------------


def test_every_stratum_is_listed_with_its_labels():
    of = trial()
    of.randomized()
    of.randomized(person(NEGATIVE))
    rows = stratum_totals(PROTOCOL, of.history)
    first, second = PROTOCOL.randomization.strata
    assert [row.levels for row in rows] == [(a.label, b.label) for a in first.levels for b in second.levels]
    assert [row.randomized for row in rows] == [1, 0, 1, 0]


def with_other_arms(history):
    """The same history, had every allocation come out as the other arm."""
    other = dict(zip([arm.id for arm in PROTOCOL.arms], [arm.id for arm in reversed(PROTOCOL.arms)], strict=True))
    counts = {name: {other[arm]: n for arm, n in arms.items()} for name, arms in history.counts.items()}
    swapped = History(history.study).extend(history.entries)
    object.__setattr__(swapped, "counts", counts)
    return swapped


def test_totals_by_stratum_do_not_depend_on_an_arm_and_counts_by_arm_do():
    of = trial()
    of.randomized()
    swapped = with_other_arms(of.history)
    assert stratum_totals(PROTOCOL, swapped) == stratum_totals(PROTOCOL, of.history)
    assert by_arm(PROTOCOL, swapped) == by_arm(PROTOCOL, of.history)[::-1] != by_arm(PROTOCOL, of.history)
    for one, other in zip(strata_by_arm(PROTOCOL, swapped), strata_by_arm(PROTOCOL, of.history), strict=True):
        assert one.arms == other.arms[::-1]


def test_a_stratum_that_the_protocol_does_not_name_is_shown_as_recorded():
    of = one_randomized()
    history = History(of.history.study).extend(of.history.entries)
    object.__setattr__(history, "counts", {"metastases=seven": {"usual": 2}, **history.counts})
    extra = stratum_totals(PROTOCOL, history)[-1]
    assert (extra.levels, extra.randomized) == (("?", "seven"), 2)


# ---- what is remembered ------------------------------------------------------------------------


def test_an_answer_is_kept_for_the_very_same_question_and_a_day_of_equal_value():
    asked = []
    remembered = Remembered(2)

    def ask(key, *question):
        return remembered.answer(key, question, lambda: asked.append(question) or len(asked))

    thing = ["a history"]
    like_it = list(thing)
    assert ask("k", thing, date(2026, 1, 1)) == ask("k", thing, date(2026, 1, 1)) == 1
    assert ask("k", thing, date(2026, 1, 2)) == 2
    assert ask("k", like_it, date(2026, 1, 2)) == 3  # equal, but not the same
    assert ask("l", thing) == 4
    assert ask("m", thing) == 5  # a third key: the others are dropped
    assert ask("l", thing) == 6


def test_nothing_is_judged_twice_while_nothing_is_recorded(monkeypatch):
    of = trial()
    of.screened()
    first = screening_tally(PROTOCOL, of.history)
    monkeypatch.setattr("evenhand.eligibility.judged.assessor_of", None)
    assert screening_tally(PROTOCOL, of.history) is first
    grown = Trial(PROTOCOL)
    grown.history, grown.at = of.history, of.at
    grown.take(steps.halt_accrual, reason="a look at the data", on=of.at.date())
    assert screening_tally(PROTOCOL, grown.history) == first  # asked anew, but each candidate is remembered


def test_losses_are_kept_by_the_day_at_each_site(monkeypatch):
    of = trial()
    of.screened()
    asked = []

    def today(site):
        asked.append(site)
        return ON

    first = losses(PROTOCOL, of.history, today)
    assert losses(PROTOCOL, of.history, today) is first
    assert sorted(set(asked)) == ["idle", "north"]
    assert len(asked) == 4  # once a site, whoever is there
    assert losses(PROTOCOL, of.history, lambda _: ON + timedelta(days=3000)) != first
    monkeypatch.setattr(import_module("evenhand.accrual.losses"), "fate_of", None)
    of.take(administration.open_site, site="late", name="Late", time_zone="UTC", on=of.at.date())
    assert sum(one.total for one in losses(PROTOCOL, of.history, lambda _: ON + timedelta(days=3000))) == 1


def test_candidates_may_be_judged_before_anybody_asks(monkeypatch):
    of = trial()
    for _ in range(3):
        of.screened()
    ahead = judged_ahead(PROTOCOL, of.history, lambda _: ON)
    assert len(list(ahead)) == 6  # the last judgement and the fate of each
    monkeypatch.setattr("evenhand.eligibility.judged.assessor_of", None)
    assert screening_tally(PROTOCOL, of.history).candidates == 3
    assert sum(one.total for one in losses(PROTOCOL, of.history, lambda _: ON)) == 3
