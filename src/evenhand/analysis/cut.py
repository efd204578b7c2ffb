"""The data cut: what was recorded by a moment about what had happened by a day.

The same cut gives the same answer for ever: whatever is entered later, a correction too, lies after its moment. What
people did about an entry (signed, verified, asked) is no event of the trial and counts by the moment alone; and a
progression is of the day that it is dated to, although it is determined later; evidence of eligibility is of its first
day, although its correction has a day of its own. All three are our proposal: a record is cleaned after the day of a
cut, and the cleaning counts. Who made or opened a report is part of no cut: a report does not change by being read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from evenhand.conduct.forms import FORM_ENTERED
from evenhand.conduct.quality.deviations import EVIDENCE
from evenhand.dates import parse_date
from evenhand.enrollment import protocol_for
from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.record import TRACES, History, Standing, SubjectHistory
from evenhand.record.history import Growth

_ABOUT_ENTRIES: Final = frozenset(
    {
        *("forms_signed", "source_verified", "forms_locked", "forms_unlocked"),
        *("query_opened", "query_answered", "query_closed"),
    }
)


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody randomized: the protocol version that holds for the person, and what is known at the cut."""

    protocol: Protocol
    known: SubjectHistory

    @property
    def subject(self) -> str:
        """The pseudonym."""
        return self.known.subject or ""


@dataclass(frozen=True, slots=True)
class Cut:
    """A record as it stood: ``effective`` is the last day of what had happened, ``recorded`` the last moment (aware) of
    what was known. ``history`` holds just that."""

    versions: Versions
    history: History
    effective: date
    recorded: datetime

    @property
    def participants(self) -> tuple[Participant, ...]:
        """Everybody randomized by then, in the order of randomization. Raises StudyError as ``protocol_for``."""
        return tuple(
            Participant(protocol_for(self.versions, self.history, one.subject), self.history.subject(one.subject))
            for one in self.history.allocations
        )


def cut(protocols: Versions | Protocol, history: History, *, effective: date, recorded: datetime) -> Cut:
    """The record as it stood. Raises RecordError for a ``recorded`` without a time zone."""
    versions = as_versions(protocols)
    known = history.as_of(None, recorded)
    people = (known.about_study, *map(known.subject, known.subjects))
    later = {seq for person in people for seq in _later(person, versions, effective)}
    kept = [entry for entry in known.entries if entry.seq not in later and entry.kind not in TRACES]
    growth = Growth(History(history.study, history.kinds))
    for entry in kept:
        growth.take(entry)
    return Cut(
        versions, growth.history(complete=not kept or kept[-1].seq == len(kept)), effective, recorded
    )  # fmt: skip


def _later(person: SubjectHistory, versions: Versions, effective: date) -> Iterator[int]:
    """The entries, corrections among them, of what had not happened by a day."""
    for one in person.standing:
        if one.kind not in _ABOUT_ENTRIES and _happened(one, versions) > effective:
            yield from (one.seq, *one.corrections)


def _happened(one: Standing, versions: Versions) -> date:
    """The day of an entry; of a determination the day that it dates a progression to, where that is earlier."""
    if one.kind in EVIDENCE:
        return min(one.original.effective, one.effective)
    if one.kind != FORM_ENTERED:
        return one.effective
    body: Any = one.body
    plan = versions.newest.plan
    form = plan.forms.get(str(body["form"])) if plan else None
    dated = body["values"].get("progressed_on") if form is not None and form.reads == "response" else None
    try:
        return min(one.effective, parse_date(str(dated)).first) if dated is not None else one.effective
    except ValueError:
        return one.effective
