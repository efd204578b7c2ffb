"""Accounts: made here, let in by a link that works once, stopped, never deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evenhand.refusal import Refusal
from evenhand.web import access
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.administering.people import in_hand, people
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


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.ADMINISTER)
def new_account(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Make an account, and show the link by which its owner chooses a password."""
    desk.require(Action.ADMINISTER)
    form, refusal = AccountForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["user_name"]
        try:
            access.make_account(name, printed_name=form.cleaned_data["printed_name"])
            return _link_shown(request, name, f"The account {name} is made. It may do nothing until it gets a role.")
        except Refusal as error:
            refusal = error
    return render(request, "administration/account.html", {"form": form, "refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.SEE_ADMINISTRATION)
def account_of(request: HttpRequest, desk: Desk, person: str) -> HttpResponse:
    """One account: its roles; a new link, a lost second factor, stopping and letting in again."""
    desk.require(Action.SEE_ADMINISTRATION)
    known = next((one for one in people(desk) if one.account.username == person), None)
    if known is None:
        raise Http404(f"There is no account {person} in this study.")
    refusal = None
    if request.method == "POST":
        desk.require(Action.ADMINISTER)
        try:
            return _act(request, desk, person, str(request.POST.get("act")))
        except Refusal as error:
            refusal = error
    shown: dict[str, Any] = {
        "person": known,
        "grants": access.held_by(desk.history, person),
        "may_act": desk.may(Action.ADMINISTER) and in_hand(desk, person),
        "may_grant": desk.may(Action.ADMINISTER) and desk.history.state.closure is None,
        "own": person == desk.user,
        "refusal": refusal,
    }
    return render(request, "administration/person.html", shown, status=409 if refusal else 200)


def _act(request: HttpRequest, desk: Desk, person: str, act: str) -> HttpResponse:
    """Do one thing about an account. Raises Refusal."""
    if not in_hand(desk, person):
        mend = "Ask an administrator of those studies too."
        raise Refusal(f"{person} has roles in studies that you do not administer", "accounts", mend)
    if act == "link":
        return _link_shown(request, person, f"A new link for {person}. Links made before end when one is used.")
    if act == "factor":
        access.reset_second_factor(person)
        return _link_shown(request, person, f"The second factor of {person} is gone; the next sign-in sets up another.")
    if act == "stop":
        return _switched(request, desk, person, active=False)
    if act == "let":
        return _switched(request, desk, person, active=True)
    raise Refusal("this is nothing that can be done about an account", "accounts", "Use the buttons of the page.")


def _switched(request: HttpRequest, desk: Desk, person: str, *, active: bool) -> HttpResponseRedirect:
    if person == desk.user:
        raise Refusal("you cannot stop your own account", "accounts", "Ask another administrator.")
    access.set_active(person, active)
    said = "may sign in again" if active else "cannot sign in any more; roles stay until they are ended"
    messages.success(request, f"{person} {said}.")
    return redirect("person", desk.study, person)


def _link_shown(request: HttpRequest, person: str, said: str) -> HttpResponse:
    """The link is shown once, on this answer alone: whoever has it chooses the password."""
    link = request.build_absolute_uri(access.make_password_link(person))
    return render(request, "administration/link.html", {"link": link, "username": person, "said": said})
