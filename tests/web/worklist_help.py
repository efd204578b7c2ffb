"""A trial in which everybody waits for something, in the database, and people who look at its worklist."""

import re
from datetime import UTC, datetime
from functools import cache
from html import unescape

from django.contrib.auth import get_user_model
from django.test import Client

from evenhand.web import access, models, store
from tests.eligible import SECRET
from tests.waiting_people import PROTOCOL, everybody

STUDY = PROTOCOL.study
BACKEND = "django.contrib.auth.backends.ModelBackend"
STAFF = {
    "carl": [("coordinator", "north")],
    "cora": [("coordinator", "north"), ("coordinator", "south")],
    "pat": [("pathologist", "south")],
    "clin": [("treating_clinician", "north")],
    "dana": [("data_manager", None)],
    "mona": [("monitor", None)],
    "stat": [("statistician", None)],
    "safe": [("safety_board", None)],
}
NAMES = {"far": "Ada Example", "last day": "Bea Example", "five days": "Cleo Sample", "closed yesterday": "Dora Sample"}


def today():
    return datetime.now(UTC).date()


@cache
def _record(make, day):
    scene, who = make(day)
    for user, roles in STAFF.items():
        for role, site in roles:
            scene.granted(user, role, site)
    return scene.history, who


def living(make=everybody):
    """Everybody's situation in the database, with accounts and some names; gives the subjects by situation."""
    history, who = _record(make, today())
    for user in STAFF:
        access.make_account(user, printed_name=user.title(), demo=True)
    store.add_study(STUDY)
    store.adopt(STUDY, history, SECRET)
    for number, (situation, name) in enumerate(NAMES.items() if who else ()):
        named(who[situation], history.subject(who[situation]).entries[0].by.site, name, f"N-{number}")
    return who


def named(subject, site, name, number):
    kept = {"study_id": STUDY, "subject": subject, "site": site, "name": name, "number": number, "likeness": subject}
    models.Identity.objects.create(**kept)


def signed_in(user):
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username=user), BACKEND)
    return client


class Seen:
    """What a user's worklist shows for a query: ``lines`` of words, ``subjects`` in their order, and the whole."""

    def __init__(self, user, query="", client=None):
        self.answer = (client or signed_in(user)).get(f"/{STUDY}/worklist{query}")
        self.html = self.answer.content.decode()
        self.whole = words(self.html)
        items = re.findall(r'<li class="line [^"]*">.*?(?=<li class="line |</ol></div>)', self.html, re.S)
        self.subjects = [re.search(r"S\d{4}-\d", item).group() for item in items]
        self.lines = dict(zip(self.subjects, map(words, items), strict=True))


def words(html):
    """The words of some markup, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
