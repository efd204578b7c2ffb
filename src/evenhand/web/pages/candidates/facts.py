"""Facts about a known candidate: added by a form or a file. Only what is new is recorded; nothing is overwritten."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.dates import DateSpan
from evenhand.facts import Person
from evenhand.intake import Additions, additions
from evenhand.record import SubjectHistory
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.forms import Guarded
from evenhand.web.pages.candidates.asked import INCOMPLETE, groups, is_whole, kinds_asked
from evenhand.web.pages.candidates.facts_form import FactsForm, rearranged
from evenhand.web.pages.candidates.heading import heading, who_is
from evenhand.web.pages.candidates.known import as_seen, known_facts
from evenhand.web.pages.candidates.preview import preview
from evenhand.web.pages.candidates.uploads import Facts, UnfitFile, Upload, brought_back, carried, read_upload
from evenhand.web.pages.candidates.words import birth_fact, label_of
from evenhand.web.typed import guards, typed_before

_CONFLICT = 409


@at_desk(Action.ENTER_FACTS)
def facts(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """The form of all facts, or of those that ``?facts=`` names."""
    entering = _Entering(request, desk, desk.candidate(subject, Action.ENTER_FACTS))
    if (before := typed_before(request)) is not None:
        return entering.page(entering.form(entered=rearranged(before) or before, initial=guards(before)))
    if request.method != "POST":
        return entering.page(entering.form())
    if (moved := rearranged(request.POST)) is not None:
        return entering.page(entering.form(entered=moved))
    return entering.record()


class _Entering:
    """One request about the facts of a candidate."""

    def __init__(self, request: HttpRequest, desk: Desk, known: SubjectHistory) -> None:
        self.request = request
        self.desk = desk
        self.known = known
        self.subject = known.subject or ""
        self.site = desk.site_of(self.subject)
        self.on_record = known_facts(known, desk.protocol)
        asked = kinds_asked(desk.protocol.vocabulary, identifying=True)
        open_to_all = [kind for kind in asked if not kind.identifying or kind.name not in self.on_record]
        self.names = frozenset(request.GET.get("facts", "").split(",")) & {kind.name for kind in open_to_all}
        self.kinds = [kind for kind in open_to_all if not self.names or kind.name in self.names]

    def form(self, data: QueryDict | None = None, **more: Any) -> FactsForm:
        """The form, beside what was on record when it was first shown, so that a repetition is the same request."""
        seen = as_seen(self.known, number_of(data.get("seen"))) if data is not None else self.known
        return FactsForm(
            data,
            vocabulary=self.desk.protocol.vocabulary,
            kinds=self.kinds,
            known=known_facts(seen, self.desk.protocol),
            today=self.desk.today(self.site),
            opened=self.names,
            about=self.known,
            **more,
        )

    def page(self, form: FactsForm, **shown: Any) -> HttpResponse:
        page = {
            "desk": self.desk,
            "top": heading(self.desk, self.known),
            "form": form,
            "groups": groups(form, self.desk.protocol.vocabulary),
            "some": bool(self.names),
            "may_correct": self.desk.may(Action.CORRECT, self.site),
            **shown,
        }
        return render(self.request, "candidate/facts.html", page, status=_CONFLICT if "refusal" in shown else 200)

    def record(self) -> HttpResponse:
        """Record what is new; what was typed stays on the page when that is not possible."""
        form = self.form(self.request.POST)
        if not form.is_valid():
            if is_whole(form):
                return self.page(form)
            return self.page(self.form(entered=self.request.POST), refusal=INCOMPLETE)
        if not form.additions.new:
            known = form.additions.known
            form.add_error(None, _ALL_KNOWN if known else "Nothing was entered, so nothing was recorded.")
            return self.page(form)
        try:
            return _taken(self.request, self.desk, self.known, form, form.additions)
        except Refusal as refusal:
            return self.page(self.form(entered=self.request.POST), refusal=refusal)


_ALL_KNOWN = "Everything that was entered is on record already, so nothing was recorded."


def number_of(text: str | None) -> int:
    """The number of an entry as a form carries it; no entry for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0


def _taken(request: HttpRequest, desk: Desk, known: SubjectHistory, form: Guarded, found: Additions) -> HttpResponse:
    """Record new facts and go to the candidate. Raises Refusal."""
    subject = known.subject or ""
    by = desk.acting(Action.ENTER_FACTS, desk.site_of(subject))
    person = Person(subject, found.new)
    also = _birth_date(desk, subject, found.new)
    store.perform(desk.study, steps.screen, by=by, **form.guards, also=also, person=person, subject=subject)
    kinds = desk.protocol.vocabulary.facts
    names = ", ".join(label_of(kinds[name]) for name in found.new)
    rest = f" {found.known} of the statements were on record already." if found.known else ""
    messages.success(request, f"Recorded: {names}.{rest}")
    return redirect("candidate", study=desk.study, subject=subject)


def _birth_date(desk: Desk, subject: str, new: Facts) -> store.Also | None:
    """What keeps a birth date that is new with the name; the record keeps its span alone."""
    birth = birth_fact(desk.protocol.vocabulary)
    given = new.get(birth, ()) if birth is not None else ()
    value = given[0].value if given else None
    if isinstance(value, DateSpan) and value.exact:
        return store.know_birth_date(desk.study, subject, value.first)
    return None


@at_desk(Action.ENTER_FACTS)
def upload(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """A file about a known candidate: chosen, looked at, recorded."""
    known = desk.candidate(subject, Action.ENTER_FACTS)
    page = {"desk": desk, "top": heading(desk, known)}
    if (before := typed_before(request)) is not None and "carried" in before:
        return _file_again(request, desk, known, before)
    if request.method != "POST":
        return render(request, "candidate/upload.html", page)
    try:
        if "carried" in request.POST:
            return _record_file(request, desk, known)
        file = request.FILES.get("file")
        if not isinstance(file, File):
            raise UnfitFile("Choose a file first.")
        return _look(request, desk, known, read_upload(file, desk.protocol))
    except UnfitFile as fault:
        return render(request, "candidate/upload.html", {**page, "file_fault": str(fault)})


def _file_again(request: HttpRequest, desk: Desk, known: SubjectHistory, before: QueryDict) -> HttpResponse:
    """What was read from a file before the session ended; nothing is recorded."""
    try:
        read = brought_back(str(before["carried"]), desk)
    except UnfitFile as fault:
        page = {"desk": desk, "top": heading(desk, known), "file_fault": str(fault)}
        return render(request, "candidate/upload.html", page)
    return _looked_at(request, desk, known, Guarded(about=known, initial=guards(before)), read)


def _look(request: HttpRequest, desk: Desk, known: SubjectHistory, read: Upload) -> HttpResponse:
    shown = {"problems": read.problems, "differences": _differences(desk, known, read)}
    return _looked_at(request, desk, known, Guarded(about=known), read.facts, **shown)


def _looked_at(
    request: HttpRequest, desk: Desk, known: SubjectHistory, form: Guarded, read: Facts, **shown: Any
) -> HttpResponse:
    found = _new(desk, known, read)
    page = {
        "desk": desk,
        "top": heading(desk, known),
        "form": form,
        "carried": carried(read, desk),
        "read": preview(found.new, desk.protocol),
        "found": found,
        **shown,
    }
    return render(request, "candidate/upload_read.html", page, status=_CONFLICT if "refusal" in shown else 200)


def _record_file(request: HttpRequest, desk: Desk, known: SubjectHistory) -> HttpResponse:
    read = brought_back(request.POST["carried"], desk)
    form = Guarded(request.POST, about=known)
    if not form.is_valid():
        raise UnfitFile("The page was incomplete, and nothing was recorded. Choose the file again.")
    found = _new(desk, as_seen(known, form.cleaned_data["seen"]), read)
    if not found.new:
        raise UnfitFile("Everything in the file is on record already, so nothing was recorded.")
    try:
        return _taken(request, desk, known, form, found)
    except Refusal as refusal:
        return _looked_at(request, desk, known, Guarded(about=known), read, refusal=refusal)


def _new(desk: Desk, known: SubjectHistory, read: Facts) -> Additions:
    """What a file adds. A birth date that is known in any form is not taken again: its span would move with the day."""
    there = {name: tuple(one.fact for one in some) for name, some in known_facts(known, desk.protocol).items()}
    birth = birth_fact(desk.protocol.vocabulary)
    given = {name: some for name, some in read.items() if name != birth or birth not in there}
    return additions(there, given, desk.protocol.vocabulary)


def _differences(desk: Desk, known: SubjectHistory, read: Upload) -> list[str]:
    """What speaks for the file being about somebody else."""
    who = who_is(desk, known.subject or "", desk.site_of(known.subject or ""))
    if who is None:
        return []
    proposed, found = read.proposed, []
    if proposed.birth_date and who.birth_date and not str(who.birth_date).startswith(proposed.birth_date):
        found.append(f"the file says born {proposed.birth_date}, the candidate was born {who.birth_date}")
    if proposed.number and proposed.number != who.number:
        found.append(f"the file says number {proposed.number}, the candidate has {who.number}")
    return found
