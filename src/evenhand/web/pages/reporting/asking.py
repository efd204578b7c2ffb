"""Asking for a report: of which kind, of what had happened by which day, as recorded by which moment."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from datetime import date, datetime
from typing import Any

from django import forms

from evenhand import __version__
from evenhand.record import TRACES
from evenhand.web.desk import Desk
from evenhand.web.pages.reporting.offered import names_people, offered_to
from evenhand.web.store import Wanted


class AskForm(forms.Form):
    """What is to be reported. Raises nothing: what cannot be is said beside its field."""

    kind = forms.ChoiceField(label="Report", widget=forms.RadioSelect)
    effective = forms.DateField(
        label="Data cut",
        help_text="What had happened by the end of this day counts.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    recorded = forms.DateTimeField(
        label="As recorded by",
        required=False,
        help_text="A moment in UTC. Empty: everything that is recorded by now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        offered = offered_to(desk)
        kwargs["initial"] = {"kind": offered[0].id, "effective": desk.last_day.isoformat()}
        super().__init__(*args, **kwargs)
        self._desk = desk
        self.tells = {one.id: one.tells for one in offered}
        kind: Any = self.fields["kind"]
        kind.choices = [(one.id, one.title) for one in offered]

    def clean_effective(self) -> date:
        """No day that is still to come."""
        day: date = self.cleaned_data["effective"]
        if day > self._desk.last_day:
            raise forms.ValidationError("This day is still to come: a report tells what has happened.")
        return day

    def clean_recorded(self) -> datetime:
        """A moment by which something was recorded, and none that is still to come."""
        moment: datetime = self.cleaned_data["recorded"] or self._desk.now
        if moment > self._desk.now:
            raise forms.ValidationError("This moment is still to come: what will be recorded by then is not known.")
        if not _known_by(self._desk, moment):
            raise forms.ValidationError("Nothing was recorded by then. Choose a later moment.")
        return moment

    def wanted(self) -> Wanted:
        """What is asked for; only after the form was found valid."""
        told = self.cleaned_data
        named = names_people(self._desk, told["kind"])
        return wanted_at(self._desk, told["kind"], told["effective"], told["recorded"], named=named)


def wanted_at(desk: Desk, kind: str, effective: date, moment: datetime, *, named: bool) -> Wanted:
    """A kind at a cut. The moment is put back to that of the last entry by then, which says the same, so that one
    report serves for as long as nothing is recorded. That somebody made or opened a report is no such entry."""
    entries, place = desk.history.entries, _known_by(desk, moment) - 1
    while place and entries[place].kind in TRACES:
        place -= 1
    last = entries[place]
    versions = hashlib.sha256(" ".join(one.digest for one in desk.versions).encode()).hexdigest()
    return Wanted(
        desk.study, kind, named, effective, last.recorded_at, last.seq, last.hash, versions, __version__
    )  # fmt: skip


def _known_by(desk: Desk, moment: datetime) -> int:
    """How many entries were recorded by a moment."""
    return bisect_right(desk.history.entries, moment, key=lambda one: one.recorded_at)
