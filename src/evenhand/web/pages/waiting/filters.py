"""What the worklist is narrowed down to, read from the address; what it cannot read it takes as not said.

Nobody is looked for here: a name has no place in an address (``pages.find``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evenhand.web.pages.waiting.turns import Turns, roles_for
from evenhand.worklist import Row


@dataclass(frozen=True, slots=True)
class Filters:
    """``who``: "mine", "all", or a role. ``show``: "open" (with those that open later) or "over"."""

    who: str
    site: str
    stage: str
    show: str

    @classmethod
    def read(cls, given: Mapping[str, str], usual: str) -> Filters:
        """The filters of a query; ``usual`` is whose turn is shown when nothing is said."""
        show = "over" if given.get("show") == "over" else "open"
        who = given.get("who", "")
        return cls(who or usual, given.get("site", ""), given.get("stage", ""), show)


def chosen(rows: Iterable[Row], filters: Filters, turns: Turns) -> Sequence[Row]:
    """The rows that the filters leave, in the same order."""
    over = filters.show == "over"
    kept = [row for row in rows if (row.place == "over") is over]
    if filters.site:
        kept = [row for row in kept if row.site == filters.site]
    if filters.stage:
        kept = [row for row in kept if row.stage == filters.stage]
    if filters.who == "mine" and not over:
        kept = [row for row in kept if turns.is_on(row)]
    elif filters.who not in ("", "all", "mine") and not over:
        kept = [row for row in kept if any(filters.who in roles_for(task) for task in row.due)]
    return kept
