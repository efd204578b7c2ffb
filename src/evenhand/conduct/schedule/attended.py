"""What a participant's entries say about visits: which belong to which, and on which day each took place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.forms import Context, FormEntry, context, entries
from evenhand.dates import DateSpan
from evenhand.protocol import Protocol
from evenhand.protocol.plan.visits import Anchor
from evenhand.record import SubjectHistory

VISIT: Final = "visit"


@dataclass(frozen=True, slots=True)
class Attended:
    """A participant's entries, struck ones left out: ``all``, and those of each occurrence of a visit by its id."""

    about: Context
    all: tuple[FormEntry, ...]
    at: Mapping[str, tuple[FormEntry, ...]]

    def visit_form(self, occurrence: str) -> FormEntry | None:
        """The entry that says whether an occurrence took place; None where nobody said."""
        return next((entry for entry in self.at.get(occurrence, ()) if entry.form.reads == VISIT), None)

    def took_place(self, occurrence: str) -> date | None:
        """The day on which an occurrence took place; None where it did not, or nobody said."""
        said = self.visit_form(occurrence)
        return said.day if said is not None and said.counts else None

    def day_of(self, anchor: Anchor) -> date | None:
        """The day of an anchor that is no visit; None where it is not known yet.

        Of a partial date its last day counts, so that nobody is called too early.
        """
        if anchor.kind == "randomization":
            return self.about.randomized
        if anchor.kind == "registration":
            return self.about.registered
        values = (e.values.get(anchor.field) for e in self.all if e.form.reads in anchor.names and e.counts)
        days = [value.last for value in values if isinstance(value, DateSpan)]
        return None if not days else min(days) if anchor.which == "first" else max(days)


def attended(protocol: Protocol, known: SubjectHistory) -> Attended:
    """What stands of a participant's entries, by occurrence."""
    all_of_them = tuple(entry for entry in entries(protocol, known) if not entry.struck)
    at: dict[str, list[FormEntry]] = {}
    for entry in all_of_them:
        if entry.visit is not None:
            at.setdefault(entry.visit, []).append(entry)
    return Attended(context(known), all_of_them, {name: tuple(found) for name, found in at.items()})
