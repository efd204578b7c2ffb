"""What is shown where something fails: the database, a role that ended while its holder typed, or we ourselves."""

import pytest
from django.db import connection
from django.test import RequestFactory

from evenhand import administration
from evenhand.administration import Grant
from evenhand.web import store
from evenhand.web.unforeseen import failed
from tests.web.enrol_help import Person, entries, text
from tests.web.trial_here import ADMINISTRATOR, NORTH, STUDY, today, trial

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def unwritable():
    """A database that may only be read until the test says otherwise, as on a disk that the system made read-only."""

    def writing(allowed):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA query_only = {0 if allowed else 1}")

    yield writing
    writing(True)


def test_a_database_that_takes_nothing_is_told_and_the_same_form_counts_once_it_does(unwritable):
    (subject,) = trial("attested")
    carl = Person()
    carl.client.raise_request_exception = False
    form = {**carl.opens("decline", subject), "on": today().isoformat()}
    before = len(entries())
    unwritable(False)
    refused = carl.posts("decline", subject, form)
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert "The database does not answer as it should" in text(refused)
    unwritable(True)
    assert len(entries()) == before
    assert [carl.posts("decline", subject, form).status_code for _ in range(2)] == [302, 302]
    assert len(entries()) == before + 1
    assert store.verified(STUDY).findings == ()


def test_any_other_fault_is_said_to_be_ours():
    try:
        raise ValueError("a fault")
    except ValueError:
        answer = failed(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "The fault is ours" in text(answer)


def test_whose_role_ended_while_a_form_was_open_is_told_where_to_look():
    (subject,) = trial("attested")
    carl = Person()
    form = {**carl.opens("decline", subject), "on": today().isoformat()}
    given = Grant("carl", "coordinator", NORTH)
    store.perform(STUDY, administration.revoke_role, by=ADMINISTRATOR, given=given, reason="left the site")
    before = len(entries())
    answer = carl.posts("decline", subject, form)
    assert answer.status_code == 404
    assert "Nothing was recorded" in text(answer)
    assert "your account" in text(answer), "which says what roles one holds now"
    assert len(entries()) == before
