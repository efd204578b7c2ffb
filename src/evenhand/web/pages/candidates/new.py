"""A new candidate: who it is, and facts from a form or a file. Name and first facts are kept together or not at all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.administration import Site
from evenhand.facts import Fact, Person, Source
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.forms import Guarded
from evenhand.web.pages.candidates.asked import INCOMPLETE, groups, is_whole, kinds_asked
from evenhand.web.pages.candidates.facts_form import FactsForm, rearranged
from evenhand.web.pages.candidates.identity_form import IdentityForm
from evenhand.web.pages.candidates.preview import preview
from evenhand.web.pages.candidates.uploads import Facts, UnfitFile, brought_back, carried, read_upload
from evenhand.web.pages.candidates.words import birth_fact
from evenhand.web.typed import guards, typed_before

_CONFLICT = 409


@at_desk(Action.ENTER_FACTS)
def new_candidate(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form, what was read from a file, and the recording of either."""
    if (before := typed_before(request)) is not None:
        return _Arrival(request, desk, before).shown_again()
    arrival = _Arrival(request, desk, request.POST)
    if request.method != "POST":
        return arrival.form()
    if (moved := rearranged(request.POST)) is not None:
        return arrival.form(entered=moved)
    file = request.FILES.get("file")
    if isinstance(file, File) or "read" in request.POST:
        return arrival.read(file if isinstance(file, File) else None)
    return arrival.record()


class _Arrival:
    """One request about a new candidate."""

    def __init__(self, request: HttpRequest, desk: Desk, data: QueryDict) -> None:
        self.request = request
        self.desk = desk
        self.data = data
        self.sites: tuple[Site, ...] = tuple(one for one in desk.sites if desk.may(Action.ENTER_FACTS, one.code))
        self.today = desk.today(self.data.get("site") or (self.sites[0].code if self.sites else None))
        self.kinds = kinds_asked(desk.protocol.vocabulary)

    def shown_again(self) -> HttpResponse:
        """What was typed, or read from a file, before the session ended; nothing is judged or recorded."""
        guarded = guards(self.data)
        if "carried" not in self.data:
            entered = rearranged(self.data) or self.data
            return self.form(entered=entered, facts=self.facts(entered=entered, initial=guarded))
        try:
            brought = brought_back(str(self.data["carried"]), self.desk)
        except UnfitFile as fault:
            return self.form(entered=self.data, file_fault=str(fault))
        return self.looked_at(self.identity(initial=self.data.dict()), Guarded(initial=guarded), brought)

    def form(self, *, entered: QueryDict | None = None, **shown: Any) -> HttpResponse:
        """The page with both forms; ``entered`` is shown as it was typed, without being judged."""
        identity = shown.pop("identity", None) or self.identity(initial=entered.dict() if entered else None)
        facts = shown.pop("facts", None) or self.facts(entered=entered)
        page = {"desk": self.desk, "identity": identity, "form": facts, "sites": self.sites, **shown}
        page["groups"] = groups(facts, self.desk.protocol.vocabulary)
        return render(self.request, "candidate/new.html", page, status=_CONFLICT if "refusal" in shown else 200)

    def identity(self, data: QueryDict | None = None, **more: Any) -> IdentityForm:
        return IdentityForm(data, sites=self.sites, today=self.today, **more)

    def facts(self, data: QueryDict | None = None, **more: Any) -> FactsForm:
        vocabulary = self.desk.protocol.vocabulary
        return FactsForm(data, vocabulary=vocabulary, kinds=self.kinds, known={}, today=self.today, **more)

    def read(self, file: File[bytes] | None) -> HttpResponse:
        """Show what a file says, before anything is recorded; what was typed about the person wins over the file."""
        try:
            if file is None:
                raise UnfitFile("Choose a file first.")
            upload = read_upload(file, self.desk.protocol)
        except UnfitFile as fault:
            return self.form(entered=self.data, file_fault=str(fault))
        proposed = upload.proposed
        told = {"number": proposed.number, "name": proposed.name, "birth_date": proposed.birth_date}
        typed = {name: self.data[name] for name in ("site", *told) if self.data.get(name)}
        identity = self.identity(initial=told | typed)
        facts = _without_birth(upload.facts, self.desk)
        return self.looked_at(identity, Guarded(), facts, problems=upload.problems)

    def looked_at(self, identity: IdentityForm, form: Guarded, facts: Facts, **shown: Any) -> HttpResponse:
        """The page on which what was read from a file is looked at."""
        page = {
            "desk": self.desk,
            "identity": identity,
            "form": form,
            "sites": self.sites,
            "carried": carried(facts, self.desk),
            "read": preview(facts, self.desk.protocol),
            **shown,
        }
        return render(self.request, "candidate/new_read.html", page, status=_CONFLICT if "refusal" in shown else 200)

    def record(self) -> HttpResponse:
        """Record the candidate, or say why not; nothing that was typed or read is lost."""
        identity = self.identity(self.data)
        if "carried" not in self.data:
            facts = self.facts(self.data)
            if not is_whole(facts):
                return self.form(entered=self.data, refusal=INCOMPLETE)
            if not (identity.is_valid() and facts.is_valid()):
                return self.form(identity=identity, facts=facts)
            return self._take(identity, facts, facts.additions.new, None)
        try:
            brought = brought_back(str(self.data["carried"]), self.desk)
        except UnfitFile as fault:
            return self.form(entered=self.data, file_fault=str(fault))
        form = Guarded(self.data)
        if not is_whole(form):
            return self.looked_at(self.identity(initial=self.data.dict()), Guarded(), brought, refusal=INCOMPLETE)
        if not (identity.is_valid() and form.is_valid()):
            return self.looked_at(identity, form, brought)
        return self._take(identity, form, brought, brought)

    def _take(self, identity: IdentityForm, form: Guarded, facts: Facts, read: Facts | None) -> HttpResponse:
        site, who = identity.cleaned_data["site"], identity.who
        person = Person("candidate", {**_birth(identity, self.desk), **facts})
        keep = store.identify(
            self.desk.study, site, who, another_person=bool(identity.cleaned_data.get("another_person"))
        )
        try:
            by = self.desk.acting(Action.ENTER_FACTS, site)
            done = store.perform(self.desk.study, steps.screen, by=by, also=keep, key=form.guards["key"], person=person)
        except Refusal as refusal:
            alike = refusal.reason.startswith("a candidate of this name")
            again = self.identity(initial=self.data.dict(), likeness=alike)
            if read is not None:
                return self.looked_at(again, Guarded(), read, refusal=refusal)
            return self.form(identity=again, facts=self.facts(entered=self.data), refusal=refusal)
        subject = done.entries[0].subject or ""
        messages.success(self.request, f"The candidate is recorded as {subject}.")
        return redirect("candidate", study=self.desk.study, subject=subject)


def _birth(identity: IdentityForm, desk: Desk) -> Facts:
    """The birth date as a fact, where the study asks for it; the step keeps its span alone."""
    name = birth_fact(desk.protocol.vocabulary)
    if name is None or identity.birth is None:
        return {}
    return {name: (Fact(name, identity.birth, None, Source("form", f"facts.{name}")),)}


def _without_birth(facts: Facts, desk: Desk) -> Facts:
    """The facts but the birth date, which is proposed with the name instead, and taken from there."""
    birth = birth_fact(desk.protocol.vocabulary)
    return {name: some for name, some in facts.items() if name != birth}
