"""Somebody is asked for consent and declines: recorded without a signature, for nothing may stand in its way."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

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
from evenhand.web.templatetags.evenhand import day
from evenhand.web.typed import typed_before

_OTHER: Final = "other"


class DeclineForm(Guarded):
    """When somebody declined and, where it was said, why: one of the study's reasons, so that nobody is described."""

    on = PastDay(label="Day on which the person declined", help_text="For instance 30 Apr 2026.")
    because = forms.ChoiceField(
        label="Reason",
        required=False,
        widget=forms.RadioSelect,
        help_text="Nobody has to give one. Choose one only if the person said so.",
    )
    words = forms.CharField(
        label="The other reason",
        required=False,
        max_length=200,
        help_text="Only with another reason, in a few words. They stay in the record for good: no names.",
    )

    def __init__(self, *args: Any, protocol: Protocol, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposes_today(self, "on", today)
        reasons = protocol.enrollment.declined_because
        choices = [("", "No reason was given"), *((code, _capital(label)) for code, label in reasons.items())]
        self.fields["because"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, but the stubs say Field
        if not reasons:
            del self.fields["because"]
        if _OTHER not in reasons:
            del self.fields["words"]

    def clean(self) -> dict[str, Any]:
        """Words belong to the other reason, and it needs them."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        words, other = given.get("words", "").strip(), given.get("because") == _OTHER
        if other and not words:
            self.add_error("words", "Say the other reason in a few words, or choose that no reason was given.")
        if words and not other:
            self.add_error("words", "Choose “another reason” for this, or leave it empty.")
        return given


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.RECORD_CONSENT)
def decline(request: HttpRequest, desk: Desk, subject: str) -> HttpResponse:
    """Record that somebody was asked for consent and declined."""
    desk.candidate(subject, Action.RECORD_CONSENT)
    desk = desk.enrolling(subject)
    if request.method != "POST":
        return _page(request, desk, subject)
    site = desk.site_of(subject)
    form = DeclineForm(request.POST, protocol=desk.protocol, today=desk.today(site))
    if not form.is_valid():
        return _page(request, desk, subject, form=form)
    told = {name: str(form.cleaned_data.get(name, "")).strip() for name in ("because", "words")}
    given = {"subject": subject, "on": form.cleaned_data["on"], **told}
    actor = desk.acting(Action.RECORD_CONSENT, site)
    try:
        store.perform(desk.study, steps.decline_consent, by=actor, key=form.guards["key"], **given)
    except Refusal as refusal:
        return _page(request, afresh(request, desk).enrolling(subject), subject, refusal=refusal)
    messages.success(request, f"It is recorded that {subject} declined on {day(given['on'])}.")
    return redirect("candidate", desk.study, subject)


def _page(
    request: HttpRequest, desk: Desk, subject: str, *, form: DeclineForm | None = None, refusal: Refusal | None = None
) -> HttpResponse:
    known, today = desk.history.subject(subject), desk.today(desk.site_of(subject))
    before = typed_before(request)
    typed = before.dict() if before else {}
    obstructed = _obstacle(desk, known, today)
    context = {
        "subject": subject_of(desk, known),
        "form": form or DeclineForm(protocol=desk.protocol, today=today, initial=typed),
        "refusal": refusal,
        "obstacle": None if refusal else obstructed,
        "open": obstructed is None,
        "document": document_words(desk.protocol),
    }
    status = 409 if refusal else 422 if form is not None else 200
    return render(request, "enrol/decline.html", {"desk": desk, **context}, status=status)


def _obstacle(desk: Desk, known: SubjectHistory, today: date) -> Refusal | None:
    """What stands in the way whatever is filled in; the day decides about the rest."""
    return obstacle(lambda: require_running(desk.protocol, desk.history)) or obstacle(
        lambda: steps.require_undecided(known, today)
    )
