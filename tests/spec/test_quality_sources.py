"""What other rooms find becomes queries and deviations of a participant: opened, closed by themselves, replayed."""

from datetime import date

import pytest

from evenhand import steps
from evenhand.conduct import quality
from evenhand.conduct.findings import Deviation, DoubtAt
from evenhand.record import dump
from evenhand.replay import verify_record
from tests.conduct_help import participant

ARMS = ("usual", "local")
SEPTEMBER = date(2026, 9, 1)


def asked(world):
    return [(one.place[0], one.path, one.check) for one in quality.open_queries(world.known)]


def test_what_a_room_asks_is_opened_under_its_name_and_closed_once_it_is_settled():
    world = participant("usual").entered("disposition", on=SEPTEMBER, ending="death", ended="2026-08-20")
    assert asked(world) == [("disposition", "", "disposition: only_said")]
    (query,) = quality.open_queries(world.known)
    assert query.text == "Death is said here alone. Fill in the form about the death."
    world = world.entered("death", on=SEPTEMBER, died="2026-08-20", cause="unknown")
    assert asked(world) == []
    (query,) = quality.queries(world.known)
    assert query.how == "data agree"
    assert verify_record(dump(world.history.entries), world.protocol).findings == ()


def test_two_forms_that_disagree_are_asked_about_until_one_is_corrected():
    world = participant("usual").entered("death", on=SEPTEMBER, died="2026-08-20", cause="unknown")
    world = world.entered("disposition", on=SEPTEMBER, ending="death", ended="2026-08-10")
    assert asked(world) == [("disposition", "", "disposition: other_day")]
    seq = world.known.of("form_entered")[0].seq
    world = world.corrected(seq, "death", reason="misread", on=SEPTEMBER, died="2026-08-10", cause="unknown")
    assert asked(world) == []


@pytest.mark.parametrize(("day", "then"), [("2026-08-20", []), ("2026-08-25", ["disposition: other_day"])])
def test_a_withdrawal_of_consent_is_held_against_the_forms_at_once(day, then):
    world = participant("usual").entered("disposition", on=SEPTEMBER, ending="consent_withdrawn", ended="2026-08-20")
    assert asked(world) == [("disposition", "", "disposition: only_said")]
    world = world.after(steps.withdraw_consent, subject=world.subject, on=date.fromisoformat(day), reason=None)
    assert [check for _, _, check in asked(world)] == then
    again = world.after(steps.consent, subject=world.subject, on=SEPTEMBER)
    assert [check for _, _, check in asked(again)] == ["disposition: only_said"], "it is taken back"
    assert verify_record(dump(again.history.entries), world.protocol).findings == ()


def test_a_paper_consent_to_another_version_changes_no_question():
    world = participant("usual").entered("disposition", on=SEPTEMBER, ending="consent_withdrawn", ended="2026-08-20")
    world = world.after(steps.withdraw_consent, subject=world.subject, on=date(2026, 8, 20), reason=None)
    world = world.after(steps.consent, subject=world.subject, on=SEPTEMBER, version="0.1")
    assert asked(world) == []


def test_a_corrected_fact_is_held_against_the_forms_at_once():
    """A lesion that nobody was registered with is treated; then the list at registration is corrected."""
    world = participant("local").entered(
        "metastasis_radiation", on=SEPTEMBER, course="S1", site="liver", started="2026-08-20", ended="2026-08-20",
        lesions=[{"lesion": "M7"}], planned_gy="45", planned_fractions="3", delivered_gy="45", delivered_fractions="3",
    )  # fmt: skip
    (check,) = [check for _, _, check in asked(world) if check.startswith("treatment: lesion")]
    (standing,) = [one for one in world.known.facts if "M1" in str(one.body)]
    told = [{**one, "value": {**one["value"], "lesion": "M7"}} if "M1" in str(one) else one
            for one in standing.body["facts"]]  # fmt: skip
    given = {"seq": standing.seq, "body": {"facts": told}, "reason": "mislabelled"}
    corrected = world.after(steps.correct, on=standing.effective, **given)
    assert check not in [one for _, _, one in asked(corrected)]
    assert verify_record(dump(corrected.history.entries), world.protocol).findings == ()


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("name", quality.SOURCES)
def test_every_room_can_be_asked_about_somebody_with_nothing_entered(name, arm):
    world = participant(arm)
    found = list(quality.SOURCES[name](world.protocol, world.known, SEPTEMBER))
    assert all(isinstance(one, DoubtAt) and one.id and one.say for one in found)
    assert all(one.form in world.protocol.plan.forms for one in found)


@pytest.mark.parametrize("arm", ARMS)
def test_nothing_is_asked_about_somebody_with_nothing_entered(arm):
    world = participant(arm)
    assert quality.doubts_of(world.protocol, world.known, SEPTEMBER) == ()


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("name", quality.DEVIATIONS)
def test_every_deviation_says_what_by_which_clause_and_what_to_do(name, arm):
    world = participant(arm)
    found = list(quality.DEVIATIONS[name](world.protocol, world.known, date(2027, 6, 1)))
    assert all(isinstance(one, Deviation) for one in found)
    assert all(one.id and one.what and one.clause and one.mend for one in found)


def test_nobody_deviates_on_the_day_of_randomization():
    world = participant("usual")
    assert quality.deviations(world.protocol, world.known, date(2026, 7, 1)) == ()


def test_somebody_never_seen_for_a_year_deviates():
    world = participant("usual")
    assert quality.deviations(world.protocol, world.known, date(2027, 7, 1))
