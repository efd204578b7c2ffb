"""Queries between people: one is asked about an entry, answered at the site, and closed by who asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.conduct.findings import DoubtAt
from evenhand.conduct.forms import FormEntry
from evenhand.conduct.quality import BY_PEOPLE, Query, entry_at, queries
from evenhand.protocol.plan import Form
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.candidates.asked import INCOMPLETE, is_whole
from evenhand.web.pages.forms import Guarded
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About, participant_at
from evenhand.web.pages.participants.controls import label_of
from evenhand.web.pages.participants.versions import about_words, lines
from evenhand.web.pages.participants.visits import visit_label
from evenhand.web.typed import typed_before

_CONFLICT = 409
_WHOLE: Final = ("", "the form as a whole")
_ENDS: Final = {
    "answered": "Answered: the answer settles it",
    "withdrawn": "Withdrawn: it should not have been asked",
}


def _prose(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class AskForm(Guarded):
    """A question about an entry, or about one of its answers."""

    path = forms.ChoiceField(label="What it is about", required=False)
    text = _prose("Your question")

    def __init__(self, *args: Any, asked: Form, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].choices = [_WHOLE, *_paths(asked)]  # type: ignore[attr-defined]  # a ChoiceField


class AnswerForm(Guarded):
    """An answer to a query."""

    text = _prose("Your answer")


class CloseForm(Guarded):
    """How a query ends."""

    how = forms.ChoiceField(
        label="How it ends", choices=[(one, _ENDS[one]) for one in BY_PEOPLE], widget=forms.RadioSelect
    )
    reason = _prose("Why it can be closed")


def _paths(form: Form) -> Iterator[tuple[str, str]]:
    for name, asked in form.fields.items():
        yield name, label_of(asked)


@at_desk(Action.ASK_QUERY)
def ask_query(request: HttpRequest, desk: Desk, subject: str, seq: int) -> HttpResponse:
    """Ask about an entry."""
    about = participant_at(desk, subject, Action.ASK_QUERY)
    entry = about.entry(seq)
    form = AskForm(**_shown(request), asked=entry.form, about=about.known)
    talk = _Talk(request, about, entry, None, form)
    return talk.answer(
        steps.open_query,
        Action.ASK_QUERY,
        lambda given: {"subject": subject, "asked": DoubtAt(*entry.place, given["path"], "", given["text"])},
        "The query is open: the site is asked to answer it.",
    )


@at_desk(Action.ANSWER_QUERY)
def answer_query(request: HttpRequest, desk: Desk, subject: str, query: int) -> HttpResponse:
    """Answer a query at the site."""
    about = participant_at(desk, subject, Action.ANSWER_QUERY)
    asked, entry = _query(about, query)
    talk = _Talk(request, about, entry, asked, AnswerForm(**_shown(request), about=about.known))
    return talk.answer(
        steps.answer_query,
        Action.ANSWER_QUERY,
        lambda given: {"query": asked.seq, "text": given["text"]},
        "The answer is recorded; whoever asked closes the query.",
    )


@at_desk(Action.ASK_QUERY)
def close_query(request: HttpRequest, desk: Desk, subject: str, query: int) -> HttpResponse:
    """Close a query, with a reason."""
    about = participant_at(desk, subject, Action.ASK_QUERY)
    asked, entry = _query(about, query)
    talk = _Talk(request, about, entry, asked, CloseForm(**_shown(request), about=about.known))
    return talk.answer(
        steps.close_query,
        Action.ASK_QUERY,
        lambda given: {"query": asked.seq, "how": given["how"], "reason": given["reason"]},
        "The query is closed.",
    )


def _shown(request: HttpRequest) -> dict[str, Any]:
    """What the form shows: what is sent, or what was typed before the session ended."""
    if request.method == "POST":
        return {"data": request.POST}
    before = typed_before(request)
    return {} if before is None else {"initial": before.dict()}


def _query(about: About, seq: int) -> tuple[Query, FormEntry | None]:
    """A query and the entry that it is about, where one stands. Raises Http404 where there is no such query."""
    found = next((one for one in queries(about.known) if one.seq == seq), None)
    if found is None:
        raise Http404(f"Entry {seq} is no query about {about.subject}.")
    return found, entry_at(about.protocol, about.known, found.place)


class _Talk:
    """One request about one query."""

    def __init__(
        self, request: HttpRequest, about: About, entry: FormEntry | None, query: Query | None, form: Guarded
    ) -> None:
        self.request = request
        self.about = about
        self.entry = entry
        self.query = query
        self.form = form

    def answer(self, step: steps.Step, action: Action, given: Any, said: str) -> HttpResponse:
        """Show the page, or take the step; what was typed stays where it is refused."""
        if not self.form.is_bound:
            return self.page()
        if not self.form.is_valid():
            return self.page() if is_whole(self.form) else self.page(refusal=INCOMPLETE)
        about = self.about
        try:
            store.perform(
                about.desk.study,
                step,
                by=about.acting(action),
                **self.form.guards,
                **given(self.form.cleaned_data),
            )
        except Refusal as refusal:
            return self.page(refusal=refusal)
        messages.success(self.request, said)
        return redirect(self._back())

    def _back(self) -> str:
        study, subject = self.about.desk.study, self.about.subject
        if self.entry is None:
            return links.home_address(study, subject)
        return links.entry_address(study, subject, self.entry.seq)

    def page(self, **more: object) -> HttpResponse:
        """The page, with guards made anew where something was refused."""
        entry, query = self.entry, self.query
        if "refusal" in more:
            self.form.data = {**self.request.POST.dict(), **_fresh(self.about)}
        place = query.place if query else entry.place if entry else None
        page = {
            "desk": self.about.desk,
            "top": self.about.top(),
            "entry": entry,
            "lines": list(lines(entry)) if entry else [],
            "query": query,
            "asked_about": about_words(self.about.form(place[0]), query.path) if place and query else "",
            "title": self.about.form(place[0]).title if place else "",
            "visit": visit_label(self.about, place[2]) if place else "",
            "form": self.form,
            "back": self._back(),
            **more,
        }
        return render(self.request, "participant/query.html", page, status=_CONFLICT if "refusal" in more else 200)


def _fresh(about: About) -> dict[str, Any]:
    """A new key, and the record as it is now: a refused page is sent again as another request."""
    new = Guarded(about=about.known).initial
    return {"key": new["key"], "seen": new["seen"]}
