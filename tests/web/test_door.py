"""The door: who comes in, by what, for how long, and where they find themselves."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import RequestFactory, override_settings
from django.urls import get_resolver

from evenhand.web import access, lockout, signing
from evenhand.web.middleware import OPEN
from tests.web.door_help import (
    NAME,
    PASSWORD,
    Browser,
    account,
    authenticator_app,
    code,
    code_given,
    is_in,
    later,
    let_pass,
    password_given,
    signed_in,
    text,
    wrong_code,
)
from tests.web.trial_here import STUDY

INDEX = "/account/factors/"


@pytest.fixture(autouse=True)
def second_factor():
    with override_settings(SECOND_FACTOR=True):
        yield


@pytest.fixture
def anna(database):
    return account()


@pytest.fixture
def client():
    return Browser()


# ---- coming in ---------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_and_with_the_code_one_is_in(anna, client):
    secret = authenticator_app(anna)
    assert password_given(client).url == f"{INDEX}authenticate/"
    assert not is_in(client)
    assert client.get("/account/").url.startswith("/account/login/")
    assert code_given(client, wrong_code(secret)).status_code == 200 and not is_in(client)
    assert code_given(client, code(secret)).url == "/"
    assert is_in(client)


def test_a_clock_that_is_half_a_minute_off_is_no_bar_and_one_that_is_further_off_is(anna, client):
    secret = authenticator_app(anna)
    password_given(client)
    assert "not right" in text(code_given(client, code(secret, -3)))
    assert code_given(client, code(secret, -1)).status_code == 302


def test_no_code_is_good_twice_whichever_worker_is_asked(anna):
    secret = authenticator_app(anna)
    first, second = code(secret, -1), code(secret)
    for given in (first, second):
        client = Browser()
        password_given(client)
        assert code_given(client, given).status_code == 302
    for given in (first, second):
        cache.clear()  # another worker's memory
        client = Browser()
        password_given(client)
        assert "was used already" in text(code_given(client, given)) and not is_in(client)


def test_a_recovery_code_opens_once(anna, client):
    client = signed_in(anna)
    client.post(f"{INDEX}recovery-codes/generate/", {})
    codes = re.findall(r"<li><code>(\d+)</code>", client.get(f"{INDEX}recovery-codes/").content.decode())
    assert len(codes) == 10
    assert codes[0] not in client.get(f"{INDEX}recovery-codes/").content.decode(), "shown once"
    for status in (302, 200):
        other = Browser()
        password_given(other)
        assert code_given(other, codes[0]).status_code == status


def test_secrets_of_authenticators_are_not_in_the_database_as_they_are(anna):
    secret = authenticator_app(anna)
    kept = Authenticator.objects.get(user=anna).data["secret"]
    assert secret not in kept


@pytest.mark.parametrize("name, password", [(NAME, "wrong"), ("nobody", PASSWORD), ("ANNA", PASSWORD), (NAME, "")])
def test_a_wrong_name_or_password_says_the_same_for_all(anna, client, name, password):
    answer = password_given(client, name, password)
    assert not is_in(client)
    assert ("do not go together" in text(answer)) == bool(password)


def test_an_account_that_was_stopped_opens_nothing_and_its_sessions_end(anna, client):
    client = signed_in(anna)
    access.set_active(NAME, False)
    assert client.get("/account/").url.startswith("/account/login/")
    assert "do not go together" in text(password_given(Browser()))


NOT_HERE = ("signup/", "email/", "password/reset/", "password/set/", "confirm-email/", "login/code/confirm/")


@pytest.mark.parametrize("page", NOT_HERE)
def test_nobody_signs_up_and_nothing_goes_by_mail(anna, client, page):
    posted = {"username": "eve", "password1": "a long enough one", "password2": "a long enough one"}
    for who in (client, signed_in(anna)):
        assert who.get(f"/account/{page}").status_code == 404
        assert who.post(f"/account/{page}", posted).status_code == 404
    assert get_user_model().objects.count() == 1


def test_signing_out_ends_the_session_and_asks_for_a_click(anna):
    client = signed_in(anna)
    assert client.get("/account/logout/").status_code == 200 and is_in(client)
    assert client.post("/account/logout/").url == "/account/login/"
    assert not is_in(client)
    assert "You have signed out." in text(client.get("/account/login/"))


# ---- setting up a second factor ----------------------------------------------------------------


def test_without_a_second_factor_one_is_led_to_set_it_up_before_anything_else(anna, client):
    assert password_given(client, next="/account/").url == "/account/"
    for page in ("/", "/account/", "/account/password/", f"/{STUDY}/", f"{INDEX}recovery-codes/generate/"):
        if client.get(page).status_code != 404:
            assert client.get(page).url == INDEX, page
    assert "Set up your second factor" in text(client.get(INDEX))
    page = client.get(f"{INDEX}totp/activate/")
    secret = re.search(r'id="authenticator_secret">(\w+)<', page.content.decode()).group(1)
    assert "not right" in text(client.post(f"{INDEX}totp/activate/", {"code": wrong_code(secret)}))
    assert client.post(f"{INDEX}totp/activate/", {"code": code(secret)}).url == f"{INDEX}recovery-codes/"
    assert client.get("/account/").status_code == 200
    assert text(client.get(f"{INDEX}recovery-codes/")).count("Print them") == 1


def test_changing_the_second_factor_asks_for_the_password_again(anna):
    client = signed_in(anna)
    assert client.get(f"{INDEX}webauthn/add/").status_code == 200, "it was given just now"
    session = client.session
    session["began"] -= 6 * 60
    session.save()
    assert client.get(f"{INDEX}webauthn/add/").url.startswith("/account/reauthenticate/")
    answer = client.post(f"/account/reauthenticate/?next={INDEX}webauthn/add/", {"password": "wrong"})
    assert "not your password" in text(answer)
    answer = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": f"{INDEX}webauthn/add/"})
    assert answer.url == f"{INDEX}webauthn/add/"
    assert client.get(f"{INDEX}webauthn/add/").status_code == 200


def test_the_only_second_factor_cannot_be_given_up(anna):
    client = signed_in(anna)
    assert "only second factor" in text(client.post(f"{INDEX}totp/deactivate/"))
    assert not access.needs_second_factor(anna)


def test_who_lost_it_sets_up_another_one_after_an_administrator_has_reset_it(anna):
    client = signed_in(anna)
    access.reset_second_factor(NAME)
    assert client.get("/account/").url == INDEX


@pytest.mark.parametrize("demo, theirs, free", [(True, True, True), (True, False, False), (False, True, False)])
def test_only_users_of_the_demonstration_in_the_demonstration_need_none(database, demo, theirs, free):
    with override_settings(DEMO=demo):
        assert access.needs_second_factor(account(demo=theirs)) is not free


# ---- too many wrong ones -----------------------------------------------------------------------


def test_five_wrong_passwords_lock_for_a_quarter_of_an_hour(anna, client):
    for _ in range(4):
        assert password_given(client, password="wrong").status_code == 200
    fifth = password_given(client, password="wrong")
    assert fifth.status_code == 429
    assert re.search(r"locked from here for 15 minutes, until \d+ \w+ \d{4}, \d\d:\d\d UTC", text(fifth))
    let_pass(minutes=10)
    locked = password_given(client)
    assert locked.status_code == 429
    let_pass(minutes=6)
    assert password_given(client).status_code == 302


def test_a_lock_is_for_one_name_from_one_address(anna):
    for _ in range(5):
        password_given(Browser(REMOTE_ADDR="192.0.2.1"), password="wrong")
    account("ben", "Ben Example")
    assert password_given(Browser(REMOTE_ADDR="192.0.2.1"), "ben").status_code == 302
    assert password_given(Browser(REMOTE_ADDR="192.0.2.2")).status_code == 302
    assert password_given(Browser(REMOTE_ADDR="192.0.2.1")).status_code == 429


def test_wrong_codes_count_with_wrong_passwords_and_the_right_one_does_not_open(anna, client):
    secret = authenticator_app(anna)
    password_given(client, password="wrong")
    password_given(client)
    for _ in range(3):
        assert code_given(client, wrong_code(secret)).status_code == 200
    assert code_given(client, wrong_code(secret)).status_code == 429
    assert code_given(client, code(secret)).status_code == 429
    assert not is_in(client)


def test_an_open_session_is_no_place_to_guess_the_password(anna):
    client = signed_in(anna)
    form = {"oldpassword": "wrong", "password1": "another long password", "password2": "another long password"}
    for _ in range(4):
        assert "not your present password" in text(client.post("/account/password/", form))
    client.post("/account/password/", form)
    assert "Too many wrong attempts" in text(client.post("/account/password/", {**form, "oldpassword": PASSWORD}))


SEEN = [
    (0, "192.0.2.9", None, "192.0.2.9"),
    (0, "192.0.2.9", "198.51.100.1", "192.0.2.9"),  # nobody is believed who says of himself where he is
    (1, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
    (1, "127.0.0.1", "203.0.113.7, 198.51.100.1", "198.51.100.1"),
    (2, "127.0.0.1", "203.0.113.7, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
    (2, "127.0.0.1", "198.51.100.1", "127.0.0.1"),
    (1, "127.0.0.1", "not an address", "127.0.0.1"),
    (1, "127.0.0.1", "2001:db8::1", "2001:db8::1"),
    (0, "", None, None),
]


@pytest.mark.parametrize("proxies, remote, forwarded, told", SEEN)
def test_a_client_is_where_the_last_proxy_of_ours_saw_it(proxies, remote, forwarded, told):
    heads = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    with override_settings(PROXIES=proxies):
        assert lockout.client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **heads)) == told


# ---- how long ----------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_without_use(anna):
    client = signed_in(anna)
    client.get("/account/")
    let_pass(minutes=29)
    assert client.get("/account/").status_code == 200
    let_pass(minutes=2)
    assert client.get("/account/").url == "/account/login/?next=/account/"


def test_use_keeps_a_session_and_it_is_written_once_a_minute_at_most(anna):
    client = signed_in(anna)
    client.get("/account/")
    for times in range(5):
        let_pass(minutes=20)
        with later(minutes=20 * (times + 1)):
            assert client.get("/account/").status_code == 200
            assert settings.SESSION_COOKIE_NAME not in client.get("/account/").cookies, "not written again"


def test_a_session_ends_after_twelve_hours_in_any_case(anna):
    client = signed_in(anna)
    client.get("/account/")
    with later(hours=11, minutes=59):
        assert client.get("/account/").status_code == 200
    with later(hours=12, minutes=1):
        assert client.get("/account/").url.startswith("/account/login/")
    assert not is_in(client)


def test_the_session_of_before_the_sign_in_is_not_the_one_after_it(anna, client):
    secret = authenticator_app(anna)
    password_given(client)
    before = client.session.session_key
    code_given(client, code(secret))
    assert before and client.session.session_key != before


def test_a_form_sent_after_the_end_says_that_nothing_was_recorded_and_leads_back_to_its_page(anna, client):
    page = f"/{STUDY}/candidates/new?from=list"
    answer = client.post(f"/{STUDY}/candidates/new", {"a": "b"}, HTTP_REFERER=f"http://localhost{page}")
    assert answer.url == f"/account/login/?next=/{STUDY}/candidates/new%3Ffrom%3Dlist"
    shown = client.get(answer.url)
    assert signing.ENDED in text(shown)
    assert f'name="next" value="{page}"' in shown.content.decode()
    secret = authenticator_app(anna)
    password_given(client, next=page)
    assert code_given(client, code(secret)).url == page


ELSEWHERE = [
    "https://elsewhere.example/page",
    "",
    "javascript:alert(1)",
    "//elsewhere.example/",
    "http://localhost.example/",
]


@pytest.mark.parametrize("named", ELSEWHERE)
def test_nobody_is_led_to_another_place(anna, client, named):
    assert client.post("/account/", HTTP_REFERER=named).url == "/account/login/?next=/"
    secret = authenticator_app(anna)
    password_given(client, next=named)
    assert code_given(client, code(secret)).url == "/"


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(database, client):
    heads = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://localhost/account/?a=b"}
    answer = client.get("/account/", **heads)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/account/login/?next=/account/%3Fa%3Db")


def addresses(resolver=None, before=""):
    """Every address of the application with its name, its variables filled in."""
    for one in (resolver or get_resolver()).url_patterns:
        here = before + re.sub(r"<(\w+:)?\w+>", "1", str(one.pattern)).lstrip("^")
        if hasattr(one, "url_patterns"):
            yield from addresses(one, here)
        else:
            yield one.name, f"/{here}"


def test_signed_out_nothing_is_reached_but_what_is_open(database, client):
    closed = [(name, address) for name, address in addresses() if name not in OPEN and not address.startswith("/api/")]
    assert len(closed) > 15
    for name, address in closed:
        for ask in (client.get, client.post):
            assert ask(address).headers.get("Location", "").startswith("/account/login/?next="), name


# ---- what a browser is told --------------------------------------------------------------------


HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "script-src 'self'",
}


@pytest.mark.parametrize("page", ["/account/login/", "/account/", "/nowhere/at/all/x", "/healthz"])
def test_every_answer_carries_the_guards(anna, page):
    answer = signed_in(anna).get(page)
    for name, value in HEADERS.items():
        assert value in re.split("[;,] *", answer[name]), name  # directives come in any order
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(anna):
    client = signed_in(anna)
    client.get("/account/password/")
    for name in ("evenhand", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert not client.cookies["evenhand"]["max-age"], "it goes with the browser"


def test_a_form_from_elsewhere_is_refused_in_words(anna):
    guarded = Browser(enforce_csrf_checks=True)
    guarded.cookies = signed_in(anna).cookies
    answer = guarded.post("/account/password/")
    assert answer.status_code == 403 and "Nothing was recorded" in text(answer)
