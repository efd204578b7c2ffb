"""How much more often a term occurs in one arm than in the other, of those that are frequent enough to tell."""

from __future__ import annotations

from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.safety.happenings import Happenings
from evenhand.analysis.safety.kinds import Graded, Kind, behind, graded, kind_of
from evenhand.analysis.safety.overview import method
from evenhand.analysis.safety.terms import FROM_SEVERE
from evenhand.analysis.tables import Cell, Row, Table, count, row
from evenhand.protocol.endpoints import Population
from evenhand.protocol.plan.safety_rules import Safety
from evenhand.statistics.survival import proportion_difference

FREQUENT = 0.05  # assumed: the share in either arm from which journals and registries commonly list a term
NONE = "not estimable"


def frequent(kinds: Graded, sizes: tuple[int, ...], given: tuple[Graded, ...]) -> tuple[Kind, ...]:
    """The terms of at least that share of a group, from the most frequent down."""
    often = [
        kind
        for kind in kinds
        if any(size and len(one.get(kind, ())) >= FREQUENT * size for one, size in zip(given, sizes, strict=True))
    ]
    return tuple(sorted(often, key=lambda one: (-len(kinds[one]), one.label)))


def differences(safety: Safety, population: Population, columns: tuple[Group, ...], found: Happenings) -> Table | None:
    """Differences of the experimental arm less the control; None unless there are two arms."""
    if len(columns) != 3:
        return None
    *given, everybody = (graded(group, found, kind_of) for group in columns)
    arms = columns[:2]
    rows = []
    for kind in frequent(everybody, tuple(one.size for one in arms), tuple(given)):
        rows += [_row(kind, "", arms, given), _row(kind, "severe", arms, given)]
    return Table(
        id="adverse_event_differences",
        title=f"Difference in adverse events that {100 * FREQUENT:g} % or more of an arm had",
        population=of_whom(population, columns[-1]),
        method=f"Arm 1 is {arms[1].label}: {proportion_difference((0, 1), (0, 1)).method}. {method(safety)}",
        head=("Term", *(one.head for one in arms), "Difference in percentage points (95 % interval)"),
        rows=tuple(rows),
        notes=(
            f"That a term is listed from {100 * FREQUENT:g} % is an assumption. Nothing here is a test, and many terms "
            "are compared: intervals that exclude 0 are to be expected by chance.",
        ),
        by_arm=True,
    )


def _row(kind: Kind, severe: str, arms: tuple[Group, ...], given: list[Graded]) -> Row:
    people = [behind(one.get(kind, ()), FROM_SEVERE if severe else None) for one in given]
    counted = [(len(those), group.size) for those, group in zip(people, arms, strict=True)]
    found = proportion_difference(counted[0], counted[1])
    values = (("difference", found.difference), ("low", found.low), ("high", found.high))
    if found.difference is None or found.low is None or found.high is None:
        cell = Cell(NONE, values)
    else:
        cell = Cell(f"{100 * found.difference:.1f} ({100 * found.low:.1f} to {100 * found.high:.1f})", values)
    cells = (count(those, group.size) for those, group in zip(people, arms, strict=True))
    label = f"Grade {FROM_SEVERE[0]} or higher" if severe else kind.label
    return row(f"{kind.id}/{severe}" if severe else kind.id, label, *cells, cell, indent=int(bool(severe)))
