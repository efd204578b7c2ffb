"""Recording which final report was the final analysis, and striking that: by the statistician, signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from evenhand.administration import GROUNDS, CutSeen, FinalSeen, make_final, strike_final
from evenhand.record import final_analysis
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.board_desk.counting import final_counted, final_reports
from evenhand.web.pages.board_desk.holding import StrikeForm, number_of, taken
from evenhand.web.signing import SignatureForm

_METHODS = ["GET", "HEAD", "POST"]


class FinalForm(SignatureForm):
    """When the final analysis was made."""

    field_order = ("made",)

    made = forms.DateField(
        label="Day of the analysis",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="On or after the day of the data cut.",
    )

    def __init__(self, *args: Any, last_day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._last_day = last_day

    def clean_made(self) -> date:
        """No day that is still to come."""
        day: date = self.cleaned_data["made"]
        if day > self._last_day:
            raise forms.ValidationError("This day is still to come: an analysis is recorded once it was made.")
        return day


@require_http_methods(_METHODS)
@at_desk(Action.MAKE_FINAL)
def finish(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose the final report, then record that it is the final analysis. Raises Http404 for another report."""
    desk.require(Action.MAKE_FINAL)
    reports = final_reports(desk)
    shown: dict[str, Any] = {"reports": reports, "made": final_analysis(desk.history)}
    if "seen" not in request.GET:
        return render(request, "board/finish.html", shown)
    seen = next((one for one in reports if one.seq == number_of(request.GET["seen"])), None)
    if seen is None:
        raise Http404("The record does not say that such a report was made.")
    events, ground = final_counted(desk, seen) or (0, "")
    cut = CutSeen(seen.effective, seen.recorded, seen.last_entry, seen.kind, seen.manifest)

    def form(data: Any) -> FinalForm:
        meaning = f"I record that the report of {seen.effective:%-d %b %Y} named here is the final analysis."
        initial = {"made": desk.last_day.isoformat()}
        return FinalForm(data, request=request, meaning=meaning, last_day=desk.last_day, initial=initial)

    def do(given: FinalForm) -> str:
        by, final = desk.acting(Action.MAKE_FINAL), FinalSeen(cut, events, ground)
        day = given.cleaned_data["made"]
        store.perform(desk.study, make_final, by=by, signing=given.signing, final=final, on=day, **given.guards)
        return "The final analysis is recorded. The error of the design is spent: later cuts test nothing."

    told = {"seen": seen, "events": events, "ground": GROUNDS.get(ground, "")}
    return taken(request, desk, "board/finish.html", form, do, {**shown, **told})


@require_http_methods(_METHODS)
@at_desk(Action.MAKE_FINAL)
def strike_finish(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Strike the entry about the final analysis. Raises Http404 where it was not made."""
    desk.require(Action.MAKE_FINAL)
    made = final_analysis(desk.history)
    if made is None:
        raise Http404("The record does not say that the final analysis was made.")
    meaning = f"I strike entry {made.entry.seq}, by which the final analysis was recorded in error."

    def form(data: Any) -> StrikeForm:
        return StrikeForm(data, request=request, meaning=meaning)

    def do(given: StrikeForm) -> str:
        reason, by = given.cleaned_data["reason"], desk.acting(Action.MAKE_FINAL)
        store.perform(desk.study, strike_final, by=by, signing=given.signing, reason=reason, **given.guards)
        return f"Entry {made.entry.seq} is struck: the final analysis counts as not made."

    return taken(request, desk, "board/strike_final.html", form, do, {"made": made})
