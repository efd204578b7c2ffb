"""Tables and the data of figures as CSV: the printed text, then every number in it at full precision."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from evenhand.analysis.tables import Figure, Number, Row, Table
from evenhand.reports.naming import column_ids


def table_csv(table: Table, arms: Sequence[tuple[str, str]]) -> bytes:
    """A line for each row: its id and label, then for each column its text and its values ("control.share")."""
    columns = column_ids(table, arms)
    values = {name: _value_names(table, place) for place, name in enumerate(columns)}
    head = ["id", "label", *(one for name in columns for one in (name, *(f"{name}.{value}" for value in values[name])))]
    return _written([head, *(list(_line(row, columns, values)) for row in table.rows)])


def figure_csv(figure: Figure) -> bytes:
    """What was drawn."""
    return _written(figure.data)


def _value_names(table: Table, place: int) -> list[str]:
    """The names of the values in a column, in the order of first use."""
    cells = (row.cells[place] for row in table.rows if len(row.cells) > place)
    return list(dict.fromkeys(name for cell in cells for name, _ in cell.values))


def _line(row: Row, columns: Sequence[str], values: dict[str, list[str]]) -> Iterator[Number]:
    yield from (row.id, row.label)
    for place, name in enumerate(columns):
        cell = row.cells[place] if len(row.cells) > place else None
        yield cell.text if cell else ""
        given = dict(cell.values) if cell else {}
        yield from (given.get(value) for value in values[name])


def _written(rows: Iterable[Iterable[Number]]) -> bytes:
    """UTF-8, lines ending in a line feed, floats in the fewest digits that give the same float back."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(["" if one is None else one for one in row] for row in rows)
    return out.getvalue().encode()
