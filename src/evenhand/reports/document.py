"""A report as a value: its sections in order, tables and figures numbered, and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from evenhand.analysis.datasets import Dataset
from evenhand.analysis.tables import Figure, Section, Table
from evenhand.record import Entry
from evenhand.reports.kinds import Kind


@dataclass(frozen=True, slots=True)
class Source:
    """What the numbers follow from. ``protocols``: version and digest of each that was adopted, the newest last.

    ``effective`` is the last day of what had happened, ``recorded`` the last moment of what was known. ``seq`` and
    ``hash`` are those of the last entry by that moment, other than of a report's making or reading: the hash seals it
    and all before it. ``entries``: how many of
    them tell of what had happened by that day.
    """

    study: str
    title: str
    protocols: tuple[tuple[str, str], ...]
    effective: date
    recorded: datetime
    seq: int
    hash: str
    entries: int

    @property
    def digest(self) -> str:
        """That of the newest protocol version that was adopted: the one that the report follows."""
        return self.protocols[-1][1]

    @property
    def version(self) -> str:
        """The newest protocol version that was adopted."""
        return self.protocols[-1][0]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A table or a figure with its number ("Table 3"), in its section."""

    label: str
    part: Table | Figure
    section: Section


@dataclass(frozen=True, slots=True)
class Report:
    """``arms``: (id, label) in the order in which they are shown, control first. ``entries`` are those of the cut, so
    that what is behind a number can be shown; ``program`` is the version of Evenhand that made it."""

    kind: Kind
    source: Source
    arms: tuple[tuple[str, str], ...]
    candidates: int
    randomized: int
    sections: tuple[Section, ...]
    datasets: tuple[Dataset, ...]
    entries: tuple[Entry, ...]
    program: str

    @property
    def parts(self) -> tuple[Numbered, ...]:
        """Every table and figure with its number, in order."""
        return tuple(self._numbered())

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in order."""
        return tuple(one.part for one in self.parts if isinstance(one.part, Table))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures, in order."""
        return tuple(one.part for one in self.parts if isinstance(one.part, Figure))

    @property
    def name(self) -> str:
        """A name for its folder, such as ``final-2033-02-23``."""
        return f"{self.kind.id}-{self.source.effective.isoformat()}"

    def _numbered(self) -> Iterator[Numbered]:
        tables = figures = 0
        for section in self.sections:
            for part in section.parts:
                if isinstance(part, Table):
                    tables += 1
                    yield Numbered(f"Table {tables}", part, section)
                else:
                    figures += 1
                    yield Numbered(f"Figure {figures}", part, section)
