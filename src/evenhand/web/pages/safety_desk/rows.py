"""The events and reports that a user may see, and how many events there are of each grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from evenhand.conduct.safety import (
    AdverseEvent,
    Obligation,
    Timing,
    adverse_events,
    after_radiation,
    criteria_met,
    obligations,
    serious,
)
from evenhand.logic import YES
from evenhand.web.access import Action
from evenhand.web.desk import Desk
from evenhand.web.pages.participants import links
from evenhand.web.pages.safety_desk.clocks import left_words, unknown_words
from evenhand.web.templatetags.evenhand import day, there, words

OPEN: Final = ("overdue", "open")
GRADES: Final = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event. ``address``, where the entry is read, is empty for who may not; ``arm`` only for counting by arm."""

    subject: str
    participant: str
    site: str
    site_name: str
    arm: str
    event: AdverseEvent
    days: str
    serious: bool
    criteria: tuple[str, ...]
    timing: str
    address: str

    @property
    def grade(self) -> int | None:
        """The worst grade."""
        return self.event.grade


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report about an event: until when, how long that is, and how it stands."""

    event: EventRow
    owed: Obligation
    state: str
    due: str
    left: str
    doubt: str
    enter: str

    @property
    def order(self) -> tuple[bool, float]:
        """What is open first, the most urgent before; then what was sent, the latest before."""
        due = self.owed.due.timestamp()
        return self.state not in OPEN, due if self.state in OPEN else -due


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that the desk shows, before it is narrowed down."""

    events: tuple[EventRow, ...]
    reports: tuple[ReportRow, ...]
    participants: Mapping[str, int]  # randomized participants that are seen, by arm


def seen_by(desk: Desk) -> Seen:
    """The events and reports of all participants at sites where this user may see safety."""
    names = {site.code: site.name for site in desk.sites}
    found: list[EventRow] = []
    owed: list[ReportRow] = []
    people: Counter[str] = Counter()
    for allocation in desk.history.allocations:
        site = desk.site_of(allocation.subject)
        if not desk.may(Action.SEE_SAFETY, site):
            continue
        people[allocation.arm] += 1
        rows = {row.event.entry.seq: row for row in _events(desk, allocation.subject, site, names.get(site or "", ""))}
        found += rows.values()
        owed += _reports(desk, allocation.subject, site, rows)
    events = sorted(found, key=lambda row: (row.event.entry.day, row.event.entry.seq), reverse=True)
    return Seen(tuple(events), tuple(sorted(owed, key=lambda row: row.order)), people)


def _events(desk: Desk, subject: str, site: str | None, site_name: str) -> Iterator[EventRow]:
    protocol, known = desk.protocol_for(subject), desk.history.subject(subject)
    registration, allocation = known.registration, known.allocation
    for event in adverse_events(protocol, known):
        seq = event.entry.seq
        fields = event.entry.form.fields
        met = tuple(fields[name].type.label if name in fields else words(name) for name in criteria_met(event))
        yield EventRow(
            subject=subject,
            participant=str(registration.body["participant"]) if registration else subject,
            site=site or "",
            site_name=site_name,
            arm=allocation.arm if allocation else "",
            event=event,
            days=_days(event),
            serious=serious(event) is YES or event.answered("serious") is True,
            criteria=met,
            timing=_timing(after_radiation(protocol, known, event)),
            address=links.entry_address(desk.study, subject, seq) if desk.may(Action.SEE_ARM, site) else "",
        )


def _days(event: AdverseEvent) -> str:
    begun = day(event.onset) if event.onset else "begin not known"
    return f"{begun} to {day(event.ended)}" if event.ended else f"{begun}, going on"


def _timing(found: Timing | None) -> str:
    """Against the most recent course of radiation: ``acute, radiation R1``; empty where none had begun."""
    return "" if found is None or found.when == "not known" else f"{found.when}, after radiation {found.label}"


def _reports(desk: Desk, subject: str, site: str | None, rows: Mapping[int, EventRow]) -> Iterator[ReportRow]:
    protocol, known = desk.protocol_for(subject), desk.history.subject(subject)
    for one in obligations(protocol, known, desk.zone(site)):
        state = one.state(desk.now)
        yield ReportRow(
            event=rows[one.event.entry.seq],
            owed=one,
            state=state,
            due=there(one.due),
            left=left_words(one.due, desk.now) if state in OPEN else "",
            doubt=unknown_words(one),
            enter=_enter(desk, subject, site) if state in OPEN else "",
        )


def _enter(desk: Desk, subject: str, site: str | None) -> str:
    """Where it is entered that a report was sent; empty where this user does not enter it."""
    plan = desk.protocol_for(subject).plan
    forms = plan.reading("safety_report") if plan else ()
    may = any(
        grant.role in forms[0].entered_by and grant.site in (None, site) for grant in desk.held if forms
    ) and desk.may(Action.ENTER_FORMS, site)
    return reverse("form", kwargs={"study": desk.study, "subject": subject, "form": forms[0].id}) if may else ""


@dataclass(frozen=True, slots=True)
class TermCounts:
    """How many participants had a term, by their worst grade; ``by_arm``: the same for each arm, in their order."""

    name: str
    grades: tuple[int, ...]
    by_arm: tuple[tuple[int, ...], ...] = ()

    @property
    def total(self) -> int:
        """Participants who had it, of any grade that is known."""
        return sum(self.grades)


def counted(rows: Iterable[EventRow], arms: tuple[str, ...] = ()) -> list[TermCounts]:
    """Participants by term and worst grade, each once a term, the commonest first; by arm only if arms are given."""
    worst: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        key = row.event.name, row.subject
        if row.grade is not None and row.grade > worst.get(key, (0, ""))[0]:
            worst[key] = row.grade, row.arm
    tallies: dict[str, Counter[tuple[int, str]]] = {}
    for (name, _), graded in worst.items():
        tallies.setdefault(name, Counter())[graded] += 1
    found = [
        TermCounts(name, _by_grade(tally), tuple(_by_grade(tally, arm) for arm in arms))
        for name, tally in tallies.items()
    ]
    return sorted(found, key=lambda one: (-one.total, one.name))


def _by_grade(tally: Mapping[tuple[int, str], int], arm: str | None = None) -> tuple[int, ...]:
    return tuple(sum(n for (g, of), n in tally.items() if g == grade and arm in (None, of)) for grade in GRADES)
