"""Consent is recorded, and its withdrawal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenhand import steps
from evenhand.enrollment import require_running
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, afresh, at_desk
from evenhand.web.pages.enrolment.days import PastDay, proposes_today
from evenhand.web.pages.enrolment.person import subject_of
from evenhand.web.pages.enrolment.requirements import document_words, obstacle
from evenhand.web.pages.forms import Guarded
from evenhand.web.signing import SignatureForm
from evenhand.web.templatetags.evenhand import day
from evenhand.web.typed import typed_before

_TOOK = "I obtained this informed consent, to the version and on the day stated here, before any act that rests on it."


_OTHER = "other"
_OLD = "%(value)s is not, or no longer, the current version. Say which version the person signed."


class ConsentForm(SignatureForm):
    """Which version was signed, when, and the signature of whoever took the consent.

    The current version is sent by its name: a page that was opened before the site adopted an amendment must not turn
    into consent to a document which nobody showed to the person.
    """

    field_order = ("on", "which", "version")

    on = PastDay(label="Day of consent", help_text="The day on which the person signed, for instance 30 Apr 2026.")
    which = forms.ChoiceField(
        label="Version that was signed", widget=forms.RadioSelect, error_messages={"invalid_choice": _OLD}
    )
    version = forms.CharField(
        label="The other version",
        required=False,
        max_length=60,
        help_text="Only if another version was signed on paper. As it is printed on the form, for instance 0.9.",
    )

    def __init__(self, *args: Any, protocol: Protocol, today: date, **kwargs: Any) -> None:
        super().__init__(*args, meaning=_TOOK, **kwargs)
        self._current = protocol.enrollment.consent_version
        proposes_today(self, "on", today)
        choices = [(self._current, f"{self._current}, the current one"), (_OTHER, "Another one")]
        self.fields["which"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, but the stubs say Field
        self.fields["which"].initial = self._current

    def clean(self) -> dict[str, Any]:
        """The other version must be named; the signature is looked at when all else is in order."""
        given = self.cleaned_data
        if given.get("which") == _OTHER and not given.get("version"):
            self.add_error("version", "Say which version was signed, or choose the current one.")
        return super().clean()

    @property
    def signed_version(self) -> str:
        """The version that was signed."""
        version: str = self.cleaned_data["version" if self.cleaned_data["which"] == _OTHER else "which"]
        return version

    @property
    def other_version(self) -> str | None:
        """The version that was signed, where it is not the current one."""
        return self.signed_version if self.signed_version != self._current else None


class WithdrawForm(Guarded):
    """When consent was withdrawn. It asks for no signature, since nothing may stand in its way."""

    on = PastDay(
        label="Day of withdrawal", help_text="From this day on the consent no longer holds. For instance 30 Apr 2026."
    )
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Nobody has to give one. What you write stays in the record for good: no names.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposes_today(self, "on", today)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.RECORD_CONSENT)
def consent(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Record that consent was given."""
    known = desk.candidate(subject, Action.RECORD_CONSENT)
    desk = desk.enrolling(subject)
    if request.method != "POST":
        return _consent_page(request, desk, subject)
    form = _consent_form(request, desk, known)
    if not form.is_valid():
        return _consent_page(request, desk, subject, form=form)
    actor = desk.acting(Action.RECORD_CONSENT, desk.site_of(subject))
    given = {"subject": subject, "on": form.cleaned_data["on"], "version": form.signed_version}
    try:
        store.perform(desk.study, steps.consent, by=actor, signing=form.signing, **form.guards, **given)
    except Refusal as refusal:
        return _consent_page(request, afresh(request, desk).enrolling(subject), subject, refusal=refusal)
    if form.other_version:
        current = document_words(desk.protocol)
        said = f"Consent of {subject} to version {form.other_version} recorded. Registration asks for {current}."
        messages.warning(request, said)
    else:
        messages.success(request, f"Consent of {subject}, given on {day(given['on'])}, is recorded.")
    return redirect("candidate", desk.study, subject)


def _consent_form(request: HttpRequest, desk: Desk, known: SubjectHistory, *, bound: bool = True) -> ConsentForm:
    today = desk.today(desk.site_of(known.subject or ""))
    data = request.POST if bound else None
    return ConsentForm(data, request=request, about=known, protocol=desk.protocol, today=today)


def _consent_page(
    request: HttpRequest, desk: Desk, subject: str, *, form: ConsentForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    known = desk.history.subject(subject)
    obstructed = obstacle(lambda: require_running(desk.protocol, desk.history))
    context = {
        "subject": subject_of(desk, known),
        "form": form or _consent_form(request, desk, known, bound=False),
        "refusal": refusal,
        "obstacle": None if refusal else obstructed,
        "open": obstructed is None,
        "document": document_words(desk.protocol),
        "text": desk.protocol.enrollment.consent_text,
        "consents": known.consents,
        "declined": known.declined,
        "holding": known.consent_on(desk.today(desk.site_of(subject))),
    }
    return render(request, "enrol/consent.html", {"desk": desk, **context}, status=_status(form, refusal))


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.RECORD_CONSENT)
def withdraw(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Record that consent was withdrawn. What others recorded meanwhile does not hinder it."""
    desk.candidate(subject, Action.RECORD_CONSENT)
    if request.method != "POST":
        return _withdraw_page(request, desk, subject)
    site = desk.site_of(subject)
    form = WithdrawForm(request.POST, today=desk.today(site))
    if not form.is_valid():
        return _withdraw_page(request, desk, subject, form=form)
    given = {"subject": subject, "on": form.cleaned_data["on"], "reason": form.cleaned_data["reason"].strip() or None}
    actor = desk.acting(Action.RECORD_CONSENT, site)
    try:
        store.perform(desk.study, steps.withdraw_consent, by=actor, key=form.guards["key"], **given)
    except Refusal as refusal:
        return _withdraw_page(request, afresh(request, desk), subject, refusal=refusal)
    messages.success(request, f"It is recorded that consent of {subject} was withdrawn on {day(given['on'])}.")
    return redirect("candidate", desk.study, subject)


def _withdraw_page(
    request: HttpRequest, desk: Desk, subject: str, *, form: WithdrawForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    known = desk.history.subject(subject)
    today = desk.today(desk.site_of(subject))
    before = typed_before(request)
    holding = known.consent_on(today)
    running = obstacle(lambda: require_running(desk.protocol, desk.history))
    none_holds = Refusal(f"no consent of {subject} holds today", "consent", "There is nothing to withdraw.")
    obstructed = running or (None if holding else none_holds)
    context = {
        "subject": subject_of(desk, known),
        "form": form or WithdrawForm(today=today, initial=before.dict() if before else {}),
        "refusal": refusal,
        "obstacle": None if refusal else obstructed,
        "open": obstructed is None,
        "holding": holding,
        "allocated": known.allocation is not None,
    }
    return render(request, "enrol/withdraw.html", {"desk": desk, **context}, status=_status(form, refusal))


def _status(form: forms.Form | None, refusal: Refusal | None) -> int:
    """409 for a step that was refused, 422 for a form that cannot be taken, so that no program mistakes them."""
    return 409 if refusal else 422 if form is not None else 200
