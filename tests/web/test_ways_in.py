"""Links that let in once, the way through the demonstration, and where one finds oneself."""

import pytest
from django.contrib.auth import get_user_model
from django.test import override_settings
from django.urls import reverse

from evenhand.refusal import Refusal
from evenhand.web import access
from tests.web.databases import together
from tests.web.door_help import NAME, PASSWORD, Browser, account, is_in, password_given, signed_in, text
from tests.web.trial_here import COORDINATOR, NORTH, STUDY, Making, trial, user

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


# ---- passwords by link -------------------------------------------------------------------------


def chosen(client, link, password, again=None):
    return client.post(link, {"new_password1": password, "new_password2": password if again is None else again})


def test_a_link_lets_its_user_choose_a_password_once(database, client):
    access.make_account(NAME, printed_name="Anna Example")
    link = access.make_password_link(NAME)
    assert NAME in text(client.get(link))
    assert chosen(client, link, PASSWORD).url == "/account/login/"
    for answer in (client.get(link), chosen(client, link, "another long password")):
        assert answer.status_code == 410 and "Ask an administrator" in text(answer)
    assert password_given(client).status_code == 302


POOR = {
    "short": ("elevenchars", None, "at least 12"),
    "common": ("1qaz2wsx3edc", None, "too common"),
    "like the name": ("annaexample1", None, "too similar"),
    "typed differently": (PASSWORD, PASSWORD + "x", "match"),
}


@pytest.mark.parametrize("password, again, told", POOR.values(), ids=POOR)
def test_a_poor_password_is_refused(database, client, password, again, told):
    access.make_account(NAME, printed_name="Anna Example")
    link = access.make_password_link(NAME)
    assert told in text(chosen(client, link, password, again))
    assert client.get(link).status_code == 200, "the link is not spent by a slip"


def test_a_link_ends_with_a_sign_in_and_after_three_days_and_cannot_be_made_up(anna, client):
    link = access.make_password_link(NAME)
    other = access.make_password_link(account("ben", "Ben Example").username)
    spliced = link.partition("-")[0].rpartition("/")[0] + "/" + "2-" + link.partition("-")[2].partition("-")[2]
    for made_up in (spliced, other.replace("/2-", "/1-"), "/account/first-password/x/", "/account/first-password/-/"):
        assert client.get(made_up).status_code in (404, 410), made_up
    with override_settings(PASSWORD_RESET_TIMEOUT=-1):
        assert client.get(link).status_code == 410
    assert client.get(link).status_code == 200
    signed_in(anna)
    assert client.get(link).status_code == 410


def test_a_new_password_ends_every_session_and_every_lock(anna, client):
    there = signed_in(anna)
    for _ in range(5):
        password_given(client, password="wrong")
    chosen(Browser(), access.make_password_link(NAME), "another long password")
    assert there.get("/account/").url.startswith("/account/login/")
    assert password_given(client, password="another long password").url == f"{INDEX}authenticate/"


# ---- where one finds oneself -------------------------------------------------------------------


def test_home_is_the_sign_in_and_then_the_only_study(database, client):
    assert client.get("/").url == "/account/login/?next=/"
    trial("screened")
    user(COORDINATOR.user, "coordinator", NORTH)
    user("sam", "safety_board")
    coordinator, board = (get_user_model().objects.get(username=name) for name in (COORDINATOR.user, "sam"))
    assert signed_in(coordinator).get("/").url == reverse("worklist", kwargs={"study": STUDY})
    assert signed_in(board).get("/").url == reverse("study", kwargs={"study": STUDY})


def test_who_has_no_role_is_told_who_gives_one(anna):
    Making().keep()
    client = signed_in(anna)
    assert "no role in any study" in text(client.get("/"))
    assert client.get(f"/{STUDY}/").status_code == 404, "nor does the study show that it is there"


def test_the_account_page_shows_roles_factors_and_sessions(database):
    trial("screened")
    name = user("mona", "coordinator", NORTH)
    user(name, "monitor")
    mona = get_user_model().objects.get(username=name)
    client = signed_in(mona)
    shown = text(client.get("/account/"))
    for part in ("coordinator, North", "monitor, whole study", "Authenticator app, since", "at 1 place"):
        assert part in shown, part
    there = signed_in(mona)
    assert "at 2 places" in text(client.get("/account/"))
    client.post("/account/sessions/")
    assert "at 1 place." in text(client.get("/account/"))
    assert there.get("/account/").url.startswith("/account/login/")


# ---- the demonstration -------------------------------------------------------------------------


@pytest.fixture
def demo(database):
    with override_settings(DEMO=True):
        yield account("demo-carl", "Demo Carl Example", demo=True)


def test_a_link_of_the_demonstration_signs_in_once(demo, client):
    link = access.make_demo_link("demo-carl")
    assert client.get(link).url == "/"
    assert client.get("/account/").status_code == 200
    again = Browser().get(link)
    assert again.status_code == 410 and "works once" in text(again)
    assert client.get(access.make_demo_link("demo-carl")).status_code == 302, "there is always another one"


def test_of_two_who_use_a_link_at_one_moment_one_gets_in(each_database):
    with override_settings(DEMO=True):
        account("demo-carl", demo=True)
        key = access.make_demo_link("demo-carl").removeprefix("/demo/")
        got = together([lambda: access.enter_demo(key)] * 6)
    assert [one is not None for one in got].count(True) == 1


def test_a_link_takes_the_place_of_whoever_was_signed_in(demo, client):
    account("demo-pat", demo=True)
    client.get(access.make_demo_link("demo-carl"))
    client.get(access.make_demo_link("demo-pat"))
    assert "User name demo-pat" in text(client.get("/account/"))


def test_there_is_no_way_in_by_link_for_others_or_elsewhere(demo, client):
    anna = account()
    with pytest.raises(Refusal, match="does not belong to the demonstration"):
        access.make_demo_link(anna.username)
    link = access.make_demo_link("demo-carl")
    for made_up in ("/demo/x", "/demo/1-", link[:-1], link[:-1] + "0", link.replace("demo/1-", "demo/2-")):
        assert client.get(made_up).status_code == 410, made_up
    assert client.post(link).status_code == 405 and client.head(link).status_code == 405
    with override_settings(DEMO=False):
        assert client.get(link).status_code == 404 and not is_in(client)
    get_user_model().objects.update(demo=False)
    assert client.get(link).status_code == 410


LOCAL = {
    "on this machine": ({}, {}, 200),
    "by its number": ({"SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000"}, {}, 200),
    "by its number of version 6": ({"HTTP_HOST": "[::1]:8000", "REMOTE_ADDR": "::1"}, {}, 200),
    "from elsewhere": ({"REMOTE_ADDR": "192.0.2.1"}, {}, 404),
    "through a proxy": ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {}, 404),
    "through a proxy that we know": ({}, {"PROXIES": 1}, 404),
    "by another name": ({"HTTP_HOST": "trial.example"}, {"ALLOWED_HOSTS": ["trial.example"]}, 404),
    "through a socket": ({"REMOTE_ADDR": ""}, {}, 404),
    "not the demonstration": ({}, {"DEMO": False}, 404),
}


@pytest.mark.parametrize("heads, others, status", LOCAL.values(), ids=LOCAL)
def test_only_a_browser_on_the_same_machine_may_choose_whom_to_be(demo, heads, others, status):
    account()
    with override_settings(**others):
        client = Browser(**heads)
        page = client.get("/demo/")
        assert page.status_code == status
        assert ("Demo Carl Example" in text(page)) == (status == 200)
        assert client.post("/demo/", {"username": "demo-carl"}).status_code == (302 if status == 200 else 404)
        assert client.post("/demo/", {"username": NAME}).status_code == 404
