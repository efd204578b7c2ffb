"""The simple form of facts: for people without FHIR, for cases, and for what is stated beside imported data.

A person is a mapping with ``patient`` (an id), ``facts`` (name to value) and ``attestations``. A value may stand alone
or with its date: ``ecog: 1`` or ``ecog: {value: 1, date: "2026-06-22", by: Dr A}``. A list fact is a list of records
and then complete, ``[]`` stating that there is none; ``{complete: false, items: [...]}`` leaves it open. What cannot be
used becomes a problem that names its place; everything else is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from evenhand.dates import DateSpan, parse_date
from evenhand.facts import COMPLETE, Fact, FactType, Person, Problem, Scalar, Source, Value, Vocabulary
from evenhand.intake.accept import Quantity, accept, did_you_mean, shown
from evenhand.intake.errors import InputError
from evenhand.intake.signatures import JudgementKind, read_signatures
from evenhand.units import UNITS, exact, parse_measured

_UNIT: Final = re.compile(rf"(.*\d)\s*({'|'.join(sorted(map(re.escape, UNITS - {'1'}), key=len, reverse=True))})")
_WORDS: Final = {"yes": True, "no": False, "true": True, "false": False}
_PARTS: Final = frozenset({"patient", "facts", "attestations"})
_LONGEST_NUMBER: Final = 60
_DATED: Final = frozenset({"value", "date", "by"})


def read_form(
    data: object, vocabulary: Vocabulary, origin: str, judgements: Mapping[str, JudgementKind] | None = None
) -> list[Person]:
    """The people of a form: one mapping or a list of them. Raises InputError when it is neither."""
    forms = data if isinstance(data, list) else [data]
    return [
        _Form(vocabulary, origin, judgements or {}).person(_mapping_of(form, number, origin))
        for number, form in enumerate(forms, start=1)
    ]


def _mapping_of(form: object, number: int, origin: str) -> dict[str, object]:
    if not isinstance(form, dict) or "patient" not in form:
        raise InputError(f"{origin}: this is no form of facts; each person is a mapping with a `patient`")
    patient = form["patient"]
    if isinstance(patient, bool) or not isinstance(patient, str | int) or not str(patient).strip():
        raise InputError(f"{origin}: the `patient` of person {number} is {shown(patient)}, which is no id")
    return form


def _or_none_given(form: dict[str, object], part: str, nothing: object) -> object:
    return nothing if form.get(part) is None else form[part]


class Unfit(ValueError):
    """A value that cannot be used."""


class _Form:
    """One person's form being read; ``problems`` grow on the way."""

    def __init__(self, vocabulary: Vocabulary, origin: str, judgements: Mapping[str, JudgementKind]) -> None:
        self.vocabulary = vocabulary
        self.origin = origin
        self.judgements = judgements
        self.problems: list[Problem] = []

    def person(self, form: dict[str, object]) -> Person:
        for part in sorted(set(form) - _PARTS, key=str):
            self.problem(str(part), f"no part of a form{did_you_mean(str(part), _PARTS)}")
        facts = self.facts(_or_none_given(form, "facts", {}))
        source = Source(self.origin, "attestations")
        given = _or_none_given(form, "attestations", [])
        signed = read_signatures(given, self.judgements, source, self.problems)
        return Person(str(form["patient"]), facts, tuple(signed), tuple(self.problems), self.origin)

    def facts(self, given: object) -> dict[str, tuple[Fact, ...]]:
        if not isinstance(given, dict):
            self.problem("facts", f"a mapping from fact to value is needed, not {shown(given)}")
            return {}
        found = {str(name): tuple(self.fact(str(name), value)) for name, value in given.items()}
        return {name: facts for name, facts in found.items() if facts}

    def fact(self, name: str, value: object) -> Iterator[Fact]:
        kind = self.vocabulary.facts.get(name)
        if kind is None:
            self.problem(f"facts.{name}", f"no fact of this study{did_you_mean(name, self.vocabulary.facts)}")
        elif kind.derived is not None:
            self.problem(f"facts.{name}", f"it is computed from {' and '.join(kind.inputs)}; record these")
        elif kind.many:
            yield from self.entries(kind, value)
        else:
            several = isinstance(value, list)
            for number, one in enumerate(value if isinstance(value, list) else [value]):
                yield from self.dated(kind, one, f"facts.{name}[{number}]" if several else f"facts.{name}")

    def entries(self, kind: FactType, value: object) -> Iterator[Fact]:
        where, complete, items = f"facts.{kind.name}", True, value
        if isinstance(value, dict) and "items" in value:
            complete, items = value.get("complete", True), value["items"]
        if not isinstance(items, list) or not isinstance(complete, bool):
            self.problem(where, f"a list is needed, or {{complete: false, items: [...]}}, not {shown(value)}")
            return
        before = len(self.problems)
        for number, item in enumerate(items):
            yield from self.dated(kind, item, f"{where}[{number}]")
        if complete and len(self.problems) == before:  # a list that lost an entry is not complete
            yield Fact(kind.name, COMPLETE, None, Source(self.origin, where))

    def dated(self, kind: FactType, given: object, where: str) -> Iterator[Fact]:
        """One fact, its date beside the value, in the record's own ``date`` field, or not said."""
        try:
            value, day, by = self._apart(kind, given)
            read = self.record(kind, value, where) if kind.kind == "record" else read_scalar(kind, value)
            dated = None if day is None else read_date(day)
        except ValueError as error:
            self.problem(where, str(error))
            return
        own = read.get("date") if isinstance(read, Mapping) else None
        if dated is None and isinstance(own, DateSpan):
            dated = own
        yield Fact(kind.name, read, dated, Source(self.origin, where, by))

    def _apart(self, kind: FactType, given: object) -> tuple[object, object, str]:
        if isinstance(given, dict) and "value" in given and set(given) <= _DATED:
            return given["value"], given.get("date"), str(given.get("by") or "")
        if kind.kind == "record" and isinstance(given, dict) and "date" in given and "date" not in kind.fields:
            return {name: item for name, item in given.items() if name != "date"}, given["date"], ""
        return given, None, ""

    def record(self, kind: FactType, given: object, where: str) -> Value:
        if not isinstance(given, dict):
            raise Unfit(f"a record with {', '.join(kind.fields)} is needed, not {shown(given)}")
        read: dict[str, Scalar] = {}
        for name, value in given.items():
            field = kind.fields.get(str(name))
            if field is None:
                self.problem(f"{where}.{name}", f"no field of {kind.name}{did_you_mean(str(name), kind.fields)}")
            elif value is not None:
                self._field(field, value, f"{where}.{name}", read)
        absent = [name for name, field in kind.fields.items() if field.required and name not in read]
        if absent:
            raise Unfit(f"it lacks {', '.join(absent)}")
        return read

    def _field(self, field: FactType, value: object, where: str, read: dict[str, Scalar]) -> None:
        """Add a field to a record; an unfit one is a problem and left out, unless the record cannot do without."""
        try:
            read[field.name] = read_scalar(field, value)
        except ValueError as error:
            if field.required:
                raise
            self.problem(where, str(error))

    def problem(self, where: str, what: str) -> None:
        self.problems.append(Problem(where, what))


def read_scalar(kind: FactType, given: object) -> Scalar:
    """A value of a form as the study has it. Raises ValueError with what was found and what would be right."""
    if kind.kind == "date":
        return read_date(given)
    if kind.kind == "yes_no":
        answer = given if isinstance(given, bool) else _WORDS.get(str(given).lower())
        if answer is None:
            raise Unfit(f"{shown(given)} is neither yes nor no")
        return answer
    if kind.kind == "number":
        return accept(kind, _number(given))
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise Unfit(f"{shown(given)} is no {kind.kind}")
    if not str(given).strip():
        raise Unfit("it is empty: leave it out, or say what it is")
    return accept(kind, str(given))


def _number(given: object) -> Scalar | Quantity:
    if isinstance(given, str):
        if len(given) > _LONGEST_NUMBER:
            raise Unfit("the text is too long for a number")
        match = _UNIT.fullmatch(given.strip())
        return Quantity(parse_measured(match[1]), match[2]) if match else parse_measured(given)
    if isinstance(given, int | float | Decimal):
        return exact(given)
    raise Unfit(f"{shown(given)} is no number")


def read_date(given: object) -> DateSpan:
    """A date of a form: text, or what YAML made of it. Raises ValueError."""
    if isinstance(given, date):
        return parse_date(given.isoformat())
    if isinstance(given, int) and not isinstance(given, bool):
        return parse_date(str(given))  # a bare year
    if not isinstance(given, str):
        raise Unfit(f"{shown(given)} is no date: write YYYY-MM-DD, YYYY-MM or YYYY")
    return parse_date(given)
