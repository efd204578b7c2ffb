"""A dataset: documented columns, rows of plain values, and its form as CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Generic, Literal, TypeVar

from evenhand.dates import DateSpan

Value = str | int | float | date | None
Kind = Literal["text", "whole", "number", "date", "flag"]
_Case = TypeVar("_Case")


@dataclass(frozen=True, slots=True)
class Column:
    """``name`` as in CDISC ADaM where it has one (at most 8 characters); ``source``: what it is computed from. A flag
    is Y or N; what is not known is None, an empty cell in CSV."""

    name: str
    label: str
    kind: Kind
    source: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """``rows`` hold a value for each column, in the order of the columns."""

    name: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def column(self, name: str) -> tuple[Value, ...]:
        """The values of one column. Raises ValueError where there is no such column."""
        place = [one.name for one in self.columns].index(name)
        return tuple(row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class Field(Generic[_Case]):
    """A column, and how its value follows from a case."""

    column: Column
    value: Callable[[_Case], Value]


def field(name: str, label: str, kind: Kind, source: str, value: Callable[[_Case], Value]) -> Field[_Case]:
    """A column with its value."""
    return Field(Column(name, label, kind, source), value)


def tabled(name: str, label: str, fields: Iterable[Field[_Case]], cases: Iterable[_Case]) -> Dataset:
    """The dataset of some cases, a row each."""
    chosen = tuple(fields)
    rows = tuple(tuple(one.value(case) for one in chosen) for case in cases)
    return Dataset(name, label, tuple(one.column for one in chosen), rows)


def csv_of(dataset: Dataset) -> bytes:
    """UTF-8 with a line of names, lines ending in a line feed, days as 2026-03-04, nothing for what is not known.

    The same dataset gives the same bytes.
    """
    written = StringIO()
    lines = csv.writer(written, lineterminator="\n")
    lines.writerow([one.name for one in dataset.columns])
    lines.writerows([_cell(value) for value in row] for row in dataset.rows)
    return written.getvalue().encode()


def dictionary_of(datasets: Iterable[Dataset]) -> Dataset:
    """What every column of some datasets means, as a dataset itself."""
    columns = tuple(
        Column(name, label, "text", "the program")
        for name, label in (
            ("DATASET", "Dataset"),
            ("NAME", "Column"),
            ("LABEL", "What it holds"),
            ("KIND", "text, whole (number), number, date or flag"),
            ("SOURCE", "What it is computed from"),
        )
    )
    rows = tuple(
        (one.name, column.name, column.label, column.kind, column.source) for one in datasets for column in one.columns
    )
    return Dataset("COLUMNS", "Every column of every dataset", columns, rows)


def _cell(value: Value) -> str:
    """A float in the fewest digits that give it back, one that is whole without a point."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def flag(holds: bool | None) -> str | None:
    """Y or N; None for what is not known."""
    return None if holds is None else "Y" if holds else "N"


def entries_text(seqs: Iterable[int]) -> str:
    """Numbers of entries in one cell."""
    return " ".join(map(str, seqs))


def exact(span: DateSpan | None) -> date | None:
    """The day of an exact date; a partial one has none."""
    return span.first if span is not None and span.exact else None
