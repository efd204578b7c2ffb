"""Finding a person: candidates and participants alike, of the own sites alone, without a name in any address."""

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model

from evenhand import steps
from evenhand.web import store
from evenhand.web.pages.find import MOST
from evenhand.web.store import Who
from tests.web import naming_help as naming
from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.candidate_help import Visitor, text
from tests.web.servers import Server
from tests.web.trial_here import COORDINATOR, NORTH, SOUTH, STUDY, Making, user

FIND = f"/{STUDY}/find"


@pytest.fixture
def people(database, monkeypatch):
    """A participant and a candidate of one name in the north, a candidate in the south, and one without a name."""
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    making = Making()
    drawn, nameless = making.candidate("registered"), making.candidate("screened")
    making.keep()
    store.perform(STUDY, steps.randomize, by=COORDINATOR, subject=drawn)
    keep = store.identify(STUDY, NORTH, Who("H-1", "Ada Example", None))
    keep(store.current(STUDY).subject(drawn).entries[:1])
    return {
        "drawn": drawn,
        "nameless": nameless,
        "north": naming.enter(Who("H-22", "Zoë Example-Müller", None)),
        "south": naming.enter(Who("S-1", "Ada Southern", None), SOUTH),
    }


PEOPLE = {
    "nora": ("coordinator", NORTH),
    "sue": ("coordinator", SOUTH),
    "mona": ("monitor", None),
    "dan": ("data_manager", None),
}


def found(who, looked_for, people):
    """Whom a search shows, by the situation."""
    answer = Visitor(who, *PEOPLE[who]).client.post(FIND, {"text": looked_for})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    shown = text(answer).split("is kept nowhere.")[1]
    return {name for name, subject in people.items() if subject in shown}


@pytest.mark.parametrize(
    ("who", "looked_for", "wanted"),
    [
        ("nora", "ada", {"drawn"}),  # not the other site's
        ("sue", "ada", {"south"}),
        ("mona", "ada", {"drawn", "south"}),
        ("dan", "ada", set()),  # may not see names, so finds nobody by one
        ("dan", "H-1", set()),
        ("nora", "EXAMPLE", {"drawn", "north"}),
        ("nora", "muller zoe", {"north"}),
        ("nora", "h-22", {"north"}),
        ("nora", "P0001", {"drawn"}),
        ("dan", "p0001", {"drawn"}),
        ("sue", "P0001", set()),
        ("nora", "{nameless}", {"nameless"}),
        ("dan", "{south}", {"south"}),
        ("nora", "{south}", set()),
        ("nora", "S-1", {"nameless"}),  # S0002-1, and not the number of somebody at the other site
        ("nora", "mull", {"north"}),
        ("nora", "0001", {"drawn"}),
        ("nora", "ada h-1", set()),  # of a name and a number, either
        ("nora", "nobody at all", set()),
        ("nora", "  ", set()),
        ("nora", "---", set()),
    ],
)
def test_who_finds_whom(people, who, looked_for, wanted):
    assert found(who, looked_for.format(**people), people) == wanted


def test_a_participant_leads_to_the_participants_page_and_a_candidate_to_the_candidates(people):
    page = Visitor().client.post(FIND, {"text": "example"}).content.decode()
    assert f'href="/{STUDY}/participants/{people["drawn"]}"' in page
    assert f'href="/{STUDY}/candidates/{people["drawn"]}"' in page
    assert f'href="/{STUDY}/candidates/{people["north"]}"' in page
    assert f"/participants/{people['north']}" not in page


def test_no_arm_is_told(people):
    page = text(Visitor().client.post(FIND, {"text": "example"}))
    assert "randomized" in page
    protocol = store.protocol_of(STUDY)
    assert not [arm.label for arm in protocol.arms if arm.label in page]


def test_what_is_looked_for_stands_in_no_address(people):
    carl = Visitor()
    for page in ("worklist", "participants", "find"):
        html = carl.client.get(f"/{STUDY}/{page}").content.decode()
        form = html.split(f'method="post" action="{FIND}"')[1].split("</form>")[0]
        assert 'name="text"' in form
        assert "csrfmiddlewaretoken" in form
        assert "push-url" not in form
    asked = carl.client.get(f"{FIND}?text=ada")
    assert people["drawn"] not in asked.content.decode()


def test_so_many_are_shown(database, monkeypatch):
    monkeypatch.setattr(settings, "SECOND_FACTOR", False)
    making = Making()
    for _ in range(MOST + 2):
        making.candidate("screened")
    making.keep()
    page = Visitor().client.post(FIND, {"text": "s00"})
    assert f"{MOST + 2} found , the first {MOST} shown" in text(page)
    assert page.content.decode().count("<tr>") == MOST + 1


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_search_in_a_browser(people, database, tmp_path, new_page, size):
    name = user("nora", "coordinator", NORTH)
    session = Visitor(name).client.cookies[settings.SESSION_COOKIE_NAME].value
    get_user_model().objects.filter(username=name).update(demo=True)
    environment = {**database.environment, "EVENHAND_DEMO": "1"}  # no second factor for users of the demonstration
    with Server(environment, tmp_path / "server.log") as server:
        page = new_page(size)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.address}])
        page.goto(f"{server.address}/{STUDY}/worklist")
        page.get_by_role("searchbox").fill("zoe")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Zoë Example-Müller").wait_for()
        assert page.url == f"{server.address}{FIND}"
        assert faults(page) == []
        page.get_by_role("searchbox").fill("ada")
        page.get_by_role("link", name="Ada Example").wait_for()  # without another page
        assert page.url == f"{server.address}{FIND}"
        for who_it_is in ("identity", "identity/erase"):
            page.goto(f"{server.address}/{STUDY}/candidates/{people['north']}/{who_it_is}")
            page.locator("#id_reason").wait_for()
            assert faults(page) == []
    log = (tmp_path / "server.log").read_text()
    assert FIND in log
    assert "zoe" not in log.casefold()
