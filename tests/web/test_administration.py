"""The pages of an administrator: sites, people, roles, tokens, and the life of the study."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from evenhand import administration, steps
from evenhand.administration import Grant, delegations, grants
from evenhand.record import Actor
from evenhand.web import access, store
from evenhand.web.models import User
from tests.studies_here import TINY
from tests.web.trial_here import ADMINISTRATOR, COORDINATOR, FOLDER, NORTH, PASSWORD, STUDY, trial, user

pytestmark = pytest.mark.usefixtures("database")
HEAD = "head"
HOLDER = "django.contrib.auth.backends.ModelBackend"


class Sitting:
    """Somebody who is signed in, with the pages of administration."""

    def __init__(self, name=HEAD):
        self.client = Client(SERVER_NAME="localhost")
        self.name = name
        self.client.force_login(User.objects.get(username=name), HOLDER)

    def get(self, page, query="", **given):
        return self.client.get(reverse(page, kwargs={"study": STUDY, **given}) + query)

    def post(self, page, query="", values=None, signed=False, again=None, **given):
        """Fill in the form of a page as it is, and send it."""
        address = reverse(page, kwargs={"study": STUDY, **given}) + query
        shown = self.client.get(address).content.decode()
        hidden = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', shown))
        signature = {"user_name": self.name, "password": PASSWORD} if signed else {}
        return self.client.post(address, {**hidden, **signature, **(values or {}), **(again or {})})


@pytest.fixture
def head(settings_here):
    """An administrator of a running study."""
    trial("registered")
    user(HEAD, "administrator")
    return Sitting()


@pytest.fixture
def settings_here(monkeypatch):
    """No second factor is asked for here: the door's own tests do."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)


def text(answer):
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def history():
    return store.current(STUDY)


def last():
    return history().entries[-1]


# ---- sites -------------------------------------------------------------------------------------


def test_a_site_is_opened_with_its_time_zone(head):
    answer = head.post("open-site", values={"site": "west", "name": "Western", "time_zone": "America/Chicago"})
    assert answer.status_code == 302, text(answer)
    (west,) = (one for one in administration.sites(history()) if one.code == "west")
    assert (west.name, west.time_zone) == ("Western", "America/Chicago")
    assert last().by == Actor(HEAD, "administrator", None)
    assert "Western" in text(head.get("administration"))


@pytest.mark.parametrize(("changed", "said"), [
    ({"site": NORTH}, "is open already"),
    ({"site": "West Hospital"}, "small letters"),
    ({"name": ""}, "required"),
    ({"time_zone": "Mars/Olympus"}, "valid choice"),
])  # fmt: skip
def test_a_site_that_cannot_be_is_not_opened(head, changed, said):
    before = len(history().entries)
    values = {"site": "west", "name": "Western", "time_zone": "UTC", **changed}
    answer = head.post("open-site", values=values)
    assert (answer.status_code, said in text(answer)) == (422, True), text(answer)
    assert len(history().entries) == before
    if changed.get("name") != "":
        assert "Western" in answer.content.decode()  # what was written is not lost


# ---- people ------------------------------------------------------------------------------------


def test_an_account_is_made_with_a_link_that_is_shown_once(head):
    answer = head.post("new-account", values={"user_name": "n.ew", "printed_name": "Dr New"})
    (link,) = re.findall(r"http://localhost(/account/first-password/[^<]+)<", answer.content.decode())
    assert Client(SERVER_NAME="localhost").get(link, follow=True).status_code == 200
    assert access.account("n.ew").printed_name == "Dr New"
    assert link not in head.get("person", person="n.ew").content.decode()
    assert "none" in text(head.get("administration"))


@pytest.mark.parametrize("name", [HEAD, "With Space", "", "ÿ"])
def test_an_account_that_cannot_be_is_not_made(head, name):
    answer = head.post("new-account", values={"user_name": name, "printed_name": "X"})
    assert "first-password" not in answer.content.decode()
    assert {one.username for one in access.accounts()} == {HEAD}


def test_an_account_is_stopped_and_let_in_again(head):
    user("other", "monitor")
    unsaid = head.post("person", person="other", values={"act": "stop", "reason": " "})
    assert (unsaid.status_code, access.account("other").active) == (422, True)
    assert head.post("person", person="other", values={"act": "stop", "reason": "left"}).status_code == 302
    assert not access.account("other").active
    assert head.post("person", person="other", values={"act": "let"}).status_code == 302
    assert access.account("other").active


def test_no_id_stands_twice_on_a_page_of_two_forms(head):
    access.make_account("other", printed_name="Other", password=PASSWORD)
    page = head.get("person", person="other").content.decode()
    assert page.count('name="key"') == 2
    ids = re.findall(r' id="([^"]*)"', page)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(("person", "act", "said"), [
    (HEAD, "stop", "cannot stop your own"),
    (HEAD, "dance", "nothing that can be done"),
])  # fmt: skip
def test_what_cannot_be_done_about_an_account_is_refused(head, person, act, said):
    answer = head.post("person", person=person, values={"act": act, "reason": "a slip"})
    assert (answer.status_code, said in text(answer)) == (409, True)
    assert access.account(person).active


def test_an_account_with_roles_in_studies_of_others_is_not_touched(head):
    """Whoever may make a link for somebody can sign in as that person, in every study."""
    theirs = store.add_study(str(TINY)).study
    user("both", "monitor")
    installer = Actor("installer", "administrator")
    store.perform(theirs, administration.grant_role, by=installer, given=Grant("both", "monitor", None))
    for act in ("link", "factor", "stop"):
        values = {"act": act, "reason": "left", "key": act, "seen": 0}
        answer = head.client.post(reverse("person", args=[STUDY, "both"]), values)
        assert (answer.status_code, "do not administer" in text(answer)) == (409, True)
    assert access.account("both").active
    assert "New link" not in text(head.get("person", person="both"))
    store.perform(theirs, administration.grant_role, by=installer, given=Grant(HEAD, "administrator", None))
    assert head.post("person", person="both", values={"act": "stop", "reason": "left"}).status_code == 302


def test_accounts_of_other_studies_alone_are_not_shown(head):
    theirs = store.add_study(str(TINY)).study
    access.make_account("far", printed_name="Far Away")
    assert "Far Away" in text(head.get("administration"))  # without any role, anybody may take it in
    given = Grant("far", "monitor", None)
    store.perform(theirs, administration.grant_role, by=Actor("installer", "administrator"), given=given)
    assert "Far Away" not in text(head.get("administration"))
    assert head.get("person", person="far").status_code == 404


# ---- roles -------------------------------------------------------------------------------------


def test_a_role_is_granted_and_ended_and_both_stand_in_the_delegation_log(head):
    access.make_account("new", printed_name="Dr New")
    granted = head.post("grant-role", values={"user_name": "new", "role": "surgeon", "site": NORTH})
    assert granted.status_code == 302, text(granted)
    given = Grant("new", "surgeon", NORTH)
    assert given in grants(history())
    query = f"?user=new&role=surgeon&site={NORTH}"
    refused = head.post("end-role", query, values={"reason": " "})
    assert (refused.status_code, given in grants(history())) == (422, True)
    assert head.post("end-role", query, values={"reason": "left the site"}).status_code == 302
    assert given not in grants(history())
    line = delegations(history())[-1]
    assert (line.given, line.granted.by.user, line.ended.by.user, line.ended.reason) == (
        given, HEAD, HEAD, "left the site",
    )  # fmt: skip
    said = text(head.get("delegation"))
    assert "surgeon, North" in said
    assert "left the site" in said


def test_a_role_that_was_granted_twice_has_two_lines_in_the_log(head):
    user("m", "monitor")
    given = Grant("m", "monitor", None)
    store.perform(STUDY, administration.revoke_role, by=ADMINISTRATOR, given=given, reason="leave")
    user("m", "monitor")
    assert [line.ended is None for line in delegations(history()) if line.given == given] == [False, True]


@pytest.mark.parametrize(("given", "said"), [
    (("nobody", "surgeon", NORTH), "no account"),
    (("head", "surgeon", ""), "acts at a site"),
    (("head", "administrator", ""), "already"),
    (("head", "king", ""), "valid choice"),
    (("head", "monitor", "nowhere"), "valid choice"),
])  # fmt: skip
def test_a_role_that_cannot_be_is_not_granted(head, given, said):
    before = len(history().entries)
    values = dict(zip(("user_name", "role", "site"), given, strict=True))
    answer = head.post("grant-role", values=values)
    assert (answer.status_code, said in text(answer)) == (422, True), text(answer)
    assert len(history().entries) == before


def test_the_last_administrator_stays(head):
    store.perform(
        STUDY,
        administration.revoke_role,
        by=ADMINISTRATOR,
        given=Grant(ADMINISTRATOR.user, "administrator", None),
        reason="handed over",
    )
    answer = head.post("end-role", f"?user={HEAD}&role=administrator&site=", values={"reason": "tired"})
    assert "only administrator" in text(answer)


def test_a_form_sent_twice_counts_once(head):
    address = reverse("open-site", args=[STUDY])
    shown = head.client.get(address).content.decode()
    values = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', shown))
    values |= {"site": "west", "name": "Western", "time_zone": "UTC"}
    assert [head.client.post(address, values).status_code for _ in range(2)] == [302, 302]
    assert [entry.body["site"] for entry in history().entries if entry.kind == "site_opened"].count("west") == 1


# ---- tokens ------------------------------------------------------------------------------------


def test_a_token_is_issued_shown_once_and_ended(head):
    user(COORDINATOR.user, "coordinator", NORTH, password=None)
    values = {"label": "Charts", "acts_as": f"{COORDINATOR.user}|coordinator|{NORTH}", "days": 30, "scopes": ["read"]}
    answer = head.post("issue-token", values=values)
    (token,) = re.findall(r"<code>(evenhand_[^<]+)</code>", answer.content.decode())
    bearer = store.bearer_of(token)
    assert (bearer.actor, bearer.scopes, bearer.label) == (COORDINATOR, {"read"}, "Charts")
    listed = head.get("administration").content.decode()
    assert "Charts" in listed
    assert token not in listed
    unsaid = head.post("end-token", digest=bearer.digest, values={"reason": " "})
    assert (unsaid.status_code, store.bearer_of(token) is None) == (422, False)
    assert head.post("end-token", digest=bearer.digest, values={"reason": "replaced"}).status_code == 302
    assert store.bearer_of(token) is None
    assert head.get("end-token", digest=bearer.digest).status_code == 404
    again = {"reason": "replaced", "key": "another", "seen": 0}
    assert head.client.post(reverse("end-token", args=[STUDY, bearer.digest]), again).status_code == 422


@pytest.mark.parametrize(("changed", "said"), [
    ({"days": 400}, "less than or equal to"),
    ({"scopes": []}, "required"),
    ({"acts_as": f"rad|radiation_oncologist|{NORTH}", "scopes": ["read", "randomize"]}, "may not randomize"),
    ({"acts_as": "nobody|coordinator|north"}, "valid choice"),
])  # fmt: skip
def test_a_token_that_cannot_be_is_not_issued(head, changed, said):
    values = {"label": "C", "acts_as": f"{COORDINATOR.user}|coordinator|{NORTH}", "days": 30, "scopes": ["read"]}
    answer = head.post("issue-token", values={**values, **changed})
    assert said in text(answer), text(answer)
    assert store.tokens_of(STUDY) == []


# ---- the life of the study ---------------------------------------------------------------------


@pytest.fixture
def unborn(settings_here):
    """A study that is not activated, with its first administrator."""
    store.add_study(FOLDER)
    access.make_account(HEAD, printed_name="Head", password=PASSWORD)
    store.perform(STUDY, administration.grant_role, by=Actor("installer", "administrator"), given=Grant(HEAD, "administrator", None))  # fmt: skip  # noqa: E501
    return Sitting()


def test_a_study_is_activated_with_a_signature_and_its_commitment_shown(unborn):
    answer = unborn.post("activate", signed=True)
    assert answer.status_code == 302, text(answer)
    commitment = history().state.commitment
    said = text(unborn.get("administration"))
    assert commitment in said
    assert last().signature.signer == f"Head ({HEAD})"
    assert store.verified(STUDY).findings == ()
    assert "activated already" in text(unborn.get("activate"))


def test_a_study_is_not_activated_without_the_password(unborn):
    answer = unborn.post("activate", signed=True, again={"password": "wrong"})
    assert answer.status_code == 422
    assert not history().state.activated


def test_accrual_is_halted_and_resumed_with_reason_and_signature(head):
    values = {"reason": "drug supply", "sure": "on"}
    for missing in ("reason", "sure"):
        head.post("halt", signed=True, values={name: value for name, value in values.items() if name != missing})
        assert history().state.accrual_open
    assert head.post("halt", signed=True, values=values).status_code == 302
    assert history().state.halted_because == "drug supply"
    assert last().signature is not None
    assert "drug supply" in text(head.get("administration"))
    assert "cannot be halted" in text(head.get("halt"))
    assert head.post("resume", signed=True, values={"reason": "supplied", "sure": "on"}).status_code == 302
    assert history().state.accrual_open
    assert "not halted" in text(head.get("resume"))


def test_a_refused_step_says_so_and_keeps_what_was_written(head):
    address = reverse("halt", args=[STUDY])
    shown = head.client.get(address).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', shown))
    store.perform(STUDY, steps.halt_accrual, by=ADMINISTRATOR, reason="somebody was quicker")
    values = {**hidden, "reason": "drug supply", "sure": "on", "user_name": HEAD, "password": PASSWORD}
    answer = head.client.post(address, values)
    assert (answer.status_code, "somebody was quicker" in text(answer)) == (422, True)
    assert len([entry for entry in history().entries if entry.kind == "accrual_halted"]) == 1


def test_a_study_is_closed_only_by_its_name_and_then_shows_its_secret(head):
    answer = head.post("close", signed=True, values={"typed": "another"})
    assert (answer.status_code, history().state.closure) == (422, None)
    assert head.post("close", signed=True, values={"typed": STUDY}).status_code == 302
    assert history().state.secret in text(head.get("administration"))
    assert "not closed can be closed" in text(head.get("close"))
    for page in ("open-site", "grant-role", "new-account"):
        assert reverse(page, args=[STUDY]) not in head.get("administration").content.decode()


# ---- who may -----------------------------------------------------------------------------------


def test_a_study_whose_record_is_empty_is_read_again_and_again(unborn):
    theirs = store.add_study(str(TINY)).study
    assert [len(store.current(theirs).entries) for _ in range(3)] == [0, 0, 0]


def test_an_inspector_sees_everything_and_changes_nothing(head):
    user("ines", "inspector")
    ines = Sitting("ines")
    before = len(history().entries)
    for page, given in (("administration", {}), ("delegation", {}), ("person", {"person": HEAD})):
        shown = ines.get(page, **given)
        assert shown.status_code == 200
        assert "<button" not in shown.content.decode().split("<main")[1]
    for page in ("open-site", "new-account", "grant-role", "issue-token", "activate", "halt", "resume", "close"):
        assert ines.get(page).status_code == 403
        assert ines.client.post(reverse(page, args=[STUDY])).status_code == 403
    stopped = ines.client.post(reverse("person", args=[STUDY, HEAD]), {"act": "stop"})
    assert (stopped.status_code, access.account(HEAD).active) == (403, True)
    assert len(history().entries) == before


def test_a_role_at_one_site_does_not_administer_the_study(head):
    user("local", "administrator", NORTH)
    assert Sitting("local").get("administration").status_code == 403
