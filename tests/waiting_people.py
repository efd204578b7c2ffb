"""Candidates in every situation in which somebody waits, told relative to a day, for tests of the worklist."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from evenhand import administration, steps
from evenhand.dates import DateSpan, add_months, on_day
from evenhand.facts import COMPLETE, Fact, Person
from evenhand.facts.fact import Value
from evenhand.protocol import Protocol
from evenhand.record import Actor, Entry, History, append
from tests.eligible import FORM, SECRET, signed
from tests.studies_here import SHIPPED, protocol_of

PROTOCOL = protocol_of(SHIPPED[0])
ADMIN = Actor("a.dmin", "administrator")
SIGNATURES = (
    ("her2_determined_positive", "pathologist", None),
    ("locally_treatable", "radiation_oncologist", "M1"),
    ("progression_free", "treating_clinician", None),
    ("can_receive_all_treatments", "treating_clinician", None),
)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def fact(name: str, value: Value, on: date | None = None) -> Fact:
    return Fact(name, value, None if on is None else on_day(on), FORM)


def closing(day: date) -> DateSpan:
    """The first dose after which the window closes on a day."""
    return on_day(add_months(day, -12))


def opening(day: date) -> DateSpan:
    """The first dose after which the window opens on a day."""
    return on_day(add_months(day, -3))


def person(today: date, start: DateSpan, *changes: Fact, without: Sequence[str] = ()) -> Person:
    """An eligible person but for what ``changes`` say, whose first-line therapy began on ``start``."""
    facts = [
        fact("birth_date", on_day(date(1970, 5, 17))),
        fact("primary_cancer", {"type": "breast"}),
        fact("metastases", {"lesion": "M1", "site": "liver", "confirmed_by": "pathology"}),
        fact("metastases", COMPLETE),
        fact("imaging", {"date": on_day(today - days(12)), "metastases": 1, "cns_disease": False}),
        fact("imaging", COMPLETE),
        fact("her2_tests", {"specimen": "S1", "ihc": 3}),
        fact("estrogen_receptor", "positive"),
        fact("progesterone_receptor", "negative"),
        fact("first_line", {"start": start}),
        fact("disease_status", {"date": on_day(today - days(12)), "status": "stable"}),
        fact("systemic_therapy", COMPLETE),
        fact("comorbidities", COMPLETE),
        fact("prior_cancers", COMPLETE),
        fact("ecog", 1, today - days(12)),
    ]
    changed = {given.name for given in changes} | set(without)
    kept: dict[str, list[Fact]] = {}
    for given in [*(one for one in facts if one.name not in changed), *changes]:
        kept.setdefault(given.name, []).append(given)
    return Person("somebody", {name: tuple(given) for name, given in kept.items()})


class Scene:
    """A record in the making, ``today`` being the day on which it is looked at."""

    def __init__(self, today: date, sites: Sequence[str] = ("north", "south"), protocol: Protocol = PROTOCOL) -> None:
        self.today = today
        self.protocol = protocol
        self.history = History(protocol.study)
        self._at = datetime.combine(today, time(0, 1), UTC)
        self.take(steps.activate, ADMIN, secret=SECRET, sites=[], on=today - days(60))
        for site in sites:
            opened = {"site": site, "name": site.capitalize(), "time_zone": "Etc/UTC", "on": today - days(60)}
            self.take(administration.open_site, ADMIN, **opened)

    def take(self, step: steps.Step, by: Actor, **given: object) -> list[Entry]:
        self._at += timedelta(seconds=1)
        events = step(self.protocol, self.history, by=by, at=self._at, **given)
        entries = append(self.history, events, by=by, at=self._at)
        self.history = self.history.extend(entries)
        return entries

    def screened(self, who: Person, site: str = "north") -> str:
        (entry,) = self.take(
            steps.screen, Actor("c.ordinator", "coordinator", site), person=who, on=self.today - days(8)
        )
        return entry.subject or ""

    def consented(self, subject: str, on: date | None = None, version: str | None = None) -> str:
        by = self._coordinator(subject)
        self.take(steps.consent, by, subject=subject, on=on or self.today - days(6), version=version)
        return subject

    def withdrawn(self, subject, on=None):
        given = {"subject": subject, "on": on or self.today - days(1), "reason": None}
        self.take(steps.withdraw_consent, self._coordinator(subject), **given)
        return subject

    def signed(self, subject: str, *names: str, on: date | None = None) -> str:
        """The judgements of these names signed (all of them without names)."""
        for name, role, item in SIGNATURES:
            if not names or name in names:
                given = replace(signed(name, role, item), date=on_day(on or self.today - days(5)))
                self.take(steps.attest, Actor(f"d.{role}", role, "north"), subject=subject, given=given)
        return subject

    def registered(self, subject):
        self.take(steps.register, self._coordinator(subject), subject=subject, on=self.today)
        return subject

    def randomized(self, subject):
        self.take(steps.randomize, self._coordinator(subject), subject=subject, secret=SECRET, on=self.today)
        return subject

    def ready(self, who, site="north"):
        """Screened, consented and signed."""
        return self.signed(self.consented(self.screened(who, site)))

    def granted(self, user, role, site=None):
        """A role in the record."""
        given = administration.Grant(user, role, site)
        self.take(administration.grant_role, ADMIN, given=given, on=self.today - days(50))

    def _coordinator(self, subject: str) -> Actor:
        return Actor("c.ordinator", "coordinator", administration.site_of(self.history, subject))


def everybody(today):
    """A scene with one candidate in each situation, by name of the situation."""
    scene, who = Scene(today), {}
    partial = DateSpan(closing(today - days(2)).first, closing(today + days(20)).first)
    who["far"] = scene.ready(person(today, closing(today + days(200))), "south")
    who["last day"] = scene.consented(scene.screened(person(today, closing(today))))
    who["five days"] = scene.signed(
        scene.consented(scene.screened(person(today, closing(today + days(5)), without=["ecog"]))), "progression_free"
    )
    who["twelve days"] = scene.screened(person(today, closing(today + days(12))), "south")
    who["forty days"] = scene.ready(person(today, closing(today + days(40))))
    who["registered"] = scene.registered(scene.ready(person(today, closing(today + days(90)))))
    who["lapsed"] = scene.signed(
        scene.consented(scene.screened(person(today, closing(today + days(120))))), on=today - days(29)
    )
    lapsing = scene.consented(scene.screened(person(today, closing(today + days(130)))))
    scene.signed(lapsing, *(name for name, *_ in SIGNATURES if name != "progression_free"))
    who["lapsing"] = scene.signed(lapsing, "progression_free", on=today - days(24))
    who["receptors unknown"] = scene.ready(person(today, closing(today + days(150)), without=["estrogen_receptor"]))
    who["partial start"] = scene.ready(person(today, partial))
    who["unknown start"] = scene.consented(
        scene.screened(person(today, on_day(today), without=["first_line"]), "south")
    )
    who["opens in 4 days"] = scene.consented(scene.screened(person(today, opening(today + days(4)))))
    who["opens in 60 days"] = scene.ready(person(today, opening(today + days(60))), "south")
    who["closed yesterday"] = scene.ready(person(today, closing(today - days(1))))
    who["too many lesions"] = scene.ready(
        person(today, closing(today + days(90)), fact("imaging", {"date": on_day(today - days(12)), "metastases": 7}))
    )
    who["withdrawn"] = scene.withdrawn(scene.ready(person(today, closing(today + days(60)))))
    who["randomized"] = scene.randomized(scene.registered(scene.ready(person(today, closing(today + days(60))))))
    return scene, who
