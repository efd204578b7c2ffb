"""Recording that a look was held, and striking a record of one: by the safety board, signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenhand.administration import LookSeen, hold_look, strike_look
from evenhand.record import RECOMMENDATIONS, looks_held
from evenhand.refusal import Refusal
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk, desk_for
from evenhand.web.pages.board_desk.counting import SeenReport, counted, report_of, reports_seen
from evenhand.web.pages.board_desk.looks import design_of, looks_shown, next_look
from evenhand.web.signing import SignatureForm

_METHODS = ["GET", "HEAD", "POST"]
OPEN_TO_ALL = (
    "Whoever runs the trial reads it, and it stands in the record for good. So write no result by arm: no number of "
    "one arm, no hazard ratio, no p-value."
)


class AdviceForm(SignatureForm):
    """When the board met, what it recommends, and why."""

    met = forms.DateField(
        label="Day of the meeting",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="On or after the day of the data cut.",
    )
    recommendation = forms.ChoiceField(
        label="Recommendation",
        choices=[(id, words.capitalize()) for id, words in RECOMMENDATIONS.items()],
        widget=forms.RadioSelect,
        help_text="It goes to the sponsor, who decides. By itself it halts and closes nothing.",
    )
    reason = forms.CharField(
        label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=OPEN_TO_ALL
    )

    def __init__(self, *args: Any, last_day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last_day = last_day

    def clean_met(self) -> date:
        """No day that is still to come."""
        day: date = self.cleaned_data["met"]
        if day > self._last_day:
            raise forms.ValidationError("This day is still to come: a meeting is recorded once it was held.")
        return day


class LookForm(AdviceForm):
    """``look`` is the number that was shown, so that a form that is sent twice, or after somebody else recorded that
    look, is about the same look."""

    field_order = ("look", "met", "recommendation", "reason")

    look = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class StrikeForm(SignatureForm):
    """Why the entry is mistaken."""

    field_order = ("reason",)

    reason = forms.CharField(
        label="Reason", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), help_text=OPEN_TO_ALL
    )


@require_http_methods(_METHODS)
@at_desk(Action.HOLD_LOOK)
def hold(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose the report that the board saw, then record the look. Raises Http404 for a report that there is not."""
    desk.require(Action.HOLD_LOOK)
    shown: dict[str, Any] = {"looks": looks_shown(desk, None), "reports": reports_seen(desk)}
    if "seen" not in request.GET:
        return render(request, "board/hold.html", shown)
    number, asked = number_of(request.GET["seen"]), number_of(request.POST.get("look", ""))
    seen = None if number is None else report_of(desk, number)
    if seen is None:
        raise Http404("The record does not say that such a report was made.")
    try:
        look = _look(desk, seen, asked)
    except (Refusal, LookupError) as error:
        return render(request, "board/hold.html", {**shown, "refusal": _refusal(error)}, status=422)

    def form(data: Any) -> LookForm:
        meaning = (
            f"I record for the safety board that look {look.number} was held at the data cut of "
            f"{look.effective:%-d %b %Y}, and what the board recommends."
        )
        initial = {"look": look.number, "met": desk.last_day.isoformat()}
        return LookForm(data, request=request, meaning=meaning, last_day=desk.last_day, initial=initial)

    def do(given: LookForm) -> str:
        told = {name: given.cleaned_data[name] for name in ("recommendation", "reason")}
        by = desk.acting(Action.HOLD_LOOK)
        store.perform(
            desk.study, hold_look, by=by, signing=given.signing, look=look, on=given.cleaned_data["met"], **told,
            **given.guards,
        )  # fmt: skip
        return f"Look {look.number} is recorded. Its recommendation binds nobody: what follows from it is another act."

    return taken(request, desk, "board/hold.html", form, do, {**shown, "seen": seen, "look": look})


@require_http_methods(_METHODS)
@at_desk(Action.HOLD_LOOK)
def strike(request: HttpRequest, desk: Desk, look: int) -> HttpResponse:
    """Strike the entry about a look. Raises Http404 for a look that was not held."""
    desk.require(Action.HOLD_LOOK)
    held = next((one for one in looks_held(desk.history) if one.number == look), None)
    if held is None:
        raise Http404(f"The record does not say that look {look} was held.")
    meaning = f"I strike entry {held.entry.seq}, by which look {look} was recorded in error."

    def form(data: Any) -> StrikeForm:
        return StrikeForm(data, request=request, meaning=meaning)

    def do(given: StrikeForm) -> str:
        reason, by = given.cleaned_data["reason"], desk.acting(Action.HOLD_LOOK)
        store.perform(
            desk.study, strike_look, by=by, signing=given.signing, look=look, reason=reason, **given.guards
        )  # fmt: skip
        return f"Entry {held.entry.seq} is struck. Look {look} counts as not held, and may be recorded anew."

    return taken(request, desk, "board/strike.html", form, do, {"held": held})


def number_of(text: str) -> int | None:
    """A number in an address or a form; anything else is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _look(desk: Desk, seen: SeenReport, asked: int | None) -> LookSeen:
    """What a board saw in a report: its cut, and the events at it, counted here; ``asked`` is the look, else the one
    that comes next. Raises Refusal."""
    now = design_of(desk)
    found = counted(desk.versions, desk.history, seen.effective, seen.recorded, seen.head)
    if now is None or found is None:
        raise Refusal("the design plans no look at an endpoint of the protocol", "interim looks", "Amend the design.")
    number = max(found.number, next_look(desk, now)) if asked is None else asked
    return LookSeen(
        number, seen.effective, seen.recorded, seen.last_entry, found.events, seen.kind, seen.manifest
    )  # fmt: skip


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    return Refusal(str(error), "interim looks", "Look at the design of the protocol.")


def taken(
    request: HttpRequest, desk: Desk, template: str, form: Callable[[Any], Any], do: Callable[[Any], str],
    shown: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """Show the form; posted and valid, record it and go back to the board's page."""
    given, refusal = form(request.POST if request.method == "POST" else None), None
    if request.method == "POST" and given.is_valid():
        try:
            messages.success(request, do(given))
            return redirect("board", desk.study)
        except Refusal as error:
            refusal = error
            request.desk = desk_for(desk.study, desk.user, desk.printed_name)  # type: ignore[attr-defined]  # the menu
            fresh = form(None)
            never = {"key", "seen", "password"}
            told = {name: value for name, value in given.cleaned_data.items() if name not in never}
            fresh.initial = {**fresh.initial, **told}
            given = fresh
    status = 200 if request.method != "POST" or (refusal is None and not given.errors) else 422
    return render(request, template, {**shown, "form": given, "refusal": refusal}, status=status)
