"""ECOG and Karnofsky."""

from decimal import Decimal

import pytest

from evenhand.units import Range
from tests.mcode_people import LOINC, SNOMED, concept, errors, observation, problems, read, value, values

ECOG, KPS = "89247-1", "89243-0"


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ({"valueInteger": 0}, 0),
        ({"valueQuantity": {"value": 2, "unit": "{score}"}}, 2),
        ({"valueQuantity": {"value": 2.0}}, 2),
        ({"valueQuantity": {"value": 2, "comparator": ">="}}, Range(low=2)),
        ({"valueString": " 1 "}, 1),
        ({"valueString": "at least 2"}, Range(low=2)),
        ({"valueCodeableConcept": concept("LA9624-3", LOINC)}, 2),
        ({"valueCodeableConcept": concept("422512005", SNOMED)}, 1),
        ({"interpretation": [concept("LA9625-0", LOINC)]}, 3),
        ({"valueInteger": 1, "interpretation": [concept("LA9623-5", LOINC)]}, 1),
    ],
)
def test_every_way_to_write_a_score(given, score):
    person = read(observation(ECOG, **given))
    assert (value(person, "ecog"), errors(person)) == (score, [])


def test_the_older_code_of_the_ecog_grade_is_read():
    assert value(read(observation("89262-0", valueInteger=2)), "ecog") == 2


def test_karnofsky_may_carry_a_percent_sign():
    assert value(read(observation(KPS, valueString="90%")), "kps") == 90
    assert value(read(observation(KPS, valueQuantity={"value": 70, "unit": "%", "code": "%"})), "kps") == 70


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        (KPS, {"valueInteger": -1}, "value[x]: no fact kps: -1 is out of range: kps goes from 0 up to 100"),
        (KPS, {"valueInteger": 75}, "value[x]: no fact kps: 75 is none of its values: kps goes in steps of 10"),
        (ECOG, {"valueInteger": 6}, "value[x]: no fact ecog: 6 is out of range"),
        (ECOG, {"valueQuantity": {"value": 0.5}}, "value[x]: no fact ecog: 0.5 is none of its values"),
        (ECOG, {"valueQuantity": {"unit": "x"}}, "valueQuantity.value: the quantity has no value"),
        (ECOG, {"valueQuantity": {"value": 1, "comparator": "ad"}}, "valueQuantity.comparator: 'ad' is none of"),
        (ECOG, {"valueQuantity": {"value": "1"}}, "valueQuantity.value: expected a number, found text"),
        (ECOG, {"valueString": "good"}, "valueString: 'good' is no number"),
        (ECOG, {"valueString": "9" * 5000}, "valueString: too long for a number"),
        (ECOG, {"valueBoolean": True}, "valueBoolean: a performance status is a number"),
        (ECOG, {"valueInteger": True}, "valueInteger: expected a number, found true or false"),
        (
            ECOG,
            {"valueCodeableConcept": concept("LA29176-7", LOINC)},
            "valueCodeableConcept: no answer code of the ECOG",
        ),
        (ECOG, {"valueInteger": 1, "day": "2026-02-30"}, "effectiveDateTime: '2026-02-30' is no date"),
        (ECOG, {"valueInteger": 1, "day": 20260230}, "effectiveDateTime: expected a date, found a number"),
    ],
)
def test_what_cannot_be_a_score_is_a_problem_and_no_fact(code, given, said):
    person = read(observation(code, **given))
    assert "ecog" not in person.facts
    assert "kps" not in person.facts
    assert errors(person)[0].startswith(f"Observation/o: {said}")


def test_a_value_goes_before_an_interpretation_that_disagrees():
    person = read(observation(KPS, valueInteger=80, interpretation=[concept("LA29176-7", LOINC)]))
    assert value(person, "kps") == 80
    assert errors(person) == ["Observation/o: interpretation: it means 90, but the value is 80; the value is used"]


def test_an_answer_code_of_the_other_scale_is_not_used():
    person = read(observation(KPS, valueInteger=0, interpretation=[concept("LA9622-7", LOINC)]))
    assert value(person, "kps") == 0
    assert problems(person) == ["Observation/o: interpretation: not used: an answer code of the ECOG scale"]


def test_two_values_that_differ_are_both_delivered_so_that_they_conflict():
    person = read(observation(ECOG, valueInteger=1, valueQuantity={"value": 2}))
    assert values(person, "ecog") == [1, 2]
    assert "more than one value (valueInteger, valueQuantity)" in problems(person)[0]


def test_two_values_that_agree_are_one():
    assert values(read(observation(ECOG, valueInteger=1, valueString="1")), "ecog") == [1]


def test_without_a_value_there_is_a_warning_with_the_reason():
    absent = {"coding": [{"code": "not-performed", "display": "Not Performed"}]}
    person = read(observation(ECOG, dataAbsentReason=absent))
    assert problems(person) == ["Observation/o: value[x]: it has no value (Not Performed)"]
    assert problems(read(observation(ECOG))) == ["Observation/o: value[x]: it has no value"]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ({"effectiveDateTime": "2026-04-01T23:30:00-05:00"}, "2026-04-01"),
        ({"effectiveDateTime": "2026-04"}, "2026-04"),
        ({"effectiveInstant": "2026-04-01T10:00:00Z"}, "2026-04-01"),
        ({"effectivePeriod": {"start": "2026-04-01", "end": "2026-04-07"}}, "2026-04-01/2026-04-07"),
        ({"effectivePeriod": {"start": "2026-04-01"}}, "2026-04-01"),
        ({}, "None"),
    ],
)
def test_the_day_of_an_observation(when, day):
    person = read(observation(ECOG, day=None, valueInteger=1, **when))
    assert str(person.facts["ecog"][0].date) == day


def test_a_period_that_ends_before_it_begins_is_no_day():
    person = read(observation(ECOG, day=None, valueInteger=1, effectivePeriod={"start": "2026-04", "end": "2026-03"}))
    assert errors(person) == ["Observation/o: effectivePeriod: the period ends before it begins"]


def test_numbers_stay_exact():
    person = read(observation("49683-6", valueQuantity={"value": 2.05}))
    assert value(person, "her2_tests")["ratio"] == Decimal("2.05")
