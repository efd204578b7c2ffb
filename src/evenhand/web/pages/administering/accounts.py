"""Accounts: made here, let in by a link that works once, stopped, never deleted; each act stands in the record."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenhand.administration import account_trail
from evenhand.refusal import Refusal
from evenhand.web import access, accounts
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.administering.people import people
from evenhand.web.pages.administering.taking import again
from evenhand.web.pages.forms import Guarded


class AccountForm(Guarded):
    """A new account."""

    user_name = forms.CharField(
        label="User name",
        max_length=60,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9._-]*$", "Use small letters, digits, dots, hyphens.")],
        help_text="It stands in the record for good, for instance a.larsen. One person, one account (21 CFR 11.100).",
    )
    printed_name = forms.CharField(
        label="Printed name", max_length=120, help_text="As it will stand under signatures, for instance Dr Ada Larsen."
    )


class StopForm(Guarded):
    """Why an account may sign in no more."""

    reason = forms.CharField(
        label="Reason for stopping it",
        max_length=500,
        help_text="It stands in the record for good, for instance: left the site on 30 Apr 2026.",
    )


_ACTS: Final[dict[str, type[Guarded]]] = {"link": Guarded, "factor": Guarded, "stop": StopForm, "let": Guarded}
"""What can be done about an account, and what it asks for."""


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.ADMINISTER)
def new_account(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make an account, and show the link by which its owner chooses a password."""
    desk.require(Action.ADMINISTER)
    form, refusal = AccountForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given, by = form.cleaned_data, desk.acting(Action.ADMINISTER)
        name = given["user_name"]
        try:
            path = accounts.make(desk.study, name, printed_name=given["printed_name"], by=by, key=given["key"])
            said = f"The account {name} is made. It may do nothing until it gets a role."
            return _link_shown(request, name, path, said)
        except Refusal as error:
            refusal, form = error, again(AccountForm(), form)
    return render(request, "administration/account.html", {"form": form, "refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.SEE_ADMINISTRATION)
def account_of(request: HttpRequest, desk: Desk, person: str) -> HttpResponse:
    """One account: its roles; a new link, a lost second factor, stopping and letting in again; what was done before."""
    desk.require(Action.SEE_ADMINISTRATION)
    known = next((one for one in people(desk) if one.account.username == person), None)
    if known is None:
        raise Http404(f"There is no account {person} in this study.")
    refusal, stop = None, StopForm()
    if request.method == "POST":
        desk.require(Action.ADMINISTER)
        act = str(request.POST.get("act"))
        form = _ACTS.get(act, Guarded)(request.POST)
        try:
            if form.is_valid() or act not in _ACTS:
                return _act(request, desk, person, act, form)
        except Refusal as error:
            refusal = error
        stop = form if isinstance(form, StopForm) and not refusal else stop
    shown: dict[str, Any] = {
        "person": known,
        "grants": access.held_by(desk.history, person),
        "trail": [(one, desk.history.kinds[one.kind].says) for one in account_trail(desk.history, person)],
        "may_act": desk.may(Action.ADMINISTER) and accounts.in_hand(desk.user, person),
        "may_administer": desk.may(Action.ADMINISTER),
        "may_grant": desk.may(Action.ADMINISTER) and desk.history.state.closure is None,
        "may_read": desk.may(Action.SEE_RECORD),
        "own": person == desk.user,
        "form": Guarded(),
        "stop": stop,
        "refusal": refusal,
    }
    status = 409 if refusal else 200 if request.method != "POST" else 422
    return render(request, "administration/person.html", shown, status=status)


def _act(request: HttpRequest, desk: Desk, person: str, act: str, form: Guarded) -> HttpResponse:
    """Do one thing about an account. Raises Refusal."""
    if not accounts.in_hand(desk.user, person):
        said = f"{person} has roles in studies that you do not administer, or in one whose record cannot be read"
        raise Refusal(said, "accounts", "Ask an administrator of those studies too.")
    if act not in _ACTS:
        raise Refusal("this is nothing that can be done about an account", "accounts", "Use the buttons of the page.")
    by, key = desk.acting(Action.ADMINISTER), form.cleaned_data["key"]
    if act == "link":
        path = accounts.give_link(desk.study, person, by=by, key=key)
        return _link_shown(request, person, path, f"A new link for {person}. Links made before end when one is used.")
    if act == "factor":
        path = accounts.reset_second_factor(desk.study, person, by=by, key=key)
        said = f"The second factor of {person} is gone; the next sign-in sets up another."
        return _link_shown(request, person, path, said)
    if act == "stop":
        accounts.stop(desk.study, person, reason=form.cleaned_data["reason"], by=by, key=key)
        messages.success(request, f"{person} cannot sign in any more; roles stay until they are ended.")
    else:
        accounts.restore(desk.study, person, by=by, key=key)
        messages.success(request, f"{person} may sign in again.")
    return redirect("person", desk.study, person)


def _link_shown(request: HttpRequest, person: str, path: str, said: str) -> HttpResponse:
    """The link is shown once, on this answer alone: whoever has it chooses the password."""
    shown = {"link": request.build_absolute_uri(path), "username": person, "said": said}
    return render(request, "administration/link.html", shown)
