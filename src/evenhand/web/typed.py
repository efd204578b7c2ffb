"""Nothing typed is lost with the session: a form that comes too late is kept, and shown again to who typed it.

A page whose view can show again what was typed says so by ``{% keeps_typed %}`` in its form: a signed field that tells
who opened it. It proves that the page was made for this user, so that nobody can lay anything before somebody else; and
what is kept is only ever shown, never recorded, until its owner sends it. Passwords are never kept, nor are files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError
from django.utils.datastructures import MultiValueDict

from evenhand.web import store

OPENED_BY: Final = "opened_by"
KEPT: Final = "kept"
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_NEVER: Final = ("csrfmiddlewaretoken", "user_name", OPENED_BY)

ENDED_KEPT: Final = (
    "Your session had ended, so nothing was recorded. What you typed is kept for an hour: "
    "sign in again as the same user, and it is shown to you in its form."
)
OLD_KEPT: Final = "You have signed in again since you opened this page, so nothing was recorded yet."
BACK: Final = (
    "What you typed is back in the form. Look at it, and send it again; a form counts once, however often it is sent."
)
NO_FILE: Final = "The file that you had chosen was not kept: choose it again."
NOTHING: Final = (
    "Nothing that was typed is kept here for you. It is kept for an hour, until the form is sent, "
    "and only for the user who typed it."
)


def opened_by(user: str) -> str:
    """The value of the field that tells for whom a page was made."""
    return _signer().sign(user)


def whose(request: HttpRequest) -> str | None:
    """For whom the page was made whose form is sent; None where it does not say so, or where that is made up."""
    try:
        return _signer().unsign(request.POST.get(OPENED_BY, ""))
    except signing.BadSignature:
        return None


def keep_typed(request: HttpRequest) -> str | None:
    """Keep what is sent with a form. Gives the address that shows it again; None where it cannot be kept."""
    if request.method != "POST" or request.content_type not in _FORMS:
        return None
    try:
        user = whose(request)
    except (SuspiciousOperation, UnreadablePostError):  # more than any form of ours sends
        return None
    if user is None:
        return None
    fields = {name: values for name, values in request.POST.lists() if not _is_secret(name)}
    name = store.keep(user, request.path, store.Typed(fields, any(request.FILES.values())))
    return _address(request, name) if name is not None else None


def typed_before(request: HttpRequest) -> QueryDict | None:
    """What its owner typed in the form of this page before the session ended; says on the page how that stands."""
    name = request.GET.get(KEPT)
    if name is None or request.method == "POST":
        return None
    found = store.kept(name, request.user.get_username(), request.path)
    if found is None:
        messages.info(request, NOTHING)
        return None
    messages.info(request, f"{BACK} {NO_FILE}" if found.file else BACK)
    data = QueryDict(mutable=True)
    data.update(MultiValueDict(found.fields))  # type: ignore[arg-type]  # lists, as a form sends them
    return data


def forget_typed(request: HttpRequest) -> None:
    """Erase what was kept of a form, once it is sent again from the page that showed it."""
    name = request.GET.get(KEPT)
    if name is not None and request.method == "POST":
        store.forget_kept(name, request.user.get_username(), request.path)


def guards(data: Mapping[str, str] | None) -> dict[str, str]:
    """The request's key and what had been seen, as they were: sent twice, a form counts once all the same."""
    return {name: str(data[name]) for name in ("key", "seen") if data and data.get(name)}


def _is_secret(name: str) -> bool:
    return name in _NEVER or "password" in name


def _address(request: HttpRequest, name: str) -> str:
    asked = request.GET.copy()
    asked[KEPT] = name
    return f"{request.path}?{urlencode(list(asked.lists()), doseq=True)}"


def _signer() -> signing.Signer:
    return signing.Signer(salt="evenhand form opened by")
