"""Recording a meeting of the safety board that is no look, and striking a record of one: by the board, signed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from evenhand.administration import CutSeen, MeetingSeen, hold_meeting, meeting_of, strike_meeting
from evenhand.record import OCCASIONS, meetings_held
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.board_desk.counting import SeenReport, report_of, reports_seen, rules_at
from evenhand.web.pages.board_desk.holding import AdviceForm, StrikeForm, number_of, taken

_METHODS = ["GET", "HEAD", "POST"]


class MeetingForm(AdviceForm):
    """Why the board met besides; a stopping rule is an occasion where one is met at the data cut."""

    field_order = ("occasion", "met", "recommendation", "reason")

    occasion = forms.ChoiceField(label="Occasion", widget=forms.RadioSelect)

    def __init__(self, *args: Any, rules: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(id, words.capitalize()) for id, words in OCCASIONS.items() if rules or id != "stopping_rule"]
        self.fields["occasion"].choices = known  # type: ignore[attr-defined]  # of a ChoiceField


@require_http_methods(_METHODS)
@at_desk(Action.HOLD_LOOK)
def meet(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Choose the report that the board saw, then record the meeting. Raises Http404 for a report that there is not."""
    desk.require(Action.HOLD_LOOK)
    runs = desk.history.state.activated and desk.history.state.closure is None
    shown: dict[str, Any] = {"runs": runs, "reports": reports_seen(desk)}
    if "seen" not in request.GET or not runs:
        return render(request, "board/meet.html", shown)
    number = number_of(request.GET["seen"])
    seen = None if number is None else report_of(desk, number)
    if seen is None:
        raise Http404("The record does not say that such a report was made.")
    rules = _waiting(desk, seen)

    def form(data: Any) -> MeetingForm:
        meaning = (
            f"I record for the safety board that it met about the data cut of {seen.effective:%-d %b %Y}, and what it "
            "recommends."
        )
        initial = {"met": desk.last_day.isoformat(), "occasion": "stopping_rule" if rules else "periodic"}
        return MeetingForm(
            data, request=request, meaning=meaning, last_day=desk.last_day, initial=initial, rules=bool(rules)
        )

    def do(given: MeetingForm) -> str:
        told = {name: given.cleaned_data[name] for name in ("recommendation", "reason")}
        cut = CutSeen(seen.effective, seen.recorded, seen.last_entry, seen.kind, seen.manifest)
        meeting = MeetingSeen(cut, given.cleaned_data["occasion"], rules)
        store.perform(
            desk.study, hold_meeting, by=desk.acting(Action.HOLD_LOOK), signing=given.signing, meeting=meeting,
            on=given.cleaned_data["met"], **told, **given.guards,
        )  # fmt: skip
        return "The meeting is recorded. Its recommendation binds nobody: what follows from it is another act."

    return taken(request, desk, "board/meet.html", form, do, {**shown, "seen": seen, "rules": _labels(desk, rules)})


@require_http_methods(_METHODS)
@at_desk(Action.HOLD_LOOK)
def strike_met(request: HttpRequest, desk: Desk, seq: int) -> HttpResponse:
    """Strike the entry about a meeting. Raises Http404 where that entry tells of none."""
    desk.require(Action.HOLD_LOOK)
    held = meeting_of(desk.history, seq)
    if held is None:
        raise Http404(f"Entry {seq} tells of no meeting that counts.")
    meaning = f"I strike entry {seq}, by which a meeting was recorded in error."

    def form(data: Any) -> StrikeForm:
        return StrikeForm(data, request=request, meaning=meaning)

    def do(given: StrikeForm) -> str:
        reason, by = given.cleaned_data["reason"], desk.acting(Action.HOLD_LOOK)
        store.perform(
            desk.study, strike_meeting, by=by, signing=given.signing, meeting=seq, reason=reason, **given.guards
        )  # fmt: skip
        return f"Entry {seq} is struck: the meeting counts as not held, and may be recorded anew."

    return taken(request, desk, "board/strike_meeting.html", form, do, {"held": held})


def _waiting(desk: Desk, seen: SeenReport) -> tuple[tuple[str, int], ...]:
    """The stopping rules that are met at a cut, and that no meeting so far was about."""
    answered: dict[str, int] = {}
    for one in meetings_held(desk.history):
        for name, people in one.rules:
            answered[name] = max(people, answered.get(name, 0))
    return tuple((name, people) for name, people in rules_at(desk, seen) if people > answered.get(name, 0))


def _labels(desk: Desk, rules: tuple[tuple[str, int], ...]) -> list[str]:
    known = desk.newest.monitoring.stopping if desk.newest.monitoring else {}
    return [known[name].label if name in known else name for name, _ in rules]
