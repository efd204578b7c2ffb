"""What is overdue at the cut, by site and by age: visits, forms, signatures, answers. All arms together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.outcome import said
from evenhand.analysis.saying import counted
from evenhand.analysis.tables import Behind, Cell, Row, Section, Table, row
from evenhand.conduct import forms, schedule
from evenhand.conduct.ending import ends_of
from evenhand.conduct.quality import open_queries, wants_signature
from evenhand.protocol.monitoring import Monitoring

What = Literal["visit", "form", "disposition", "signature", "unanswered", "answered"]
KINDS: Final[dict[What, str]] = {
    "visit": "Visits of which nobody says whether they were held",
    "form": "Forms missing of visits held",
    "disposition": "Ends of follow-up without the form",
    "signature": "Forms not signed",
    "unanswered": "Queries without an answer",
    "answered": "Queries answered and not closed",
}
METHOD: Final = (
    "Counted are things, not people. Age: of a visit, a form or an end of follow-up the days since the last day on "
    "which it was in time by the schedule; of a signature those since the form was last changed; of a query those "
    "since it was opened. A query and a signature count from their first day on, for nothing says by when they are due."
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that is overdue or waits: since when, of whom, and the entries about it."""

    what: What
    site: str
    since: date
    label: str
    behind: Behind


def overdue(analysis: Analysis) -> tuple[Waiting, ...]:
    """Everything, person by person."""
    on = analysis.cut.effective
    return tuple(waiting for one in analysis.people for waiting in _of(one, on))


def _of(one: Analysed, on: date) -> Iterator[Waiting]:
    protocol, known, subject = one.person.protocol, one.person.known, one.person.subject
    site = known.site or "no site"
    for due in schedule.due(protocol, known, on, ends_of(protocol, known)):
        if due.when == "late":
            yield Waiting(due.what, site, due.last, due.label, Behind(subject))
    for entry in forms.entries(protocol, known):
        if not entry.struck and wants_signature(entry, forms.marks_of(known, entry.seq)):
            changed = entry.standing.latest
            yield Waiting(
                "signature", site, min(on, changed.recorded_at.date()), entry.form.title, Behind(subject, (entry.seq,))
            )
    for query in open_queries(known):
        what: What = "answered" if query.answers else "unanswered"
        yield Waiting(what, site, min(on, query.opened.effective), query.text, Behind(subject, (query.seq,)))


def overdue_section(analysis: Analysis) -> Section:
    """What waits, by site and by age."""
    found, on = overdue(analysis), analysis.cut.effective
    monitoring = analysis.protocol.monitoring or Monitoring({})
    table = Table(
        "overdue", "What is overdue, by site and age",
        f"Everybody randomized by {said(on)} (n = {len(analysis.people)})", METHOD,
        ("Site and what", *_heads(monitoring.ages), "All"), tuple(_rows(analysis, found, on, monitoring.ages)),
    )  # fmt: skip
    return Section("overdue", "What is overdue", tuple(_says(found, on)), (table,))


def _says(found: tuple[Waiting, ...], on: date) -> Iterator[str]:
    if not found:
        yield "Nothing is overdue, unsigned or asked."
    for what, label in KINDS.items():
        those = [one for one in found if one.what == what]
        if those:
            oldest = min(those, key=lambda one: (one.since, one.behind.subject))
            days = (on - oldest.since).days
            yield (
                f"{label}: {len(those)}, the oldest for {counted(days, 'day')} (since "
                f"{said(oldest.since)}, at {oldest.site})."
            )


def _heads(ages: tuple[int, ...]) -> Iterator[str]:
    yield f"Up to {ages[0]} days"
    yield from (f"{first + 1} to {last} days" for first, last in pairwise(ages))
    yield f"More than {ages[-1]} days"


def _rows(analysis: Analysis, found: tuple[Waiting, ...], on: date, ages: tuple[int, ...]) -> Iterator[Row]:
    sites = sorted({one.person.known.site or "no site" for one in analysis.people})
    groups = [("all", "All sites", found)] if len(sites) != 1 else []
    groups += [(site, site, tuple(one for one in found if one.site == site)) for site in sites]
    for name, label, those in groups:
        yield row(f"site_{name}", label)
        for what, said_of in KINDS.items():
            ones = [one for one in those if one.what == what]
            cells = (_cell(one for one in ones if _age(one, on, ages) == place) for place in range(len(ages) + 1))
            yield Row(f"site_{name}_{what}", said_of, (*cells, _cell(ones)), 1)


def _age(one: Waiting, on: date, ages: tuple[int, ...]) -> int:
    days = (on - one.since).days
    return sum(days > age for age in ages)


def _cell(ones: Iterable[Waiting]) -> Cell:
    those = list(ones)
    people: dict[str, tuple[int, ...]] = {}
    for one in those:
        people[one.behind.subject] = (*people.get(one.behind.subject, ()), *one.behind.seqs)
    behind = tuple(Behind(subject, seqs) for subject, seqs in people.items())
    return Cell(str(len(those)), (("count", len(those)), ("people", len(people))), behind)
