"""A made-up trial takes the planned number and no more; who does not consent declines, and a few come back."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from evenhand.protocol import StudyError
from evenhand.record import dump
from evenhand.replay import verify_record
from evenhand.simulation import Course, Pace, load_scenario, walk
from evenhand.simulation.scenario import Declining
from tests.studies_here import SHIPPED
from tests.walked_help import PROTOCOL

SCENARIO = load_scenario(SHIPPED[0], PROTOCOL.version.id)
TARGET, HALF = 5, Decimal("0.5")


def walked(people, protocol=PROTOCOL, scenario=SCENARIO, pace=None):
    return walk(protocol, scenario, people=people, seed=4, course=Course(follow_up=False, pace=pace))


@cache
def full():
    """A trial that plans five people, and would find more; weeks lie between its steps."""
    fewer = replace(PROTOCOL, enrollment=replace(PROTOCOL.enrollment, target=TARGET))
    return walked(60, fewer, pace=Pace(consent=(5, 40), registration=(5, 20)))


def test_accrual_is_halted_on_the_day_on_which_the_planned_number_is_randomized():
    history = full().history
    assert len(history.allocations) == TARGET
    (halt,) = history.about_study.of("accrual_halted")
    assert halt.effective == history.allocations[-1].effective
    assert halt.latest.reason == "Made up: the planned number of 5 participants is randomized."


def test_nobody_comes_after_it_and_whoever_was_in_screening_is_refused():
    history, report = full().history, full().report
    (halt,) = history.about_study.of("accrual_halted")
    assert len(history.subjects) < 60
    later = {entry.kind for entry in history.entries if entry.seq > halt.seq}
    assert later <= {"attested", "study_closed"}
    assert report.turned_away["accrual"] > 0
    assert verify_record(dump(history.entries), PROTOCOL).findings == ()


def test_a_trial_that_finds_fewer_is_not_halted():
    assert not walked(6).history.about_study.of("accrual_halted")


def test_who_does_not_consent_declines_and_a_few_come_back():
    said = Declining(
        unsaid=Decimal("0.3"), because={"chance": 1, "other": 1}, words={"waits": 1}, returns=HALF, after=[3, 3]
    )
    scenario = SCENARIO.model_copy(update={"consents": Decimal("0.3"), "declines": said})
    history = walked(60, scenario=scenario).history
    people = [history.subject(name) for name in history.subjects]
    declined = [one for known in people for one in known.of("consent_declined")]
    reasons = Counter(one.body.get("because", "") for one in declined)
    assert set(reasons) == {"", "chance", "other"}
    assert {one.body.get("words") for one in declined if one.body.get("because") == "other"} == {"waits"}
    back = [known for known in people if known.of("consent_declined") and known.of("consented")]
    assert back
    assert all((known.consents[0].effective - known.of("consent_declined")[0].effective).days == 3 for known in back)
    assert all(known.consents or known.declined or not known.registration for known in people)


@pytest.mark.parametrize(
    ("declines", "fault"),
    [
        ({"unsaid": HALF}, "some give a reason"),
        ({"unsaid": HALF, "because": {"other": 1}}, "goes with `words`"),
    ],
)
def test_a_scenario_says_what_is_said(declines, fault):
    with pytest.raises(ValueError, match=fault):
        Declining(**declines)


def test_reasons_that_the_study_does_not_list_are_refused():
    odd = SCENARIO.model_copy(update={"declines": Declining(unsaid=0, because={"weather": 1})})
    with pytest.raises(
        StudyError, match=r"declines\.because: 'weather' is no reason of this study: chance, wants_local"
    ):
        walked(1, scenario=odd)
