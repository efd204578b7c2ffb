"""Randomization: restate everything, ask for the signature, allocate once, show the result."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from evenhand import steps
from evenhand.record import SubjectHistory
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.confirmation import confirmation_of
from evenhand.web.desk import Desk, afresh, at_desk
from evenhand.web.pages.board_due import accrual_in_question
from evenhand.web.pages.candidates.criteria import Sheet
from evenhand.web.pages.enrolment.person import subject_of
from evenhand.web.pages.enrolment.requirements import Requirement, levels, obstacle, requirements
from evenhand.web.signing import SignatureForm
from evenhand.web.templatetags.evenhand import day


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.RANDOMIZE)
def randomize(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Ask for the allocation. Asked again, by a second click or from a page of before, it shows the one there is."""
    known = desk.candidate(subject, Action.RANDOMIZE)
    if request.method != "POST":
        return redirect("allocation", desk.study, subject) if known.allocation else _page(request, desk, subject)
    form = _form(request, known, bound=True)
    if not form.is_valid():
        return _page(request, desk, subject, form=form)
    actor = desk.acting(Action.RANDOMIZE, desk.site_of(subject))
    try:
        store.perform(desk.study, steps.randomize, by=actor, signing=form.signing, subject=subject, **form.guards)
    except Refusal as refusal:
        return _page(request, afresh(request, desk), subject, refusal=refusal)
    messages.success(request, f"{_number(known)} is randomized.")
    return redirect("allocation", desk.study, subject)


@require_safe
@at_desk(Action.SEE_ARM)
def allocation(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """The arm, with the entry of the record that holds it. Raises Http404 where there is none."""
    known = desk.candidate(subject, Action.SEE_ARM)
    if known.allocation is None:
        raise Http404(f"{subject} is not randomized.")
    return _result(request, desk, known)


def _result(
    request: HttpRequest, desk: Desk, known: SubjectHistory, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    entry = known.of("randomized")[0].original
    context = {
        "desk": desk,
        "subject": subject_of(desk, known),
        "refusal": refusal,
        "told": confirmation_of(desk.protocol_then(entry), desk.history, known.subject or ""),
        "entry": entry,
    }
    return render(request, "enrol/allocation.html", context, status=status)


def _number(known: SubjectHistory) -> str:
    """How the participant is called: by the number of the registration, once there is one."""
    registered = known.registration
    return registered.value("participant", str) if registered else known.subject or ""


def _form(request: HttpRequest, known: SubjectHistory, *, bound: bool) -> SignatureForm:
    number = _number(known)
    meaning = f"I ask for the randomization of {number}: eligible today by the evidence shown, with consent that holds."
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
    status = 409 if refusal else 422 if form else 200
    if known.allocation is not None:
        again = refusal or Refusal(f"{_number(known)} is randomized already", "randomization")
        return _result(request, desk, known, again, 409)
    on = desk.today(desk.site_of(subject))
    assessment = steps.assess(desk.protocol, desk.history, subject=subject, on=on)
    stands = obstacle(lambda: steps.next_place(desk.protocol, desk.history, subject=subject, on=on))
    strata = levels(desk.protocol, assessment)
    context = {
        "desk": desk,
        "subject": subject_of(desk, known),
        "on": on,
        "refusal": refusal,
        "form": form or _form(request, known, bound=False),
        "obstacle": None if refusal else stands,
        "open": stands is None,
        "in_question": stands is None and accrual_in_question(desk),
        "requirements": [_registered(known), *requirements(desk.protocol, desk.history, known, on)],
        "criteria": list(Sheet(desk, known, assessment).rows()),
        "strata": strata,
        "unknown_strata": [one for one in strata if one.level is None],
    }
    return render(request, "enrol/randomize.html", context, status=status)


def _registered(known: SubjectHistory) -> Requirement:
    made = known.registration
    if made is None:
        missing = Refusal(f"{known.subject} is not registered", "registration", "Register the candidate first.")
        return Requirement("Registered", "", missing, "register", "Register")
    return Requirement("Registered", f"As {_number(known)} on {day(made.effective)}", None)
