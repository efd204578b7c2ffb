"""Granting and ending roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from evenhand import administration
from evenhand.administration import ROLES, SITE_ROLES, Grant
from evenhand.refusal import Refusal
from evenhand.web import access, store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.administering.people import place_in_words
from evenhand.web.pages.administering.taking import take
from evenhand.web.pages.forms import Guarded

_WHOLE = ("", "the whole study")


class GrantForm(Guarded):
    """Who gets which role, where."""

    user_name = forms.CharField(label="User name", max_length=60, help_text="The account must exist.")
    role = forms.ChoiceField(
        label="Role",
        choices=[
            ("at one site", [(role, role.replace("_", " ")) for role in SITE_ROLES]),
            (
                "for the study or one site",
                [(role, role.replace("_", " ")) for role in ROLES if role not in SITE_ROLES],
            ),
        ],
    )
    site = forms.ChoiceField(label="Where", required=False)

    def __init__(self, data: Any, desk: Desk, user: str = "") -> None:
        super().__init__(data, initial={"user_name": user})
        places = [_WHOLE, *((one.code, f"{one.name} ({one.code})") for one in desk.sites)]
        self.fields["site"].choices = places  # type: ignore[attr-defined]  # a ChoiceField, but the stubs say Field

    @property
    def given(self) -> Grant:
        """The role; only after the form was found valid."""
        return Grant(self.cleaned_data["user_name"], self.cleaned_data["role"], self.cleaned_data["site"] or None)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.ADMINISTER)
def grant_role(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Let somebody act in a role."""

    def do(form: GrantForm) -> str:
        given = form.given
        if access.account(given.user) is None:
            raise Refusal(f"there is no account {given.user!r}", "delegation", "Make the account first.")
        by = desk.acting(Action.ADMINISTER)
        store.perform(desk.study, administration.grant_role, by=by, given=given, **form.guards)
        return f"{given.user} is now {place_in_words(desk, given.role, given.site)}."

    def form(data: Any) -> GrantForm:
        return GrantForm(data, desk, str(request.GET.get("user", "")))

    return take(request, desk, Action.ADMINISTER, template="administration/grant.html", form=form, do=do)


class EndForm(Guarded):
    """Why a role ends."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the record for good, for instance: left the site on 30 Apr 2026.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.ADMINISTER)
def end_role(request: HttpRequest, desk: Desk) -> HttpResponse:
    """End a role that somebody holds; which one stands in the address (user, role, site)."""
    desk.require(Action.ADMINISTER)
    asked = request.GET
    given = Grant(asked.get("user", ""), asked.get("role", ""), asked.get("site") or None)
    if request.method != "POST" and given not in access.held_by(desk.history, given.user):
        raise Http404("Nobody holds this role.")

    def do(form: EndForm) -> str:
        by, reason = desk.acting(Action.ADMINISTER), form.cleaned_data["reason"]
        store.perform(desk.study, administration.revoke_role, by=by, given=given, reason=reason, **form.guards)
        return f"{given.user} is no longer {place_in_words(desk, given.role, given.site)}."

    def shown(_: Desk) -> dict[str, Any]:
        return {"given": given, "place": place_in_words(desk, given.role, given.site)}

    return take(request, desk, Action.ADMINISTER, template="administration/end.html", form=EndForm, do=do, shown=shown)
