"""What an administrator does leaves its trace with the act, or neither happens; and a double click counts once."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from evenhand import administration
from evenhand.administration import Grant, account_trail, issued_tokens
from evenhand.record import Actor
from evenhand.refusal import Refusal
from evenhand.web import access, accounts, store
from evenhand.web.models import Token
from tests.studies_here import TINY
from tests.web.store_help import verified
from tests.web.test_administration import HEAD, Sitting, text
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, FOLDER, NORTH, PASSWORD, STUDY, trial, user

pytestmark = pytest.mark.usefixtures("database")
BY_HEAD = Actor(HEAD, "administrator")
OTHER = "other"
VALUES = {"label": "Charts", "acts_as": f"{COORDINATOR.user}|coordinator|{NORTH}", "days": "30", "scopes": ["read"]}


@pytest.fixture
def head(monkeypatch):
    """An administrator of a running study, with a monitor and a coordinator."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    trial("registered")
    user(HEAD, "administrator")
    user(OTHER, "monitor")
    user(COORDINATOR.user, "coordinator", NORTH, password=None)
    return Sitting()


def history(study=STUDY):
    return store.current(study)


def trail(who=OTHER, study=STUDY):
    return [(one.kind, one.body.get("what"), one.reason, one.by.user) for one in account_trail(history(study), who)]


def hidden(shown):
    return dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', shown.content.decode()))


def twice(sitting, page, values, **given):
    """The same form sent twice, as by a double click; gives both answers."""
    address = reverse(page, kwargs={"study": STUDY, **given})
    filled = {**hidden(sitting.client.get(address)), **values}
    return [sitting.client.post(address, filled) for _ in range(2)]


# ---- each act and its trace --------------------------------------------------------------------

LINK, FACTOR = ("way_in_given", "password link", None, HEAD), ("way_in_given", "second factor reset", None, HEAD)
ACTS = [
    ({"act": "link"}, [LINK]),
    ({"act": "factor"}, [FACTOR, LINK]),
    ({"act": "stop", "reason": "left the site"}, [("account_stopped", None, "left the site", HEAD)]),
    ({"act": "let"}, [("account_restored", None, None, HEAD)]),
]


@pytest.mark.parametrize(("values", "expected"), ACTS)
def test_what_is_done_about_an_account_stands_in_the_record(head, values, expected):
    assert head.post("person", person=OTHER, values=values).status_code in (200, 302)
    assert trail() == expected
    page = text(head.get("person", person=OTHER))
    for _, what, reason, _ in expected:
        assert what is None or what in page
        assert reason is None or f"Reason: {reason}" in page
    assert verified().findings == ()


def test_a_new_account_stands_in_the_record_with_its_first_link(head):
    head.post("new-account", values={"user_name": "n.ew", "printed_name": "Dr New"})
    assert trail("n.ew") == [("account_made", None, None, HEAD), LINK]
    assert account_trail(history(), "n.ew")[0].body["name"] == "Dr New"


def test_a_token_stands_in_the_record_from_issue_to_end(head):
    head.post("issue-token", values=VALUES)
    (token,) = issued_tokens(history())
    (row,) = Token.objects.all()
    assert (row.digest, row.expires) == (token.digest, token.issued.recorded_at + timedelta(days=30))
    head.post("end-token", digest=token.digest, values={"reason": "replaced"})
    (token,) = issued_tokens(history())
    assert (token.ended.reason, token.ended.by) == ("replaced", BY_HEAD)
    said = text(head.get("administration"))
    assert "Tokens that were ended (1)" in said
    assert "replaced" in said
    assert verified().findings == ()


FAILING = [
    ("person", {"person": OTHER}, {"act": "stop", "reason": "left"}),
    ("person", {"person": OTHER}, {"act": "factor"}),
    ("new-account", {}, {"user_name": "n.ew", "printed_name": "Dr New"}),
    ("issue-token", {}, VALUES),
]


@pytest.mark.parametrize(("page", "given", "values"), FAILING)
def test_what_cannot_be_recorded_is_not_done(head, monkeypatch, page, given, values):
    def broken(*_):
        raise DatabaseError("no room")

    known = access.accounts()
    monkeypatch.setattr("evenhand.web.store.transaction._New.write", broken)
    with pytest.raises(DatabaseError):
        head.post(page, values=values, **given)
    assert (access.accounts(), Token.objects.count()) == (known, 0)


def test_what_cannot_be_done_is_not_recorded(head, monkeypatch):
    def broken(*_):
        raise DatabaseError("no room")

    monkeypatch.setattr(access, "set_active", broken)
    before = history().head
    with pytest.raises(DatabaseError):
        accounts.stop(STUDY, OTHER, reason="left", by=BY_HEAD)
    assert (history().head, access.account(OTHER).active) == (before, True)


# ---- an account of several studies -------------------------------------------------------------


@pytest.fixture
def both(head):
    """The other one is a monitor in a second study too, which the same administrator administers."""
    theirs = store.add_study(str(TINY)).study
    administers, watches = Grant(HEAD, "administrator", None), Grant(OTHER, "monitor", None)
    for given, by in ((administers, administration.INSTALLER), (watches, BY_HEAD)):
        store.perform(theirs, administration.grant_role, by=by, given=given)
    return theirs


@pytest.mark.parametrize(("values", "expected"), ACTS)
def test_every_study_in_which_somebody_has_a_role_knows_it(head, both, values, expected):
    head.post("person", person=OTHER, values=values)
    assert trail() == trail(study=both) == expected
    assert store.verified(both).findings == ()


def test_a_study_in_which_the_person_has_no_role_does_not_hear_of_it(head, both):
    user("third", "monitor")
    head.post("person", person="third", values={"act": "link"})
    assert (len(trail("third")), trail("third", both)) == (1, [])


def test_what_broke_off_between_two_studies_goes_on_under_its_key(head, both):
    given = {"ways": (administration.PASSWORD_LINK,), "user": OTHER}
    store.perform(STUDY, administration.give_way_in, by=BY_HEAD, key="k", **given)
    accounts.give_link(STUDY, OTHER, by=BY_HEAD, key="k")
    assert trail() == trail(study=both) == [LINK]


def test_nothing_is_done_for_who_does_not_administer_all_of_them(head, both):
    before = [history().head, history(both).head]
    with pytest.raises(Refusal, match="do not administer"):
        accounts.stop(STUDY, OTHER, reason="left", by=ADMINISTRATOR)
    assert [history().head, history(both).head] == before
    assert access.account(OTHER).active


# ---- double clicks -----------------------------------------------------------------------------


def test_a_double_click_shows_the_same_token(head):
    answers = twice(head, "issue-token", VALUES)
    first, second = (re.findall(r"<code>(evenhand_[^<]+)</code>", one.content.decode()) for one in answers)
    assert first == second
    assert store.bearer_of(first[0]).actor == COORDINATOR
    assert Token.objects.count() == len(issued_tokens(history())) == 1


def test_two_forms_give_two_tokens_of_which_none_can_be_told(head):
    answers = [head.post("issue-token", values=VALUES) for _ in range(2)]
    found = {re.findall(r"<code>(evenhand_[^<]+)</code>", one.content.decode())[0] for one in answers}
    assert len(found) == 2
    assert all(len(one) > 50 for one in found)


TWICE = [
    ("new-account", {}, {"user_name": "n.ew", "printed_name": "Dr New"}, 200),
    ("person", {"person": OTHER}, {"act": "link"}, 200),
    ("person", {"person": OTHER}, {"act": "factor"}, 200),
    ("person", {"person": OTHER}, {"act": "stop", "reason": "left"}, 302),
]


@pytest.mark.parametrize(("page", "given", "values", "status"), TWICE)
def test_a_double_click_counts_once_and_is_answered_alike(head, page, given, values, status):
    before = len(history().entries)
    answers = twice(head, page, values, **given)
    assert [one.status_code for one in answers] == [status, status]
    assert all(("first-password" in one.content.decode()) is (status == 200) for one in answers)
    assert len(history().entries) - before == (2 if page == "new-account" or values.get("act") == "factor" else 1)


SHOWN_ONCE: list[tuple[object, ...]] = [one for one in TWICE if one[3] == 200] + [("issue-token", {}, VALUES, 200)]


@pytest.mark.parametrize(("page", "given", "values", "status"), SHOWN_ONCE)
def test_a_form_sent_again_later_shows_nothing_again(head, monkeypatch, page, given, values, status):
    monkeypatch.setattr("evenhand.web.store.request._SHOWN_AGAIN", timedelta(0))
    first, second = twice(head, page, values, **given)
    assert first.status_code == status
    assert "this form was sent before" in text(second).lower()
    assert not re.search(r"first-password|<code>evenhand_", second.content.decode())


@pytest.fixture
def unborn(monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    store.add_study(FOLDER)
    access.make_account(HEAD, printed_name="Head", password=PASSWORD)
    given = Grant(HEAD, "administrator", None)
    store.perform(STUDY, administration.grant_role, by=administration.INSTALLER, given=given)
    return Sitting()


def test_a_study_is_activated_and_closed_once_by_two_clicks_each(unborn):
    signed = {"user_name": HEAD, "password": PASSWORD}
    for page, values in (("activate", signed), ("close", signed | {"typed": STUDY})):
        before = len(history().entries)
        answers = twice(unborn, page, values)
        assert [one.status_code for one in answers] == [302, 302], [text(one) for one in answers]
        assert len(history().entries) == before + 1
    assert store.verified(STUDY).findings == ()


# ---- read by others ----------------------------------------------------------------------------


def test_the_record_page_says_it_in_words(head):
    head.post("issue-token", values=VALUES)
    (token,) = issued_tokens(history())
    head.post("end-token", digest=token.digest, values={"reason": "replaced"})
    head.post("person", person=OTHER, values={"act": "factor"})
    head.post("person", person=OTHER, values={"act": "stop", "reason": "left"})
    user("ines", "inspector")
    page = text(Sitting("ines").get("record"))
    for said in (
        f"Issued a token to another system Charts, as {COORDINATOR.user}, coordinator",
        "Ended a token of another system Charts",
        f"Gave a way in second factor reset for {OTHER}",
        f"Gave a way in password link for {OTHER}",
        f"Stopped an account {OTHER}",
    ):
        assert said in page, said
    one = text(Sitting("ines").get("entry", seq=token.issued.seq))
    assert re.search(r"System Charts Acts as carl In the role coordinator At north May read Ends \d+ \w+ \d{4}, ", one)
    assert token.digest in one


def test_an_inspector_finds_what_was_done_about_an_account(head):
    head.post("person", person=OTHER, values={"act": "stop", "reason": "left"})
    user("ines", "inspector")
    page = Sitting("ines").get("person", person=OTHER)
    assert "Stopped an account" in text(page)
    assert reverse("entry", args=[STUDY, account_trail(history(), OTHER)[0].seq]) in page.content.decode()
