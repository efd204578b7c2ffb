"""How the answers of a form are named on its page: ``f.size``, ``f.lesions.0.size`` (rows from 0), ``why.size``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict

from evenhand.protocol.plan import Field, Form

MOST_ROWS: Final = 60  # of one table on one page; assumed: more than any table of a form has
_NOT_CARRIED: Final = ("key", "seen", "password", "user_name", "csrfmiddlewaretoken")


def answer_at(name: str) -> str:
    """The field of an answer."""
    return f"f.{name}"


def cell_at(table: str, row: int, column: str) -> str:
    """The field of one cell of a table; rows count from 0."""
    return f"f.{table}.{row}.{column}"


def reason_at(name: str) -> str:
    """The field of the reason why there is no answer."""
    return f"why.{name}"


def carried(data: QueryDict) -> dict[str, Any]:
    """What was typed, to be shown again on a page that is made anew."""
    return {name: value for name, value in data.items() if name not in _NOT_CARRIED}


def row_count(data: Mapping[str, Any], table: str, otherwise: int) -> int:
    """How many rows of a table the page shows."""
    told = str(data.get(f"rows.{table}") or "")
    return min(int(told), MOST_ROWS) if told.isdecimal() and len(told) < 4 else otherwise


def typed_rows(table: Field, data: Mapping[str, Any], name: str, rows: int) -> dict[int, dict[str, str]]:
    """The rows of a table that hold anything, by their place on the page."""
    found = {}
    for row in range(rows):
        cells = {column: _text(data, cell_at(name, row, column)) for column in table.columns or {}}
        if any(cells.values()):
            found[row] = cells
    return found


def typed_answers(form: Form, data: Mapping[str, Any], rows: Mapping[str, int]) -> tuple[dict[str, object], Places]:
    """What was typed, by field, as it is read; and which row of the page each row of it came from."""
    typed: dict[str, object] = {}
    places: dict[str, tuple[int, ...]] = {}
    for name, asked in form.fields.items():
        if asked.is_table:
            found = typed_rows(asked, data, name, rows.get(name, 0))
            typed[name], places[name] = list(found.values()), tuple(found)
        else:
            typed[name] = _text(data, answer_at(name))
    return typed, Places(form, places)


class Places:
    """Which field of the page a fault belongs to."""

    def __init__(self, form: Form, rows: Mapping[str, tuple[int, ...]]) -> None:
        self._form = form
        self._rows = rows

    def field(self, path: str) -> str | None:
        """The field of a path such as ``size`` or ``lesions.2.size`` (rows from 1, empty ones not counted)."""
        name, _, rest = path.partition(".")
        if name not in self._form.fields:
            return None
        if not rest:
            return answer_at(name)
        number, _, column = rest.partition(".")
        rows = self._rows.get(name, ())
        at = int(number) - 1 if number.isdecimal() else len(rows)
        return cell_at(name, rows[at], column) if at < len(rows) and column else answer_at(name)


def _text(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "").strip()


def rearranged(data: QueryDict) -> QueryDict | None:
    """The same page with a row more or less, or looked at again, where that was asked for; None where it was not."""
    if table := data.get("add"):
        changed = data.copy()
        changed[f"rows.{table}"] = str(row_count(data, table, 0) + 1)
        return changed
    if told := data.get("drop"):
        table, _, number = told.rpartition(".")
        return _dropped(data.copy(), table, number, row_count(data, table, 0))
    return data.copy() if "again" in data else None


def _dropped(data: QueryDict, table: str, number: str, rows: int) -> QueryDict:
    if not number.isdecimal() or len(number) > 3 or int(number) >= rows:
        return data
    dropped = int(number)
    cells = [name.removeprefix(f"f.{table}.").partition(".") for name in data if name.startswith(f"f.{table}.")]
    for row, column in sorted((int(row), column) for row, _, column in cells if row.isdecimal()):
        if row >= dropped:
            values = data.pop(cell_at(table, row, column))
            if row > dropped:
                data.setlist(cell_at(table, row - 1, column), values)
    data[f"rows.{table}"] = str(rows - 1)
    return data
