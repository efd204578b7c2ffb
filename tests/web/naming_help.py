"""People whose names are kept: a trial in the database, and whose word is kept of whom."""

from datetime import date

from evenhand import steps
from evenhand.record import Actor
from evenhand.web import store
from evenhand.web.store import Who
from tests.web.trial_here import COORDINATOR, NORTH, STUDY, Making, eligible_now

ADA = Who("H-1", "Ada Exmaple", date(1970, 5, 17))
RIGHT = Who("H-1", "Ada Example", date(1970, 5, 17))


def enter(who, site=NORTH, on=None):
    """Somebody new, whose name is kept; gives the subject."""
    keep = store.identify(STUDY, site, who)
    by = Actor(COORDINATOR.user, "coordinator", site)
    given = {"person": eligible_now(on)} | ({"on": on} if on else {})
    return store.perform(STUDY, steps.screen, by=by, also=keep, **given).entries[0].subject


def started():
    """A study without anybody."""
    Making().keep()


def named(subject):
    return store.identity_of(STUDY, [subject])[subject].who


def entries(subject):
    return store.current(STUDY).subject(subject).entries


def lines():
    """The record as it is exported."""
    return b"".join(store.lines(STUDY)).decode()
