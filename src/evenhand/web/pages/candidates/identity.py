"""Who somebody is: a mistyped name or number is mended, or the name is erased. The record says so, without any name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenhand.dates import DateSpan
from evenhand.record import SubjectHistory
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, afresh, at_desk
from evenhand.web.pages.candidates.asked import INCOMPLETE, is_whole
from evenhand.web.pages.candidates.heading import heading, who_is
from evenhand.web.pages.candidates.identity_form import ErasureForm, MendedForm
from evenhand.web.pages.candidates.known import Known, known_facts
from evenhand.web.pages.candidates.words import birth_fact
from evenhand.web.store import Who
from evenhand.web.typed import typed_before

_CONFLICT, _UNFIT = 409, 422
_ALIKE = "a candidate of this name"


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.CORRECT_NAME)
def identity(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Mend the name, the site's number or the day of birth."""
    page = _Page(request, desk, subject, Action.CORRECT_NAME)
    if request.method != "POST":
        before = typed_before(request)
        return page.mending(page.form(initial=before.dict() if before else None))
    form = page.form(request.POST, likeness=bool(request.POST.get("another_person")))
    if not is_whole(form):
        return page.mending(page.form(), refusal=INCOMPLETE)
    if not form.is_valid():
        return page.mending(form)
    given = form.cleaned_data
    try:
        store.correct_identity_of(
            desk.study,
            subject,
            form.who,
            reason=given["reason"],
            by=desk.acting(Action.CORRECT_NAME, page.site),
            another_person=bool(given["another_person"]),
            **form.guards,
        )
    except Refusal as refusal:
        now = _Page(request, afresh(request, desk), subject, Action.CORRECT_NAME)
        alike = refusal.reason.startswith(_ALIKE)
        return now.mending(now.form(initial=_typed(request.POST), likeness=alike), refusal=refusal)
    messages.success(request, "The correction is kept, and the record says that it was made and why.")
    return redirect("candidate", study=desk.study, subject=subject)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.ERASE_NAME)
def erase_name(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Erase the name for good."""
    page = _Page(request, desk, subject, Action.ERASE_NAME)
    if request.method != "POST":
        before = typed_before(request)
        return page.erasing(ErasureForm(about=page.known, initial=before.dict() if before else None))
    form = ErasureForm(request.POST, about=page.known)
    if not is_whole(form):
        return page.erasing(ErasureForm(about=page.known), refusal=INCOMPLETE)
    if not form.is_valid():
        return page.erasing(form)
    by = desk.acting(Action.ERASE_NAME, page.site)
    try:
        store.erase(desk.study, subject, reason=form.cleaned_data["reason"], by=by, **form.guards)
    except Refusal as refusal:
        now = _Page(request, afresh(request, desk), subject, Action.ERASE_NAME)
        again = ErasureForm(about=now.known, initial={"reason": form.cleaned_data["reason"]})
        return now.erasing(again, refusal=refusal)
    messages.success(request, f"The name of {subject} is erased, and the record says that it was and why.")
    return redirect("candidate", study=desk.study, subject=subject)


class _Page:
    """One request about who somebody is. Raises Http404 where no name is kept."""

    def __init__(self, request: HttpRequest, desk: Desk, subject: str, action: Action) -> None:
        self.request, self.desk, self.subject = request, desk, subject
        self.known: SubjectHistory = desk.candidate(subject, action)
        self.site = desk.site_of(subject)
        self.who: Who | None = who_is(desk, subject, self.site)
        self.fact = birth_fact(desk.protocol.vocabulary)

    @property
    def births(self) -> tuple[Known, ...]:
        """What the record says of the birth date."""
        return known_facts(self.known, self.desk.protocol).get(self.fact, ()) if self.fact else ()

    def form(self, data: Any = None, *, initial: Mapping[str, Any] | None = None, likeness: bool = False) -> MendedForm:
        ages = [one.fact.value for one in self.births if isinstance(one.fact.value, DateSpan)]
        return MendedForm(
            data, initial=initial, kept=self._kept(), ages=ages, about=self.known,
            today=self.desk.today(self.site), likeness=likeness,
        )  # fmt: skip

    def _kept(self) -> Who:
        if self.who is None:
            raise Http404(f"No name is kept of {self.subject}, so there is nothing to mend or erase.")
        return self.who

    def mending(self, form: MendedForm, refusal: Refusal | None = None) -> HttpResponse:
        births = self.births if "birth_date" in form.fields else ()
        shown = {
            "birth_fact": self.fact,
            "birth_entry": births[-1].seq if births else None,
            "may_erase": self.desk.may(Action.ERASE_NAME, self.site),
        }
        return self._shown("candidate/identity.html", form, refusal, shown)

    def erasing(self, form: ErasureForm, refusal: Refusal | None = None) -> HttpResponse:
        self._kept()
        shown = {"may_withdraw": self.desk.may(Action.RECORD_CONSENT, self.site)}
        return self._shown("candidate/erase.html", form, refusal, shown)

    def _shown(
        self, template: str, form: MendedForm | ErasureForm, refusal: Refusal | None, more: dict[str, Any]
    ) -> HttpResponse:
        page = {"desk": self.desk, "top": heading(self.desk, self.known), "form": form, "refusal": refusal, **more}
        status = _CONFLICT if refusal else _UNFIT if form.is_bound else 200
        return render(self.request, template, page, status=status)


def _typed(data: Any) -> dict[str, Any]:
    """What was typed, for the form on the page as it is now; its key and what was seen are those of that page."""
    return {name: value for name, value in data.dict().items() if name in ("number", "name", "birth_date", "reason")}
