"""How well data come in: for one participant, one site, or all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from evenhand.conduct import forms
from evenhand.conduct.forms import FormEntry
from evenhand.conduct.quality.queries import queries
from evenhand.conduct.quality.standing import wants_signature
from evenhand.dates import Period
from evenhand.protocol import Protocol
from evenhand.protocol.plan.visits import SIGN_WITHIN
from evenhand.record import History, SubjectHistory


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts about a group of participants on a day; entries that are struck are left out.

    ``open_days``: for each query nobody has answered, how many days it is open; ``answered``: how many wait to be
    closed. ``entry_days``: for each entry filled in, the days from what happened to its first entry. ``verifiable``:
    entries whose latest version could be verified, ``verified`` how many are.
    """

    participants: int = 0
    entries: int = 0
    corrections: int = 0
    open_days: tuple[int, ...] = ()
    answered: int = 0
    unsigned: int = 0
    unsigned_overdue: int = 0
    entry_days: tuple[int, ...] = ()
    verified: int = 0
    locked: int = 0

    @property
    def open_median(self) -> float | None:
        """The median age in days of the queries without an answer; None where there are none."""
        return median(self.open_days) if self.open_days else None

    @property
    def entry_median(self) -> float | None:
        """The median days from event to entry; None where nothing was entered."""
        return median(self.entry_days) if self.entry_days else None

    @property
    def verified_share(self) -> float | None:
        """The share of entries verified against the source as they stand; None where there are none."""
        return self.verified / self.entries if self.entries else None

    @property
    def corrections_per_100(self) -> float | None:
        """Corrections for every 100 entries; None where there are none."""
        return 100 * self.corrections / self.entries if self.entries else None

    def __add__(self, other: Metrics) -> Metrics:
        return Metrics(*(getattr(self, name) + getattr(other, name) for name in Metrics.__slots__))


def metrics(protocol: Protocol, people: Iterable[SubjectHistory], on: date) -> Metrics:
    """The metrics of a group on a day."""
    return sum((_of_one(protocol, known, on) for known in people), Metrics())


def metrics_by_site(protocol: Protocol, history: History, on: date) -> Mapping[str | None, Metrics]:
    """The metrics of each site that has randomized participants, by the site that first recorded them."""
    people: dict[str | None, list[SubjectHistory]] = {}
    for subject in history.subjects:
        known = history.subject(subject)
        if known.allocation is not None:
            people.setdefault(known.entries[0].by.site, []).append(known)
    return {site: metrics(protocol, group, on) for site, group in people.items()}


def _of_one(protocol: Protocol, known: SubjectHistory, on: date) -> Metrics:
    stands = [entry for entry in forms.entries(protocol, known) if not entry.struck]
    marks = [forms.marks_of(known, entry.seq) for entry in stands]
    asked = [one for one in queries(known) if one.closed is None]
    unsigned = [entry for entry, mark in zip(stands, marks, strict=True) if wants_signature(entry, mark)]
    return Metrics(
        participants=1,
        entries=len(stands),
        corrections=sum(len(entry.standing.corrections) for entry in stands),
        open_days=tuple((on - one.opened.effective).days for one in asked if not one.answers),
        answered=sum(bool(one.answers) for one in asked),
        unsigned=len(unsigned),
        unsigned_overdue=sum(sign_within(protocol).after(_changed_on(entry)) < on for entry in unsigned),
        entry_days=tuple(_days_to_entry(entry) for entry in stands if entry.counts),
        verified=sum(mark.verified is not None for mark in marks),
        locked=sum(mark.locked is not None for mark in marks),
    )


def sign_within(protocol: Protocol) -> Period:
    """How long an entry may wait for its signature: what the study's schedule says."""
    schedule = protocol.plan.schedule if protocol.plan else None
    return schedule.sign_within if schedule else SIGN_WITHIN


def _changed_on(entry: FormEntry) -> date:
    return entry.standing.latest.recorded_at.date()


def _days_to_entry(entry: FormEntry) -> int:
    """From what happened to its first entry; the record keeps that moment in UTC, so never less than none."""
    return max(0, (entry.standing.original.recorded_at.date() - entry.day).days)
