"""Wrong passwords and wrong codes are counted in the database, for all workers together, and lock for a while.

What is counted is the user name together with the address of the client: nobody can lock out a colleague from
elsewhere. django-axes counts; this says who is asked, and what becomes of the answer.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime
from enum import Enum
from ipaddress import ip_address

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, QueryDict


class Proof(Enum):
    """What became of a user name and a password."""

    GIVEN = "they go together"
    WRONG = "they do not go together"
    LOCKED = "too many were wrong of late"


def client_address(request: HttpRequest, *_: object) -> str | None:
    """The address of the client, as the last proxy that is ours saw it; what a client says of itself counts nothing."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.PROXIES <= len(forwarded):
        given = _address(forwarded[-settings.PROXIES])
        if given is not None:
            return given
    return _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:  # a socket of this machine has none
        return None


def prove(request: HttpRequest, username: str, password: str) -> Proof:
    """Whether a user name and a password go together, counted like a sign-in.

    Of the request only its sender is handed on: what a form holds must not end up in the table of failures.
    """
    bare = copy(request)
    bare.GET = bare.POST = QueryDict()
    user = authenticate(bare, username=username, password=password)
    if user is None:
        return Proof.LOCKED if getattr(bare, "axes_locked_out", False) else Proof.WRONG
    reset(username=username, ip=client_address(request))
    if request.user.is_authenticated and user.pk == request.user.pk:
        # A password that was kept by an older rule has just been kept anew, which would end the session.
        request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    return Proof.GIVEN


def is_locked(request: HttpRequest, username: str) -> bool:
    """Whether too much was wrong of late; then the answer to this request becomes the page that says so."""
    locked = not AxesProxyHandler.is_allowed(request, {"username": username})
    if locked:
        request.axes_locked_out = True  # type: ignore[attr-defined]  # read by axes' middleware
    return locked


def count_failure(request: HttpRequest, username: str) -> None:
    """Count a wrong code like a wrong password."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


def forgive(username: str) -> None:
    """Forget what was counted about a user name, from wherever."""
    reset(username=username)


def locked_until(request: HttpRequest, username: str) -> datetime | None:
    """When a lock ends, in UTC; None where nothing is counted."""
    counted = AccessAttempt.objects.filter(username=username, ip_address=client_address(request))
    last = counted.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    return last + settings.AXES_COOLOFF_TIME if last else None
