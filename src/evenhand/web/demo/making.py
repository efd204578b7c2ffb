"""Makes the demonstration in an empty, migrated database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import transaction

from evenhand import steps
from evenhand.administration import Grant, grants, site_of, sites
from evenhand.dates import DateSpan
from evenhand.facts import Fact, Person
from evenhand.protocol import Protocol, find_study, shipped_studies
from evenhand.record import Actor, History
from evenhand.record.facts import recorded_person
from evenhand.refusal import Refusal
from evenhand.web import access, store
from evenhand.web.demo.patients import own_patients
from evenhand.web.demo.people import names, staff
from evenhand.web.demo.record import living_trial
from evenhand.web.store import Who


def make_demonstration(*, people: int, password: str) -> list[str]:
    """Let every shipped study that has a scenario live, with ``people`` candidates each; the ids of these studies.

    All demo users sign with ``password``. Raises StudyError for a study that cannot be used.
    """
    today = datetime.now(UTC).date()
    made = [study for study in shipped_studies() if list(find_study(study).glob("*/scenario.yaml"))]
    for study in made:
        _live(study, people, today)
    access.give_demo_password(password)
    return made


def _live(study: str, people: int, today: date) -> None:
    folder = find_study(study)
    protocol = store.add_study(study)
    trial = living_trial(protocol, folder, people=people, today=today)
    store.adopt(study, trial.history, trial.secret)
    with transaction.atomic():
        _make_accounts(grants(trial.history))
        given = _name_everybody(protocol, trial.history)
    _admit(protocol, own_patients(protocol, folder, today), given)


def _make_accounts(held: tuple[Grant, ...]) -> None:
    for grant in held:
        who = staff(grant.role, grant.site)
        if who.user == grant.user and access.account(who.user) is None:
            access.make_account(who.user, printed_name=who.printed, demo=True)


def _name_everybody(protocol: Protocol, history: History) -> int:
    """Give every candidate a name beside the record; how many there are."""
    random, free = Random(protocol.study), names()
    for number, subject in enumerate(history.subjects, start=1):
        known = history.subject(subject)
        born = _born(protocol, recorded_person(known, protocol.vocabulary).facts, random)
        who = Who(f"D{number:04d}", next(free), born)
        store.identify(protocol.study, site_of(history, subject) or "", who)(known.entries[:1])
    return len(history.subjects)


def _admit(protocol: Protocol, people: list[Person], numbered: int) -> None:
    """Screen people now, at the sites in turn; nobody has signed or consented yet."""
    places = sites(store.current(protocol.study))
    for turn, person in enumerate(people):
        site = places[turn % len(places)].code
        who = Who(f"D{numbered + turn + 1:04d}", _own_name(person), _born(protocol, person.facts, Random(person.id)))
        by = Actor(staff("coordinator", site).user, "coordinator", site)
        try:
            store.perform(
                protocol.study, steps.screen, by=by, person=person, also=store.identify(protocol.study, site, who)
            )
        except Refusal:
            continue  # a file with not one fact that the study uses


def _own_name(person: Person) -> str:
    return f"Demo {' '.join(person.id.replace('-', ' ').split()).title()}"


def _born(protocol: Protocol, facts: Mapping[str, tuple[Fact, ...]], random: Random) -> date | None:
    """A birth date that agrees with what is recorded, which is but an age."""
    for name, some in facts.items():
        value = some[-1].value if some else None
        if protocol.vocabulary.facts[name].identifying and isinstance(value, DateSpan):
            return value.first + timedelta(days=random.randint(0, (value.last - value.first).days))
    return None
