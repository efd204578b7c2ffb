"""What the worklist is narrowed down to, read from the address; what it cannot read it takes as not said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from evenhand.web.pages.waiting.turns import Turns, roles_for
from evenhand.web.store import Identified
from evenhand.worklist import Row

Names = Callable[[Iterable[str]], Mapping[str, Identified]]


@dataclass(frozen=True, slots=True)
class Filters:
    """``who``: "mine", "all", or a role. ``show``: "open" (with those that open later) or "over"."""

    who: str
    site: str
    stage: str
    text: str
    show: str

    @classmethod
    def read(cls, given: Mapping[str, str], usual: str) -> Filters:
        """The filters of a query; ``usual`` is whose turn is shown when nothing is said."""
        show = "over" if given.get("show") == "over" else "open"
        who = given.get("who", "")
        return cls(who or usual, given.get("site", ""), given.get("stage", ""), given.get("text", "").strip(), show)


def chosen(rows: Iterable[Row], filters: Filters, turns: Turns, names: Names) -> Sequence[Row]:
    """The rows that the filters leave, in the same order. ``names`` is asked only when text is looked for."""
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
    return _found(kept, filters.text.casefold(), names) if filters.text else kept


def _found(rows: list[Row], text: str, names: Names) -> list[Row]:
    known = names(row.subject for row in rows)

    def said(row: Row) -> str:
        who = known.get(row.subject)
        own = (who.who.name, who.who.number) if who else ()
        return "\n".join((row.subject, row.participant, *own)).casefold()

    return [row for row in rows if text in said(row)]
