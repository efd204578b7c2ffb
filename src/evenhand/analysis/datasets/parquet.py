"""A dataset as Parquet, written by DuckDB, which is loaded when it is needed and not before.

Days are DATE, whole numbers INTEGER, other numbers DOUBLE, all else VARCHAR; what is not known is NULL. What the
columns mean travels in the metadata of the file: ``dataset``, ``label`` and ``columns`` (JSON: name, label, kind and
source of each, in order). The same dataset gives the same bytes with the same DuckDB, whose version the file names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from evenhand.analysis.datasets.table import Column, Dataset, Kind, Value

_TYPES: Final[dict[Kind, str]] = {
    "text": "VARCHAR", "flag": "VARCHAR", "whole": "INTEGER", "number": "DOUBLE", "date": "DATE",
}  # fmt: skip
_READ: Final[dict[Kind, type]] = {"text": str, "flag": str, "whole": int, "number": float, "date": date}
_AT_ONCE: Final = 50_000  # rows that are handed over together, so that memory does not grow with the dataset


def parquet_of(dataset: Dataset) -> bytes:
    """The dataset as a file. Raises ValueError for a value that is not of the kind of its column."""
    import duckdb  # noqa: PLC0415  nobody who writes no Parquet waits for it

    _check(dataset)
    with TemporaryDirectory() as folder, duckdb.connect(config={"threads": 1}) as base:
        columns = ", ".join(f"{_name(one.name)} {_TYPES[one.kind]}" for one in dataset.columns)
        base.execute(f"CREATE TABLE data ({columns})")
        for some in _batches(dataset):
            lists = ", ".join(f"unnest(?::{_TYPES[one.kind]}[])" for one in dataset.columns)
            base.execute(f"INSERT INTO data SELECT {lists}", some)
        path = Path(folder) / "data.parquet"
        said = ", ".join(f"{key}: {_text(value)}" for key, value in _metadata(dataset).items())
        base.execute(f"COPY data TO {_text(str(path))} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{said}}})")
        return path.read_bytes()


def _check(dataset: Dataset) -> None:
    for place, column in enumerate(dataset.columns):
        for row in dataset.rows:
            if row[place] is not None and type(row[place]) is not _READ[column.kind]:
                said = f"{dataset.name}.{column.name}: {row[place]!r} is no {column.kind}; mend its value or its kind"
                raise ValueError(said)


def _batches(dataset: Dataset) -> Iterator[list[list[Value]]]:
    """A list for each column, of some rows at a time."""
    for start in range(0, len(dataset.rows), _AT_ONCE):
        rows = dataset.rows[start : start + _AT_ONCE]
        yield [[row[place] for row in rows] for place in range(len(dataset.columns))]


def _metadata(dataset: Dataset) -> dict[str, str]:
    columns = [_column(one) for one in dataset.columns]
    return {"dataset": dataset.name, "label": dataset.label, "columns": json.dumps(columns, ensure_ascii=False)}


def _column(one: Column) -> dict[str, str]:
    return {"name": one.name, "label": one.label, "kind": one.kind, "source": one.source}


def _name(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
