"""An eligible person of the shipped study, and the steps that lead to an allocation, for tests of what follows."""

from datetime import UTC, date, datetime, timedelta

from evenhand import steps
from evenhand.dates import on_day
from evenhand.facts import COMPLETE, Attestation, Fact, Person, Source
from evenhand.record import Actor, History, append
from tests.studies_here import SHIPPED, protocol_of

PROTOCOL = protocol_of(SHIPPED[0])
SECRET = bytes(range(32))
ON = date(2026, 7, 1)
AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
BY = Actor("c.ordinator", "coordinator", "north")
FORM = Source("form", "", "c.ordinator")


def _fact(name, value, day=None):
    return Fact(name, value, None if day is None else on_day(date.fromisoformat(day)), FORM)


FACTS = [
    _fact("birth_date", on_day(date(1970, 5, 17))),
    _fact("primary_cancer", {"type": "breast"}),
    _fact("metastases", {"lesion": "M1", "site": "liver", "confirmed_by": "pathology"}),
    _fact("metastases", COMPLETE),
    _fact("imaging", {"date": on_day(date(2026, 6, 20)), "metastases": 1, "cns_disease": False}),
    _fact("imaging", COMPLETE),
    _fact("her2_tests", {"specimen": "S1", "ihc": 3}),
    _fact("estrogen_receptor", "positive"),
    _fact("progesterone_receptor", "negative"),
    _fact("first_line", {"start": on_day(date(2026, 3, 1))}),
    _fact("disease_status", {"date": on_day(date(2026, 6, 20)), "status": "stable"}),
    _fact("systemic_therapy", COMPLETE),
    _fact("comorbidities", COMPLETE),
    _fact("prior_cancers", COMPLETE),
    _fact("ecog", 1, "2026-06-20"),
]


def person(*changes, without=()):
    """The eligible person; ``changes`` replace facts of the same names."""
    changed = {fact.name for fact in changes} | set(without)
    facts = {}
    for fact in [*(given for given in FACTS if given.name not in changed), *changes]:
        facts.setdefault(fact.name, []).append(fact)
    return Person("anna", {name: tuple(given) for name, given in facts.items()})


def signed(judgement, role, item=None, answer=True, day=date(2026, 6, 25), reason=""):
    """A signature of the right role."""
    known = PROTOCOL.judgements.get(judgement)
    details = dict.fromkeys(known.details, "as examined") if known else {}
    return Attestation(judgement, answer, f"Dr {role}", role, on_day(day), FORM, item, reason, details or None)


ATTESTED = [
    signed("her2_determined_positive", "pathologist"),
    signed("locally_treatable", "radiation_oncologist", "M1"),
    signed("progression_free", "treating_clinician"),
    signed("can_receive_all_treatments", "treating_clinician"),
]


class Trial:
    """A record in the making: takes steps at a clock that moves on a minute each time."""

    def __init__(self, protocol=PROTOCOL, at=AT - timedelta(days=10)):
        self.protocol = protocol
        self.history = History(protocol.study)
        self.at = at

    def take(self, step, **given):
        """Take a step, append what it returns, and give the entries back."""
        self.at += timedelta(minutes=1)
        events = step(self.protocol, self.history, by=BY, at=self.at, **given)
        entries = append(self.history, events, by=BY, at=self.at)
        self.history = self.history.extend(entries)
        return entries

    def until(self, moment):
        """Move the clock."""
        self.at = max(self.at, moment)
        return self

    def activated(self, sites=("north",)):
        self.take(steps.activate, secret=SECRET, sites=list(sites), on=self.at.date())
        return self

    def screened(self, who=None, attested=ATTESTED):
        """Record the facts and signatures of somebody; gives the pseudonym."""
        self.until(AT - timedelta(days=5))
        (entry,) = self.take(steps.screen, person=who or person(), on=self.at.date())
        for given in attested:
            self.take(steps.attest, subject=entry.subject, given=given)
        return entry.subject

    def consented(self, subject, on=date(2026, 6, 30), version=None):
        self.until(datetime(on.year, on.month, on.day, 8, tzinfo=UTC))
        self.take(steps.consent, subject=subject, on=on, version=version)
        return subject

    def registered(self, who=None, on=ON):
        subject = self.consented(self.screened(who))
        self.until(datetime(on.year, on.month, on.day, 9, tzinfo=UTC))
        self.take(steps.register, subject=subject, on=on)
        return subject

    def randomized(self, who=None, on=ON):
        subject = self.registered(who, on)
        self.take(steps.randomize, subject=subject, secret=SECRET, on=on)
        return subject


def changed(fact_name, value, day=None):
    """A fact with another value."""
    return _fact(fact_name, value, day)
