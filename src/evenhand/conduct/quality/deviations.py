"""Protocol deviations: those that follow from the record, and those that people record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from evenhand.conduct import forms
from evenhand.conduct.findings import Deviation
from evenhand.conduct.forms import FormEntry
from evenhand.conduct.quality.sources import DEVIATIONS
from evenhand.dates import DateSpan
from evenhand.protocol import Protocol
from evenhand.record import Standing, SubjectHistory

EVIDENCE: Final = ("facts_recorded", "attested")
"""The kinds of entry on which eligibility is judged."""


def deviations(
    protocol: Protocol, known: SubjectHistory, on: date, besides: Iterable[Deviation] = ()
) -> tuple[Deviation, ...]:
    """All deviations of a participant, by day. ``besides``: those that other floors find, such as an eligibility that
    turned out wrong (``steps.eligibility_breaches``).

    A deviation that follows from the record goes away when the record is corrected; one that a person recorded stays.
    """
    found = [*_other_arm(protocol, known), *_recorded(protocol, known), *besides]
    for source in DEVIATIONS.values():
        found += source(protocol, known, on)
    return tuple(sorted(found, key=lambda one: (one.day, one.seq or 0, one.id)))


def _other_arm(protocol: Protocol, known: SubjectHistory) -> Iterator[Deviation]:
    """What was done that is planned in other arms only. It is recorded as it happened; nobody changes the arm."""
    arm = forms.context(known).arm
    for entry in forms.entries(protocol, known):
        if entry.counts and entry.form.arms and arm not in entry.form.arms:
            planned = " and ".join(one.label for one in protocol.arms if one.id in entry.form.arms)
            what = f"{entry.form.title} on {entry.day} is planned only in: {planned}."
            mend = "Strike the entry if it was made in error; otherwise record why it was done."
            yield Deviation("arm", entry.day, what, entry.form.source or entry.form.id, mend, entry.seq)


def _recorded(protocol: Protocol, known: SubjectHistory) -> Iterator[Deviation]:
    """What people recorded on forms that read as ``deviation``."""
    for entry in forms.entries_reading(protocol, known, "deviation"):
        reported = entry.values.get("reported_on")
        yield Deviation(
            "recorded",
            entry.day,
            _described(entry),
            entry.form.source or entry.form.id,
            str(entry.values.get("action", "")),
            entry.seq,
            {"major": True, "minor": False}.get(str(entry.values.get("severity"))),
            reported.last if isinstance(reported, DateSpan) else None,
        )


def _described(entry: FormEntry) -> str:
    category = entry.form.fields["category"].type.codes.get(str(entry.values.get("category")), "")
    return ": ".join(part for part in (category, str(entry.values.get("description", ""))) if part)


def evidence_after_randomization(known: SubjectHistory) -> tuple[Standing, ...]:
    """What was recorded or corrected about eligibility after the allocation was made: a reason to judge it again."""
    made = known.allocation
    if made is None:
        return ()
    return tuple(one for one in known.standing if one.kind in EVIDENCE and one.latest.seq > made.seq)
