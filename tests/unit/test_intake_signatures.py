"""Signed judgements as they are entered: what counts, and why anything else does not."""

import pytest

from evenhand.dates import on_day, parse_date
from evenhand.facts import Source
from evenhand.intake import JudgementKind, read_signatures

KINDS = {
    "fit": JudgementKind("fit", ("physician",), None, ()),
    "treatable": JudgementKind("treatable", ("surgeon", "radiologist"), "lesions", ("method", "size")),
}
SOURCE = Source("p.yaml", "attestations")
FIT = {"judgement": "fit", "answer": "yes", "by": "Dr A", "role": "physician", "on": "2026-06-22"}
TREATABLE = {
    **FIT, "judgement": "treatable", "role": "surgeon", "item": "M1", "details": {"method": "sbrt", "size": 22},
}  # fmt: skip


def read(given):
    problems = []
    return list(read_signatures(given, KINDS, SOURCE, problems)), [str(problem) for problem in problems]


@pytest.mark.parametrize(("answer", "meant"), [("yes", True), ("no", False), (True, True), (False, False)])
def test_a_signature_is_read(answer, meant):
    (signed,), problems = read([{**FIT, "answer": answer}])
    assert problems == []
    assert (signed.judgement, signed.answer, signed.by, signed.role) == ("fit", meant, "Dr A", "physician")
    assert signed.date == parse_date("2026-06-22")
    assert (signed.item, signed.reason, signed.details, signed.source) == (None, "", None, SOURCE)


def test_a_signature_about_an_entry_names_it_and_gives_the_details():
    (signed,), problems = read([{**TREATABLE, "reason": "seen on MRI"}])
    assert problems == []
    assert (signed.item, signed.reason) == ("M1", "seen on MRI")
    assert signed.details == {"method": "sbrt", "size": "22"}


def test_an_item_may_be_a_number():
    (signed,), _ = read([{**TREATABLE, "item": 1}])
    assert signed.item == "1"


@pytest.mark.parametrize("on", ["2026-06-22", "2026-06-22T10:15:00+02:00", parse_date("2026-06-22").first])
def test_a_signature_is_of_a_day(on):
    (signed,), _ = read([{**FIT, "on": on}])
    assert signed.date == on_day(parse_date("2026-06-22").first)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"judgement": "fitt"}, "'fitt' is no judgement of this study; did you mean 'fit'?"),
        ({"judgement": ["fit"]}, "its judgement is ['fit'], which is no text"),
        ({"anser": "yes"}, "'anser' is no part of a signature; did you mean 'answer'?"),
        ({"answer": None}, "it lacks answer"),
        ({"answer": ""}, "it lacks answer"),
        ({"by": " "}, "it lacks by"),
        ({"by": None, "on": None}, "it lacks by, on"),
        ({"by": {"name": "A"}}, "its by is {'name': 'A'}, which is no text"),
        ({"answer": "maybe"}, "the answer 'maybe' is neither yes nor no"),
        ({"answer": 1}, "the answer 1 is neither yes nor no"),
        ({"answer": ["yes"]}, "the answer ['yes'] is neither yes nor no"),
        ({"role": "nurse"}, "a nurse may not sign fit: physician may"),
        ({"item": "M1"}, "fit is about the person and takes no `item`"),
        ({"on": "2026-06"}, "a signature has a day, not 2026-06"),
        ({"on": "2026-06-31"}, "'2026-06-31' is no date"),
        ({"on": 2026}, "a signature has a day, not 2026"),
        ({"details": ["a"]}, "its details are ['a'], which is no mapping"),
        ({"details": "none"}, "its details are 'none', which is no mapping"),
    ],
)
def test_what_cannot_count_is_refused_with_the_reason(change, said):
    signed, problems = read([{**FIT, **change}, FIT])
    assert len(signed) == 1, "the other signature counts"
    assert len(problems) == 1
    assert problems[0].startswith(f"attestations[0]: {said}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"item": None}, "treatable needs the `item` of lesions"),
        ({"item": " "}, "treatable needs the `item` of lesions"),
        ({"details": None}, "treatable needs the details method, size"),
        ({"details": {"method": "sbrt"}}, "treatable needs the details size"),
        ({"details": {"method": "sbrt", "size": ""}}, "treatable needs the details size"),
        ({"role": "physician"}, "a physician may not sign treatable: surgeon or radiologist may"),
    ],
)
def test_a_signature_about_an_entry_needs_the_entry_and_its_details(change, said):
    signed, problems = read([{**TREATABLE, **change}])
    assert (signed, problems) == ([], [f"attestations[0]: {said}"])


@pytest.mark.parametrize("given", [{}, "yes", 3, None])
def test_what_is_no_list_is_a_problem(given):
    signed, problems = read(given)
    assert signed == []
    assert problems[0].startswith("attestations: a list of signed judgements is needed")
