"""What is done about one entry besides correcting it: struck out, locked, unlocked, confirmed against the source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.conduct.forms import FormEntry, marks_of, shown_digest
from evenhand.record import Actor
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.candidates.asked import INCOMPLETE, is_whole
from evenhand.web.pages.forms import Guarded
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About, participant_at
from evenhand.web.pages.participants.hindered import sent_back
from evenhand.web.pages.participants.versions import lines
from evenhand.web.pages.participants.visits import visit_label
from evenhand.web.typed import guards, typed_before

_CONFLICT = 409
_Given = Callable[[FormEntry, "MarkForm"], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to do: the right it takes, the step, what the page says; ``reason``: what is asked for, if anything."""

    action: Action
    step: steps.Step
    given: _Given
    title: str
    says: str
    button: str
    done: str
    reason: str = ""


def _struck(entry: FormEntry, form: MarkForm) -> dict[str, Any]:
    return {"seq": entry.seq, "reason": form.cleaned_data["reason"]}


def _locked(entry: FormEntry, form: MarkForm) -> dict[str, Any]:
    return {"seqs": [entry.seq]}


def _unlocked(entry: FormEntry, form: MarkForm) -> dict[str, Any]:
    return {"seqs": [entry.seq], "reason": form.cleaned_data["reason"]}


def _verified(entry: FormEntry, form: MarkForm) -> dict[str, Any]:
    return {"shown": {entry.seq: form.cleaned_data["shown"]}}


MARKS: Final[Mapping[str, Mark]] = {
    "strike": Mark(
        Action.ENTER_FORMS,
        steps.strike,
        _struck,
        "Entered in error",
        "The entry stays legible in the record, and nothing counts it any more. For an answer that is wrong, correct "
        "it instead.",
        "Strike the entry out",
        "The entry is struck out.",
        "Why it was made in error",
    ),
    "lock": Mark(
        Action.LOCK,
        steps.lock_forms,
        _locked,
        "Lock the entry",
        "A locked entry can be neither corrected nor struck out until somebody unlocks it.",
        "Lock",
        "The entry is locked.",
    ),
    "unlock": Mark(
        Action.LOCK,
        steps.unlock_forms,
        _unlocked,
        "Unlock the entry",
        "It can be corrected again after that.",
        "Unlock",
        "The entry is unlocked.",
        "Why it is unlocked",
    ),
    "verify": Mark(
        Action.VERIFY_SOURCE,
        steps.verify_source,
        _verified,
        "Confirm against the source",
        "You state that you compared this entry with the source documents, and that it says what they say. A later "
        "correction ends that.",
        "Confirm",
        "The entry is confirmed against the source.",
    ),
}


class MarkForm(Guarded):
    """Carries what was shown; asks for a reason where one is needed."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)

    def __init__(self, *args: Any, reason: str, digest: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"shown": digest, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if reason:
            self.fields["reason"] = forms.CharField(
                label=reason, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
            )


def marking(mark: str) -> Callable[..., HttpResponseBase]:
    """The view that does one thing about an entry, after having shown what the entry says."""
    todo = MARKS[mark]

    @at_desk(todo.action)
    def view(request: HttpRequest, desk: Desk, subject: str, seq: int) -> HttpResponse:
        about = participant_at(desk, subject, todo.action)
        back = sent_back(request, about, about.entry(seq), mark)
        return back or _answer(request, about, seq, todo)

    return view


def _answer(request: HttpRequest, about: About, seq: int, todo: Mark) -> HttpResponse:
    entry = about.entry(seq)
    by = _actor(about, todo, entry)
    form = _form(request, about, entry, todo, bound=request.method == "POST")
    if (before := typed_before(request)) is not None:
        form.initial.update({"reason": before.get("reason", ""), **guards(before)})
    if request.method != "POST":
        return _page(request, about, entry, todo, form)
    if not form.is_valid():
        if is_whole(form):
            return _page(request, about, entry, todo, form)
        return _page(request, about, entry, todo, _again(request, about, entry, todo), refusal=INCOMPLETE)
    try:
        given = todo.given(entry, form)
        store.perform(about.desk.study, todo.step, by=by, **form.guards, subject=about.subject, **given)
    except Refusal as refusal:
        return _page(request, about, entry, todo, _again(request, about, entry, todo), refusal=refusal)
    messages.success(request, todo.done)
    return redirect(links.entry_address(about.desk.study, about.subject, entry.seq))


def _actor(about: About, todo: Mark, entry: FormEntry) -> Actor:
    """Who acts; what a site enters, those of its roles that fill the form in strike out. Raises PermissionDenied."""
    roles = entry.form.entered_by if todo.action is Action.ENTER_FORMS else None
    return about.acting(todo.action, roles)


def _form(request: HttpRequest, about: About, entry: FormEntry, todo: Mark, *, bound: bool) -> MarkForm:
    digest = shown_digest(entry.standing)
    return MarkForm(request.POST if bound else None, reason=todo.reason, digest=digest, about=about.known)


def _again(request: HttpRequest, about: About, entry: FormEntry, todo: Mark) -> MarkForm:
    """The form anew, with what was typed."""
    form = _form(request, about, entry, todo, bound=False)
    form.initial["reason"] = request.POST.get("reason", "")
    return form


def _page(
    request: HttpRequest, about: About, entry: FormEntry, todo: Mark, form: MarkForm, **more: object
) -> HttpResponse:
    page = {
        "desk": about.desk,
        "top": about.top(),
        "entry": entry,
        "visit": visit_label(about, entry.visit),
        "lines": list(lines(entry)),
        "marks": marks_of(about.known, entry.seq),
        "todo": todo,
        "form": form,
        **more,
    }
    return render(request, "participant/mark.html", page, status=_CONFLICT if "refusal" in more else 200)
