"""A line of the record that was altered past the guard: a page that says so, wherever the record was needed."""

import json

import pytest
from django.db import connection
from django.urls import reverse

from evenhand import administration
from evenhand.administration import Grant
from evenhand.record import Actor
from evenhand.web import store
from evenhand.web.store.damage import RecordDamaged
from tests.studies_here import TINY
from tests.web.api_help import System, problem_of
from tests.web.candidate_help import Visitor
from tests.web.databases import forget
from tests.web.store_help import drop_triggers, run
from tests.web.test_administration import Sitting, text
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, NORTH, STUDY, trial, user

pytestmark = pytest.mark.usefixtures("each_database")
HOLDER = {"user": "head", "role": "administrator"}


def altered(seq, change):
    """Rewrite a line past the triggers, and forget what this process knew of it."""
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM web_entry WHERE study = %s AND seq = %s", (STUDY, seq))
        (line,) = cursor.fetchone()
    run("UPDATE web_entry SET line = %s WHERE study = %s AND seq = %s", change(line), STUDY, seq)
    forget()


def without(name):
    """The line without one field."""

    def change(line):
        value = json.loads(line)
        del value[name]
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    return change


def put(name, said):
    """The line with another value in one field."""

    def change(line):
        return json.dumps(json.loads(line) | {name: said}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    return change


DAMAGE = {
    "no JSON": (lambda line: line.replace('"body":', '"body"', 1), "It is not JSON"),
    "a field gone": (without("reason"), 'The field "reason" is missing.'),
    "another kind of value": (put("reason", ["Anna Example"]), '"reason" must be text.'),
    "a link broken": (put("previous", "0" * 64), "Its previous hash is not the hash of the entry before it."),
    "another number": (put("seq", 40), "must stand here, not 40"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_every_page_says_at_which_line_and_why(name):
    trial("screened")
    head = user("head", "administrator")
    last = len(store.current(STUDY).entries)
    change, why = DAMAGE[name]
    altered(5, change)
    for page, given in (("study", {}), ("administration", {}), ("person", {"person": head})):
        answer = Sitting(head).get(page, **given)
        said = text(answer)
        assert answer.status_code == 503
        assert f"The record of {STUDY.upper()} cannot be read" in said
        assert "Line 5 is damaged" in said
        assert why in said
        assert "Nothing was changed" in said
        assert f"python -m evenhand.web verify {STUDY}" in said
        assert "Anna Example" not in said
        assert "Pages of the study" not in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"
    run("SELECT 1")
    assert store.verified(STUDY).findings[0].line == 5
    assert sum(1 for _ in store.lines(STUDY)) == last


def test_what_was_sent_is_not_recorded_and_a_part_of_a_page_is_fetched_whole():
    subject, *_ = trial("screened")
    carl = Visitor(COORDINATOR.user, "coordinator", NORTH)
    altered(5, without("reason"))
    sent = carl.client.post(reverse("consent", args=[STUDY, subject]), {"seen": 1})
    assert (sent.status_code, "nothing was recorded" in text(sent)) == (503, True)
    part = carl.client.get(reverse("worklist", args=[STUDY]), headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Refresh"]) == (503, "true")


def test_the_api_answers_a_problem():
    trial("screened")
    user(COORDINATOR.user, "coordinator", NORTH)
    system = System()
    altered(5, put("reason", ["Anna Example"]))
    answer = system.get("/record")
    said = problem_of(answer, 503)
    assert said["type"].endswith(":record-damaged")
    assert said["detail"] == f'The record of {STUDY} cannot be read at line 5. "reason" must be text.'
    assert answer["Retry-After"].isdigit()


def test_another_study_goes_on_and_the_way_to_it_stays_open():
    trial("screened")
    head = user("head", "administrator")
    theirs = store.add_study(str(TINY)).study
    given = Grant(head, "administrator", None)
    store.perform(theirs, administration.grant_role, by=Actor("installer", "administrator"), given=given)
    altered(5, without("reason"))
    client = Sitting(head).client
    home = client.get(reverse("home"))
    assert (home.status_code, "cannot be read" in text(home)) == (200, True)
    for page in ("study", "administration"):
        assert client.get(reverse(page, args=[theirs])).status_code == 200
    assert client.get(reverse("account")).status_code == 200


def test_whom_one_may_not_know_everything_of_nobody_touches():
    """Whether somebody has a role in a study cannot be known while its record cannot be read."""
    trial("screened")
    head = user("head", "administrator")
    theirs = store.add_study(str(TINY)).study
    for who, role in ((head, "administrator"), ("mona", "monitor")):
        if who != head:
            user(who, "monitor")
        given = Grant(who, role, None)
        store.perform(theirs, administration.grant_role, by=Actor("installer", "administrator"), given=given)
    altered(5, without("reason"))
    values = {"act": "link", "key": "k", "seen": 0}
    answer = Sitting(head).client.post(reverse("person", args=[theirs, "mona"]), values)
    assert (answer.status_code, "cannot be read" in text(answer)) == (409, True)


def test_a_step_that_is_wrong_is_not_taken_for_a_damaged_record():
    trial("screened")
    altered(5, without("reason"))
    with pytest.raises(RecordDamaged) as found:
        store.perform(STUDY, administration.open_site, by=ADMINISTRATOR, site="w", name="W", time_zone="UTC")
    assert (found.value.study, found.value.line) == (STUDY, 5)
