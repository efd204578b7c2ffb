"""A judgement before it is signed: what the facts say, and what an answer would go against."""

from dataclasses import replace
from datetime import date

import pytest

from evenhand.dates import on_day
from evenhand.eligibility import assessor_of, evidence_answer, evidence_behind, goes_against, signed_so_far
from evenhand.logic import NO, YES, Unknown
from tests.eligible import ON, PROTOCOL, changed, person, signed

PROGRESS = changed("disease_status", {"date": on_day(date(2026, 6, 22)), "status": "progression"})
FREE, LESION, HER2 = "progression_free", "locally_treatable", "her2_determined_positive"
CLINICIAN, RADIATION = "treating_clinician", "radiation_oncologist"


def assessed(*changes, without=(), attested=()):
    who = replace(person(*changes, without=without), attestations=tuple(attested))
    return assessor_of(PROTOCOL).assess(who, ON)


@pytest.mark.parametrize(
    ("judgement", "changes", "without", "answer"),
    [
        (HER2, (), (), YES),
        (HER2, (changed("her2_tests", {"specimen": "S1", "ihc": 0}),), (), NO),
        (HER2, (), ("her2_tests",), Unknown),
        (FREE, (PROGRESS,), (), NO),
        (FREE, (), (), Unknown),  # more statuses may exist
        (LESION, (), (), Unknown),  # it names no evidence
    ],
)
def test_what_the_facts_say(judgement, changes, without, answer):
    found = evidence_answer(assessed(*changes, without=without), PROTOCOL.judgements[judgement])
    assert isinstance(found, Unknown) if answer is Unknown else found is answer


@pytest.mark.parametrize(
    ("judgement", "item", "changes", "earlier", "answer", "against"),
    [
        (HER2, None, (), [], True, 0),
        (HER2, None, (), [], False, 1),
        (FREE, None, (PROGRESS,), [], True, 1),
        (FREE, None, (PROGRESS,), [], False, 0),
        (FREE, None, (), [], False, 0),  # what is not known speaks against nothing
        (FREE, None, (), [signed(FREE, CLINICIAN)], True, 0),
        (FREE, None, (), [signed(FREE, CLINICIAN)], False, 1),
        (FREE, None, (), [signed(FREE, CLINICIAN, day=date(2026, 1, 1))], False, 1),  # also one that no longer holds
        (FREE, None, (), [signed(FREE, CLINICIAN, day=date(2026, 7, 2))], False, 0),  # not yet given on that day
        (FREE, None, (PROGRESS,), [signed(FREE, CLINICIAN, answer=False)], True, 2),
        (LESION, "M1", (), [signed(LESION, RADIATION, "M1", answer=False)], True, 1),
        (LESION, "M2", (), [signed(LESION, RADIATION, "M1", answer=False)], True, 0),  # another lesion
    ],
)
def test_what_an_answer_goes_against(judgement, item, changes, earlier, answer, against):
    found = goes_against(assessed(*changes, attested=earlier), PROTOCOL.judgements[judgement], item, answer)
    assert len(found) == against
    assert all(found)


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize("earlier", [[], [signed(FREE, CLINICIAN)], [signed(FREE, CLINICIAN, answer=False)]])
@pytest.mark.parametrize("changes", [(), (PROGRESS,)])
def test_an_answer_without_a_reason_is_a_conflict_exactly_when_it_goes_against_something(changes, earlier, answer):
    judgement = PROTOCOL.judgements[FREE]
    against = goes_against(assessed(*changes, attested=earlier), judgement, None, answer)
    given = signed(FREE, CLINICIAN, answer=answer, day=ON)
    for reason in ("", "biopsied"):
        after = assessed(*changes, attested=[*earlier, replace(given, reason=reason)])
        (item,) = [one for one in after.criteria if one.criterion.id == "E1"]
        conflicting = any(one.why == "conflicting" for one in item.reasons)
        assert conflicting == bool(against and not reason)


def test_the_evidence_is_named_and_a_list_stands_for_a_judgement_that_names_none():
    assessment = assessed()
    assert {one.fact for one in evidence_behind(assessment, PROTOCOL.judgements[HER2])} == {"her2_tests", "her2"}
    assert {one.fact for one in evidence_behind(assessment, PROTOCOL.judgements[LESION])} == {"metastases"}


def test_earlier_signatures_come_oldest_first_and_of_that_entry_alone():
    attested = [
        signed(LESION, RADIATION, "M1", day=date(2026, 6, 25)),
        signed(LESION, RADIATION, "M1", day=date(2026, 6, 1)),
        signed(LESION, RADIATION, "M2"),
        signed(LESION, RADIATION, "M1", day=date(2026, 7, 2)),
    ]
    found = signed_so_far(assessed(attested=attested), PROTOCOL.judgements[LESION], "M1")
    assert [one.date.first.day for one in found] == [1, 25]
