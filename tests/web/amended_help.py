"""The tiny study across versions in the database under test, and people at its pages."""

import re
from datetime import timedelta
from html import unescape

from django.test import Client
from django.urls import reverse

from evenhand import administration
from evenhand.administration import Grant
from evenhand.protocol import load_versions
from evenhand.record import Actor
from evenhand.web import access, store
from evenhand.web.models import User
from tests.amended import SECRET, Amended, fit_person
from tests.web.trial_here import PASSWORD, today

STUDY = "tiny-lung"
FIRST = today() - timedelta(days=6)
STAFF = [
    Grant("ada", "administrator", None),
    Grant("carl", "coordinator", "ward"),
    Grant("dora", "coordinator", "annex"),
]


def kept(study) -> tuple[str, str]:
    """The study with a participant and a consenting candidate at the ward, both under v1, taken over; gives the two."""
    trial = Amended(load_versions(study, "v1"), first=FIRST)
    participant, candidate = trial.randomized(), trial.consented()
    for given in STAFF:
        trial.take(administration.grant_role, given=given)
    store.add_study(str(study), "v1")
    store.adopt(STUDY, trial.history, SECRET)
    for given in STAFF:
        access.make_account(given.user, printed_name=given.user.title(), password=PASSWORD)
    return participant, candidate


class Desk:
    """Somebody signed in, with the pages of the tiny study."""

    def __init__(self, name, role, site):
        self.name, self.actor = name, Actor(name, role, site)
        self.client = Client(SERVER_NAME="localhost")
        self.account = User.objects.get(username=name)
        self.client.force_login(self.account, "django.contrib.auth.backends.ModelBackend")

    def get(self, page, query="", **given):
        return self.client.get(reverse(page, kwargs={"study": STUDY, **given}) + query)

    def text(self, page, query="", **given):
        answer = self.get(page, query, **given)
        assert answer.status_code == 200, (answer.status_code, self.said(answer)[:500])
        return self.said(answer)

    def sends(self, page, subject=None, **values):
        """Fill in the form of a page, signed, and send it."""
        where = {"subject": subject} if subject else {}
        shown = self.get(page, **where).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', shown))
        given = {**hidden, "user_name": self.name, "password": PASSWORD, **values}
        return self.client.post(reverse(page, kwargs={"study": STUDY, **where}), given)

    @staticmethod
    def said(answer):
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())

    @staticmethod
    def person():
        return fit_person(today())
