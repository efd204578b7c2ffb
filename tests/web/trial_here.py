"""A study with candidates in the database under test: eligible on the day of the test, up to the stage asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from evenhand import administration, steps
from evenhand.administration import Grant
from evenhand.dates import on_day
from evenhand.facts import COMPLETE
from evenhand.record import Actor, History, append
from evenhand.web import access, store
from tests.eligible import ATTESTED, FORM, PROTOCOL, SECRET, _fact, person, signed

STUDY = PROTOCOL.study
FOLDER = PROTOCOL.study
NORTH, SOUTH = "north", "south"
ADMINISTRATOR = Actor("ada", "administrator")
COORDINATOR = Actor("carl", "coordinator", NORTH)
SIGNERS = {"pathologist": "pat", "radiation_oncologist": "rad", "treating_clinician": "clin", "surgeon": "sur"}
PASSWORD = "correct horse battery staple"
STAFF = {"coordinator": COORDINATOR.user, **SIGNERS}
HELD = [Grant(user, role, site) for site in (NORTH, SOUTH) for role, user in STAFF.items()]
STAGES = ("screened", "attested", "consented", "registered")


def today() -> date:
    return datetime.now(UTC).date()


def eligible_now(on=None):
    """The eligible person of the other tests, with every date moved to end shortly before ``on`` (default: today)."""
    on = on or today()

    def ago(days):
        return on_day(on - timedelta(days=days))

    recent = on - timedelta(days=10)
    return person(
        _fact("imaging", {"date": ago(20), "metastases": 1, "cns_disease": False}),
        _fact("imaging", COMPLETE),
        _fact("first_line", {"start": ago(150)}),
        _fact("disease_status", {"date": ago(10), "status": "stable"}),
        _fact("ecog", 1, recent.isoformat()),
    )


class Making:
    """A record in the making, at a clock that ends now: many entries, made in memory, taken over at once."""

    def __init__(self, protocol=PROTOCOL, sites=(NORTH, SOUTH)):
        self.protocol = protocol
        self.history = History(protocol.study)
        self.at = datetime.now(UTC) - timedelta(hours=30)
        self.take(steps.activate, ADMINISTRATOR, secret=SECRET, sites=[], on=self.at.date())
        for site in sites:
            opened = {"site": site, "name": site.title(), "time_zone": "Europe/Berlin"}
            self.take(administration.open_site, ADMINISTRATOR, on=self.at.date(), **opened)

        for given in [Grant(ADMINISTRATOR.user, "administrator", None), *(HELD if len(sites) > 1 else ())]:
            self.take(administration.grant_role, ADMINISTRATOR, given=given, on=self.at.date())

    def take(self, step, by, **given):
        self.at += timedelta(milliseconds=20)
        events = step(self.protocol, self.history, by=by, at=self.at, **given)
        entries = append(self.history, events, by=by, at=self.at)
        self.history = self.history.extend(entries)
        return entries[0].subject

    def candidate(self, stage, site=NORTH, who=None):
        """One more candidate of a site, as far as ``stage``; gives the subject."""
        by, on = Actor(COORDINATOR.user, "coordinator", site), self.at.date()
        subject = self.take(steps.screen, by, person=who or eligible_now(), on=on)
        reached = STAGES.index(stage)
        for given in ATTESTED if reached >= 1 else ():
            dated = replace(given, date=on_day(on), source=FORM)
            self.take(steps.attest, Actor(SIGNERS[given.role], given.role, site), subject=subject, given=dated)
        if reached >= 2:
            self.take(steps.consent, by, subject=subject, on=on)
        if reached >= 3:
            self.take(steps.register, by, subject=subject, on=on)
        return subject

    def keep(self):
        """Take the record over into the database."""
        store.add_study(FOLDER)
        store.adopt(self.protocol.study, self.history, SECRET)


def trial(stage: str = "registered", count: int = 1, site: str = NORTH) -> list[str]:
    """A study of ``count`` candidates of one stage in the database; gives their subjects."""
    making = Making()
    subjects = [making.candidate(stage, site) for _ in range(count)]
    making.keep()
    return subjects


def user(name, role, site=None, password=PASSWORD):
    """An account that holds a role in the study; gives its name."""
    if access.account(name) is None:
        access.make_account(name, printed_name=name.title(), password=password)
    given = Grant(name, role, site)
    if given not in administration.grants(store.current(STUDY)):
        store.perform(STUDY, administration.grant_role, by=ADMINISTRATOR, given=given)
    return name


__all__ = [
    "ADMINISTRATOR",
    "COORDINATOR",
    "NORTH",
    "SOUTH",
    "STUDY",
    "Making",
    "eligible_now",
    "signed",
    "trial",
    "user",
]
