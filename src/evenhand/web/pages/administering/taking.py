"""One form on one page: shown, filled in, and taken; whatever is refused is shown on the same page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from evenhand.refusal import Refusal
from evenhand.web.access import Action
from evenhand.web.desk import Desk, desk_for
from evenhand.web.pages.forms import Guarded

F = TypeVar("F", bound=Guarded)


def take(
    request: HttpRequest,
    desk: Desk,
    action: Action,
    *,
    template: str,
    form: Callable[[Any], Guarded],
    do: Callable[[Any], str],
    shown: Callable[[Desk], dict[str, Any]] = lambda _: {},
) -> HttpResponse:
    """Show ``form``; posted and valid, ``do`` records something and says what it did.

    ``form`` makes the form from the posted data or None. ``shown`` is what the page shows besides. Raises
    PermissionDenied where the user may not do this for the whole study.
    """
    desk.require(action)
    given = form(request.POST if request.method == "POST" else None)
    refusal = None
    if request.method == "POST" and given.is_valid():
        try:
            messages.success(request, do(given))
            return redirect("administration", desk.study)
        except Refusal as error:
            refusal = error
            desk = desk_for(desk.study, desk.user, desk.printed_name)
            request.desk = desk  # type: ignore[attr-defined]  # for the templates' menu
            given = again(form(None), given)
    status = 200 if request.method == "GET" or (not refusal and not given.errors) else 422
    return render(request, template, {"form": given, "refusal": refusal, **shown(desk)}, status=status)


def again(fresh: F, refused: Guarded) -> F:
    """A new form, with a key of its own, that holds what was written into the refused one; never a password."""
    never = {"key", "seen", "password"}
    fresh.initial = {
        **fresh.initial,
        **{name: value for name, value in refused.cleaned_data.items() if name not in never},
    }
    return fresh
