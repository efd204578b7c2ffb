"""Signing entries: all that waits for one's signature about a participant, or some of it, under one signature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.conduct.forms import FormEntry, marks_of, shown_digest
from evenhand.conduct.quality import wants_signature
from evenhand.record import Actor
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.candidates.asked import INCOMPLETE, is_whole
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About, participant_at
from evenhand.web.pages.participants.versions import Line, lines
from evenhand.web.pages.participants.visits import visit_label
from evenhand.web.signing import SignatureForm

_CONFLICT = 409


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry to be signed, as it is shown: ``shown`` is what the signature will be bound to."""

    entry: FormEntry
    visit: str
    lines: tuple[Line, ...]
    shown: str
    without: str  # the address of the page with this one left out; empty when it is the only one


@at_desk(Action.SIGN_FORMS)
def sign_forms(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Sign what waits for this user, or only what ``?entry=`` names, each number once."""
    about = participant_at(desk, subject, Action.SIGN_FORMS)
    by, chosen = _chosen(about, [int(one) for one in request.GET.getlist("entry") if one.isdecimal()][:200])
    page = _Page(request, about, chosen)
    if request.method != "POST" or not chosen:
        return page.shown(page.signature(bound=False))
    return _signed(page, by)


def waiting_for(about: About) -> list[FormEntry]:
    """The entries that wait for the signature of one of this user's roles."""
    return [
        entry
        for entry in about.entries
        if wants_signature(entry, marks_of(about.known, entry.seq))
        and about.may_as(Action.SIGN_FORMS, entry.form.signed_by)
    ]


def _chosen(about: About, named: Sequence[int]) -> tuple[Actor, list[FormEntry]]:
    """Who signs what: all entries under one signature are signed in one role, that of the first."""
    waiting = [entry for entry in waiting_for(about) if not named or entry.seq in named]
    if not waiting:
        return about.acting(Action.SIGN_FORMS), []
    by = about.acting(Action.SIGN_FORMS, waiting[0].form.signed_by)
    return by, [entry for entry in waiting if by.role in entry.form.signed_by]


def _signed(page: _Page, by: Actor) -> HttpResponse:
    form = page.signature(bound=True)
    if not form.is_valid():
        if is_whole(form):
            return page.shown(form)
        return page.shown(page.signature(bound=False), refusal=INCOMPLETE)
    posted = page.request.POST
    shown = {entry.seq: posted.get(f"shown.{entry.seq}", "") for entry in page.chosen}
    about = page.about
    try:
        store.perform(
            about.desk.study,
            steps.sign_forms,
            by=by,
            **form.guards,
            subject=about.subject,
            shown=shown,
            signer=form.signer,
        )
    except Refusal as refusal:
        return page.shown(page.signature(bound=False), refusal=refusal)
    count = len(page.chosen)
    messages.success(page.request, f"Signed: {count} {'entry' if count == 1 else 'entries'}.")
    return redirect(links.home_address(about.desk.study, about.subject))


class _Page:
    """One request about the entries chosen."""

    def __init__(self, request: HttpRequest, about: About, chosen: list[FormEntry]) -> None:
        self.request = request
        self.about = about
        self.chosen = chosen

    def signature(self, *, bound: bool) -> SignatureForm:
        """The signature, whose meaning names what is signed."""
        data = self.request.POST if bound else None
        meaning = steps.meaning_of(self.chosen)
        return SignatureForm(data, request=self.request, about=self.about.known, meaning=meaning)

    def shown(self, form: SignatureForm, **more: Any) -> HttpResponse:
        """The page."""
        page = {
            "desk": self.about.desk,
            "top": self.about.top(),
            "waiting": [self._waiting(entry) for entry in self.chosen],
            "form": form,
            "address": self.request.get_full_path(),
            **more,
        }
        return render(self.request, "participant/sign.html", page, status=_CONFLICT if "refusal" in more else 200)

    def _waiting(self, entry: FormEntry) -> Waiting:
        others = [("entry", str(one.seq)) for one in self.chosen if one is not entry]
        without = f"{self.request.path}?{urlencode(others)}" if others else ""
        label = visit_label(self.about, entry.visit)
        return Waiting(entry, label, tuple(lines(entry)), shown_digest(entry.standing), without)
