"""What a person typed into a form, turned into the values that the record keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evenhand.facts.wire import value_json
from evenhand.intake import read_scalar, written_date
from evenhand.protocol.plan import Field, Form
from evenhand.record import JSON
from evenhand.units import Range


@dataclass(frozen=True, slots=True)
class Reading:
    """The values that could be read, and what is wrong with the others, by path: ``size`` or ``lesions.2.size``
    (rows count from 1)."""

    values: dict[str, JSON] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def read_typed(form: Form, typed: Mapping[str, object]) -> Reading:
    """Read what was typed: text by field, for a table a list of such mappings. What is empty is left out.

    A field that the form does not have is a fault, never silently dropped.
    """
    reading = Reading()
    for name, given in typed.items():
        asked = form.fields.get(name)
        if asked is None:
            reading.faults[name] = f"{form.title} has no field {name!r}"
        elif asked.is_table:
            rows = _rows(asked, given, name, reading)
            if rows:
                reading.values[name] = rows
        else:
            _one(asked, given, name, reading.values, reading, name)
    return reading


def _rows(table: Field, given: object, path: str, reading: Reading) -> list[JSON]:
    if not isinstance(given, list):
        reading.faults[path] = "a list of rows is needed"
        return []
    rows: list[JSON] = []
    for number, row in enumerate(given, start=1):
        read: dict[str, JSON] = {}
        for name, value in row.items():
            asked = (table.columns or {}).get(name)
            if asked is None:
                reading.faults[f"{path}.{number}.{name}"] = f"there is no column {name!r}"
            else:
                _one(asked, value, name, read, reading, f"{path}.{number}.{name}")
        if read:
            rows.append(read)
    return rows


def _one(asked: Field, given: object, name: str, into: dict[str, JSON], reading: Reading, path: str) -> None:
    if given is None or (isinstance(given, str) and not given.strip()):
        return
    try:
        into[name] = read_answer(asked, given)
    except ValueError as error:
        reading.faults[path] = str(error)


def read_answer(asked: Field, given: object) -> JSON:
    """One answer as JSON. Raises ValueError with what was found and what would be right."""
    if asked.type.kind == "date":
        span = written_date(str(given))
        if not span.exact and not asked.partial:
            raise ValueError(f"{span} is not a full day: write it as 2026-05-03 or 3 May 2026")
        return str(span)
    value: Any = read_scalar(asked.type, given.strip() if isinstance(given, str) else given)
    if isinstance(value, Range) and not asked.bounds:
        raise ValueError(f"{value} is no exact number, which is needed here")
    return value_json(value)  # type: ignore[no-any-return]  # a scalar's JSON
