"""The door in a real browser: a passkey, and every page of it looked at (scripts, policy, barriers, both widths)."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.test import override_settings

from evenhand.web import access
from tests.web.browser import PHONE, faults
from tests.web.door_help import NAME, PASSWORD, account, authenticator_app, code
from tests.web.servers import Server
from tests.web.trial_here import NORTH, trial, user

KEY = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True}


@pytest.fixture
def here(server):
    """The server by the name under which passkeys work; a number is no domain."""
    return server.address.replace("127.0.0.1", "localhost")


def security_key(page, works=True):
    """Put a security key into the browser, which is touched at once whenever it is asked."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {**KEY, "isUserVerified": works, "automaticPresenceSimulation": True}
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def gives_password(page, here, name=NAME):
    page.goto(f"{here}/account/login/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def at(page):
    return urlsplit(page.url).path


def test_a_passkey_is_set_up_and_opens_the_account_beside_the_password(here, desktop):
    anna = account()
    security_key(desktop)
    gives_password(desktop, here)
    desktop.get_by_role("link", name="Set up a passkey").click()
    desktop.get_by_label("Name of this passkey").fill("the key on my ring")
    desktop.get_by_role("button", name="Set up the passkey").click()
    desktop.wait_for_url("**/recovery-codes/")
    assert desktop.locator("ol.codes li").count() == 10
    assert faults(desktop) == []
    kept = Authenticator.objects.get(user=anna, type="webauthn")
    assert str(kept) == "the key on my ring"

    desktop.context.clear_cookies()
    gives_password(desktop, here)
    assert at(desktop) == "/account/factors/authenticate/"
    assert faults(desktop) == []
    desktop.get_by_role("button", name="Use your passkey").click()
    desktop.wait_for_url(f"{here}/")
    assert "no role in any study" in desktop.locator("main").inner_text()
    kept.refresh_from_db()
    assert kept.last_used_at is not None


def test_without_the_key_the_page_says_so_and_nobody_gets_in(here, desktop):
    account()
    session, key = security_key(desktop)
    gives_password(desktop, here)
    desktop.goto(f"{here}/account/factors/webauthn/add/")
    desktop.get_by_role("button", name="Set up the passkey").click()
    desktop.wait_for_url("**/recovery-codes/")
    session.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    desktop.context.clear_cookies()
    gives_password(desktop, here)
    desktop.get_by_role("button", name="Use your passkey").click()
    desktop.get_by_text("The passkey was not used").wait_for()
    assert faults(desktop) == []
    desktop.goto(f"{here}/account/")
    assert at(desktop) == "/account/factors/authenticate/"


def test_a_passkey_cannot_be_set_up_at_a_number_and_the_page_says_what_it_needs(server, desktop):
    account()
    security_key(desktop)
    gives_password(desktop, server.address)
    desktop.goto(f"{server.address}/account/factors/webauthn/add/")
    desktop.get_by_role("button", name="Set up the passkey").click()
    desktop.get_by_text("needs HTTPS and a host name").wait_for()
    assert faults(desktop) == []


PAGES = [
    "/account/",
    "/account/logout/",
    "/account/password/",
    "/account/reauthenticate/",
    "/account/sessions/",
    "/account/factors/",
    "/account/factors/reauthenticate/",
    "/account/factors/totp/deactivate/",
    "/account/factors/webauthn/",
    "/account/factors/webauthn/add/",
    "/account/factors/webauthn/keys/{key}/edit/",
    "/account/factors/webauthn/keys/{key}/remove/",
    "/account/factors/webauthn/reauthenticate/",
    "/account/factors/recovery-codes/",
    "/account/factors/recovery-codes/generate/",
    "/account/nowhere/",
]


def test_every_page_of_ones_own_account_is_in_order(here, new_page, database):
    trial("screened")
    anna = account()
    user(NAME, "coordinator", NORTH)
    security_key(page := new_page(PHONE))
    gives_password(page, here)
    page.goto(f"{here}/account/factors/webauthn/add/")
    page.get_by_role("button", name="Set up the passkey").click()
    page.wait_for_url("**/recovery-codes/")
    key = Authenticator.objects.get(user=anna, type="webauthn").pk
    secret = authenticator_app(anna)
    said = {}
    for address in PAGES:
        page.goto(here + address.format(key=key))
        assert at(page) == address.format(key=key)
        said[address] = [one for one in faults(page) if not ("404" in one and "nowhere" in address)]
    assert {address: wrong for address, wrong in said.items() if wrong} == {}
    assert code(secret)


def test_every_page_before_the_sign_in_is_in_order(here, phone):
    access.make_account(NAME, printed_name="Anna Example")
    links = [access.make_password_link(NAME), "/account/login/", "/account/inactive/"]
    access.make_account("ben", printed_name="Ben Example", password=PASSWORD)
    said = {}
    for address in links:
        phone.goto(here + address)
        assert at(phone) == address
        said[address] = faults(phone)
    gives_password(phone, here, "ben")
    for address in ("/account/factors/", "/account/factors/totp/activate/", "/account/factors/webauthn/add/"):
        phone.goto(here + address)
        said[address] = faults(phone)
    phone.context.clear_cookies()
    for _ in range(5):
        phone.goto(f"{here}/account/login/")
        phone.get_by_label("User name").fill("ben")
        phone.get_by_label("Password", exact=True).fill("wrong")
        phone.get_by_role("button", name="Sign in", exact=True).click()
    assert "Locked for a while" in phone.title()
    said["locked"] = [one for one in faults(phone) if "429" not in one]
    phone.goto(f"{here}/account/first-password/x/")
    said["spent"] = [one for one in faults(phone) if "410" not in one]
    assert {address: wrong for address, wrong in said.items() if wrong} == {}


def test_the_demonstration_changes_from_one_to_the_other_by_a_click(database, desktop, tmp_path):
    names = ["demo-carl", "demo-pat"]
    for name in names:
        account(name, f"Demo {name.removeprefix('demo-').title()} Example", demo=True)
    with (
        override_settings(DEMO=True),
        Server({**database.environment, "EVENHAND_DEMO": "1"}, tmp_path / "log") as server,
    ):
        desktop.goto(server.address + access.make_demo_link(names[0]))
        assert at(desktop) == "/"
        desktop.goto(f"{server.address}/demo/")
        assert faults(desktop) == []
        desktop.get_by_role("button", name=re.compile("Demo Pat Example")).click()
        desktop.goto(f"{server.address}/account/")
        assert "demo-pat" in desktop.locator("main").inner_text()
        assert faults(desktop) == []
        desktop.goto(server.address + "/demo/1-spent")
        assert "used already" in desktop.title()
        assert [one for one in faults(desktop) if "410" not in one] == []
