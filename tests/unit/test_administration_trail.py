"""Accounts and tokens in the record: what is refused, what an inspector reads, and what verification finds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand import administration, steps
from evenhand.administration import (
    INSTALLER,
    SCOPES,
    Grant,
    TokenTerms,
    account_trail,
    give_way_in,
    grant_role,
    issue_token,
    issued_tokens,
    make_account,
    restore_account,
    revoke_role,
    revoke_token,
    stop_account,
)
from evenhand.record import Actor, Event, append
from evenhand.refusal import Refusal
from tests.eligible import SECRET
from tests.unit.test_administration import ADA, ON_, Office, findings, staffed

DIGEST = "a" * 64
TERMS = TokenTerms("Charts", Grant("carl", "coordinator", "north"), ("read", "screen"), timedelta(days=90))
ISSUED = {"terms": TERMS, "digest": DIGEST}


def issued(**more):
    return staffed().done(issue_token, **{**ISSUED, **more})


def closed(office=None):
    office = office or staffed()
    return office.done(steps.activate, secret=SECRET, sites=[]).done(steps.close, secret=SECRET)


# ---- tokens ------------------------------------------------------------------------------------


def test_a_token_stands_in_the_record_with_all_that_it_allows_but_not_itself():
    entry = issued().history.head
    assert entry.body == {
        "user": "carl",
        "role": "coordinator",
        "site": "north",
        "label": "Charts",
        "scopes": ["screen", "read"],
        "digest": DIGEST,
        "expires": (entry.recorded_at + timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


@pytest.mark.parametrize(("terms", "said"), [
    ({"scopes": ()}, "not all known"),
    ({"scopes": ("read", "all")}, "not all known"),
    ({"life": timedelta(0)}, "at most a year"),
    ({"life": timedelta(days=367)}, "at most a year"),
    ({"label": " "}, "name of its system"),
    ({"holder": Grant("carl", "surgeon", "north")}, "does not hold the role surgeon at north"),
    ({"holder": Grant("eve", "coordinator", "north")}, "eve does not hold"),
    ({"holder": Grant("carl", "coordinator", "south")}, "no site 'south'"),
    ({"holder": Grant("ada", "administrator", None)}, "no site None"),
])  # fmt: skip
def test_a_token_that_cannot_be_is_refused(terms, said):
    with pytest.raises(Refusal, match=said):
        issued(terms=replace(TERMS, **terms))


def test_a_role_for_the_whole_study_is_held_at_each_site():
    office = staffed().done(grant_role, given=Grant("mona", "monitor", None))
    office.done(issue_token, terms=replace(TERMS, holder=Grant("mona", "monitor", "north")), digest=DIGEST)
    assert findings(office.done(steps.activate, secret=SECRET, sites=[])) == []


def test_no_token_is_issued_for_a_role_that_ended():
    office = staffed().done(revoke_role, given=TERMS.holder, reason="left")
    with pytest.raises(Refusal, match="does not hold"):
        office.done(issue_token, **ISSUED)


def test_a_token_is_told_from_issue_to_end():
    office = issued().done(revoke_token, digest=DIGEST, reason="replaced")
    (token,) = issued_tokens(office.history)
    assert (token.label, token.issued.kind, token.ended.reason) == ("Charts", "token_issued", "replaced")
    with pytest.raises(Refusal, match="issued before"):
        office.done(issue_token, **ISSUED)


@pytest.mark.parametrize(("digest", "reason", "said"), [
    ("b" * 64, "lost", "no such token"),
    (DIGEST, " ", "without a reason"),
])  # fmt: skip
def test_a_token_is_not_ended_so(digest, reason, said):
    with pytest.raises(Refusal, match=said):
        issued().done(revoke_token, digest=digest, reason=reason)


def test_a_token_ends_once():
    with pytest.raises(Refusal, match="ended already"):
        issued().done(revoke_token, digest=DIGEST, reason="lost").done(revoke_token, digest=DIGEST, reason="lost")


def test_the_scopes_are_known():
    assert SCOPES == ("screen", "read", "register", "randomize")


# ---- accounts ----------------------------------------------------------------------------------


def test_an_accounts_trail_is_its_own_and_in_order():
    office = staffed().done(make_account, user="ben", name="Dr Ben").done(stop_account, user="ben", reason="left")
    office.done(give_way_in, user="carl", ways=["password link"]).done(restore_account, user="ben")
    office.done(give_way_in, user="ben", ways=[administration.SECOND_FACTOR_RESET, administration.PASSWORD_LINK])
    assert [(one.kind, one.body.get("what")) for one in account_trail(office.history, "ben")] == [
        ("account_made", None),
        ("way_in_given", "password link"),
        ("account_stopped", None),
        ("account_restored", None),
        ("way_in_given", "second factor reset"),
        ("way_in_given", "password link"),
    ]
    assert findings(office) == []


@pytest.mark.parametrize(("step", "given", "said"), [
    (make_account, {"user": " ", "name": "Ben"}, "needs a user name"),
    (make_account, {"user": "ben", "name": ""}, "needs a user name"),
    (stop_account, {"user": "ben", "reason": " "}, "without a reason"),
    (give_way_in, {"user": "ben", "ways": []}, "nothing is no way in"),
    (give_way_in, {"user": "ben", "ways": ["window"]}, "window is no way in"),
])  # fmt: skip
def test_what_is_done_about_an_account_is_refused(step, given, said):
    with pytest.raises(Refusal, match=said):
        staffed().done(step, **given)


AFTER = [
    (stop_account, {"user": "carl", "reason": "left"}, True),
    (restore_account, {"user": "carl"}, True),
    (give_way_in, {"user": "carl", "ways": ["password link"]}, True),
    (revoke_token, {"digest": DIGEST, "reason": "closed"}, True),
    (make_account, {"user": "ben", "name": "Ben"}, False),
    (issue_token, {**ISSUED, "digest": "b" * 64}, False),
]


@pytest.mark.parametrize(("step", "given", "may"), AFTER)
def test_who_can_read_a_closed_record_is_still_recorded(step, given, may):
    office = closed(issued())
    if may:
        assert findings(office.done(step, **given)) == []
    else:
        with pytest.raises(Refusal, match="closed"):
            office.done(step, **given)


# ---- what verification finds -------------------------------------------------------------------


def forged(kind, body, by=ADA, reason=None, office=None):
    """A record in which something stands that its step would not have recorded."""
    office = office or staffed()
    event = Event(kind, None, ON_, body, reason=reason)
    office.at = max(office.at, office.history.head.recorded_at)
    office.history = office.history.extend(append(office.history, [event], by=by, at=office.at))
    return office


GOOD = {"user": "carl", "role": "coordinator", "site": "north", "label": "C", "scopes": ["read"], "digest": DIGEST}
FORGED = [
    ("token_issued", GOOD | {"expires": "2030-01-01T00:00:00Z"}, "at most a year"),
    ("token_issued", GOOD | {"expires": "soon"}, "cannot be taken again"),
    ("token_issued", GOOD | {"expires": "2026-07-01T00:00:00"}, "expires is"),
    ("token_issued", GOOD | {"expires": "2026-07-01T00:00:00Z", "scopes": [{"all": 1}]}, "not all known"),
    ("token_issued", GOOD | {"expires": "2026-07-01T00:00:00Z", "user": "eve"}, "does not hold"),
    ("token_issued", GOOD | {"expires": "2026-07-01T00:00:00Z", "more": "rights"}, "more is 'rights'"),
    ("token_revoked", {"digest": DIGEST, "label": "C"}, "no such token"),
    ("way_in_given", {"user": "carl", "what": "window"}, "no way in"),
    ("account_made", {"user": "carl", "name": " "}, "needs a user name"),
    ("account_stopped", {"user": "carl", "until": "then"}, "until is 'then'"),
]


@pytest.mark.parametrize(("kind", "body", "said"), FORGED)
def test_what_no_step_would_record_is_found(kind, body, said):
    found = findings(forged(kind, body, reason="because"))
    assert len(found) == 1
    assert said in found[0]


def test_a_label_that_is_not_the_tokens_is_found():
    (found,) = findings(forged("token_revoked", {"digest": DIGEST, "label": "Other"}, reason="lost", office=issued()))
    assert "label is 'Other', but the step gives 'Charts'" in found


INSTALLED = [
    ("account_made", {"user": "bea", "name": "Bea"}, True),
    ("way_in_given", {"user": "ada", "what": "password link"}, True),
    ("role_granted", {"user": "bea", "role": "administrator", "site": None}, True),
    ("role_granted", {"user": "bea", "role": "administrator", "site": "north"}, False),
    ("role_granted", {"user": "bea", "role": "statistician", "site": None}, False),
    ("account_stopped", {"user": "ada"}, False),
    ("site_opened", {"site": "west"}, False),
]


@pytest.mark.parametrize(("kind", "body", "may"), INSTALLED)
def test_whoever_runs_the_machine_may_let_an_administrator_in_and_nothing_more(kind, body, may):
    found = findings(forged(kind, body, by=INSTALLER, reason="because"))
    assert found == [] if may else "installer did not hold the role installer" in found[0]


def test_nobody_is_granted_the_role_of_the_installer():
    assert INSTALLER.role not in administration.ROLES
    (found,) = findings(forged("way_in_given", {"user": "ada", "what": "password link"}, Actor("eve", "installer")))
    assert "did not hold" in found


def test_an_empty_office_is_made_by_the_installer():
    office = Office().done(make_account, INSTALLER, user="ada", name="Ada")
    office.done(grant_role, INSTALLER, given=Grant("ada", "administrator", None))
    assert findings(office) == []
