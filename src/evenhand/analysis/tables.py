"""What an analysis hands to a report: numbered tables and figures, each of which says of whom, until when and how.

A number keeps its full precision beside its printed form, and the people and entries that it was counted from, so that
a reader can ask "show me these 3 people" of any cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Number: TypeAlias = int | float | str | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A person behind a number, and the entries of the record (``seqs``) that say so; empty: no single entry does."""

    subject: str
    seqs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` as printed ("12 (14.8 %)"; "not estimable"); ``values``: every number in it, full precision, by name."""

    text: str
    values: tuple[tuple[str, Number], ...] = ()
    behind: tuple[Behind, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """``id`` is unique in the table and stays the same from cut to cut; ``indent`` 1 belongs to the row of 0 above; a
    row without cells is a heading."""

    id: str
    label: str
    cells: tuple[Cell, ...] = ()
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """``id`` is a word with underscores; ``head`` names each column, that of the row labels first.

    ``population`` says of whom, with their number; ``method`` how the numbers were made, with its conventions;
    ``notes`` what a reader must know besides. ``by_arm``: it tells the arms apart after randomization: for the closed
    session of the safety board and the final report alone.
    """

    id: str
    title: str
    population: str
    method: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    by_arm: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and its data. ``svg``: the whole drawing, text as text, its colours from classes; ``narrow``: the same
    for a phone, empty where there is none. ``says``: what it shows, for whoever cannot see it. ``data``: the first row
    names the columns; what was drawn, at full precision. The rest as of a table."""

    id: str
    title: str
    population: str
    method: str
    svg: str
    says: str
    data: tuple[tuple[Number, ...], ...]
    notes: tuple[str, ...] = ()
    by_arm: bool = False
    narrow: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: sentences, then tables and figures in order. ``id`` is a word with underscores."""

    id: str
    title: str
    says: tuple[str, ...] = ()
    parts: tuple[Table | Figure, ...] = ()


def count(of: Iterable[Behind], whole: int | None = None) -> Cell:
    """How many people, with their share of a whole ("12 (14.8 %)"; "12" where there is no whole, "0" of nobody)."""
    people = tuple(of)
    many = len({one.subject for one in people})
    if not whole:
        return Cell(str(many), (("count", many),), people)
    return Cell(
        f"{many} ({100 * many / whole:.1f} %)", (("count", many), ("of", whole), ("share", many / whole)), people
    )


def row(id: str, label: str, *cells: Cell, indent: int = 0) -> Row:
    """A row, its cells one after another."""
    return Row(id, label, cells, indent)
