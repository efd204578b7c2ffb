"""The evidence of a whole assessment is that of its criteria one by one, each piece put into words once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from evenhand.dates import on_day
from evenhand.eligibility import Pieces, assessor_of, evidence, evidence_behind, level_of
from evenhand.facts import Source
from evenhand.facts.wire import read_fact, value_json
from tests.eligible import ON, PROTOCOL, changed, person, signed

SIGNED = (signed("locally_treatable", "radiation_oncologist", "M1"), signed("progression_free", "treating_clinician"))
OLDER = changed("disease_status", {"date": on_day(date(2026, 6, 22)), "status": "progression"})


@pytest.mark.parametrize("who", [person(), person(OLDER), person(without=("her2_tests", "metastases"))])
def test_all_criteria_together_say_what_each_says_alone(who):
    assessment = assessor_of(PROTOCOL).assess(replace(who, attestations=SIGNED), ON)
    pieces = Pieces(assessment, PROTOCOL)
    found = {item.criterion.id: pieces.of(item) for item in assessment.criteria}
    assert found == {item.criterion.id: evidence(assessment, item, PROTOCOL) for item in assessment.criteria}
    assert all(len(set(one)) == len(one) for one in found.values())
    assert {one.fact for one in found["I6"]} >= {"first_line", "progression_free"}
    judgement = PROTOCOL.judgements["her2_determined_positive"]
    assert pieces.behind(judgement.evidence.facts) == evidence_behind(assessment, judgement)


def test_what_is_read_by_two_criteria_is_one_and_the_same_piece():
    assessment = assessor_of(PROTOCOL).assess(person(), ON)
    pieces = Pieces(assessment, PROTOCOL)
    by_id = {item.criterion.id: pieces.of(item) for item in assessment.criteria}
    first, again = ([one for one in by_id[name] if one.fact == "metastases"] for name in ("I2", "I5"))
    assert first
    assert all(one is other for one, other in zip(first, again, strict=True))


def test_a_level_is_read_by_the_version_that_is_asked_for():
    """An assessment under one version does not decide what another version's rules see."""
    other = replace(PROTOCOL, digest="another text")
    judged = assessor_of(other).assess(person(), ON)
    assert [level_of(PROTOCOL, one, judged) for one in PROTOCOL.randomization.strata] == ["positive", "one_to_three"]


def test_a_fact_of_another_study_is_refused():
    given = {"fact": "shoe_size", "value": 38, "date": None, "source": {"origin": "", "path": "", "by": ""}}
    with pytest.raises(ValueError, match="is no fact of this study"):
        read_fact(given, PROTOCOL.vocabulary)


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (True, True),
        (3, 3),
        ("left", "left"),
        (on_day(ON), ON.isoformat()),
        ({"at": on_day(ON)}, {"at": ON.isoformat()}),
    ],
)
def test_values_are_written_by_their_kind(value, json):
    written = value_json(value)
    assert (written, type(written)) == (json, type(json))


def test_a_source_says_no_more_than_it_knows():
    assert [str(one) for one in (Source("form"), Source("form", "a.b"), Source("form", "", "Ada"))] == [
        "form",
        "form a.b",
        "form by Ada",
    ]
