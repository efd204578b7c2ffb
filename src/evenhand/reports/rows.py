"""The rows of a table as a page shows them: no heading without rows of its own, and a word where there are none."""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from evenhand.analysis.tables import Row, Table

NOTHING: Final = "Nothing to show"


def shown_rows(table: Table) -> tuple[Row, ...]:
    """The rows, without a heading right above another one or above nothing; where none is left, one that says so."""
    kept = [row for row, below in zip_longest(table.rows, table.rows[1:]) if row.cells or (below and below.cells)]
    return tuple(kept) or (Row("nothing", NOTHING),)
