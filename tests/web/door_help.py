"""Somebody at the door: an account, a second factor, a browser's cookies, and the clock put forward."""

import re
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import F
from django.test import Client

from evenhand.web import access, sign_in

PASSWORD = "correct horse battery staple"
NAME, PRINTED = "anna", "Anna Example"


class Browser(Client):
    """Asks for the application by a name that it answers to."""

    def __init__(self, **more):
        super().__init__(**{"SERVER_NAME": "localhost", **more})


def account(name=NAME, printed=PRINTED, password=PASSWORD, demo=False):
    access.make_account(name, printed_name=printed, password=password, demo=demo)
    return get_user_model().objects.get(username=name)


def authenticator_app(user):
    """Set up an authenticator app for a user; gives the secret that the app holds."""
    secret = generate_totp_secret()
    data = {"secret": sign_in.SecondFactor().encrypt(secret)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    return secret


def code(secret, periods=0):
    """What the app shows now, or some periods of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def wrong_code(secret):
    """A code that is good neither now nor in the periods beside."""
    good = {code(secret, periods) for periods in range(-2, 4)}
    return next(one for one in map("{:06}".format, range(10)) if one not in good)


def password_given(client, name=NAME, password=PASSWORD, **more):
    return client.post("/account/login/", {"login": name, "password": password, **more})


def code_given(client, text):
    return client.post("/account/factors/authenticate/", {"code": text})


def signed_in(user):
    """A client that came in by password and code, as a person does; as often as asked for within one period."""
    client = Browser()
    known = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if known is None:
        secret = authenticator_app(user)
    else:
        secret = sign_in.SecondFactor().decrypt(known.data["secret"])
        Authenticator.objects.filter(pk=known.pk).update(data={"secret": known.data["secret"]})
        cache.clear()
    password_given(client, user.username)
    code_given(client, code(secret))
    assert client.session["_auth_user_id"] == str(user.pk)
    return client


def is_in(client):
    return "_auth_user_id" in client.session


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).strip()


def let_pass(**span):
    """Let time go by for what the database keeps: sessions, and failures that were counted."""
    Session.objects.update(expire_date=F("expire_date") - timedelta(**span))
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**span))


@contextmanager
def later(**span):
    """Let time go by for what reads the clock of the process."""
    moment = time.time() + timedelta(**span).total_seconds()
    with mock.patch("time.time", lambda: moment):
        yield
