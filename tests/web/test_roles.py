"""Who may open and send what: every role, every address, at the own site, at another one, and for the whole study.

The tables are written out and compared as text: a changed right shows as a changed line, and a new address
fails until it has one.
"""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from evenhand.administration import ROLES
from evenhand.web import store
from evenhand.web.access import TABLE, Action
from tests.web.roles_world import GROUPS, World, names, sign
from tests.web.trial_here import STUDY

ACTIONS = """
                   coo tre pat rad sur dat mon sta saf adm ins
SEE_CANDIDATE        +   +   +   +   +   +   +   +   .   .   +
SEE_NAME             +   +   +   +   +   .   +   .   .   .   +
SEE_ARM              +   +   +   +   +   +   +   +   .   .   +
ENTER_FACTS          +   +   +   .   .   .   .   .   .   .   .
ATTEST               .   +   +   +   +   .   .   .   .   .   .
RECORD_CONSENT       +   +   .   .   .   .   .   .   .   .   .
REGISTER             +   .   .   .   .   .   .   .   .   .   .
RANDOMIZE            +   .   .   .   .   .   .   .   .   .   .
CORRECT              +   .   .   .   .   +   .   .   .   .   .
CORRECT_NAME         +   .   .   .   .   .   .   .   .   .   .
ERASE_NAME           +   .   .   .   .   .   .   .   .   .   .
ENTER_FORMS          +   +   +   +   +   .   .   .   .   .   .
SIGN_FORMS           .   +   +   +   +   .   .   .   .   .   .
ANSWER_QUERY         +   +   +   +   +   .   .   .   .   .   .
ASK_QUERY            .   .   .   .   .   +   +   .   .   .   .
VERIFY_SOURCE        .   .   .   .   .   .   +   .   .   .   .
LOCK                 .   .   .   .   .   +   .   .   .   .   .
SEE_SAFETY           +   +   +   +   +   +   +   +   +   .   +
SEE_QUALITY          +   +   +   +   +   +   +   +   .   .   +
SEE_STUDY            +   +   +   +   +   +   +   +   +   +   +
SEE_POOLED           .   .   .   .   .   +   +   +   +   +   +
SEE_BY_ARM           .   .   .   .   .   .   .   +   +   .   .
HOLD_LOOK            .   .   .   .   .   .   .   .   +   .   .
MAKE_FINAL           .   .   .   .   .   .   .   +   .   .   .
SEE_RECORD           +   +   +   +   +   +   +   +   .   .   +
VERIFY               .   .   .   .   .   +   +   +   .   .   +
EXPORT               .   .   .   .   .   +   .   +   .   .   +
SEE_ADMINISTRATION   .   .   .   .   .   .   .   .   .   +   +
ADMINISTER           .   .   .   .   .   .   .   .   .   +   .
STEER                .   .   .   .   .   .   .   .   .   +   .
"""

# In each group: the role held at the candidate's site, at another site, and for the whole study where that can be.
# + it may; - it is refused (403); 0 there is no such thing for it (404). By GET, and by POST with nothing filled in.
PAGES = """
                           co tr pa ra su dat mon sta saf adm ins
api:submit_candidate  POST ++ ++ ++ -- -- --- --- --- --- --- ---
api:add_facts         POST +0 +0 +0 -- -- --- --- --- --- --- ---
api:verdict           GET  +0 +0 +0 +0 +0 +0+ +0+ +0+ --- --- +0+
api:register          POST +0 -- -- -- -- --- --- --- --- --- ---
api:randomize         POST +0 -- -- -- -- --- --- --- --- --- ---
api:record            GET  ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
worklist              GET  ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
find                  GET  ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
find                  POST ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
new-candidate         GET  ++ ++ ++ -- -- --- --- --- --- --- ---
new-candidate         POST ++ ++ ++ -- -- --- --- --- --- --- ---
candidate             GET  +0 +0 +0 +0 +0 +0+ +0+ +0+ --- --- +0+
facts                 GET  +0 +0 +0 -- -- --- --- --- --- --- ---
facts                 POST +0 +0 +0 -- -- --- --- --- --- --- ---
upload                GET  +0 +0 +0 -- -- --- --- --- --- --- ---
upload                POST +0 +0 +0 -- -- --- --- --- --- --- ---
identity              GET  +0 -- -- -- -- --- --- --- --- --- ---
identity              POST +0 -- -- -- -- --- --- --- --- --- ---
erase-name            GET  +0 -- -- -- -- --- --- --- --- --- ---
erase-name            POST +0 -- -- -- -- --- --- --- --- --- ---
correct               GET  +0 -- -- -- -- +0+ --- --- --- --- ---
correct               POST +0 -- -- -- -- +0+ --- --- --- --- ---
attest                GET  -- -0 -0 +0 +0 --- --- --- --- --- ---
attest                POST -- -0 -0 +0 +0 --- --- --- --- --- ---
consent               GET  +0 +0 -- -- -- --- --- --- --- --- ---
consent               POST +0 +0 -- -- -- --- --- --- --- --- ---
decline               GET  +0 +0 -- -- -- --- --- --- --- --- ---
decline               POST +0 +0 -- -- -- --- --- --- --- --- ---
withdraw              GET  +0 +0 -- -- -- --- --- --- --- --- ---
withdraw              POST +0 +0 -- -- -- --- --- --- --- --- ---
register              GET  +0 -- -- -- -- --- --- --- --- --- ---
register              POST +0 -- -- -- -- --- --- --- --- --- ---
randomize             GET  +0 -- -- -- -- --- --- --- --- --- ---
randomize             POST +0 -- -- -- -- --- --- --- --- --- ---
allocation            GET  +0 +0 +0 +0 +0 +0+ +0+ +0+ --- --- +0+
confirmation          GET  +0 +0 +0 +0 +0 +0+ +0+ +0+ --- --- +0+
participants          GET  ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
participant           GET  +0 +0 +0 +0 +0 +0+ +0+ +0+ --- --- +0+
form                  GET  +0 -0 -0 -0 +0 --- --- --- --- --- ---
form                  POST +0 -0 -0 -0 +0 --- --- --- --- --- ---
sign-forms            GET  -- +0 +0 +0 +0 --- --- --- --- --- ---
sign-forms            POST -- +0 +0 +0 +0 --- --- --- --- --- ---
lock-forms            GET  -- -- -- -- -- +0+ --- --- --- --- ---
lock-forms            POST -- -- -- -- -- +0+ --- --- --- --- ---
verify-forms          GET  -- -- -- -- -- --- +0+ --- --- --- ---
verify-forms          POST -- -- -- -- -- --- +0+ --- --- --- ---
form-entry            GET  +0 +0 +0 +0 +0 +0+ +0+ +0+ --- --- +0+
correct-form          GET  +0 -0 -0 -0 +0 --- --- --- --- --- ---
correct-form          POST +0 -0 -0 -0 +0 --- --- --- --- --- ---
ask-query             GET  -- -- -- -- -- +0+ +0+ --- --- --- ---
ask-query             POST -- -- -- -- -- +0+ +0+ --- --- --- ---
strike-entry          GET  +0 -0 -0 -0 +0 --- --- --- --- --- ---
strike-entry          POST +0 -0 -0 -0 +0 --- --- --- --- --- ---
lock-entry            GET  -- -- -- -- -- +0+ --- --- --- --- ---
lock-entry            POST -- -- -- -- -- +0+ --- --- --- --- ---
unlock-entry          GET  -- -- -- -- -- +0+ --- --- --- --- ---
unlock-entry          POST -- -- -- -- -- +0+ --- --- --- --- ---
verify-entry          GET  -- -- -- -- -- --- +0+ --- --- --- ---
verify-entry          POST -- -- -- -- -- --- +0+ --- --- --- ---
answer-query          GET  +0 +0 +0 +0 +0 --- --- --- --- --- ---
answer-query          POST +0 +0 +0 +0 +0 --- --- --- --- --- ---
close-query           GET  -- -- -- -- -- +0+ +0+ --- --- --- ---
close-query           POST -- -- -- -- -- +0+ +0+ --- --- --- ---
calendar              GET  ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
safety                GET  ++ ++ ++ ++ ++ +++ +++ +++ +++ --- +++
quality               GET  ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
adverse-event         GET  +0 +0 -0 +0 +0 --- --- --- --- --- ---
adverse-event         POST +0 +0 -0 +0 +0 --- --- --- --- --- ---
correct-adverse-event GET  +0 +0 -0 +0 +0 --- --- --- --- --- ---
correct-adverse-event POST +0 +0 -0 +0 +0 --- --- --- --- --- ---
scan                  GET  +0 +0 -0 -0 -0 --- --- --- --- --- ---
scan                  POST +0 +0 -0 -0 -0 --- --- --- --- --- ---
correct-scan          GET  +0 +0 -0 -0 -0 --- --- --- --- --- ---
correct-scan          POST +0 +0 -0 -0 -0 --- --- --- --- --- ---
scan-response         GET  +0 +0 +0 +0 +0 +0+ +0+ +0+ --- --- +0+
reconsent             GET  ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
study                 GET  ++ ++ ++ ++ ++ +++ +++ +++ +++ +++ +++
protocol              GET  ++ ++ ++ ++ ++ +++ +++ +++ +++ +++ +++
design                GET  ++ ++ ++ ++ ++ +++ +++ +++ +++ +++ +++
reports               GET  ++ ++ ++ ++ ++ +++ +++ +++ +++ +++ +++
reports               POST ++ ++ ++ ++ ++ +++ +++ +++ +++ +++ +++
report                GET  00 00 00 00 00 000 000 00+ 00+ 000 000
report                POST 00 00 00 00 00 000 000 00+ 00+ 000 000
report-page           GET  00 00 00 00 00 000 000 00+ 00+ 000 000
report-zip            GET  00 00 00 00 00 000 000 00+ 00+ 000 000
report-file           GET  00 00 00 00 00 000 000 00+ 00+ 000 000
board                 GET  -- -- -- -- -- --- --- --+ --+ --- ---
board                 POST -- -- -- -- -- --- --- --+ --+ --- ---
hold-look             GET  -- -- -- -- -- --- --- --- --+ --- ---
hold-look             POST -- -- -- -- -- --- --- --- --+ --- ---
strike-look           GET  -- -- -- -- -- --- --- --- --0 --- ---
strike-look           POST -- -- -- -- -- --- --- --- --0 --- ---
hold-meeting          GET  -- -- -- -- -- --- --- --- --+ --- ---
hold-meeting          POST -- -- -- -- -- --- --- --- --+ --- ---
strike-meeting        GET  -- -- -- -- -- --- --- --- --0 --- ---
strike-meeting        POST -- -- -- -- -- --- --- --- --0 --- ---
make-final            GET  -- -- -- -- -- --- --- --+ --- --- ---
make-final            POST -- -- -- -- -- --- --- --+ --- --- ---
strike-final          GET  -- -- -- -- -- --- --- --0 --- --- ---
strike-final          POST -- -- -- -- -- --- --- --0 --- --- ---
board-number          GET  -- -- -- -- -- --- --- --+ --+ --- ---
record                GET  ++ ++ ++ ++ ++ +++ +++ +++ --- --- +++
entry                 GET  +0 +0 +0 +0 +0 +0+ +0+ +0+ --- --- +0+
verify                GET  -- -- -- -- -- --+ --+ --+ --- --- --+
verify                POST -- -- -- -- -- --+ --+ --+ --- --- --+
export                GET  -- -- -- -- -- --+ --- --+ --- --- --+
administration        GET  -- -- -- -- -- --- --- --- --- --+ --+
delegation            GET  -- -- -- -- -- --- --- --- --- --+ --+
versions              GET  -- -- -- -- -- --- --- --- --- --+ --+
changes               GET  -- -- -- -- -- --- --- --- --- --+ --+
adopt                 GET  -- -- -- -- -- --- --- --- --- --+ ---
adopt                 POST -- -- -- -- -- --- --- --- --- --+ ---
open-site             GET  -- -- -- -- -- --- --- --- --- --+ ---
open-site             POST -- -- -- -- -- --- --- --- --- --+ ---
new-account           GET  -- -- -- -- -- --- --- --- --- --+ ---
new-account           POST -- -- -- -- -- --- --- --- --- --+ ---
person                GET  -- -- -- -- -- --- --- --- --- --+ --+
person                POST -- -- -- -- -- --- --- --- --- --+ ---
grant-role            GET  -- -- -- -- -- --- --- --- --- --+ ---
grant-role            POST -- -- -- -- -- --- --- --- --- --+ ---
end-role              GET  -- -- -- -- -- --- --- --- --- --+ ---
end-role              POST -- -- -- -- -- --- --- --- --- --+ ---
issue-token           GET  -- -- -- -- -- --- --- --- --- --+ ---
issue-token           POST -- -- -- -- -- --- --- --- --- --+ ---
end-token             GET  -- -- -- -- -- --- --- --- --- --+ ---
end-token             POST -- -- -- -- -- --- --- --- --- --+ ---
activate              GET  -- -- -- -- -- --- --- --- --- --+ ---
activate              POST -- -- -- -- -- --- --- --- --- --+ ---
halt                  GET  -- -- -- -- -- --- --- --- --- --+ ---
halt                  POST -- -- -- -- -- --- --- --- --- --+ ---
resume                GET  -- -- -- -- -- --- --- --- --- --+ ---
resume                POST -- -- -- -- -- --- --- --- --- --+ ---
close                 GET  -- -- -- -- -- --- --- --- --- --+ ---
close                 POST -- -- -- -- -- --- --- --- --- --+ ---
"""

# Addresses of no study. Signed out: `open` to everybody; `shut` leads to the sign-in; `token` asks for one;
# `spent` needs a key that works once; `none` is nothing here. Whoever is signed in has them for the own account alone.
DOOR = """
api:openapi-json             open
api:api-root                 none
api-nothing                  none
home                         shut
healthz                      open
account                      shut
account_login                open
account_logout               shut
account_inactive             open
account_reauthenticate       shut
account_change_password      shut
mfa_index                    shut
mfa_authenticate             shut
mfa_reauthenticate           shut
mfa_activate_totp            shut
mfa_deactivate_totp          shut
mfa_view_recovery_codes      shut
mfa_generate_recovery_codes  shut
mfa_download_recovery_codes  shut
mfa_list_webauthn            shut
mfa_add_webauthn             shut
mfa_reauthenticate_webauthn  shut
mfa_remove_webauthn          shut
mfa_edit_webauthn            shut
usersessions_list            shut
first-password               spent
demo                         none
demo-link                    none
"""


def table(text):
    return text.strip("\n").split("\n")


def test_the_rights_are_those_written_here():
    head = f"{'':<18} " + " ".join(f"{role[:3]:>3}" for role in ROLES)
    lines = [
        f"{action.name:<18} " + " ".join(f"{'+' if action in TABLE[role] else '.':>3}" for role in ROLES)
        for action in Action
    ]
    assert [head, *lines] == table(ACTIONS)


def test_every_address_has_a_line():
    door = {line.split()[0] for line in table(DOOR)}
    pages = {line.split()[0] for line in table(PAGES)[1:]}
    assert door.isdisjoint(pages)
    assert set(names()) == door | pages


def test_every_role_may_open_and_send_what_is_written_here(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    world = World()
    before = len(store.current(STUDY).entries)
    shown = [f"{'':<27}" + " ".join(f"{role[: len(group)]:<{len(group)}}" for role, group in GROUPS.items()).rstrip()]
    for name in dict.fromkeys(line.split()[0] for line in table(PAGES)[1:]):
        for method in ("GET", "POST"):
            row = world.row(name, method)
            if row != "x":
                shown.append(f"{name:<22}{method:<5}{row}")
    assert shown == table(PAGES)
    assert len(store.current(STUDY).entries) == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signed_out_gets_anything_but_the_door(database, method):
    world = World(peopled=False)
    anybody = Client(SERVER_NAME="localhost")
    for name in names():
        address = world.address(name) or elsewhere(name)
        answer = getattr(anybody, method)(address)
        assert outcome(answer) in allowed(name, method), (name, answer.status_code, answer.headers.get("Location"))


def elsewhere(name):
    """The address of a page of no study."""
    for given in ({}, {"key": "x"}, {"pk": 1}):
        try:
            return reverse(name, kwargs=given)
        except NoReverseMatch:
            continue
    raise AssertionError(f"how is {name} reached?")


def allowed(name, method):
    """What somebody without a session or a token may get."""
    kinds = dict(line.split() for line in table(DOOR))
    usual = kinds.get(name, "token" if name.startswith("api:") else "shut")
    return {usual, "unknown"} if method == "post" or usual == "token" else {usual}


def outcome(answer):
    """The word of the table for an answer; ``unknown`` for a method that an address does not know."""
    if answer.status_code == 302:
        assert answer["Location"].startswith(reverse("account_login"))
        return "shut"
    return {200: "open", 401: "token", 404: "none", 405: "unknown", 410: "spent"}[answer.status_code]


def test_signs_tell_refusals_apart(database):
    """A sign that everything gets would make the table say nothing."""
    anybody = Client(SERVER_NAME="localhost")
    assert [sign(anybody.get(one)) for one in ("/healthz", "/nothing/here/at/all", "/api/v1/studies/x/record")] == [
        "+", "0", "1",
    ]  # fmt: skip
