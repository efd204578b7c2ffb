"""The door: nothing is reached without a sign-in but what is named here, and no session outlives its time.

It asks the same of every address, so that a page which forgot to ask is closed all the same.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from evenhand.web.access import needs_second_factor
from evenhand.web.signing import ENDED
from evenhand.web.store import RecordDamaged
from evenhand.web.typed import ENDED_KEPT, KEPT, OLD_KEPT, forget_typed, keep_typed, whose

_log: Final = logging.getLogger(__name__)

OPEN: Final = frozenset(
    {
        "healthz",
        "account_login",
        "account_logout",
        "account_inactive",
        "mfa_authenticate",
        "first-password",
        "demo",
        "demo-link",
    }
)
"""What is reached without a sign-in; whatever is below ``_API`` asks for a token."""
ENROLMENT: Final = frozenset({"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"})
"""What a user without a second factor reaches beside those."""
_API: Final = "/api/"
_SAFE: Final = ("GET", "HEAD", "OPTIONS", "TRACE")
_FAULTY: Final = 400
_STEP: Final = 60  # seconds; a session is written no more often, so that reading pages hardly writes


class Door:
    """Sends away who is not signed in, or not wholly, and keeps pages out of the browser's store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in place of the page, or let it answer."""
        response = self._answer(request, _name(request)) or self._served(request)
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"  # a clinic's computers are shared
        return response

    def _served(self, request: HttpRequest) -> HttpResponse:
        """The page's own answer; what was typed before a session ended is erased once it was sent again."""
        response = self._get_response(request)
        if request.GET.get(KEPT) and response.status_code < _FAULTY and not hasattr(request, "kept_again"):
            forget_typed(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A record that cannot be read has a page of its own, whichever page it was needed for."""
        return damaged(request, exception) if isinstance(exception, RecordDamaged) else None

    def _answer(self, request: HttpRequest, name: str | None) -> HttpResponse | None:
        if name is None or name in OPEN or request.path_info.startswith(_API):
            return None
        if request.user.is_authenticated:
            _keep_time(request)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if name not in ENROLMENT and needs_second_factor(request.user):
            return _sent(request, reverse("mfa_index"))
        return None


def damaged(request: HttpRequest, found: RecordDamaged) -> HttpResponse:
    """503: which record, at which line and why; without the study's menu, all of whose pages need the record."""
    _log.error("a record cannot be read: %s", found)
    if hasattr(request, "desk"):
        del request.desk
    answer = render(request, "record_damaged.html", {"found": found, "now": datetime.now(UTC)}, status=503)
    if getattr(request, "htmx", None):
        answer["HX-Refresh"] = "true"  # htmx shows no answer that is an error, so it asks for the whole page
    return answer


def _name(request: HttpRequest) -> str | None:
    """The name of the page; None where there is none, which is answered by 404. A page without a name is closed."""
    try:
        return resolve(request.path_info).url_name or ""
    except Resolver404:
        return None


def _keep_time(request: HttpRequest) -> None:
    """Put off the end of an idle session, and end one that is too old."""
    now = int(time.time())
    session = request.session
    if now - session.setdefault("began", now) >= settings.SESSION_LONGEST:
        logout(request)
        return
    if now - session.get("seen", 0) >= _STEP:
        session["seen"] = now


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and from there back to the page; to the form's page where something was to be recorded."""
    if request.method in _SAFE:
        back = _shown(request) or request.get_full_path()
    elif (kept := keep_typed(request)) is not None:
        messages.warning(request, ENDED_KEPT)
        back = kept
    else:
        messages.warning(request, ENDED)
        back = _shown(request) or _referrer(request) or reverse("home")
    return _sent(request, redirect_to_login(back).url)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that carries another sign-in than the present one; called by Django where it finds a request forged.

    Nothing is recorded. What was typed is kept for whom the page was made, and shown again to that user.
    """
    kept = keep_typed(request)
    request.kept_again = True  # type: ignore[attr-defined]  # it is not sent anew, so what was kept before stays
    if kept is not None and whose(request) == request.user.get_username():
        messages.warning(request, OLD_KEPT)
        return _sent(request, kept)
    return render(request, "403_csrf.html", {"kept_at": kept, "kept_for": whose(request)}, status=403)


def _shown(request: HttpRequest) -> str | None:
    """The page that is in the browser, where only a part of it was asked for."""
    shown = getattr(request, "htmx", None)
    return shown.current_url_abs_path if shown else None


def _referrer(request: HttpRequest) -> str | None:
    """The page of the form. The browser names it, but only a page of ours is gone back to."""
    named = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(named, {request.get_host()}, require_https=request.is_secure()):
        return None
    parts = urlsplit(named)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or None


def _sent(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect of the whole page, also where only a part of it was asked for."""
    if getattr(request, "htmx", None):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
