"""From the record to the answer: real steps, a real record, and what endpoints, populations and findings make of it."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import permutations

import pytest

from evenhand import steps
from evenhand.analysis import Participant, analyse, cut, seen_of
from evenhand.analysis.populations import treated_in
from evenhand.protocol.model import Arm
from evenhand.record import Event, append
from tests.conduct_help import BY, RANDOMIZED_ON, participant
from tests.response_help import BONE, LIVER, Person, followed, month
from tests.treatment_entries import locoregional, sbrt
from tests.treatment_entries import primary as said_of_primary

LATE = month(40)
PD = {"overall": "pd", "progressed": "yes", "basis": "radiographic", "distant": "yes"}


def at(day):
    """The last moment of a day."""
    return datetime.combine(day, time(23, 59), UTC)


def analysis(person, until, recorded=None):
    """The answer about one person at a cut."""
    given = person.given if isinstance(person, Person) else person
    found = cut(given.protocol, given.history, effective=until, recorded=recorded or given.history.head.recorded_at)
    return analyse(found)


def outcome(person, until=LATE, endpoint="pfs", estimand="primary", recorded=None):
    """The one outcome of an endpoint."""
    (found,) = analysis(person, until, recorded).outcomes(endpoint, estimand)
    return found


def told(person, until=LATE, **which):
    found = outcome(person, until, **which)
    return found.event, found.day, found.reason


def progressed(person, on, since=None, **more):
    return person.determined(on, progressed_on=(since or on).isoformat(), **{**PD, **more})


def entered_anyway(person, form, on, recorded_on, **values):
    """After an entry that the steps would refuse: what a record of another program, or an old mistake, may hold."""
    given = person.given
    body = {"form": form, "item": "1", "visit": None, "values": values}
    event = Event("form_entered", given.subject, on, body)
    history = given.history
    moment = max(at(recorded_on), history.head.recorded_at)
    grown = history.extend(append(history, [event], by=BY, at=moment))
    return replace(person, given=replace(given, history=grown))


def scans(*months, arm="usual", size=20):
    person = followed(arm)
    for number in months:
        person = person.scanned(month(number), {"M1": size})
    return person


def test_a_signed_progression_is_an_event_and_names_its_entry():
    person = progressed(scans(3).scanned(month(6), {"M1": 30}), month(6))
    found = outcome(person)
    assert (found.event, found.day, found.reason) == (True, month(6), "progression")
    entry = person.given.history.entry(found.seqs[0])
    assert entry.body["form"] == "response"


def test_an_unsigned_one_is_none_and_is_a_finding():
    person = scans(3).scanned(month(6), {"M1": 30})
    assert told(person) == (False, month(3), "unsigned")
    entered = person.determined(month(6), signed=False, progressed_on=month(6).isoformat(), **PD)
    assert told(entered) == (False, month(3), "unsigned")
    (mistake,) = analysis(entered, month(40)).mistakes
    assert mistake.say == "A progression of 1 Jan 2027 that nobody signed."
    assert told(entered, estimand="scans_alone") == (True, month(6), "progression")


def test_without_a_list_of_lesions_there_is_no_baseline():
    assert told(Person(participant("usual"))) == (False, RANDOMIZED_ON, "no_baseline")


def test_a_scan_that_is_not_complete_shows_no_absence_of_progression():
    person = scans(3).scanned(month(6), {"M1": 20}, complete="no")
    assert told(person, until=month(7)) == (False, month(3), "data_cut")


def test_where_sums_are_not_evaluable_every_lesion_seen_is_adequate():
    person = followed("usual", LIVER, BONE).scanned(month(3), {"M1": "present", "M3": "present"})
    assert told(person, until=month(4)) == (False, month(3), "data_cut")
    unseen = followed("usual", LIVER, BONE).scanned(month(3), {"M1": "not_assessed", "M3": "present"})
    assert told(unseen, until=month(4)) == (False, RANDOMIZED_ON, "unassessed")


def test_a_further_line_censors_and_a_switch_for_side_effects_does_not():
    person = scans(3)
    first = person.given.entered(
        "systemic_therapy", on=RANDOMIZED_ON, started="2026-03-01", regimen="thp_hp", because="first_treatment"
    )
    for because, expected in (
        ("progression", (False, month(3), "new_therapy")),
        ("toxicity", (False, month(3), "data_cut")),
    ):
        later = first.entered(
            "systemic_therapy", on=month(4), started=month(4).isoformat(), regimen="tdxd_pertuzumab", because=because
        )
        assert told(later, until=month(5)) == expected


def test_local_therapy_that_the_arm_plans_is_no_new_therapy():
    for arm, reason in (("local", "data_cut"), ("usual", "unplanned_local_therapy")):
        person = scans(3, arm=arm).irradiated(month(4), month(4, 9), "M1")
        assert told(person, until=month(5)) == (False, month(3), "data_cut")
        assert outcome(person, until=month(5), estimand="crossover_censored").reason == reason


def test_death_and_a_death_of_which_the_month_alone_is_known():
    person = scans(3)
    exact = person.given.entered("death", on=month(5), died=month(4, 9).isoformat(), cause="breast_cancer")
    assert told(exact) == (True, month(4, 9), "death")
    partial = person.given.entered("death", on=month(6), died="2026-12", cause="unknown")
    assert told(partial) == (True, month(5, 16), "death")
    assert told(partial, endpoint="os") == (True, month(5, 16), "death")


def test_whoever_lives_is_censored_for_survival_when_last_seen():
    person = scans(3).given.entered("visit", on=month(4), visit="unscheduled.9", date=month(4).isoformat(),
                                    way="telephone", unplanned="called")  # fmt: skip
    assert told(person, until=month(5), endpoint="os") == (False, month(4), "data_cut")


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"distant": "yes"}, (True, month(6), "distant")),
        ({"distant": "no", "regional": "yes"}, (False, month(6), "other_progression")),
    ],
)
def test_distant_failure_and_what_competes_with_it(places, expected):
    person = progressed(scans(3).scanned(month(6), {"M1": 30}), month(6), **places)
    assert told(person, endpoint="distant_failure") == expected


def test_each_treated_lesion_has_a_row_from_the_end_of_its_treatment():
    person = followed("local").irradiated(month(1), month(1, 10), "M1").scanned(month(3), {"M1": 15})
    assert told(person, until=month(4), endpoint="local_failure") == (False, month(3), "data_cut")
    grown = person.scanned(month(6), {"M1": 25}).scanned(month(9), {"M1": 28})
    found = outcome(grown, until=month(10), endpoint="local_failure")
    assert (found.item, found.start, found.event, found.day) == ("M1", month(1, 10), True, month(6))
    suspected = person.scanned(month(6), {"M1": 25})
    assert told(suspected, until=month(10), endpoint="local_failure") == (False, month(3), "suspected")


# ---- planted errors are told, not averaged ------------------------------------------------------


def test_a_visit_after_the_death_is_told():
    person = scans(3)
    dead = person.given.entered("death", on=month(8), died=month(4).isoformat(), cause="unknown")
    later = entered_anyway(Person(dead), "visit", month(5), month(8), date=month(5).isoformat(), way="in_person")
    (mistake,) = analysis(later, month(40)).mistakes
    assert (mistake.id, len(mistake.seqs)) == ("after_death", 2)
    assert mistake.say == "Visit on 1 Dec 2026 lies after the death (1 Nov 2026)."


def test_a_progression_before_randomization_is_told_and_gives_no_time():
    person = progressed(scans(3), month(3, 5), since=RANDOMIZED_ON - timedelta(days=30))
    assert told(person) == (False, RANDOMIZED_ON, "contradiction")
    assert [one.id for one in analysis(person, month(40)).mistakes] == ["before_randomization"]


def test_a_day_in_the_future_is_told():
    person = entered_anyway(
        scans(3), "disposition", month(4), month(4), ending="treatment_stopped", ended=month(9).isoformat(),
        because="toxicity",
    )  # fmt: skip
    (mistake,) = analysis(person, month(40)).mistakes
    assert (mistake.id, mistake.say) == (
        "in_the_future",
        "End of treatment or follow-up: on which day is 1 Apr 2027, later than its entry on 1 Nov 2026.",
    )


def test_a_clean_record_has_no_mistakes():
    assert analysis(progressed(scans(3, 6), month(6)), month(40)).mistakes == ()


# ---- populations --------------------------------------------------------------------------------


def standing(person, until=LATE):
    """How the one person stands to each population: the arm, or why out."""
    (one,) = analysis(person, until).people
    return {
        found.population: found.arm if found.included else [why.say for why in found.reasons]
        for found in one.memberships
    }


def test_nobody_is_lost_from_the_intention_to_treat():
    found = standing(Person(participant("local")), until=RANDOMIZED_ON)
    assert found["intention_to_treat"] == "local"
    assert found["safety"] == ["no treatment since randomization is recorded"]
    assert found["as_treated"] == "usual"
    assert found["per_protocol"] == ["the lesions at baseline are not entered"]


def test_whoever_is_treated_as_the_other_arm_counts_there_as_treated():
    found = standing(scans(3).irradiated(month(4), month(4, 9), "M1"), until=month(5))
    assert (found["intention_to_treat"], found["safety"], found["as_treated"]) == ("usual", "local", "local")
    assert found["per_protocol"] == ["Radiation of a metastasis on 1 Nov 2026 is planned in another arm alone"]


def test_a_major_deviation_is_a_reason_and_names_its_entry():
    given = scans(3).given.entered(
        "deviation", on=month(4), occurred=month(4).isoformat(), category="dose", description="twice the dose",
        severity="major", reported="no",
    )  # fmt: skip
    (one,) = analysis(given, month(5)).people
    (found,) = [one for one in one.memberships if one.population == "per_protocol"]
    assert [why.say.partition(":")[0] for why in found.reasons] == ["major deviation on 1 Nov 2026"]
    assert given.history.entry(found.reasons[0].seqs[0]).body["form"] == "deviation"


def test_local_therapy_that_was_not_completed_in_time_is_a_reason():
    person = scans(3, arm="local")
    assert standing(person, until=month(4))["per_protocol"] == "local"
    found = standing(person, until=month(12))["per_protocol"]
    assert found == ["local therapy was not complete by 1 Apr 2027"]


# ---- the order of entry ---------------------------------------------------------------------------

HAPPENED = {
    "scan 3": lambda person: person.scanned(month(3), {"M1": 20}, visit="follow_up.1"),
    "scan 6": lambda person: person.scanned(month(6), {"M1": 15}, visit="follow_up.2"),
    "regimen": lambda person: replace(
        person,
        given=person.given.entered(
            "systemic_therapy", on=month(9), started="2026-03-01", regimen="thp_hp", because="first_treatment"
        ),
    ),
    "further line": lambda person: replace(
        person,
        given=person.given.entered(
            "systemic_therapy", on=month(9), started=month(8).isoformat(), regimen="other", because="progression",
            other_regimen="another",
        ),
    ),
    "death": lambda person: replace(
        person, given=person.given.entered("death", on=month(9), died="2027-03", cause="breast_cancer")
    ),
}  # fmt: skip


@pytest.mark.parametrize("order", list(permutations(HAPPENED))[::9])
def test_where_days_decide_the_order_of_entry_does_not(order):
    person = followed("usual")
    for name in order:
        person = HAPPENED[name](person)
    found = {one.estimand: (one.event, one.day, one.reason) for one in _all(person)}
    assert found["primary"] == (False, month(6), "new_therapy")
    assert found["treatment_policy"] == (True, month(8, 16), "death")
    assert found["new_therapy_as_event"] == (True, month(8), "new_therapy")


def _all(person):
    (one,) = analysis(person, LATE).people
    return [outcome for outcome in one.outcomes if outcome.endpoint == "pfs"]


# ---- what is less common ----------------------------------------------------------------------------


def test_a_death_of_which_no_day_is_known_is_no_event_and_is_told():
    given = scans(3).given.entered("death", on=month(5), unless={"died": "the family does not say"}, cause="unknown")
    assert told(given, until=month(6)) == (False, month(3), "day_unknown")
    assert told(given, until=month(6), endpoint="os") == (False, month(3), "day_unknown")
    assert [one.say for one in analysis(given, month(6)).mistakes] == ["A death of which no day is known."]


def test_a_progression_after_the_death_is_told():
    person = progressed(scans(3), month(6))
    dead = person.given.entered("death", on=month(8), died=month(5).isoformat(), cause="unknown")
    found = analysis(dead, LATE)
    assert "The progression of 1 Jan 2027 lies after the death (1 Dec 2026)." in [one.say for one in found.mistakes]
    assert told(dead) == (True, month(5), "death")
    assert told(dead, endpoint="distant_failure") == (False, month(5), "death")


def test_a_death_before_randomization_gives_no_time():
    early = RANDOMIZED_ON - timedelta(days=10)
    person = entered_anyway(scans(3), "death", early, month(4), died=early.isoformat(), cause="unknown")
    assert told(person) == (False, RANDOMIZED_ON, "contradiction")
    assert told(person, endpoint="os") == (False, RANDOMIZED_ON, "contradiction")
    assert "before_randomization" in [one.id for one in analysis(person, LATE).mistakes]


def test_whoever_is_never_seen_again_is_censored_at_randomization():
    assert told(followed("usual"), endpoint="os") == (False, RANDOMIZED_ON, "unseen")
    assert told(followed("usual"), endpoint="distant_failure") == (False, RANDOMIZED_ON, "unassessed")


def test_whoever_left_is_censored_where_last_seen():
    lost = scans(3).given.entered("disposition", on=month(6), ending="follow_up_stopped", ended=month(5).isoformat())
    assert outcome(lost).say == "censored 1 Oct 2026: last adequate assessment; follow-up declined on 1 Dec 2026"
    assert told(lost, endpoint="os") == (False, month(3), "left")
    assert told(lost, endpoint="distant_failure") == (False, month(3), "left")


def test_a_progression_of_an_unknown_place_is_neither_distant_nor_not():
    person = scans(3).determined(month(5), progressed_on=month(5).isoformat(), **{**PD, "distant": ""})
    assert told(person, endpoint="distant_failure") == (False, month(5), "place_unknown")


def test_a_resected_lesion_fails_by_a_new_one_in_its_place():
    person = followed("local").resected(month(1), "M1").scanned(month(3), {})
    assert told(person, until=month(4), endpoint="local_failure") == (False, month(3), "data_cut")
    again = person.scanned(month(6), {}, new=[{"lesion": "R1", "site": "liver", "in_field": "yes"}])
    assert told(again, until=month(7), endpoint="local_failure") == (True, month(6), "local")
    elsewhere = person.scanned(month(6), {}, new=[{"lesion": "R1", "site": "lung", "in_field": "yes"}])
    assert told(elsewhere, until=month(7), endpoint="local_failure") == (False, month(6), "data_cut")


def test_a_death_competes_with_local_failure():
    person = followed("local").irradiated(month(1), month(1, 10), "M1")
    assert told(person, until=month(3), endpoint="local_failure") == (False, month(1, 10), "unwatched")
    dead = person.given.entered("death", on=month(3), died=month(2).isoformat(), cause="other", other_cause="a fall")
    found = outcome(dead, endpoint="local_failure")
    assert (found.day, found.reason, found.competing, found.censored) == (month(2), "death", True, 20)


def test_a_list_whose_target_has_no_size_is_no_complete_baseline():
    row = {"lesion": "M1", "site": "liver", "nature": "solid", "followed": "target"}
    person = entered_anyway(
        Person(participant("usual")), "lesions", RANDOMIZED_ON, RANDOMIZED_ON, imaged="2026-06-20", lesions=[row]
    )
    found = outcome(person)
    assert (found.reason, found.day) == ("no_baseline", RANDOMIZED_ON)
    assert found.say.endswith("at baseline M1 has no size, and is a target")


def test_whoever_is_known_later_not_to_have_been_eligible_is_out_of_the_per_protocol_alone():
    person = scans(3)
    (facts,) = person.given.known.facts
    body = {"facts": [{**one, "value": 3} if one["fact"] == "ecog" else one for one in facts.body["facts"]]}
    given = person.given.after(steps.correct, seq=facts.seq, body=body, reason="misread", on=month(4))
    found = standing(given, until=month(3))  # corrected after the day of the cut: the evidence is of its first day
    assert found["intention_to_treat"] == "usual"
    assert any("was not met at randomization, as is known now" in why for why in found["per_protocol"])


def test_where_an_arm_cannot_be_told_nobody_guesses_it():
    person = scans(3, arm="local")
    protocol = replace(person.given.protocol, arms=(*person.given.protocol.arms, Arm("third", "A third arm", "")))
    one = Participant(protocol, person.given.known)
    assert treated_in(one, seen_of(one, LATE)).arm is None


def test_a_part_of_local_therapy_left_out_is_a_reason():
    person = scans(3, arm="local")
    given = person.given.entered("metastasis_untreated", on=month(4), decided=month(4).isoformat(),
                                 because="participant", lesions=[{"lesion": "M1"}])  # fmt: skip
    (why,) = standing(given, until=month(4))["per_protocol"]
    assert why.startswith("local therapy is not complete: ")


# ---- whoever has no primary in the breast ---------------------------------------------------------

NOT_OPERATED = {"on": month(2), "not_done": "Nothing to operate."}


@pytest.mark.parametrize(
    ("primary", "why"),
    [
        ("removed", None),
        ("never_found", None),
        ("in_breast", "local therapy is not complete: Nothing to operate."),
        (None, "local therapy is not known to be complete: Nothing to operate.; whether a primary is in the breast is "
               "not known: nothing recorded"),
    ],
)  # fmt: skip
def test_surgery_that_does_not_apply_leaves_nobody_out_and_surgery_that_is_not_known_to_apply_says_so(primary, why):
    given = scans(3, arm="local").given.entered("surgery", **NOT_OPERATED)
    given = said_of_primary(given, *([primary] if primary else []), on=month(2))
    assert standing(given, until=month(4))["per_protocol"] == ("local" if why is None else [why])


@pytest.mark.parametrize("primary", [None, "in_breast", "removed"])
def test_local_therapy_that_is_late_says_what_is_not_known_of_it(primary):
    given = sbrt(locoregional(scans(3, arm="local").given))
    given = said_of_primary(given, *([primary] if primary else []), on=month(2))
    found = standing(given, until=month(12))["per_protocol"]
    late = "local therapy was not complete by 1 Apr 2027"
    doubt = "; whether a primary is in the breast is not known: nothing recorded"
    assert found == {None: [late + doubt], "in_breast": [late], "removed": "local"}[primary]
