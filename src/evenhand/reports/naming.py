"""The name of every number: ``table.row.column``, the same from cut to cut.

A column is named by the arm where its head begins with that arm's label, else by the words of its head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evenhand.analysis.tables import Cell, Row, Table
from evenhand.reports.document import Report


class Named(NamedTuple):
    """A cell with its name, its table and its row."""

    id: str
    cell: Cell
    table: Table
    row: Row
    section: str


def column_ids(table: Table, arms: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The name of each column but that of the row labels; two of one name are told apart by a number."""
    named: list[str] = []
    for head in table.head[1:]:
        first = _by_arm(head, arms) or _words(head) or "column"
        name, again = first, 2
        while name in named:
            name, again = f"{first}_{again}", again + 1
        named.append(name)
    return tuple(named)


def named_cells(report: Report) -> Iterator[Named]:
    """Every cell of every table, in order."""
    for section in report.sections:
        for table in section.parts:
            if isinstance(table, Table):
                columns = column_ids(table, report.arms)
                for row in table.rows:
                    for column, cell in zip(columns, row.cells, strict=False):
                        yield Named(f"{table.id}.{row.id}.{column}", cell, table, row, section.id)


def _by_arm(head: str, arms: Sequence[tuple[str, str]]) -> str | None:
    """The longest label that fits wins, for one label may begin with another."""
    for id, label in sorted(arms, key=lambda arm: -len(arm[1])):
        if head.lower().startswith(label.lower()):
            rest = _words(head[len(label) :])
            rest = "" if re.fullmatch(r"(n_)?\d*", rest) else rest
            return f"{id}_{rest}" if rest else id
    return None


def _words(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
