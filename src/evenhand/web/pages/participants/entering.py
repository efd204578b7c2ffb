"""Filling in a form, and correcting what was filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render

from evenhand import steps
from evenhand.conduct import forms
from evenhand.conduct.forms import FormEntry
from evenhand.protocol.plan import Form
from evenhand.record import Actor
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.candidates.asked import INCOMPLETE, is_whole
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About, participant_at
from evenhand.web.pages.participants.entry_form import NOT_DONE, EntryForm, Scope
from evenhand.web.pages.participants.hindered import sent_back
from evenhand.web.pages.participants.offered import offered
from evenhand.web.pages.participants.places import carried, rearranged
from evenhand.web.pages.participants.questions import questions
from evenhand.web.pages.participants.visits import visit_label, visits_for
from evenhand.web.store import Performed
from evenhand.web.typed import typed_before

_CONFLICT = 409


class Entering:
    """One request about one entry. A special page is a subclass: ``role`` is how the forms are read that it is for
    (empty: any)."""

    role: ClassVar[str] = ""
    template: ClassVar[str] = "participant/form.html"
    form_class: ClassVar[type[EntryForm]] = EntryForm

    def __init__(
        self,
        request: HttpRequest,
        about: About,
        form: Form,
        by: Actor,
        *,
        visit: str | None = None,
        correcting: FormEntry | None = None,
    ) -> None:
        self.request = request
        self.about = about
        self.asked = form
        self.by = by
        self.visit = visit
        self.correcting = correcting
        self.before = typed_before(request)

    @property
    def typed(self) -> QueryDict:
        """What was typed: now, or before the session ended."""
        return self.before if self.before is not None else self.request.POST

    def stands(self) -> FormEntry | None:
        """What is entered in this place already."""
        place = (self.asked.id, "1", self.visit)
        return next((one for one in self.about.entries if one.place == place), None)

    def answer(self) -> HttpResponse:
        """Show the form, or record what was entered; what was typed stays on the page when that is not possible."""
        if self.request.method != "POST":
            return self.page(self.form(entered=self._typed_before()))
        if (moved := self.looked_at_again()) is not None:
            return self.page(self.form(entered=moved.dict()))
        form = self.form(data=True)
        if not form.is_valid():
            if is_whole(form):
                return self.page(form)
            return self.page(self.form(entered=carried(self.request.POST)), refusal=INCOMPLETE)
        try:
            done = self._perform(form)
        except Refusal as refusal:
            return self.page(self.form(entered=carried(self.request.POST)), refusal=refusal)
        return self._done(done)

    def _typed_before(self) -> Mapping[str, Any] | None:
        """What was typed before the session ended, with the row that was asked for by then."""
        if self.before is None:
            return None
        return (rearranged(self.before) or self.before).dict()

    def form(self, *, data: bool = False, entered: Mapping[str, Any] | None = None) -> EntryForm:
        """The form: empty, with what stands, or with what was typed."""
        about = self.about
        scope = Scope(forms.context(about.known), about.entries, about.today, offered(about, self.asked))
        return self.form_class(
            self.request.POST if data else None,
            form=self.asked,
            scope=scope,
            correcting=self.correcting,
            entered=entered,
            about=about.known,
            **self.given_to_form(),
        )

    def given_to_form(self) -> dict[str, Any]:
        """What the form of a special page needs besides."""
        return {}

    def shown_besides(self, form: EntryForm) -> dict[str, object]:
        """What a special page shows besides."""
        return {}

    def said_besides(self, seq: int) -> None:
        """What a special page says once its entry is recorded."""

    def recorded_at(self, seq: int) -> str:
        """Where to go once the entry is recorded."""
        return links.entry_address(self.about.desk.study, self.about.subject, seq)

    def looked_at_again(self) -> QueryDict | None:
        """What was typed, where it was sent for the page to be made anew and not to be recorded; else None."""
        return rearranged(self.request.POST)

    def _perform(self, form: EntryForm) -> Performed:
        study, corrected = self.about.desk.study, self.correcting
        given = form.given(self.visit, corrected.item if corrected else None)
        if corrected is None:
            return store.perform(study, steps.enter, by=self.by, **form.guards, subject=self.about.subject, given=given)
        reason = form.cleaned_data["reason"]
        return store.perform(
            study, steps.correct_form, by=self.by, **form.guards, seq=corrected.seq, given=given, reason=reason
        )

    def _done(self, done: Performed) -> HttpResponse:
        """Go to the entry, and say what else came of it."""
        said = "The correction is recorded; what stood before stays in the record" if self.correcting else "Recorded"
        messages.success(self.request, f"{said}.")
        for entry in done.entries:
            if entry.kind == "query_opened":
                messages.warning(self.request, f"A query was opened: {entry.body.get('text', '')}")
            elif entry.kind == "query_closed":
                messages.info(self.request, "A query was closed, since the data agree now.")
        first = done.entries[0]
        seq = first.corrects if first.corrects is not None else first.seq
        self.said_besides(seq)
        return redirect(self.recorded_at(seq))

    def page(self, form: EntryForm, **more: object) -> HttpResponse:
        """The page of the form."""
        about = self.about
        entered = form.entered.get(NOT_DONE)
        page = {
            "desk": about.desk,
            "top": about.top(),
            "asked": self.asked,
            "visit": visit_label(about, self.visit),
            "form": form,
            "questions": list(questions(form)),
            "offered": form.scope.offered,
            "correcting": self.correcting,
            "not_done_open": bool(entered) or NOT_DONE in form.errors,
            "address": self.request.get_full_path(),
            "back": self._back(),
            **self.shown_besides(form),
            **more,
        }
        return render(self.request, self.template, page, status=_CONFLICT if "refusal" in more else 200)

    def _back(self) -> str:
        if self.correcting is not None:
            return links.entry_address(self.about.desk.study, self.about.subject, self.correcting.seq)
        return links.home_address(self.about.desk.study, self.about.subject)


def entering_anew(kind: type[Entering]) -> Callable[..., HttpResponseBase]:
    """The view that fills in a form, at the visit that ``?visit=`` names where it belongs to visits."""

    @at_desk(Action.ENTER_FORMS)
    def view(request: HttpRequest, desk: Desk, subject: str, form: str) -> HttpResponse:
        about = participant_at(desk, subject, Action.ENTER_FORMS)
        asked = about.form(form)
        by = about.acting(Action.ENTER_FORMS, asked.entered_by)
        visit = request.GET.get("visit") or None
        if kind.role not in ("", asked.reads):
            return redirect(links.new_address(desk.study, subject, asked, visit))
        if asked.visits != (visit is not None):
            return _at_which_visit(request, about, asked) if asked.visits else redirect(request.path)
        if visit is not None and not _is_visit(about, visit):
            raise Http404(f"The schedule has no visit {visit!r}.")
        entering = kind(request, about, asked, by, visit=visit)
        shown = request.method != "POST" and entering.before is None
        if shown and not asked.repeats and (stands := entering.stands()) is not None:
            return redirect(links.entry_address(desk.study, subject, stands.seq))
        return entering.answer()

    return view


def correcting_entry(kind: type[Entering]) -> Callable[..., HttpResponseBase]:
    """The view that says anew what an entry says, with a reason; what it said stays in the record."""

    @at_desk(Action.ENTER_FORMS)
    def view(request: HttpRequest, desk: Desk, subject: str, seq: int) -> HttpResponse:
        about = participant_at(desk, subject, Action.ENTER_FORMS)
        entry = about.entry(seq)
        by = about.acting(Action.ENTER_FORMS, entry.form.entered_by)
        if (back := sent_back(request, about, entry, "correct")) is not None:
            return back
        if kind.role not in ("", entry.form.reads):
            return redirect(links.correct_address(desk.study, subject, entry.form, entry.seq))
        return kind(request, about, entry.form, by, visit=entry.visit, correcting=entry).answer()

    return view


new_entry = entering_anew(Entering)
correct_entry = correcting_entry(Entering)


def _is_visit(about: About, visit: str) -> bool:
    schedule = about.plan.schedule
    return len(visit) <= 100 and (schedule is None or schedule.names(visit))


def _at_which_visit(request: HttpRequest, about: About, form: Form) -> HttpResponse:
    """A form of visits, asked for without one: the visits at which it can be filled in."""
    page = {
        "desk": about.desk,
        "top": about.top(),
        "asked": form,
        "visits": visits_for(about, form),
    }
    return render(request, "participant/which_visit.html", page)
