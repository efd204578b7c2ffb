"""Slips of the pen: a number copied with its last digits exchanged, or a point that was overlooked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from evenhand.protocol.plan import Form
from evenhand.record import JSON

Path = tuple[str, ...]  # a field; or a table, the place of a row, and a column


def slipped(form: Form, values: Mapping[str, JSON], random: Random) -> dict[str, JSON] | None:
    """The values with one number copied wrongly; None where there is no number that a slip would change."""
    found = [(path, wrong) for path, right in _numbers(form, values) if (wrong := _misread(right)) != right]
    if not found:
        return None
    path, wrong = random.choice(found)
    return _with(values, path, wrong)


def _numbers(form: Form, values: Mapping[str, JSON]) -> Iterator[tuple[Path, JSON]]:
    """Measured numbers and where they stand: single ones with a unit, and those of tables."""
    for name, value in values.items():
        asked = form.fields[name]
        if asked.is_table and isinstance(value, list):
            numbers = [column for column, one in (asked.columns or {}).items() if one.type.kind == "number"][:1]
            for place, row in enumerate(value):
                for column in numbers:
                    if isinstance(row, dict) and column in row:
                        yield (name, str(place), column), row[column]
        elif asked.type.kind == "number" and asked.type.unit:
            yield (name,), value


def _misread(right: JSON) -> JSON:
    """Digits exchanged in a whole number, the point overlooked in another one."""
    if isinstance(right, int) and right >= 10:
        text = str(right)
        return int(text[:-2] + text[-1] + text[-2])
    if isinstance(right, str) and right.replace(".", "", 1).isdigit() and "." in right:
        return right.replace(".", "")
    return right


def _with(values: Mapping[str, JSON], path: Path, wrong: JSON) -> dict[str, JSON]:
    if len(path) == 1:
        return {**values, path[0]: wrong}
    name, place, column = path
    rows: Any = values[name]
    return {**values, name: [{**row, column: wrong} if str(at) == place else row for at, row in enumerate(rows)]}
