"""The parts of people on their way as rows of a table, a column for each arm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenhand.analysis.flow.parts import Part
from evenhand.analysis.tables import Row, count, row


def rows(same: Sequence[Part], of: Sequence[int], depth: int = 0) -> Iterator[Row]:
    """A part and all below it. ``same`` holds it for each column (a part without a label: nobody is in it there);
    ``of`` is the whole of each column, of which shares are counted. What is below the first parts is indented.
    """
    cells = [count(one.people, number) for one, number in zip(same, of, strict=True)]
    label = next(one.label for one in same if one.label)
    yield row(same[0].id, label, *cells, indent=max(depth - 1, 0))
    for id in dict.fromkeys(part.id for one in same for part in one.parts):
        below = [next((part for part in one.parts if part.id == id), Part(id, "")) for one in same]
        yield from rows(below, of, depth + 1)
