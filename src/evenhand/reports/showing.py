"""Showing whom a number counts, and by which entries of the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from evenhand.analysis.tables import Behind
from evenhand.protocol import Protocol
from evenhand.record import Entry
from evenhand.refusal import Refusal
from evenhand.reports.document import Report
from evenhand.reports.naming import Named, named_cells


@dataclass(frozen=True, slots=True)
class Shown:
    """A number, the people that it counts, and the entries by number (None: the cut does not hold it)."""

    number: Named
    label: str
    people: tuple[Behind, ...]
    entries: Mapping[int, Entry | None]


def shown(report: Report, id: str) -> Shown:
    """Whom the number of this name counts ("table.row.column"). Raises Refusal where there is no such number, and where
    the report may not tell the people behind it."""
    cells = {one.id: one for one in named_cells(report)}
    if id not in cells:
        raise Refusal(f"This report has no number {id!r}.", "--show", f"Near: {', '.join(_near(id, list(cells)))}.")
    one = cells[id]
    if not report.kind.names_people(one.section):
        mend = "Ask the report of a kind that tells the arms apart."
        raise Refusal("Who is behind this number could tell the arms apart.", report.kind.title, mend)
    wanted = {seq for of in one.cell.behind for seq in of.seqs}
    known = {entry.seq: entry for entry in report.entries if entry.seq in wanted}
    label = next(part.label for part in report.parts if part.part.id == one.table.id)
    return Shown(one, label, one.cell.behind, {seq: known.get(seq) for seq in sorted(wanted)})


def _near(id: str, known: list[str]) -> list[str]:
    """A few names that hold the one given, else that look like it."""
    return ([one for one in known if id in one] or get_close_matches(id, known, n=3, cutoff=0.4) or known)[:3]


def said_entry(entry: Entry, protocol: Protocol) -> str:
    """What an entry is of, for people: the title of its form, or its kind in words."""
    form = entry.body.get("form")
    if isinstance(form, str) and protocol.plan is not None and form in protocol.plan.forms:
        said = protocol.plan.forms[form].title
    else:
        said = entry.kind.replace("_", " ")
    return f"{said} (corrects entry {entry.corrects})" if entry.corrects is not None else said
