"""The life of a study: activated, halted, resumed, closed; each signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from evenhand import steps
from evenhand.web import store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.administering.taking import take
from evenhand.web.pages.board_due import due_lines, due_now
from evenhand.web.signing import SignatureForm

_FORMS = ["GET", "HEAD", "POST"]


class ReasonForm(SignatureForm):
    """Why, and that the signer knows whom it concerns."""

    field_order: tuple[str, ...] = ("reason", "sure")

    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody who is refused in the meantime reads it, and it stands in the record for good.",
    )
    sure = forms.BooleanField(label="I know that this concerns every site at once")


class HaltForm(ReasonForm):
    """Which stopping rule of the protocol asks for it, if one does."""

    field_order = ("rule", "reason", "sure")

    rule = forms.ChoiceField(
        label="Stopping rule",
        required=False,
        help_text="Where a rule of the protocol asks for the halt, the entry names it.",
    )

    def __init__(self, *args: Any, rules: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", "None"), *rules]  # type: ignore[attr-defined]  # of a ChoiceField


class CloseForm(SignatureForm):
    """The study's id written out, so that nobody closes a study by a slip of the hand."""

    field_order = ("typed",)

    typed = forms.CharField(label="Id of the study", max_length=100)

    def __init__(self, *args: Any, study: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._study = study
        self.fields["typed"].help_text = f"Type {study} to confirm."

    def clean_typed(self) -> str:
        """It must be this study's."""
        typed: str = self.cleaned_data["typed"]
        if typed.strip() != self._study:
            raise forms.ValidationError(f"This is not {self._study}, so nothing was closed.")
        return typed


@require_http_methods(_FORMS)
@at_desk(Action.STEER)
def activate(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Activate the study: a secret is drawn and sealed, its commitment is recorded."""
    version = desk.protocol.version.id
    meaning = f"I activate {desk.study} under protocol version {version} with the digest {desk.protocol.digest[:16]}."

    def form(data: Any) -> SignatureForm:
        return SignatureForm(data, request=request, meaning=meaning)

    def do(given: SignatureForm) -> str:
        key = given.cleaned_data["key"]
        done = store.activate(desk.study, by=desk.acting(Action.STEER), signing=given.signing, key=key)
        return f"The study is activated. The commitment of its randomization secret is {done.history.state.commitment}."

    return take(request, desk, Action.STEER, template="administration/activate.html", form=form, do=do, shown=_state)


@require_http_methods(_FORMS)
@at_desk(Action.STEER)
def halt(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Stop registering and randomizing, everywhere, at once."""
    meaning = "I halt accrual at all sites for the reason stated here."
    due, monitoring = due_now(desk), desk.newest.monitoring
    rules = [(one.id, one.label) for one in monitoring.stopping.values()] if monitoring else []
    met = next((one.rule.id for one in due.rules if one.rule.pauses_accrual), "") if due else ""

    def form(data: Any) -> HaltForm:
        return HaltForm(data, request=request, meaning=meaning, rules=rules, initial={"rule": met})

    def do(given: HaltForm) -> str:
        by, told = desk.acting(Action.STEER), {name: given.cleaned_data[name] for name in ("rule", "reason")}
        store.perform(desk.study, steps.halt_accrual, by=by, signing=given.signing, **told, **given.guards)
        return "Accrual is halted. Nobody is registered or randomized until it is resumed."

    return take(request, desk, Action.STEER, template="administration/halt.html", form=form, do=do, shown=_halting)


@require_http_methods(_FORMS)
@at_desk(Action.STEER)
def resume(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Go on after a halt."""
    meaning = "I resume accrual at all sites for the reason stated here."
    do = _steered(desk, steps.resume_accrual, "Accrual is open again.")
    form = _reasoned(request, meaning)
    return take(request, desk, Action.STEER, template="administration/resume.html", form=form, do=do, shown=_state)


@require_http_methods(_FORMS)
@at_desk(Action.STEER)
def close(request: HttpRequest, desk: Desk) -> HttpResponse:
    """End the study for good, and reveal the secret."""
    meaning = f"I close {desk.study} for good and reveal its randomization secret."

    def form(data: Any) -> CloseForm:
        return CloseForm(data, request=request, meaning=meaning, study=desk.study)

    def do(given: CloseForm) -> str:
        key = given.cleaned_data["key"]
        store.close(desk.study, by=desk.acting(Action.STEER), signing=given.signing, key=key)
        return "The study is closed. Its randomization secret is in the record: anybody can verify every allocation."

    return take(request, desk, Action.STEER, template="administration/close.html", form=form, do=do, shown=_state)


def _reasoned(request: HttpRequest, meaning: str) -> Callable[[Any], ReasonForm]:
    return lambda data: ReasonForm(data, request=request, meaning=meaning)


def _steered(desk: Desk, step: steps.Step, said: str) -> Callable[[ReasonForm], str]:
    def do(given: ReasonForm) -> str:
        by, reason = desk.acting(Action.STEER), given.cleaned_data["reason"]
        store.perform(desk.study, step, by=by, signing=given.signing, reason=reason, **given.guards)
        return said

    return do


def _halting(desk: Desk) -> dict[str, Any]:
    return {**_state(desk), "due": tuple(replace(one, page="", link="") for one in due_lines(desk))}


def _state(desk: Desk) -> dict[str, Any]:
    return {"state": desk.history.state}
