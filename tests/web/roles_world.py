"""A study in which every role is held at every place it can be held, for the table of rights."""

from datetime import timedelta

from django.test import Client
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse

from evenhand import administration, steps
from evenhand.administration import ROLES, SCOPES, SITE_ROLES, Grant, TokenTerms, issued_tokens
from evenhand.conduct.entering import Given
from evenhand.conduct.findings import DoubtAt
from evenhand.web import access, store
from evenhand.web.models import User
from evenhand.web.pages import participant, special_forms
from evenhand.web.store import Who
from tests.eligible import PROTOCOL
from tests.web.reports_help import BOARD_FILES, kept
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, NORTH, SOUTH, STUDY, Making

SIGNS = {401: "1", 403: "-", 404: "0", 405: "x"}
ABOUT_PARTICIPANTS = {"allocation", "confirmation", *(one.name for one in (*participant.urls, *special_forms.urls))}
READS = {"adverse-event": "adverse_event", "scan": "scan"}  # how the form is read that a page of its own is for
GROUPS = {role: (NORTH, SOUTH) if role in SITE_ROLES else (NORTH, SOUTH, None) for role in ROLES}


def names(patterns=None, space=""):
    """The names of all addresses, those of the API under its namespace."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}"


def sign(answer):
    """``+`` for whatever was not refused for who asked: a page, a redirect, a form that was not filled in."""
    assert answer.status_code < 500
    return SIGNS.get(answer.status_code, "+")


def signed_in(name):
    """A browser in which this user is signed in."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend")
    return client


class World:
    """Candidates of the northern site, and somebody in every role at every place."""

    def __init__(self, *, peopled=True):
        making = Making()
        self.subject, self.participant = making.candidate("registered"), making.candidate("registered")
        making.keep()
        known = store.identify(STUDY, NORTH, Who("H-1", "Ada Example", None))
        known(store.current(STUDY).subject(self.subject).entries[:1])
        access.make_account(ADMINISTRATOR.user, printed_name="Ada")
        store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=self.participant)
        self.entry = self._not_done("surgery")
        self.special = {name: self._not_done(reads) for name, reads in READS.items()}
        self.query = self._entered(
            steps.open_query, asked=DoubtAt(PROTOCOL.plan.reading("surgery")[0].id, "1", None, "", "", "Why not?")
        )
        self.last = store.current(STUDY).subject(self.subject).entries[-1].seq
        places = [(role, place) for role, group in GROUPS.items() for place in group if peopled]
        self.people = {(role, place): self._somebody(role, place) for role, place in places}
        self.report, self.view = kept("final"), kept("board", BOARD_FILES)  # of now: nothing is left to be made

    def _not_done(self, reads):
        """The number of an entry that says only why there is nothing to say."""
        form = PROTOCOL.plan.reading(reads)[0]
        visit = "follow_up.1" if form.visits else None
        return self._entered(steps.enter, given=Given(form.id, {}, visit=visit, not_done="nothing to say"))

    def _entered(self, step, **given):
        """The number of an entry about the participant."""
        return store.perform(STUDY, step, by=COORDINATOR, subject=self.participant, **given).entries[0].seq

    def _somebody(self, role, place):
        """A browser, and the headers of a token, of a user who holds this one role at this one place."""
        name = f"{role}-{place or 'all'}"
        access.make_account(name, printed_name=name)
        store.perform(STUDY, administration.grant_role, by=ADMINISTRATOR, given=Grant(name, role, place))
        terms = TokenTerms("s", Grant(name, role, place or NORTH), SCOPES, timedelta(days=1))
        token = store.issue_token(STUDY, terms, by=ADMINISTRATOR)
        return signed_in(name), {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}

    def address(self, name):
        """The address of a page of the study, about the northern candidate; None for one that is no page of a study."""
        facts = store.current(STUDY).subject(self.subject).facts[0].seq
        signers = [one.name for one in PROTOCOL.judgements.values() if "radiation_oncologist" in one.roles]
        drawn = name in ABOUT_PARTICIPANTS
        kind = next((kind for kind in READS if kind in name), None)
        known = {
            "study": STUDY,
            "subject": self.participant if drawn else self.subject,
            "seq": self.special.get(kind, self.entry) if drawn else facts,
            "form": PROTOCOL.plan.reading(READS.get(kind, "surgery"))[0].id,
            "query": self.query,
            "judgement": signers[0],
            "person": ADMINISTRATOR.user,
            "version": PROTOCOL.version.id,
            "report": self.view if name == "board-number" else self.report,
            "file": "report.pdf",
            "number": "t.r.c",
            "look": 1,
            "digest": next((one.digest for one in issued_tokens(store.current(STUDY))), "none"),
        }
        query = f"?user={ADMINISTRATOR.user}&role=administrator" if name == "end-role" else ""
        for wanted in (
            (),
            ("subject",),
            ("seq",),
            ("subject", "seq"),
            ("subject", "judgement"),
            ("subject", "form"),
            ("subject", "query"),
            ("person",),
            ("digest",),
            ("version",),
            ("report",),
            ("report", "file"),
            ("report", "number"),
            ("look",),
        ):
            try:
                return reverse(name, kwargs={one: known[one] for one in ("study", *wanted)}) + query
            except NoReverseMatch:
                continue
        return None

    def row(self, name, method):
        """The signs of one address: who may, role by role and place by place; ``x`` for a method it does not know."""
        address = self.address(name)
        if self._sign(name, method, address, ROLES[0], NORTH) == "x":
            return "x"
        return " ".join("".join(self._sign(name, method, address, role, at) for at in GROUPS[role]) for role in ROLES)

    def _sign(self, name, method, address, role, place):
        browser, headers = self.people[role, place]
        if not name.startswith("api:"):
            given = {"data": {"seen": self.last}} if method == "POST" else {}
            return sign(getattr(browser, method.lower())(address, **given))
        given = {"data": "[1]", "content_type": "application/json"} if method == "POST" else {}  # fits no step
        return sign(getattr(Client(SERVER_NAME="localhost"), method.lower())(address, headers=headers, **given))
