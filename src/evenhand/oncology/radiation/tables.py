"""The tables of this package by name and version: who uses one names both, and two are never mixed."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal

Row = dict[str, str]
Family = Literal["organ_limits", "prescriptions"]


@dataclass(frozen=True, slots=True)
class TableId:
    """The name and the version of a table. A changed value is a new version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class UnknownTableError(ValueError):
    """A table that this package does not have; the message says which there are."""


def table_ids(family: Family) -> tuple[TableId, ...]:
    """The tables of a family, by name and version."""
    names = sorted(item.name for item in _folder(family).iterdir() if item.name.endswith(".csv"))
    return tuple(TableId(*name.removesuffix(".csv").rsplit("_", 1)) for name in names)


def read_rows(family: Family, table: TableId) -> list[Row]:
    """The rows of a table as text. Raises UnknownTableError."""
    known = table_ids(family)
    if table not in known:
        there_are = ", ".join(map(str, known))
        raise UnknownTableError(f"there is no table {table} of {family.replace('_', ' ')}: there are {there_are}")
    text = (_folder(family) / f"{table.name}_{table.version}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _folder(family: Family) -> Traversable:
    return files("evenhand.oncology.radiation") / "tables" / family
