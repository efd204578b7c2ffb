"""The door: sign-in, second factor, one's own account, where to go from there, and how the application is."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account import views as account
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.views.decorators.http import require_safe

from evenhand.web import access, health, lockout, store
from evenhand.web.access import Action
from evenhand.web.desk import Desk, desk_for
from evenhand.web.pages import arrival


@dataclass(frozen=True, slots=True)
class Place:
    """A study in which the user has a role: where its work begins, and in which roles."""

    title: str
    study: str
    address: str
    roles: list[str]


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """The studies of whoever is signed in; the only one is entered at once."""
    places, damaged = _places(request)
    if len(places) == 1 and not damaged:
        return redirect(places[0].address)
    return render(request, "door/home.html", {"places": places, "damaged": damaged})


@require_safe
def own_account(request: HttpRequest) -> HttpResponse:
    """What a user may do here, and what guards the account."""
    factors = Authenticator.objects.filter(user=request.user).order_by("created_at")
    shown = {
        "places": _places(request)[0],
        "factors": [one for one in factors if one.type != Authenticator.Type.RECOVERY_CODES],
        "recovery": next((one for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None),
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
    }
    return render(request, "door/account.html", shown)


def _places(request: HttpRequest) -> tuple[list[Place], list[str]]:
    """The user's studies; and those whose record cannot be read, so that nobody knows who has a role in them."""
    name = request.user.get_username()
    places, damaged = [], []
    for study in store.studies():
        try:
            held = access.held_by(store.current(study), name)
        except store.RecordDamaged:
            damaged.append(study)
        else:
            places += [_place(desk_for(study, name, ""))] if held else []
    return places, damaged


def _place(desk: Desk) -> Place:
    start = "worklist" if desk.may_somewhere(Action.SEE_CANDIDATE) else "study"
    names = {site.code: site.name for site in desk.sites}
    roles = [
        f"{grant.role.replace('_', ' ')}, {names.get(grant.site, grant.site) if grant.site else 'whole study'}"
        for grant in desk.held
    ]
    return Place(desk.protocol.title, desk.study, reverse(start, kwargs={"study": desk.study}), roles)


@require_safe
def healthz(_: HttpRequest) -> JsonResponse:
    """200 while the application may serve; otherwise 503 and, by name, what is wrong."""
    wrong = health.wrong()
    return JsonResponse({"status": "unwell", "wrong": wrong}, status=503) if wrong else JsonResponse({"status": "ok"})


def locked(request: HttpRequest, _: HttpResponse | None, credentials: dict[str, str] | None) -> HttpResponse:
    """In place of any answer to a sign-in that is locked out; called by django-axes."""
    until = lockout.locked_until(request, (credentials or {}).get("username", ""))
    return render(request, "door/locked.html", {"until": until}, status=429)


urls: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("account/", own_account, name="account"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/factors/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    *arrival.urls,
]
