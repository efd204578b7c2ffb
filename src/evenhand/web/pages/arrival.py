"""Coming in by a link that works once: to choose a password, or as somebody of the demonstration."""

from __future__ import annotations

import re
from ipaddress import ip_address

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from evenhand.refusal import Refusal
from evenhand.web import access

_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest, key: str) -> HttpResponseBase:
    """Choose a password by an administrator's link. Then comes the sign-in, and with it the second factor."""
    user = access.user_of_password_link(key)
    if user is None:
        return render(request, "door/spent_password_link.html", status=410)
    form = SetPasswordForm(user, request.POST or None)
    form.fields["new_password2"].label, form.fields["new_password2"].help_text = "New password again", ""
    if form.is_valid():
        access.set_password(user, form.cleaned_data["new_password1"])
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("account_login")
    return render(request, "door/first_password.html", {"form": form, "username": user.get_username()})


@require_GET
def demo_link(request: HttpRequest, key: str) -> HttpResponseBase:
    """Sign a user of the demonstration in, once."""
    if not settings.DEMO:
        raise Http404("This is not the demonstration.")
    user = access.enter_demo(key)
    if user is None:
        return render(request, "door/spent_demo_link.html", {"local": is_local(request)}, status=410)
    login(request, user, _BACKEND)
    UserSession.objects.create_from_request(request)
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest) -> HttpResponseBase:
    """Change from one user of the demonstration to another; only in a browser on the same machine."""
    if not settings.DEMO or not is_local(request):
        raise Http404("There is nothing here.")
    if request.method != "POST":
        return render(request, "door/demo.html", {"accounts": access.demo_accounts()})
    try:
        path_of_link = access.make_demo_link(request.POST.get("username", ""))
    except Refusal as refusal:
        raise Http404(str(refusal)) from None
    return redirect(path_of_link)


def is_local(request: HttpRequest) -> bool:
    """Whether the browser runs on this machine, as far as can be told: no proxy, loopback, and asked for as such.

    Behind a proxy everybody comes from loopback, so one proxy, or any sign of one, is enough to say no. The name that
    was asked for keeps out pages elsewhere whose own name was made to lead here (DNS rebinding).
    """
    heads = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_VIA")
    if settings.PROXIES or any(head in request.META for head in heads):
        return False
    try:
        loopback = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return loopback and re.sub(r":\d+$", "", request.get_host()) in _OWN_NAMES


urls: list[URLPattern | URLResolver] = [
    path("account/first-password/<str:key>/", first_password, name="first-password"),
    path("demo/", demo, name="demo"),
    path("demo/<str:key>", demo_link, name="demo-link"),
]
