"""What another system says about a person: a form of facts in JSON, or an mCODE bundle.

A form that holds anything that cannot be used is refused as a whole, since the system that wrote it can mend it. Of a
bundle, which was not written for the study, everything that can be used is; what cannot is told in the answer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, TypeVar

from django.http import HttpRequest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evenhand.dates import DateSpan
from evenhand.facts import Person, Vocabulary
from evenhand.facts import Problem as Unusable
from evenhand.intake import InputError, read_form, read_people
from evenhand.intake.decode import decode
from evenhand.web.api.body import BUNDLE, body_of, malformed, values_of
from evenhand.web.api.days import Day
from evenhand.web.api.naming import name_in
from evenhand.web.api.problems import Fault, Trouble, faults_of
from evenhand.web.store import Who

_LONGEST_NAME: Final = 150
_PRINTABLE: Final = r"^[^\x00-\x1f\x7f-\x9f]*\S[^\x00-\x1f\x7f-\x9f]*$"

Facts = Annotated[
    dict[str, Any],
    Field(
        min_length=1,
        description="The study's facts by name, as docs/forms.md describes them.",
        examples=[{"ecog": {"value": 1, "date": "2026-11-20"}, "estrogen_receptor": "positive"}],
    ),
]


class Addition(BaseModel):
    """Facts about somebody who is a candidate already."""

    model_config = ConfigDict(extra="forbid", strict=True)
    facts: Facts


class Candidate(BaseModel):
    """Somebody to be screened. Name and birth date recognise a person who is sent twice; the record keeps neither."""

    model_config = ConfigDict(extra="forbid", strict=True)
    number: Annotated[
        str,
        Field(
            min_length=1,
            max_length=80,
            pattern=_PRINTABLE,
            description="the site's own number of the person",
            examples=["4711"],
        ),
    ]
    name: Annotated[str, Field(max_length=_LONGEST_NAME, pattern=_PRINTABLE, examples=["Example, Ada"])] | None = None
    birth_date: Annotated[
        Day | None,
        Field(
            description="the full day; left out, it is taken from the fact that is the birth date",
            examples=["1970-05-17"],
        ),
    ] = None
    facts: Facts


@dataclass(frozen=True, slots=True)
class Submission:
    """Facts as a person, what could not be used, who it is, and a digest that binds the request's key to all of it."""

    person: Person
    faults: list[Fault]
    who: Who | None
    digest: str


def read_candidate(request: HttpRequest, vocabulary: Vocabulary, number: str | None) -> Submission:
    """A new candidate: a form that says who it is, or a bundle beside the header ``Person-Number``.

    Raises Trouble: 400 for what cannot be read, 413 and 415, 422 for what cannot be used.
    """
    data, kind = _printable(request)
    if kind == BUNDLE:
        if number is None:
            what = "a bundle does not say it: send the site's own number of the person in this header"
            raise _unfit([Fault(where="Person-Number", what=what, severity="error")])
        person = _of_bundle(data, vocabulary)
        who = Who(number, name_in(data)[:_LONGEST_NAME], _birth_date(person, vocabulary))
        return Submission(person, faults_of(person.problems), who, _digest(kind, number, data))
    given = _fitting(Candidate, data)
    person = _of_facts(given.facts, vocabulary)
    who = Who(given.number, given.name or "", given.birth_date or _birth_date(person, vocabulary))
    return Submission(person, [], who, _digest(kind, "", data))


def read_addition(request: HttpRequest, vocabulary: Vocabulary) -> Submission:
    """More facts about a candidate: a form, or a bundle. Raises Trouble as ``read_candidate`` does."""
    data, kind = _printable(request)
    if kind == BUNDLE:
        person = _of_bundle(data, vocabulary)
        return Submission(person, faults_of(person.problems), None, _digest(kind, "", data))
    return Submission(_of_facts(_fitting(Addition, data).facts, vocabulary), [], None, _digest(kind, "", data))


def _printable(request: HttpRequest) -> tuple[bytes, str]:
    """The body, if it holds no NUL: no text has one, and not every database can keep it."""
    data, kind = body_of(request)
    if b"\0" in data or b"\\u0000" in data:
        what = "it holds the character NUL, which no text has; or it is not in UTF-8"
        raise _unfit([Fault(where="submission", what=what, severity="error")])
    return data, kind


def _digest(kind: str, number: str, data: bytes) -> str:
    return hashlib.sha256(repr((kind, number, data)).encode()).hexdigest()


_Model = TypeVar("_Model", bound=BaseModel)


def _fitting(model: type[_Model], data: bytes) -> _Model:
    """A form as the model has it. Raises Trouble (422) naming every place that does not fit."""
    try:
        return model.model_validate(values_of(data))
    except ValidationError as error:
        told = error.errors(include_url=False, include_input=False, include_context=False)
        faults = [Fault(where=".".join(map(str, one["loc"])), what=one["msg"], severity="error") for one in told]
        raise _unfit(faults) from None


def _of_facts(facts: dict[str, Any], vocabulary: Vocabulary) -> Person:
    (person,) = read_form({"patient": "submission", "facts": facts}, vocabulary, "submission")
    if any(problem.severity == "error" for problem in person.problems):
        raise _unfit(faults_of(person.problems))
    return person


def _of_bundle(data: bytes, vocabulary: Vocabulary) -> Person:
    try:
        people = read_people(data, vocabulary, "submission")
    except InputError as error:
        if _is_json(data):
            raise _unfit([Fault(where="submission", what=str(error), severity="error")]) from None
        raise malformed(str(error)) from None
    told = [person for person in people if person.facts]
    problems = [problem for person in people for problem in person.problems]
    if len(told) > 1:
        problems.append(Unusable("submission", f"it is about {len(told)} people: send one bundle a person"))
    elif not told:
        problems.append(Unusable("submission", "not one fact of this study could be read from it"))
    if len(told) != 1:
        raise _unfit(faults_of(problems))
    return replace(told[0], problems=tuple(problems))


def _is_json(data: bytes) -> bool:
    try:
        decode(data, "submission")
    except InputError:
        return False
    return True


def _unfit(faults: list[Fault]) -> Trouble:
    return Trouble(422, "invalid", "Nothing was recorded, since part of it cannot be used.", faults=faults)


def _birth_date(person: Person, vocabulary: Vocabulary) -> date | None:
    """The full day of birth, where a fact tells it; a partial date recognises nobody."""
    for name, facts in person.facts.items():
        if vocabulary.facts[name].identifying:
            for fact in facts:
                if isinstance(fact.value, DateSpan) and fact.value.exact:
                    return fact.value.first
    return None
