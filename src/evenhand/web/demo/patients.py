"""The made-up patients of a study's own folder, as if they were seen today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from evenhand.cases import judgement_kinds
from evenhand.dates import DateSpan
from evenhand.facts import Fact, Person
from evenhand.facts.fact import Value
from evenhand.intake import read_any, read_attestations, supplemented, told_apart
from evenhand.protocol import Protocol, StudyError
from evenhand.protocol.places import read_sheet


def own_patients(protocol: Protocol, folder: Path, today: date) -> list[Person]:
    """The people of ``folder``/patients with what was stated about them, but nothing signed: that is left to do.

    They are made up for the day that `day.yaml` names; every date is moved as far as that day lies from today. Raises
    StudyError, or InputError for a file that cannot be read.
    """
    patients = folder / "patients"
    if not (patients / "day.yaml").is_file():
        return []
    later = today - _their_day(patients)
    kinds = judgement_kinds(protocol)
    people = [
        person for path in sorted(patients.glob("*.json")) for person in read_any(path, protocol.vocabulary, kinds)
    ]
    stated = patients / "attestations.yaml"
    if stated.is_file():
        people = supplemented(told_apart(people), read_attestations(stated, protocol.vocabulary, kinds))
    return [replace(person, facts=_moved(person.facts, later), attestations=()) for person in people]


def _their_day(patients: Path) -> date:
    sheet = read_sheet(patients / "day.yaml")
    if not isinstance(sheet.data, dict) or "on" not in sheet.data:
        raise StudyError(sheet.fault((), "the day is missing: write `on: YYYY-MM-DD`"))
    return date.fromisoformat(str(sheet.data["on"]))


def _moved(facts: Mapping[str, tuple[Fact, ...]], later: timedelta) -> dict[str, tuple[Fact, ...]]:
    return {
        name: tuple(one._replace(value=_value(one.value, later), date=_span(one.date, later)) for one in some)
        for name, some in facts.items()
    }


def _value(value: Value, later: timedelta) -> Value:
    if isinstance(value, DateSpan):
        return DateSpan(value.first + later, value.last + later)
    if isinstance(value, Mapping):
        return cast(Value, {name: _value(part, later) for name, part in value.items()})
    return value


def _span(span: DateSpan | None, later: timedelta) -> DateSpan | None:
    return None if span is None else DateSpan(span.first + later, span.last + later)
