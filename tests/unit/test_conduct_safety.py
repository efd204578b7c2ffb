"""The safety room where entries are incomplete, drugs are given, and memories are full."""

from dataclasses import replace
from datetime import date

import pytest

from evenhand.conduct import safety
from evenhand.conduct.safety import kept
from evenhand.conduct.safety.clocks import applies
from evenhand.logic import Unknown
from evenhand.oncology.ctcae.conditions import condition
from evenhand.record import SubjectHistory
from tests.conduct_help import participant
from tests.safety_help import SERIOUS, TODAY, doubts, event, events, reported, the_event


def medicated(who, started, regimen, *agents):
    rows = [{"agent": agent} for agent in agents]
    given = {"started": started, "regimen": regimen, "because": "maintenance", "agents": rows}
    return who.entered("systemic_therapy", on=TODAY, **given)


@pytest.mark.parametrize(
    ("regimen", "agents", "expected"),
    [
        ("thp_hp", (), {"her2_antibodies"}),
        ("thp_hp", ("trastuzumab", "pertuzumab", "docetaxel"), {"her2_antibodies", "chemotherapy"}),
        ("tdxd_pertuzumab", (), {"her2_antibodies", "antibody_drug_conjugate"}),
        ("hp_tucatinib", (), {"her2_antibodies", "tyrosine_kinase_inhibitor"}),
        ("endocrine_maintenance", ("aromatase_inhibitor",), {"her2_antibodies", "endocrine_therapy"}),
        ("other", ("capecitabine",), {"chemotherapy"}),
    ],
)
def test_drugs_were_given_when_a_regimen_or_an_agent_says_so(regimen, agents, expected):
    typed = {"other_regimen": "as said"} if regimen == "other" else {}
    rows = [{"agent": agent} for agent in agents or ("trastuzumab",)]
    given = {"started": "2026-07-10", "regimen": regimen, "because": "maintenance", "agents": rows, **typed}
    who = participant("usual").entered("systemic_therapy", on=TODAY, **given)
    plan = who.protocol.plan.safety
    added = {"her2_antibodies"} if not agents else set()  # by the agent that stands in for none
    assert safety.given_by(who.protocol, who.known, plan, date(2026, 7, 10)) == expected | added
    assert safety.given_by(who.protocol, who.known, plan, date(2026, 7, 9)) == set()


def test_it_is_asked_how_an_event_relates_to_a_drug():
    who = event(medicated(participant("usual"), "2026-07-10", "thp_hp", "docetaxel"), attribution="disease possible")
    asked = [id_ for form, _, _, id_ in doubts(who) if form == "adverse_event"]
    assert asked == ["relation chemotherapy", "relation her2_antibodies"]


# ---- what is missing leaves answers open ---------------------------------------------------------


def changed(who, **values):
    """The event with other values in its entry: what the steps would not take, but old or imported entries may hold."""
    found = the_event(who)
    return replace(found, **values)


def emergent(who, found):
    return safety.emergent(who.protocol, who.known, found)


def test_an_event_without_a_first_day_is_open():
    who = event(unless={"onset": "the participant does not remember"}, onset="", grades="2026-08-10 2")
    found = the_event(who)
    assert found.onset is None
    assert "first day of the event is not recorded" in str(emergent(who, found))
    assert found.lasted_on(date(2026, 8, 1))
    assert doubts(who) == []


def test_an_event_of_somebody_who_is_not_randomized_is_open():
    who = event()
    registered = SubjectHistory("somebody else")
    assert isinstance(safety.emergent(who.protocol, registered, the_event(who)), Unknown)


def test_an_event_without_a_grade_is_open():
    who = event()
    found = changed(who, course=())
    assert found.grade is None
    who = who.entered("baseline_condition", on=TODAY, term="Fatigue", onset="2026-03", grade="1")
    assert "the event has no grade" in str(emergent(who, found))


def test_an_event_from_before_with_an_undated_grade_is_open():
    who = event(onset="2026-06-01", grades="2026-06-01 1")
    (row,) = the_event(who).course
    found = changed(who, course=(replace(row, day=None),))
    assert "a grade is not dated exactly" in str(emergent(who, found))


def test_a_grade_that_is_not_known_may_be_one_that_wants_a_report():
    who = event(**SERIOUS)
    plan = who.protocol.plan.safety
    ctep = next(regime for regime in plan.regimes if regime.id == "ctep")
    answer = applies(changed(who, course=()), plan, ctep, ctep.deadlines[0], frozenset())
    assert "no grade is recorded" in str(answer)


def test_two_events_of_which_one_has_no_first_day_are_not_called_one():
    who = event(event(), unless={"onset": "not known"}, onset="", grades="2026-08-10 2")
    assert len(events(who)) == 2
    assert doubts(who) == []


def test_a_report_needs_a_time_that_can_be_read():
    who = event(**SERIOUS)
    with pytest.raises(Exception, match="'noon' is no time of day"):
        reported(who, "1", "sponsor", "initial", "2026-08-15", sent_time="noon")


# ---- small parts ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "80", "< ", "= 80", "< 80 ULN BASE", "> ULN +", "< LLN or"])
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ValueError, match="is no condition: write < 80, > 3 ULN"):
        condition(text)


def test_a_full_memory_forgets_and_finds_again(monkeypatch):
    monkeypatch.setattr(kept, "_MOST", 2)
    memory, asked = kept.Kept(), []

    def find(key):
        asked.append(key)
        return key.upper()

    for key in ("a", "b", "a", "c", "a"):
        assert memory.of(key, lambda key=key: find(key)) == key.upper()
    assert asked == ["a", "b", "c", "a"]
