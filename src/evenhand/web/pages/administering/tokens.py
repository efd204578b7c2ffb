"""Tokens of other systems: issued here, shown once, ended here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from evenhand.administration import LONGEST_LIFE, Grant, TokenTerms, grants, issued_tokens
from evenhand.refusal import Refusal
from evenhand.web import access, store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.administering.people import place_in_words
from evenhand.web.pages.administering.taking import again, take
from evenhand.web.pages.forms import Guarded

_SCOPES: Final = [
    ("screen", "screen: submit candidates and add facts"),
    ("read", "read: ask for verdicts, read the record of the site"),
    ("register", "register candidates"),
    ("randomize", "randomize participants, and see their arm"),
]
_NEEDS: Final = {
    "screen": Action.ENTER_FACTS,
    "read": Action.SEE_CANDIDATE,
    "register": Action.REGISTER,
    "randomize": Action.RANDOMIZE,
}


class TokenForm(Guarded):
    """A system, the person in whose role it acts, what it may do, and for how long."""

    label = forms.CharField(
        label="System",
        max_length=80,
        help_text="It stands in every entry that the system makes, for instance: chart system of Northern Hospital.",
    )
    acts_as = forms.ChoiceField(
        label="Acts as", help_text="Only while this person holds this role. Choose somebody who answers for the system."
    )
    scopes = forms.MultipleChoiceField(label="May", choices=_SCOPES, widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(
        label="Days until it ends",
        min_value=1,
        max_value=LONGEST_LIFE.days,
        initial=90,
        help_text=f"At most {LONGEST_LIFE.days}.",
    )

    def __init__(self, data: Any, desk: Desk) -> None:
        super().__init__(data)
        self._places = _places(desk)
        self.fields["acts_as"].choices = [  # type: ignore[attr-defined]  # a ChoiceField, but the stubs say Field
            ("", "Choose somebody"),
            *(
                (name, f"{user}, {place_in_words(desk, role, site)}")
                for name, (user, role, site) in self._places.items()
            ),
        ]

    @property
    def place(self) -> tuple[str, str, str]:
        """User, role and site; only after the form was found valid."""
        return self._places[self.cleaned_data["acts_as"]]

    def clean(self) -> dict[str, Any]:
        """A token gets no scope that its role could never use."""
        given = super().clean() or self.cleaned_data
        if given.get("acts_as") and given.get("scopes"):
            role = self.place[1]
            idle = [scope for scope in given["scopes"] if _NEEDS[scope] not in access.TABLE[role]]
            if idle:
                self.add_error("scopes", f"A {role.replace('_', ' ')} may not {' or '.join(idle)}: leave it out.")
        return given


def _places(desk: Desk) -> dict[str, tuple[str, str, str]]:
    """Every role that some scope can use, at every site where it is held."""
    found = {}
    for grant in grants(desk.history):
        if access.TABLE[grant.role] & set(_NEEDS.values()):
            for site in [grant.site] if grant.site else [one.code for one in desk.sites]:
                found[f"{grant.user}|{grant.role}|{site}"] = (grant.user, grant.role, site)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.ADMINISTER)
def issue_token(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Issue a token; the answer shows it, and nothing ever shows it again."""
    desk.require(Action.ADMINISTER)
    form, refusal = TokenForm(request.POST or None, desk), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            token = _issued(desk, form)
            return render(request, "administration/token_shown.html", {"token": token, "label": given["label"]})
        except Refusal as error:
            refusal, form = error, again(TokenForm(None, desk), form)
    return render(request, "administration/token.html", {"form": form, "refusal": refusal})


def _issued(desk: Desk, form: TokenForm) -> str:
    """A new token as the form says. Raises Refusal."""
    given, life = form.cleaned_data, timedelta(days=form.cleaned_data["days"])
    terms = TokenTerms(given["label"], Grant(*form.place), tuple(given["scopes"]), life)
    return store.issue_token(desk.study, terms, by=desk.acting(Action.ADMINISTER), key=given["key"])


class EndTokenForm(Guarded):
    """Why a token ends before its time."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the record for good, for instance: the chart system was replaced.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Action.ADMINISTER)
def end_token(request: HttpRequest, desk: Desk, digest: str) -> HttpResponse:
    """End a token at once. Raises Http404 for one that there is not, or that is ended."""
    desk.require(Action.ADMINISTER)
    token = next((one for one in issued_tokens(desk.history) if one.digest == digest), None)
    if token is None or (request.method != "POST" and token.ended is not None):
        raise Http404("There is no such token, or it is ended already.")

    def do(form: EndTokenForm) -> str:
        by, given = desk.acting(Action.ADMINISTER), form.cleaned_data
        store.revoke_token(desk.study, digest, by=by, reason=given["reason"], key=given["key"])
        return f"The token of {token.label} is ended. The system that has it gets no answer any more."

    def shown(_: Desk) -> dict[str, Any]:
        return {"token": token, "may_read": desk.may(Action.SEE_RECORD)}

    template = "administration/end_token.html"
    return take(request, desk, Action.ADMINISTER, template=template, form=EndTokenForm, do=do, shown=shown)
