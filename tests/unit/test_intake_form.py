"""The simple form of facts: every kind of value in, facts or a problem with its place out."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.dates import parse_date
from evenhand.facts import COMPLETE, FactType, Vocabulary
from evenhand.intake import InputError, JudgementKind, read_form
from evenhand.units import Range

SITE = FactType("site", "code", codes={"liver": "liver", "lung": "lung"}, required=True)
FIELDS = {
    "lesion": FactType("lesion", "text", required=True),
    "site": SITE,
    "size": FactType("size", "number", unit="mm", low=0),
    "seen": FactType("seen", "date"),
}
KINDS = [
    FactType("born", "date"),
    FactType("ecog", "number", low=0, high=5, step=1),
    FactType("size", "number", unit="mm", low=0),
    FactType("count", "number", low=0, step=1),
    FactType("dose", "number"),
    FactType("receptor", "code", codes={"positive": "+", "negative": "-"}),
    FactType("smoker", "yes_no"),
    FactType("remark", "text"),
    FactType("therapy", "record", fields={"start": FactType("start", "date", required=True)}),
    FactType("imaging", "record", many=True, fields={"date": FactType("date", "date", required=True)}),
    FactType("lesions", "record", many=True, key="lesion", fields=FIELDS),
    FactType("total", "number", derived="lesion_count", inputs=("lesions", "imaging")),
]
WORDS = Vocabulary({kind.name: kind for kind in KINDS})
JUDGEMENTS = {
    "fit": JudgementKind("fit", ("physician",), None, ()),
    "treatable": JudgementKind("treatable", ("surgeon", "radiologist"), "lesions", ("method",)),
}
LESION = {"lesion": "M1", "site": "liver"}


def read(facts, **parts):
    (person,) = read_form({"patient": "p", "facts": facts, **parts}, WORDS, "p.yaml", JUDGEMENTS)
    return person


def problems(person):
    return [str(problem) for problem in person.problems]


@pytest.mark.parametrize(
    ("name", "given_value", "value"),
    [
        ("born", "1970-05-17", parse_date("1970-05-17")),
        ("born", "1970-05", parse_date("1970-05")),
        ("born", "1970", parse_date("1970")),
        ("born", 1970, parse_date("1970")),
        ("born", date(1970, 5, 17), parse_date("1970-05-17")),
        ("born", "1970-05-01/1970-06-30", parse_date("1970-05-01/1970-06-30")),
        ("born", "1970-05-17T23:30:00-05:00", parse_date("1970-05-17")),
        ("ecog", 1, 1),
        ("ecog", "1", 1),
        ("ecog", 1.0, 1),
        ("size", 18, 18),
        ("size", "18 mm", 18),
        ("size", "18mm", 18),
        ("size", "1.8 cm", 18),
        ("size", "1.8", Decimal("1.8")),
        ("size", Decimal("1.8"), Decimal("1.8")),
        ("size", 1.8, Decimal("1.8")),
        ("size", "greater than 1.8", Range(Decimal("1.8"), None, low_open=True)),
        ("size", "at least 1.5 cm", Range(15, None)),
        ("size", "2 to 4", Range(2, 4)),
        ("size", "0.2 to 0.4 cm", Range(2, 4)),
        ("count", "at least 3", Range(3, None)),
        ("count", "<= 3", Range(None, 3)),
        ("receptor", "positive", "positive"),
        ("smoker", True, True),
        ("smoker", "no", False),
        ("smoker", "Yes", True),
        ("remark", "as said", "as said"),
        ("remark", 12, "12"),
        ("therapy", {"start": "2026-03"}, {"start": parse_date("2026-03")}),
    ],
)
def test_a_value_is_read_as_its_fact_says(name, given_value, value):
    person = read({name: given_value})
    assert problems(person) == []
    (fact,) = person.facts[name]
    assert (fact.value, fact.date) == (value, None)
    assert (fact.source.origin, fact.source.path) == ("p.yaml", f"facts.{name}")


@pytest.mark.parametrize(
    ("name", "given_value", "said"),
    [
        ("born", "1970-02-30", "facts.born: '1970-02-30' is no date"),
        ("born", "17.05.1970", "facts.born: '17.05.1970' is no date: write YYYY-MM-DD"),
        ("born", True, "facts.born: True is no date"),
        ("born", None, "facts.born: None is no date"),
        ("born", {"year": 1970}, "facts.born: {'year': 1970} is no date"),
        ("ecog", 6, "facts.ecog: 6 is out of range: ecog goes from 0 up to 5"),
        ("ecog", 1.5, "facts.ecog: 1.5 is none of its values: ecog goes in steps of 1"),
        ("ecog", True, "facts.ecog: True is yes or no, not a number"),
        ("ecog", "good", "facts.ecog: 'good' is no number"),
        ("ecog", "1 mm", "facts.ecog: ecog has no unit, but 1 mm was given"),
        ("size", "18 kg", "facts.size: 'kg' cannot be converted to 'mm'"),
        ("size", "18 miles", "facts.size: '18 miles' is no number"),
        ("remark", "a\0b", "facts.remark: the text holds a NUL character"),
        ("size", -1, "facts.size: -1 is out of range"),
        ("size", float("nan"), "facts.size: nan is no finite number"),
        ("size", float("inf"), "facts.size: inf is no finite number"),
        ("size", "4 to 2", "facts.size: no number lies between 4 and 2"),
        ("receptor", "positiv", "facts.receptor: 'positiv' is none of positive, negative; did you mean 'positive'?"),
        ("receptor", True, "facts.receptor: True is no code"),
        ("smoker", "perhaps", "facts.smoker: 'perhaps' is neither yes nor no"),
        ("smoker", 1, "facts.smoker: 1 is neither yes nor no"),
        ("remark", ["a", ["b"]], "facts.remark[1]: ['b'] is no text"),
        ("remark", "  ", "facts.remark: it is empty"),
        ("therapy", {}, "facts.therapy: it lacks start"),
        ("therapy", "THP", "facts.therapy: a record with start is needed, not 'THP'"),
        ("therapy", {"start": "spring"}, "facts.therapy: 'spring' is no date"),
        ("lesions", "none", "facts.lesions: a list is needed, or {complete: false, items: [...]}, not 'none'"),
        ("lesions", {"complete": "no", "items": []}, "facts.lesions: a list is needed"),
        ("imaging", [{}], "facts.imaging[0]: it lacks date"),
        ("total", 3, "facts.total: it is computed from lesions and imaging; record these"),
        ("smokre", True, "facts.smokre: no fact of this study; did you mean 'smoker'?"),
        ("xyz", True, "facts.xyz: no fact of this study"),
    ],
)
def test_what_cannot_be_used_is_a_problem_that_says_where_and_what(name, given_value, said):
    person = read({name: given_value, "dose": 5})
    assert len(person.problems) == 1
    assert problems(person)[0].startswith(said)
    assert person.facts["dose"][0].value == 5, "everything else is kept"


@pytest.mark.parametrize(
    ("given_value", "dated", "by"),
    [
        ({"value": 1, "date": "2026-06-22", "by": "Dr A"}, "2026-06-22", "Dr A"),
        ({"value": 1, "date": "2026-06"}, "2026-06", ""),
        ({"value": 1, "date": None, "by": None}, None, ""),
        ({"value": 1}, None, ""),
    ],
)
def test_a_value_may_say_when_and_by_whom(given_value, dated, by):
    (fact,) = read({"ecog": given_value}).facts["ecog"]
    assert (fact.value, fact.date, fact.source.by) == (1, None if dated is None else parse_date(dated), by)


def test_a_value_with_a_date_that_is_none_is_not_used_without_it():
    person = read({"ecog": {"value": 1, "date": "yesterday"}})
    assert person.facts == {}
    assert "'yesterday' is no date" in problems(person)[0]


def test_several_values_of_one_fact_each_have_their_place():
    person = read({"ecog": [{"value": 1, "date": "2026-01-01"}, {"value": 2, "date": "2026-02-01"}, 9]})
    assert [fact.source.path for fact in person.facts["ecog"]] == ["facts.ecog[0]", "facts.ecog[1]"]
    assert problems(person) == ["facts.ecog[2]: 9 is out of range: ecog goes from 0 up to 5"]


def test_the_date_of_a_record_dates_the_fact():
    (fact, _) = read({"imaging": [{"date": "2026-06-20"}]}).facts["imaging"]
    assert fact.date == parse_date("2026-06-20")


def test_a_date_beside_a_record_that_has_no_such_field_dates_the_fact():
    (fact,) = read({"therapy": {"start": "2026-03-01", "date": "2026-06-01"}}).facts["therapy"]
    assert (fact.value, fact.date) == ({"start": parse_date("2026-03-01")}, parse_date("2026-06-01"))


@pytest.mark.parametrize(
    ("given_value", "entries", "complete"),
    [
        ([], 0, True),
        ([LESION], 1, True),
        ({"items": [LESION]}, 1, True),
        ({"complete": True, "items": []}, 0, True),
        ({"complete": False, "items": [LESION]}, 1, False),
        ({"complete": False, "items": []}, 0, False),
        ([LESION, {"lesion": "M2"}], 1, False),  # a list that lost an entry
        ([LESION, {"lesion": "M2", "site": "livr"}], 1, False),
        ([{**LESION, "size": "big"}], 1, False),  # an entry that lost a field
        ([LESION, "M2"], 1, False),
        ([LESION, None], 1, False),
    ],
)
def test_a_list_is_complete_when_it_says_so_and_nothing_of_it_was_lost(given_value, entries, complete):
    person = read({"lesions": given_value})
    values = [fact.value for fact in person.facts.get("lesions", ())]
    assert (COMPLETE in values, len(values) - (COMPLETE in values)) == (complete, entries)


def test_a_field_that_cannot_be_used_costs_only_itself():
    person = read({"lesions": [{**LESION, "size": "big", "colour": "red", "seen": None}]})
    assert [fact.value for fact in person.facts["lesions"]] == [LESION]
    assert problems(person) == [
        "facts.lesions[0].size: 'big' is no number: write 1.8, 'greater than 1.8', 'at least 3' or '2 to 4'",
        "facts.lesions[0].colour: no field of lesions",
    ]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"patient": "p", "fact": {}}, "fact: no part of a form; did you mean 'facts'?"),
        ({"patient": "p", "facts": []}, "facts: a mapping from fact to value is needed, not []"),
        ({"patient": "p", "facts": 0}, "facts: a mapping from fact to value is needed, not 0"),
        ({"patient": "p", "attestations": {}}, "attestations: a list of signed judgements is needed, not {}"),
        ({"patient": "p", "attestations": ["yes"]}, "attestations[0]: a mapping with judgement"),
    ],
)
def test_a_part_of_a_form_in_another_shape_is_a_problem(form, said):
    (person,) = read_form(form, WORDS, "p.yaml", JUDGEMENTS)
    assert [text[: len(said)] for text in problems(person)] == [said]


@pytest.mark.parametrize("empty", [{}, {"facts": None, "attestations": None}, {"facts": {}, "attestations": []}])
def test_a_form_may_say_nothing(empty):
    (person,) = read_form({"patient": 7, **empty}, WORDS, "p.yaml")
    assert (person.id, person.facts, person.attestations, person.problems) == ("7", {}, (), ())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "p.yaml: this is no form of facts; each person is a mapping with a `patient`"),
        ("text", "p.yaml: this is no form of facts"),
        ({"facts": {}}, "p.yaml: this is no form of facts"),
        ([{"patient": "a"}, "b"], "p.yaml: this is no form of facts"),
        ([{"patient": "a"}, {"patient": None}], "p.yaml: the `patient` of person 2 is None, which is no id"),
        ({"patient": ["a"]}, "p.yaml: the `patient` of person 1 is ['a'], which is no id"),
        ({"patient": " "}, "p.yaml: the `patient` of person 1 is ' ', which is no id"),
        ({"patient": True}, "p.yaml: the `patient` of person 1 is True, which is no id"),
    ],
)
def test_what_is_no_form_is_refused(data, said):
    with pytest.raises(InputError) as caught:
        read_form(data, WORDS, "p.yaml", JUDGEMENTS)
    assert str(caught.value).startswith(said)


def test_a_list_of_forms_is_a_list_of_people():
    people = read_form([{"patient": "a"}, {"patient": "b"}], WORDS, "p.yaml")
    assert [person.id for person in people] == ["a", "b"]


def nested(words):
    """Any JSON, made with the words of the study so that it goes deep into the reader."""
    leaves = (
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(words)
        | st.dates().map(str) | st.decimals()
    )  # fmt: skip
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(words) | st.text(max_size=3), inner, max_size=5)
        ),
        max_leaves=25,
    )


ANYTHING = nested(
    ["patient", "facts", "attestations", "value", "date", "by", "complete", "items", *WORDS.facts, *FIELDS, "positive",
     "judgement", "answer", "role", "on", "item", "reason", "details", "fit", "treatable", "yes", "surgeon", "start"]
)  # fmt: skip
PEOPLE = st.fixed_dictionaries(
    {"patient": st.just("p") | ANYTHING},
    optional={
        "facts": st.dictionaries(st.sampled_from(sorted(WORDS.facts)), ANYTHING, max_size=4) | ANYTHING,
        "attestations": st.lists(
            st.fixed_dictionaries(
                {"judgement": st.sampled_from(["fit", "treatable"]) | ANYTHING, "answer": st.just("yes") | ANYTHING,
                 "by": st.just("Dr A") | ANYTHING, "role": st.sampled_from(["physician", "surgeon"]) | ANYTHING,
                 "on": st.just("2026-06-22") | ANYTHING},
                optional={"item": ANYTHING, "reason": ANYTHING, "details": ANYTHING},
            ),
            max_size=3,
        ),
    },
)  # fmt: skip


@settings(max_examples=300)
@given(PEOPLE | st.lists(PEOPLE, max_size=2) | ANYTHING)
def test_no_form_whatever_raises_anything_but_an_input_error(data):
    try:
        people = read_form(data, WORDS, "p.yaml", JUDGEMENTS)
    except InputError as error:
        assert str(error).startswith("p.yaml: ")
    else:
        assert all(problem.what for person in people for problem in person.problems)
