"""A made-up record of many sites, written entry by entry without the steps: quick, and with the habits asked for."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from evenhand.analysis import analyse, cut
from evenhand.dates import add_months
from evenhand.record import Actor, Event, History, append
from tests.studies_here import SHIPPED, protocol_of

PROTOCOL = protocol_of(next(folder for folder in SHIPPED if protocol_of(folder).monitoring is not None))
START = date(2026, 2, 2)
CUT = date(2027, 9, 1)
SITES = ("s1", "s2", "s3", "s4", "s5", "s6")
TERMS = ("Fatigue", "Nausea", "Diarrhea", "Anemia", "Vomiting", "Arthralgia")


@dataclass(frozen=True)
class Habits:
    """How a site records: the share of adverse events entered, the days that entries come later, whether sizes are
    rounded to 10 mm, whether heart values are copied on, whether visits are held on Saturdays."""

    enters: float = 1.0
    later: int = 0
    rounds: bool = False
    copies: bool = False
    saturdays: bool = False


@dataclass
class World:
    """The events of a record with their moments, in any order; ``who`` is a person at a site."""

    events: list = field(default_factory=list)

    def add(self, kind, who, day, body, later=0, role="coordinator"):
        """Something that happened on a day and was recorded some days later."""
        subject, site = who
        moment = datetime.combine(day + timedelta(days=later), time(12), UTC)
        self.events.append((moment, len(self.events), Event(kind, subject, day, body), Actor("somebody", role, site)))

    def entered(self, who, day, form, values, later=0, visit=None, item="1"):
        """A form filled in."""
        body = {"form": form, "item": item, "visit": visit, "values": values, "unless": {}, "not_done": None}
        self.add("form_entered", who, day, body, later)

    def history(self):
        """The record, in the order of its moments."""
        history = History(PROTOCOL.study)
        for moment, _, event, by in sorted(self.events, key=lambda one: one[:2]):
            history = history.extend(append(history, [event], by=by, at=moment))
        return history

    def analysis(self, on=CUT):
        """The answer at the end of a day."""
        moment = datetime.combine(on, time(23, 59), UTC)
        return analyse(cut(PROTOCOL, self.history(), effective=on, recorded=moment))


def activated():
    """A world in which the study has begun."""
    world = World()
    body = {"protocol_version": PROTOCOL.version.id, "protocol_digest": PROTOCOL.digest, "commitment": "0" * 64}
    body["sites"] = list(SITES)
    world.add("study_activated", (None, None), START - timedelta(days=9), body, role="administrator")
    return world


def randomized(world, who, day, arm, position=0):
    """A person at a site with consent, registered and randomized on a day."""
    consent = PROTOCOL.enrollment
    given = {"document": consent.consent_document, "version": consent.consent_version}
    world.add("consented", who, day - timedelta(days=3), given)
    body = dict.fromkeys(("participant", "protocol_version", "evidence_digest"), "made up") | {"evidence": []}
    world.add("registered", who, day, body)
    allocation = {"arm": arm, "method": "permuted_blocks", "stratum": "all", "position": position, "levels": {}}
    world.add("randomized", who, day, allocation)


def many(habits=None, sites=SITES, each=9, seed=1, months=15, *, swapped=False):
    """People at every site, all alike but for chance and for the habits of their site; ``swapped``: everybody is in the
    other arm."""
    world, number = activated(), 0
    for place in range(each):
        for column, site in enumerate(sites):
            number += 1
            day = START + timedelta(days=7 * place)
            arm = PROTOCOL.arms[(place + column + swapped) % 2].id
            randomized(world, (f"P-{number:03}", site), day, arm, number)
            own, chance = (habits or {}).get(site, Habits()), Random(seed * 1000 + number)
            _followed(world, (f"P-{number:03}", site), day, months, own, chance)
    return world


def _followed(world, who, start, months, habits, chance):
    size, heart = chance.randint(12, 60), chance.randint(55, 68)
    for number, month in enumerate(range(3, months + 1, 3), start=1):
        day = _visited(add_months(start, month), habits, chance)
        later, visit = habits.later + chance.randint(0, 9), f"follow_up.{number}"
        world.entered(who, day, "visit", {"date": day.isoformat(), "way": "in_person"}, later, visit)
        size = max(11, size + chance.randint(-6, 6))
        shown = round(size, -1) if habits.rounds else size
        rows = [{"lesion": "M1", "seen": "measured", "size": shown}]
        scan = {"imaged": day.isoformat(), "complete": True, "lesions": rows}
        world.entered(who, day, "scan", scan, later, visit)
        heart = heart if habits.copies else chance.randint(52, 70)
        values = {"performed": day.isoformat(), "lvef": heart, "method": "echocardiography"}
        world.entered(who, day, "ejection_fraction", values, later, visit)
    for item in range(1, chance.choice((4, 6, 8)) + 1):
        day = start + timedelta(days=chance.randint(1, 30 * months))
        if chance.random() < habits.enters:
            grade, term = chance.choice((1, 1, 2)), chance.choice(TERMS)
            adverse(world, who, day, str(item), term=term, grade=grade, later=habits.later)


def _visited(day, habits, chance):
    day += timedelta(days=chance.randint(-5, 5))
    ahead = (5 - day.weekday()) % 7 if habits.saturdays else {5: 2, 6: 1}.get(day.weekday(), 0)
    return day + timedelta(days=ahead)


def adverse(world, who, day, item, *, term, grade, later=0, relations=()):
    """An adverse event of ``who``, a person at a site; ``day`` may be partial (text); ``relations``: pairs of an
    intervention and how the event relates to it."""
    onset, known = str(day), date.fromisoformat((str(day) + "-28")[:10])
    course = [{"day": onset, "grade": grade}] if grade is not None else []
    rated = [{"intervention": one, "relation": relation} for one, relation in relations]
    values = {"term": term, "onset": onset, "serious": False, "course": course, "attribution": rated}
    world.entered(who, known, "adverse_event", values, later + 2, None, item)
