"""Registration: everything that must hold is shown, and a signature asks for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenhand import steps
from evenhand.record import SubjectHistory
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, afresh, at_desk
from evenhand.web.pages.board_due import accrual_in_question
from evenhand.web.pages.candidates.criteria import Sheet
from evenhand.web.pages.enrolment.person import subject_of
from evenhand.web.pages.enrolment.requirements import levels, obstacle, requirements
from evenhand.web.signing import SignatureForm


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.REGISTER)
def register(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Register a candidate who is eligible and consents today."""
    known = desk.candidate(subject, Action.REGISTER)
    if request.method != "POST":
        return _page(request, desk, subject)
    form = _form(request, known, bound=True)
    if not form.is_valid():
        return _page(request, desk, subject, form=form)
    actor = desk.acting(Action.REGISTER, desk.site_of(subject))
    try:
        done = store.perform(desk.study, steps.register, by=actor, signing=form.signing, subject=subject, **form.guards)
    except Refusal as refusal:
        return _page(request, afresh(request, desk), subject, refusal=refusal)
    messages.success(request, f"{subject} is registered as {done.entries[0].body['participant']}.")
    return redirect("register", desk.study, subject)


def _form(request: HttpRequest, known: SubjectHistory, *, bound: bool) -> SignatureForm:
    meaning = f"I register {known.subject}: the criteria are met today by the evidence shown, and consent holds."
    return SignatureForm(request.POST if bound else None, request=request, about=known, meaning=meaning)


def _page(
    request: HttpRequest,
    desk: Desk,
    subject: str,
    *,
    form: SignatureForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    known = desk.history.subject(subject)
    site = desk.site_of(subject)
    on = desk.today(site)
    status = 409 if refusal else 422 if form else 200
    context = {"desk": desk, "subject": subject_of(desk, known), "refusal": refusal, "on": on}
    if known.registration is not None:
        context |= {"entry": known.registration.original, "allocated": known.allocation is not None}
        return render(request, "enrol/registered.html", context, status=status)
    actor = desk.acting(Action.REGISTER, site)
    assessment = steps.assess(desk.protocol, desk.history, subject=subject, on=on)
    stands = obstacle(
        lambda: steps.register(desk.protocol, desk.history, subject=subject, on=on, by=actor, at=desk.now)
    )
    strata = levels(desk.protocol, assessment)
    context |= {
        "form": form or _form(request, known, bound=False),
        "obstacle": None if refusal else stands,
        "open": stands is None,
        "in_question": stands is None and accrual_in_question(desk),
        "requirements": requirements(desk.protocol, desk.history, known, on),
        "criteria": list(Sheet(desk, known, assessment).rows()),
        "strata": strata,
        "unknown_strata": [one for one in strata if one.level is None],
    }
    return render(request, "enrol/register.html", context, status=status)
