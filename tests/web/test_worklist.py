"""The worklist page: who sees whom, in which order, in which words, and how it looks in a browser."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from evenhand import steps
from evenhand.record import RecordError
from evenhand.web import store
from evenhand.web.running.ahead import judge_ahead
from evenhand.web.templatetags.evenhand import day
from evenhand.worklist import listing
from tests.waiting_people import ADMIN, PROTOCOL, Scene, closing, days, person
from tests.web.browser import DESKTOP, PHONE, faults
from tests.web.servers import Server
from tests.web.worklist_help import NAMES, STUDY, Seen, living, named, signed_in, today

ORDER = [
    "partial start", "last day", "five days", "twelve days", "unknown start", "forty days", "registered", "lapsed",
    "lapsing", "receptors unknown", "far", "opens in 4 days", "opens in 60 days",
]  # fmt: skip
SOUTH = {"far", "twelve days", "unknown start", "opens in 60 days"}
OVER = ["closed yesterday", "withdrawn", "too many lesions"]


def shown(seen, who):
    """The situations on a page, in their order."""
    names = {subject: situation for situation, subject in who.items()}
    return [names[subject] for subject in seen.subjects]


def test_a_coordinator_of_two_sites_sees_everybody_in_the_order_of_urgency(database):
    who = living()
    seen = Seen("cora")
    assert shown(seen, who) == ORDER
    assert "13 shown of 13 open candidates: 11 with an open window, 2 whose window lies ahead" in seen.whole
    assert "1 randomized , 3 without a window" in seen.whole
    assert f'href="/{STUDY}/record?kind=randomized"' in seen.html


SAID = {
    "partial start": "May have closed , closes between {-2} and {20}: a date is partial",
    "last day": "Last day today",
    "five days": "5 days left , closes {5}",
    "twelve days": "12 days left , closes {12}",
    "unknown start": "Window not known , a date is missing that it follows from",
    "registered": "90 days left , closes {90} Randomize the participant coordinator: you",
    "far": "200 days left , closes {200} Register the candidate coordinator: you",
    "opens in 4 days": "Opens in 4 days on {4}, closes",
    "opens in 60 days": "Sign no progression from {32} treating clinician",
    "lapsing": "Signature “no progression” holds until {4}",
    "receptors unknown": "Register the candidate coordinator: you Record Estrogen receptor coordinator: you",
}


@pytest.mark.parametrize("situation", SAID)
def test_a_line_says_how_much_time_there_is_and_what_is_missing(database, situation):
    who = living()
    wanted = re.sub(r"\{(-?\d+)\}", lambda found: day(today() + days(int(found[1]))), SAID[situation])
    assert wanted in Seen("cora").lines[who[situation]]


def test_those_without_a_window_are_on_a_page_of_their_own_with_the_reason(database):
    who = living()
    seen = Seen("cora", "?show=over")
    assert shown(seen, who) == OVER
    assert f"Closed since {day(today())} : I6" in seen.lines[who["closed yesterday"]]
    assert f"Consent withdrawn : on {day(today() - days(1))}" in seen.lines[who["withdrawn"]]
    assert "I3 One to five metastases" in seen.lines[who["too many lesions"]]


@pytest.mark.parametrize(
    ("user", "query", "wanted"),
    [
        ("carl", "", [one for one in ORDER if one not in SOUTH]),  # not the other site's
        ("pat", "", ["twelve days", "unknown start"]),  # a signer sees what waits for the own signature
        ("pat", "?who=all", [one for one in ORDER if one in SOUTH]),
        ("clin", "", ["partial start", "last day", "five days", "lapsed", "opens in 4 days"]),
        ("dana", "", ORDER),  # nobody's turn to filter by
        ("cora", "?who=mine", ["partial start", "five days", "twelve days", "unknown start", "forty days", "registered",
                               "lapsing", "receptors unknown", "far"]),
        ("cora", "?who=pathologist", ["last day", "five days", "twelve days", "unknown start", "receptors unknown",
                                      "opens in 4 days"]),
        ("cora", "?who=nobody", []),
        ("cora", "?site=south", [one for one in ORDER if one in SOUTH]),
        ("carl", "?site=south", []),
        ("cora", "?stage=registered", ["registered"]),
        ("cora", "?stage=screened", ["twelve days"]),
        ("cora", "?text=example", ORDER),  # nobody is looked for by an address
        ("cora", "?page=99&stage=registered", ["registered"]),
        ("cora", "?page=x&who=&site=&stage=&text=", ORDER),
    ],
)  # fmt: skip
def test_filters(database, user, query, wanted):
    who = living()
    assert shown(Seen(user, query), who) == wanted


@pytest.mark.parametrize(
    ("user", "sees"), [("cora", True), ("clin", True), ("mona", True), ("dana", False), ("stat", False)]
)
def test_names_are_shown_to_those_who_may_see_them(database, user, sees):
    living()
    seen = Seen(user, "?who=all")
    assert (NAMES["last day"] in seen.whole) is sees
    assert ("N-1" in seen.whole) is sees


def test_whose_turn_it_is_is_marked_you(database):
    who = living()
    assert "pathologist: you" in Seen("pat").lines[who["twelve days"]]
    assert "pathologist: you" not in Seen("clin").whole
    assert ": you" not in Seen("dana").whole


def test_a_link_leads_to_the_form_where_the_user_may_act(database):
    who = living()
    by_hand = f"/{STUDY}/candidates/{who['five days']}/facts?facts=ecog"
    assert by_hand in Seen("carl").html
    assert f"/{STUDY}/candidates/{who['five days']}/attest/" not in Seen("carl").html
    assert f"/{STUDY}/candidates/{who['last day']}/attest/progression_free" in Seen("clin").html
    assert f"/{STUDY}/candidates/{who['last day']}/attest/her2_determined_positive" not in Seen("clin").html
    assert f'href="/{STUDY}/candidates/{who["last day"]}"' in Seen("dana").html


@pytest.mark.parametrize(("user", "offered"), [("cora", True), ("clin", True), ("dana", False), ("mona", False)])
def test_who_may_enter_facts_is_offered_a_new_candidate(database, user, offered):
    living()
    assert (f"/{STUDY}/candidates/new" in Seen(user).html) is offered


def test_nobody_sees_the_list_without_a_role_that_may(database):
    living()
    assert signed_in("safe").get(f"/{STUDY}/worklist").status_code == 403
    assert signed_in("cora").get("/elsewhere/worklist").status_code == 404


def test_no_arm_is_on_the_list(database):
    living()
    page = Seen("cora").html + Seen("cora", "?show=over").html
    assert not [arm.label for arm in PROTOCOL.arms if arm.label in page]


def bars(seen, who, situation):
    """Where the parts of a candidate's bar begin, and how wide they are, by kind."""
    line = seen.html.split(f">{who[situation]}<")[1].split('<ul class="jobs')[0]
    found = re.findall(r'<rect class="(\w+)" x="([\d.]+)%" width="([\d.]+)%"', line)
    return {kind: (float(x), float(width)) for kind, x, width in found}


def test_bars_share_one_axis(database):
    who = living()
    seen = Seen("cora")
    (now,) = set(re.findall(r'class="today" x1="([\d.]+)%"', seen.html))
    assert seen.html.count('<use href="#now"/>') == len(ORDER)
    near, far = bars(seen, who, "forty days"), bars(seen, who, "far")
    one_day = (far["window"][0] + far["window"][1] - near["window"][0] - near["window"][1]) / 160
    assert near["window"][0] + near["window"][1] - float(now) == pytest.approx(40.5 * one_day, abs=0.1)
    assert near["elapsed"][0] + near["elapsed"][1] == pytest.approx(float(now) + one_day / 2, abs=0.1)


def test_a_bar_has_words_for_those_who_do_not_see_it(database):
    living()
    assert f"to {day(today() + days(5))}. Today: {day(today())}." in Seen("cora").html


def crowd(here):
    """Thirty candidates, one more closing each day."""
    scene = Scene(here)
    for number in range(30):
        scene.screened(person(here, closing(here + days(number))))
    return scene, {}


def test_long_lists_go_page_by_page_and_keep_their_filters(database):
    living(crowd)
    client = signed_in("carl")
    first, second = Seen("carl", "?stage=screened", client), Seen("carl", "?stage=screened&page=2", client)
    assert (len(first.subjects), len(second.subjects)) == (25, 5)
    assert set(first.subjects).isdisjoint(second.subjects)
    assert 'href="?stage=screened&amp;page=2"' in first.html
    assert "26 to 30 of 30" in second.whole


def nobody(here):
    return Scene(here), {}


@pytest.mark.parametrize(
    ("make", "query", "wanted"),
    [
        (nobody, "", "No open candidates Nobody has been screened at your sites yet. New candidate"),
        (crowd, "?stage=registered", "Nobody here No candidate fits these filters. Clear the filters"),
        (crowd, "?who=mine&stage=registered", "Nothing waits for you within these filters. Show all open candidates"),
    ],
)
def test_an_empty_list_says_why_and_what_next(database, make, query, wanted):
    living(make)
    assert wanted in Seen("carl", query).whole


def all_randomized(here):
    scene = Scene(here)
    scene.randomized(scene.registered(scene.ready(person(here, closing(here + days(60))))))
    return scene, {}


def test_a_list_is_empty_when_everybody_is_randomized(database):
    living(all_randomized)
    assert "Everybody who was screened at your sites is randomized." in Seen("carl").whole


def halted(here):
    scene, who = crowd(here)
    scene.take(steps.halt_accrual, ADMIN, reason="drug supply", on=here)
    return scene, who


def test_a_halt_is_said_first(database):
    living(halted)
    assert f"Accrual is halted since {day(today())}: drug supply." in Seen("carl").whole


def test_what_was_recorded_meanwhile_is_on_the_next_page(database):
    who = living()
    client = signed_in("cora")
    assert "Take consent" in Seen("cora", "", client).lines[who["twelve days"]]
    actor = store.current(STUDY).subject(who["twelve days"]).entries[0].by
    store.perform(STUDY, steps.consent, by=actor, subject=who["twelve days"], on=today() - timedelta(days=1))
    assert "Take consent" not in Seen("cora", "", client).lines[who["twelve days"]]


def test_a_name_is_shown_at_its_site_alone(database):
    who = living()
    named(who["forty days"], "south", "Eve Elsewhere", "S-9")  # an identity that another site keeps
    assert "Eve Elsewhere" not in Seen("carl").whole


def test_everybody_may_be_judged_before_anybody_asks(database, monkeypatch):
    who = living()
    monkeypatch.setattr(listing, "_ROWS", {})
    judge_ahead(STUDY, 0.0)
    assert len(listing._ROWS) == 1  # no time for more
    judge_ahead(STUDY, 60.0)
    monkeypatch.setattr(listing, "_judged", None)
    assert shown(Seen("cora"), who) == ORDER


def test_a_record_that_cannot_be_read_is_said_by_its_pages_and_not_at_the_start(database, monkeypatch):
    living()

    def damaged(_):
        raise RecordError("a line was altered", where="entry 7")

    monkeypatch.setattr(store, "current", damaged)
    judge_ahead(STUDY, 60.0)


MENUS = {
    "cora": ["Worklist", "Participants", "Calendar", "Safety", "Quality", "Study", "Reports", "Record"],
    "safe": ["Safety", "Study", "Reports", "Board"],
}


@pytest.mark.parametrize(
    ("user", "page", "wanted"),
    [
        ("cora", "worklist", {"Worklist": "page"}),
        ("cora", "candidates/new", {"Worklist": "true"}),
        ("cora", "study", {"Study": "page"}),
        ("cora", "record/1", {"Record": "true"}),
        ("safe", "study", {"Study": "page"}),
    ],
)
def test_the_menu_offers_what_the_user_may_open_and_says_where_one_is(database, user, page, wanted):
    living()
    html = signed_in(user).get(f"/{STUDY}/{page}").content.decode()
    menu = html.split('<ul class="tabs">')[1].split("</ul>")[0]
    found = re.findall(r'<a href="[^"]*"(?: aria-current="(\w+)")?>(\w+)</a>', menu)
    assert [(label, here) for here, label in found] == [(label, wanted.get(label, "")) for label in MENUS[user]]


def test_the_account_menu_names_the_roles(database):
    living()
    assert "Signed in as cora coordinator, North coordinator, South My account Sign out" in Seen("cora").whole


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_in_a_browser(database, tmp_path, new_page, size):
    living()
    name = settings.SESSION_COOKIE_NAME
    session = signed_in("cora").cookies[name].value
    environment = {**database.environment, "EVENHAND_DEMO": "1"}  # no second factor for users of the demonstration
    with Server(environment, tmp_path / "server.log") as server:
        page = new_page(size)
        page.context.add_cookies([{"name": name, "value": session, "url": server.address}])
        page.goto(f"{server.address}/{STUDY}/worklist")
        assert faults(page) == []
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the content"
        page.get_by_label("Site").select_option("south")
        page.locator("li.line").nth(5).wait_for(state="detached")
        assert page.locator("li.line").count() == len(SOUTH)  # without reloading the page
        assert "site=south" in page.url
        page.locator("summary", has_text="Cora").click()
        assert page.get_by_role("button", name="Sign out").is_visible()
        assert faults(page) == []
