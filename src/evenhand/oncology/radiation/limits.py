"""Dose limits of organs at risk: a named, versioned table, by organ and number of fractions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Literal

from evenhand.oncology.radiation.tables import Row, TableId, read_rows
from evenhand.units import Number, exact

# hot: the dose to the hottest volume is at most so much. spared: at least the volume receives at most so much.
Rule = Literal["hot", "spared"]
POINT_CC = exact("0.035")  # "point maximum: 0.035 cc or less", TG-101 as the table's README cites it


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit for one number of fractions. ``gy`` are the values that sources give, the strictest first.

    ``volume_cc`` is a volume of the organ, ``part`` a part of it where the limit is on a part; one of the two is given.
    ``confirmed`` says whether a public listing confirmed the value; otherwise it is general knowledge.
    """

    organ: str
    label: str
    rule: Rule
    gy: tuple[Number, ...]
    volume_cc: Number | None
    part: Fraction | None
    fractions: int
    effect: str
    confirmed: bool

    @property
    def point(self) -> bool:
        """Whether it is the limit on the point maximum."""
        return self.rule == "hot" and self.volume_cc == POINT_CC

    def __str__(self) -> str:
        volume = f"{self.volume_cc} cc" if self.part is None else f"{self.part} of the organ"
        dose = " or ".join(map(str, self.gy))
        if self.rule == "spared":
            return f"at least {volume} of the {self.label} at most {dose} Gy"
        return f"hottest {volume} of the {self.label} at most {dose} Gy"


@dataclass(frozen=True)
class LimitTable:
    """A named, versioned table of limits."""

    id: TableId
    limits: tuple[Limit, ...]

    @cached_property
    def organs(self) -> frozenset[str]:
        """The organs that the table knows."""
        return frozenset(limit.organ for limit in self.limits)

    @cached_property
    def fractions(self) -> tuple[int, ...]:
        """The numbers of fractions that the table knows; nothing between them is guessed."""
        return tuple(sorted({limit.fractions for limit in self.limits}))

    def of(self, organ: str, fractions: int) -> tuple[Limit, ...]:
        """The limits of an organ for a number of fractions."""
        return self._index.get((organ, fractions), ())

    @cached_property
    def _index(self) -> dict[tuple[str, int], tuple[Limit, ...]]:
        index: dict[tuple[str, int], tuple[Limit, ...]] = {}
        for limit in self.limits:
            key = (limit.organ, limit.fractions)
            index[key] = (*index.get(key, ()), limit)
        return index


@cache
def limit_table(table: TableId) -> LimitTable:
    """A table that comes with Evenhand. Raises UnknownTableError."""
    return LimitTable(table, tuple(limit for row in read_rows("organ_limits", table) for limit in _limits(row)))


def _limits(row: Row) -> Iterator[Limit]:
    """The limits of one row: the columns ``gy_n`` and ``max_n`` are those for n fractions."""
    unconfirmed = row["general_knowledge"].split()
    for column, text in row.items():
        kind, _, count = column.partition("_")
        if kind not in ("gy", "max") or not text:
            continue
        volume_cc, part = (POINT_CC, None) if kind == "max" else _volume(row["volume_cc"])
        yield Limit(
            organ=row["organ"],
            label=row["label"],
            rule="spared" if row["rule"] == "spared" else "hot",
            gy=tuple(exact(value) for value in text.split("|")),
            volume_cc=volume_cc,
            part=part,
            fractions=int(count),
            effect=row["effect"],
            confirmed=count not in unconfirmed,
        )


def _volume(text: str) -> tuple[Number | None, Fraction | None]:
    return (None, Fraction(text)) if "/" in text else (exact(text), None)
