"""Participants of the shipped study at two sites, months after randomization, in the database: for desks and forms."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from evenhand import administration, steps
from evenhand.administration import Grant
from evenhand.conduct import forms
from evenhand.conduct.entering import Given
from evenhand.conduct.forms import read_typed
from evenhand.dates import on_day
from evenhand.record import Actor, History, append
from evenhand.web import access, store
from tests.eligible import ATTESTED, FORM, PROTOCOL, SECRET
from tests.web.candidate_help import fields_of, form_of
from tests.web.enrol_help import BACKEND, text
from tests.web.trial_here import ADMINISTRATOR, NORTH, PASSWORD, SIGNERS, SOUTH, STUDY, eligible_now

PEOPLE = {
    "carl": ("coordinator", NORTH),
    "sue": ("coordinator", SOUTH),
    "clin": ("treating_clinician", NORTH),
    "pat": ("pathologist", NORTH),
    "rad": ("radiation_oncologist", NORTH),
    "sur": ("surgeon", NORTH),
    "dan": ("data_manager", None),
    "mona": ("monitor", None),
    "stat": ("statistician", None),
    "board": ("safety_board", None),
}
LIVER = {"lesion": "M1", "site": "liver", "nature": "solid", "size": "20", "method": "ct", "slice": "5"}
BONE = {"lesion": "M2", "site": "vertebra", "nature": "never_measurable", "followed": "non_target"}
SERIOUS = {
    **dict.fromkeys(
        ("death", "life_threatening", "prolonged", "disability", "congenital", "important", "planned_admission"), "no"
    ),
    "serious": "yes",
    "hospitalized": "yes",
}


def today():
    return datetime.now(UTC).date()


def ago(days):
    return today() - timedelta(days=days)


class Made:
    """A record in the making, in memory, taken over at once by ``keep``."""

    def __init__(self, days=200):
        self.history = History(STUDY)
        self.begun = ago(days)
        self.at = datetime.combine(self.begun, time(8), UTC)
        self.take(steps.activate, ADMINISTRATOR, secret=SECRET, sites=[], on=self.begun)
        for site, zone in ((NORTH, "Europe/Berlin"), (SOUTH, "America/New_York")):
            opened = {"site": site, "name": site.title(), "time_zone": zone}
            self.take(administration.open_site, ADMINISTRATOR, on=self.begun, **opened)
        held = [Grant(user, *role) for user, role in PEOPLE.items()]
        for given in [Grant(ADMINISTRATOR.user, "administrator", None), *held]:
            self.take(administration.grant_role, ADMINISTRATOR, given=given, on=self.begun)

    def take(self, step, by, **given):
        """One step; a ``on`` moves the clock to that day, never back."""
        at = datetime.combine(given.get("on", self.at.date()), time(9), UTC)
        self.at = max(self.at + timedelta(seconds=1), min(at, datetime.now(UTC) - timedelta(hours=1)))
        entries = append(self.history, step(PROTOCOL, self.history, by=by, at=self.at, **given), by=by, at=self.at)
        self.history = self.history.extend(entries)
        return entries[0]

    def participant(self, site=NORTH, arm=None):
        """One more participant of a site, randomized on the first day; in an arm, if one is asked for."""
        while True:
            subject = self._participant(site)
            if arm in (None, self.history.subject(subject).allocation.arm):
                return subject

    def _participant(self, site):
        by, on = Actor("carl" if site == NORTH else "sue", "coordinator", site), self.begun
        subject = self.take(steps.screen, by, person=eligible_now(on), on=on).subject
        for given in ATTESTED:
            dated = replace(given, date=on_day(on), source=FORM)
            self.take(steps.attest, Actor(SIGNERS[given.role], given.role, site), subject=subject, given=dated)
        self.take(steps.consent, by, subject=subject, on=on)
        self.take(steps.register, by, subject=subject, on=on)
        self.take(steps.randomize, by, subject=subject, on=on, secret=SECRET)
        return subject

    def enters(self, subject, form, on=None, visit=None, **typed):
        """An entry; gives its number. ``on``: the day of recording, today if none is given."""
        read = read_typed(PROTOCOL.plan.forms[form], typed)
        assert not read.faults, read.faults
        site = administration.site_of(self.history, subject)
        by = Actor("carl" if site == NORTH else "sue", "coordinator", site)
        given = Given(form, read.values, visit=visit)
        return self.take(steps.enter, by, subject=subject, given=given, on=on or today()).seq

    def event(self, subject, term="Fatigue", grade="2", onset=None, on=None, **typed):
        """An adverse event, not serious and related to nothing unless it is said."""
        onset = (onset or ago(20)).isoformat()
        said = {
            "term": term,
            "onset": onset,
            "outcome": "not_recovered",
            "serious": "no",
            "course": [{"day": onset, "grade": grade}],
            "attribution": [{"intervention": "disease", "relation": "unlikely"}],
        }
        return self.enters(subject, "adverse_event", on, **{**said, **typed})

    def treats(self, subject):
        """Systemic therapy since ten days after randomization."""
        started = self.begun + timedelta(days=10)
        agents = [{"agent": one} for one in ("trastuzumab", "pertuzumab", "paclitaxel")]
        return self.enters(
            subject, "systemic_therapy", started, started=started.isoformat(), regimen="thp_hp",
            because="first_treatment", agents=agents,
        )  # fmt: skip

    def lesions(self, subject):
        """A target of 20 mm in the liver, and a vertebra that cannot be measured."""
        rows = [{"followed": "target", **LIVER}, BONE]
        return self.enters(subject, "lesions", self.begun, "baseline", imaged=self.begun.isoformat(), lesions=rows)

    def scan(self, subject, on, visit, size="18", bone="present"):
        """A scan with a size of the liver and a word about the bone."""
        rows = [{"lesion": "M1", "seen": "measured", "size": size}, {"lesion": "M2", "seen": bone}]
        return self.enters(subject, "scan", on, visit, imaged=on.isoformat(), complete="yes", lesions=rows)

    def irradiates(self, subject, on, *lesions):
        """A course of radiation to metastases, of one day."""
        dose = {"planned_gy": "45", "planned_fractions": "3", "delivered_gy": "45", "delivered_fractions": "3"}
        return self.enters(
            subject, "metastasis_radiation", on, course="S1", site="liver", started=on.isoformat(),
            ended=on.isoformat(), lesions=[{"lesion": label} for label in lesions], **dose,
        )  # fmt: skip

    def keep(self):
        store.add_study(STUDY)
        store.adopt(STUDY, self.history, SECRET)
        return self


class Somebody:
    """Somebody of the study at a computer."""

    def __init__(self, name):
        if access.account(name) is None:
            access.make_account(name, printed_name=f"{name.title()} Test", password=PASSWORD)
        self.name, self.account = name, get_user_model().objects.get(username=name)
        self.client = Client(headers={"host": "localhost"})
        self.client.force_login(self.account, BACKEND)

    def sees(self, page, query="", /, **where):
        return self.client.get(reverse(page, kwargs={"study": STUDY, **where}) + query)

    def posts(self, page, data, query="", /, **where):
        return self.client.post(reverse(page, kwargs={"study": STUDY, **where}) + query, data)

    def fills(self, page, changes, query="", /, **where):
        """Open a page, change its form, send it."""
        answer = self.sees(page, query, **where)
        assert answer.status_code == 200, (answer.status_code, text(answer))
        return self.posts(page, form_of(answer) | changes, query, **where)


def entries(subject):
    """What stands of a participant's forms."""
    return forms.entries(store.protocol_of(STUDY), store.current(STUDY).subject(subject))


def count():
    return len(store.current(STUDY).entries)


def number_of(subject):
    """The number that a participant has in the study."""
    return str(store.current(STUDY).subject(subject).registration.body["participant"])


__all__ = [
    "NORTH",
    "SERIOUS",
    "SOUTH",
    "STUDY",
    "Made",
    "Somebody",
    "count",
    "entries",
    "fields_of",
    "form_of",
    "number_of",
    "text",
]
