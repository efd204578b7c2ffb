"""What tests of the store have in common."""

from django.db import connection

from evenhand import steps
from evenhand.replay import verify_record
from evenhand.web import store, triggers
from tests.eligible import PROTOCOL, SECRET
from tests.web.trial_here import COORDINATOR, STUDY


def randomize(subject, **more):
    return store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=subject, **more)


def verified():
    return verify_record(b"".join(store.lines(STUDY)), PROTOCOL, secret=SECRET)


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def empty_by_force(rows):
    """Past the triggers, as somebody with all rights could: leave just these rows."""
    drop_triggers()
    run("DELETE FROM web_entry")
    for row in rows:
        run("INSERT INTO web_entry (study, seq, line) VALUES (%s, %s, %s)", *row)
    triggers.install()


def drop_triggers():
    table = " ON web_entry" if connection.vendor == "postgresql" else ""
    for name in triggers.NAMES:
        run(f"DROP TRIGGER {name}{table}")
