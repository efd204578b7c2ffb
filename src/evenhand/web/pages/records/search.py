"""Search in the record: newest first, by candidate, kind, user, site, days and reason."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import islice, takewhile
from typing import Any

from django import forms

from evenhand.record import Entry, History
from evenhand.web.desk import Desk
from evenhand.web.pages.records.sight import Sight

PAGE = 50
Test = Callable[[Entry], bool]
_DATE = forms.DateInput(attrs={"size": 12, "placeholder": "30 Apr 2026"}, format="%d %b %Y")
_READ = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y")  # none in which day and month could be mixed up


class SearchForm(forms.Form):
    """What to look for; every field may stay empty. Days are those of recording, in UTC."""

    candidate = forms.CharField(required=False, max_length=40, label="Candidate or participant")
    kind = forms.ChoiceField(required=False, label="What was done")
    user = forms.CharField(required=False, max_length=200, label="User name")
    site = forms.ChoiceField(required=False, label="Site")
    first = forms.DateField(required=False, label="Recorded from", widget=_DATE, input_formats=_READ)
    last = forms.DateField(required=False, label="Recorded to", widget=_DATE, input_formats=_READ)
    reason = forms.CharField(required=False, max_length=200, label="Words in the reason")

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        says = [(kind.name, kind.says) for kind in desk.history.kinds]
        sites = [(site.code, site.name) for site in desk.sites]
        for name, choices in (("kind", says), ("site", sites)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "any"), *choices]

    def clean(self) -> dict[str, Any]:
        """The days in order."""
        given = super().clean() or {}
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", "This day lies before the first one.")
        return given

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for."""
        return self.is_valid() and any(self.cleaned_data.values())


@dataclass(frozen=True, slots=True)
class Found:
    """One page: the entries, newest first, and the number from which the next page goes on (None: nothing older)."""

    entries: tuple[Entry, ...]
    older: int | None


def found(sight: Sight, wanted: dict[str, Any], before: int | None) -> Found:
    """The entries that match and that the user may see, older than entry ``before``, at most a page of them."""
    history = sight.desk.history
    matching = _candidates(history, wanted, before)
    for test in (*_tests(sight, wanted), *(() if sight.everything else (sight.sees,))):
        matching = filter(test, matching)
    entries = tuple(islice(matching, PAGE + 1))
    return Found(entries[:PAGE], entries[PAGE - 1].seq if len(entries) > PAGE else None)


def _candidates(history: History, wanted: dict[str, Any], before: int | None) -> Iterator[Entry]:
    """The entries to look at, newest first: of one candidate, or all, up to the last day and down to the first."""
    entries: Sequence[Entry] = history.entries
    if wanted.get("candidate"):
        subject = subject_named(history, wanted["candidate"])
        entries = history.subject(subject).entries if subject else ()
    end = len(entries) if before is None else bisect_right(entries, before - 1, key=lambda entry: entry.seq)
    if wanted.get("last"):
        midnight = datetime.combine(wanted["last"], time.max, UTC)
        end = min(end, bisect_right(entries, midnight, key=lambda entry: entry.recorded_at))
    newest_first = map(entries.__getitem__, range(end - 1, -1, -1))
    if first := wanted.get("first"):
        return takewhile(lambda entry: entry.recorded_at.date() >= first, newest_first)
    return newest_first


def _tests(sight: Sight, wanted: dict[str, Any]) -> Iterator[Test]:
    if kind := wanted.get("kind"):
        yield lambda entry: entry.kind == kind
    if user := str(wanted.get("user") or "").casefold():
        yield lambda entry: user in entry.by.user.casefold()
    if site := wanted.get("site"):
        yield lambda entry: site in (entry.by.site, sight.desk.site_of(entry.subject) if entry.subject else None)
    if reason := str(wanted.get("reason") or "").casefold():
        yield lambda entry: reason in (entry.reason or "").casefold() and sight.sees_advice(entry)


def subject_named(history: History, name: str) -> str | None:
    """The subject of a screening or a participant number, however it is spelled; None for neither."""
    name = name.strip().upper()
    if history.subject(name).entries:
        return name
    for subject in history.subjects:
        registration = history.subject(subject).registration
        if registration is not None and registration.body.get("participant") == name:
            return subject
    return None
