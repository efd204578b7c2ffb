"""Where each entry of a participant stands on its way to being final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from evenhand.conduct import forms
from evenhand.conduct.forms import FormEntry, Marks
from evenhand.conduct.quality.doubts import FAULT, form_doubts
from evenhand.conduct.quality.queries import Query, open_queries
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

State = Literal["struck", "locked", "verified", "signed", "entered", "not done"]


@dataclass(frozen=True, slots=True)
class EntryStatus:
    """One entry: the marks on it, the queries that are open about it, and what it lacks today (as sentences)."""

    entry: FormEntry
    marks: Marks
    queries: tuple[Query, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The last stage reached: of entered, signed, verified and locked the furthest."""
        if self.entry.struck:
            return "struck"
        if self.marks.locked is not None:
            return "locked"
        if self.marks.verified is not None:
            return "verified"
        if self.marks.signatures:
            return "signed"
        return "not done" if self.entry.not_done is not None else "entered"

    @property
    def wants_signature(self) -> bool:
        """Whether somebody still has to sign it as it stands."""
        return wants_signature(self.entry, self.marks)

    @property
    def complete(self) -> bool:
        """Whether nothing is lacking, asked or to be signed."""
        return not (self.queries or self.lacking or self.wants_signature)


def wants_signature(entry: FormEntry, marks: Marks) -> bool:
    """Whether an entry's form is signed by somebody, and what stands is not. Nobody signs what was not done."""
    return bool(entry.form.signed_by) and entry.counts and not marks.signatures


def statuses(protocol: Protocol, known: SubjectHistory, on: date) -> tuple[EntryStatus, ...]:
    """The status of every entry, in the order of first recording."""
    lacking: dict[forms.Place, list[str]] = {}
    for doubt in form_doubts(protocol, known, on):
        if doubt.id == FAULT:
            lacking.setdefault(doubt.place, []).append(doubt.say)
    asked: dict[forms.Place, list[Query]] = {}
    for one in open_queries(known):
        asked.setdefault(one.place, []).append(one)
    return tuple(_status(entry, known, asked, lacking) for entry in forms.entries(protocol, known))


def _status(
    entry: FormEntry,
    known: SubjectHistory,
    asked: Mapping[forms.Place, list[Query]],
    lacking: Mapping[forms.Place, list[str]],
) -> EntryStatus:
    marks = forms.marks_of(known, entry.seq)
    if entry.struck:
        return EntryStatus(entry, marks)
    return EntryStatus(entry, marks, tuple(asked.get(entry.place, ())), tuple(lacking.get(entry.place, ())))
