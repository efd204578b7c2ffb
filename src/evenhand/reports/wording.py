"""The words on every form of a report: of what it is, and under each table and figure where it comes from."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from evenhand.analysis.outcome import said
from evenhand.analysis.saying import counted
from evenhand.analysis.tables import Figure, Section, Table
from evenhand.reports.document import Report
from evenhand.reports.fitting import unbroken

_SHORT: Final = 12  # digits of a digest under a table: enough to compare by eye, the whole stands at the top


def facts(report: Report) -> tuple[tuple[str, str], ...]:
    """What the report is of, as (name, value)."""
    source = report.source
    known = counted(source.entries, "entry", "entries")
    protocols = tuple((f"Protocol {version}", f"digest {digest}") for version, digest in source.protocols)
    return (
        ("Data cut", f"what had happened by {said(source.effective)}, as recorded by {moment(source.recorded)}"),
        ("People", f"{whole(report.candidates)} screened, {whole(report.randomized)} randomized"),
        *protocols,
        (
            "Record",
            f"{known} of the cut; the last one known then is entry {whole(source.seq)}",
        ),
        ("Hash of that entry", source.hash),
        ("For", report.kind.readers),
        (
            "Made by",
            f"Evenhand {report.program}, from protocol and record alone; made again, the same to the byte",
        ),
    )


def under(part: Table | Figure, report: Report) -> tuple[tuple[str, str], ...]:
    """What stands under a table or a figure, as (name, text)."""
    source = report.source
    notes = tuple(("Note", note) for note in part.notes)
    stated = (
        f"data cut {said(source.effective)}; protocol {source.version} ({source.digest[:_SHORT]}); "
        f"record to entry {whole(source.seq)} ({source.hash[:_SHORT]})"
    )
    return (("Population", unbroken(part.population)), ("Method", part.method), *notes, ("Source", stated))


def refers(section: Section, report: Report) -> tuple[tuple[str, str], ...]:
    """The tables and figures of a section as the text refers to them: ("Figure 1", id of the first), ("Tables 1 to
    3", ...)."""
    found = []
    for sort in (Figure, Table):
        those = [one for one in report.parts if one.section is section and isinstance(one.part, sort)]
        if those:
            first, last = those[0].label, those[-1].label.rpartition(" ")[2]
            name, _, number = first.rpartition(" ")
            between = "and" if len(those) == 2 else "to"
            found.append((first if len(those) == 1 else f"{name}s {number} {between} {last}", those[0].part.id))
    return tuple(found)


def title(report: Report) -> str:
    """The title of the document."""
    return f"{report.kind.title}, {report.source.study.upper()}, {said(report.source.effective)}"


def moment(at: datetime) -> str:
    """A moment for people: 23 Feb 2033, 23:59 UTC."""
    return f"{said(at.date())}, {at:%H:%M} UTC"


def whole(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}"
