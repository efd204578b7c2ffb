"""Who is behind the numbers: lists of people and entries, each kept once however many numbers rest on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from evenhand.analysis.tables import Behind
from evenhand.reports.document import Report
from evenhand.reports.naming import Named, named_cells


@dataclass(frozen=True, slots=True)
class People:
    """``lists``: people by the name of their list ("p1" on), in the order of first use. ``of``: the name of the list
    behind each cell that has one. ``first``: the first number that rests on each list; ``uses``: how many do."""

    lists: dict[str, tuple[Behind, ...]] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    first: dict[str, Named] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)


def people_of(report: Report) -> People:
    """The people behind every number that may name them."""
    found, known = People(), dict[tuple[Behind, ...], str]()
    for one in named_cells(report):
        if not one.cell.behind or not report.kind.names_people(one.section):
            continue
        name = known.setdefault(one.cell.behind, f"p{len(known) + 1}")
        found.lists.setdefault(name, one.cell.behind)
        found.first.setdefault(name, one)
        found.uses[name] = found.uses.get(name, 0) + 1
        found.of[one.id] = name
    return found
