"""Facts that hang together are drawn together, and the cases have to fit the study like everything else."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from pydantic import ValidationError

from evenhand.protocol import StudyError, load_protocol
from evenhand.simulation import load_scenario, walk
from evenhand.simulation.candidates import draw_candidate
from evenhand.simulation.scenario import Case, Together
from tests.studies_here import ROOT

ORCHARD = ROOT / "tests" / "studies" / "orchard"
PROTOCOL = load_protocol(ORCHARD)
SCENARIO = load_scenario(ORCHARD, PROTOCOL.version.id)


def teeth(count):
    return {"count": {str(count): 1}, "each": {"side": {"choice": {"left": 1}}, "size": {"between": [count, count]}}}


def with_cases(*cases, **more):
    group = Together(about="age and teeth", cases=list(cases), assumed="a test", **more)
    return SCENARIO.model_copy(update={"together": [group]})


def case(weight, age, count):
    return Case.model_validate(
        {"weight": weight, "facts": {"birth_date": {"age_between": [age, age]}, "teeth": teeth(count)}}
    )


YOUNG, OLD = case(3, 20, 4), case(1, 90, 1)


def test_the_facts_of_a_case_come_together_and_as_often_as_it_weighs():
    random, day = Random(3), date(2026, 11, 23)
    found = Counter()
    for number in range(800):
        person = draw_candidate(with_cases(YOUNG, OLD), PROTOCOL.vocabulary, number, day, random)
        (born,) = person.facts["birth_date"]
        entries = [fact for fact in person.facts["teeth"] if isinstance(fact.value, dict)]
        found[born.value.first.year > 1970, len(entries)] += 1
    assert set(found) == {(True, 4), (False, 1)}
    assert abs(found[True, 4] - 600) < 4 * (800 * 0.75 * 0.25) ** 0.5


def test_without_a_case_for_it_a_fact_is_drawn_as_ever_and_the_seed_decides():
    alone = draw_candidate(SCENARIO, PROTOCOL.vocabulary, 1, date(2026, 11, 23), Random(5))
    assert alone == draw_candidate(SCENARIO, PROTOCOL.vocabulary, 1, date(2026, 11, 23), Random(5))
    empty = draw_candidate(with_cases(Case(facts={})), PROTOCOL.vocabulary, 1, date(2026, 11, 23), Random(5))
    assert empty.facts.keys() == alone.facts.keys()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"toes": {"fixed": 3}}, "together.age and teeth.cases.0.facts.toes: no fact of this study"),
        ({"birth_date": {"fixed": 3}}, "together.age and teeth.cases.0.facts.birth_date"),
        ({"teeth": {"fixed": 3}}, "a list by its `count` and `each`"),
    ],
)
def test_a_case_that_does_not_fit_is_refused_with_its_place(facts, said):
    with pytest.raises(StudyError) as refused:
        walk(PROTOCOL, with_cases(Case(facts=facts)), people=1, seed=1)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cases": [Case(weight=0, facts={})], "assumed": "a test"}, "at least one weight is above 0"),
        ({"cases": [Case(facts={})]}, "say where it comes from"),
    ],
)
def test_cases_have_a_weight_and_an_origin(given, said):
    with pytest.raises(ValidationError, match=said):
        Together(about="age", **given)
