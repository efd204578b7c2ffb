"""People at a desk: signed in, opening a page and posting its form as a browser would."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from evenhand import steps
from evenhand.record import Actor
from evenhand.web import desk, store
from evenhand.web.store import cache
from tests.web.trial_here import COORDINATOR, NORTH, PASSWORD, STUDY, user

QUICK = {"SECOND_FACTOR": False}  # it is tested at the door
BACKEND = "django.contrib.auth.backends.ModelBackend"
_HIDDEN = re.compile(r'<input type="hidden" name="(key|seen)" value="([^"]*)"')


class Person:
    """Somebody with an account and a role, at a computer of his or her own."""

    def __init__(self, name=COORDINATOR.user, role="coordinator", site=NORTH):
        self.name = user(name, role, site)
        self.client = Client(headers={"host": "localhost"})
        self.account = get_user_model().objects.get(username=name)
        self.client.force_login(self.account, BACKEND)

    def copy(self):
        """The same person in the same session, for another thread."""
        other = object.__new__(Person)
        other.name, other.account, other.client = self.name, self.account, Client(headers={"host": "localhost"})
        other.client.cookies = self.client.cookies.copy()
        return other

    def get(self, page, subject):
        return self.client.get(address(page, subject))

    def opens(self, page, subject):
        """Open a page with a form; gives what the form would send, signed, if nothing in it were changed."""
        answer = self.get(page, subject)
        assert answer.status_code == 200, text(answer)
        return {**dict(_HIDDEN.findall(answer.content.decode())), "user_name": self.name, "password": PASSWORD}

    def posts(self, page, subject, form):
        return self.client.post(address(page, subject), form)

    def does(self, page, subject, **more):
        """Open a page, fill its form in, send it."""
        return self.posts(page, subject, {**self.opens(page, subject), **more})


def address(page, subject):
    return reverse(page, kwargs={"study": STUDY, "subject": subject})


def text(answer):
    """What stands on a page, without markup and with single spaces."""
    return plain(answer.content.decode())


def plain(markup):
    """Markup without its marks, and with single spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup)))


def entries():
    return store.current(STUDY).entries


def kinds():
    return [entry.kind for entry in entries()]


def withdrawn(subject):
    """Consent ends, by another coordinator, while a page is open."""
    by = Actor("cora", "coordinator", NORTH)
    store.perform(STUDY, steps.withdraw_consent, by=by, subject=subject, reason=None)


class Clock:
    """The time that the desk and the store (in SQLite) read; it stands still until it is put forward."""

    def __init__(self, monkeypatch):
        self.moment = datetime.now(UTC)
        for module in (desk, cache):
            monkeypatch.setattr(module, "datetime", self)

    def now(self, zone):
        return self.moment.astimezone(zone)

    def later(self, **span):
        self.moment += timedelta(**span)
