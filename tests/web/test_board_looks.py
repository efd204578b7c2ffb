"""The looks on the safety board's page: what was held and is due, recording one, striking it, and who reads of it."""

import re
from datetime import timedelta

import pytest

from evenhand.record import LOOK_HELD, looks_held
from evenhand.web import store
from evenhand.web.pages.board_desk import counting, holding
from tests.eligible import PROTOCOL
from tests.web.api_help import HERE, System
from tests.web.candidate_help import form_of
from tests.web.enrol_help import text
from tests.web.reports_help import BOARD_FILES, at_once, kept, opens
from tests.web.study_help import member, randomized_trial
from tests.web.trial_here import PASSWORD, today

STUDY = PROTOCOL.study
REASON = "Nothing speaks against going on."
BLIND = ("coordinator", "treating_clinician", "pathologist", "radiation_oncologist", "surgeon")
LOOKING = ("data_manager", "monitor", "statistician", "inspector")


@pytest.fixture
def study(database, monkeypatch):
    """A study in which the closed report was made and 54 events are counted; gives the number of that entry."""
    making, _ = randomized_trial(2, 1)
    making.keep()
    monkeypatch.setattr(holding, "counted", lambda *_: counting.Counted(1, 54))
    kept("safety-board-closed")
    return store.current(STUDY).head.seq


def filled(who, seen, **changes):
    """The form about what was seen, filled in."""
    answer = who.sees("hold-look", query=f"?seen={seen}")
    assert answer.status_code == 200, text(answer)
    given = {"recommendation": "continue_unchanged", "reason": REASON, "user_name": who.account.username,
             "password": PASSWORD}  # fmt: skip
    return {**form_of(answer), **given, **changes}


def holds(who, seen, **changes):
    return who.client.post(f"/{STUDY}/board/looks/new?seen={seen}", filled(who, seen, **changes))


def held():
    return looks_held(store.current(STUDY))


# ---- recording -------------------------------------------------------------------------------------


def test_a_look_is_recorded_signed_with_the_events_that_the_machine_counts(study):
    who = member("safety_board")
    shown = text(who.sees("hold-look", query=f"?seen={study}"))
    assert "54 in both arms together, counted from the record at this cut; planned: 50 events" in shown
    assert holds(who, study, events="99").status_code == 302
    (look,) = held()
    made = store.current(STUDY).entry(study)
    assert (look.number, look.events, look.recommendation, look.reason) == (1, 54, "continue_unchanged", REASON)
    assert (look.last_entry, look.manifest) == (made.body["last_entry"], made.body["manifest"])
    assert look.entry.signature.meaning.startswith("I record for the safety board that look 1 was held")
    assert look.entry.by.role == "safety_board"
    page = text(who.sees("board"))
    assert "Continue unchanged" in page
    assert REASON in page


def test_the_form_offers_no_field_for_events(study):
    fields = form_of(member("safety_board").sees("hold-look", query=f"?seen={study}"))
    assert set(fields) <= {
        "look",
        "key",
        "seen",
        "meant",
        "met",
        "reason",
        "user_name",
        "password",
        "csrfmiddlewaretoken",
    }


WRONG = {
    "no recommendation": ({"recommendation": ""}, "This field is required"),
    "no reason": ({"reason": ""}, "This field is required"),
    "a day to come": ({"met": (today() + timedelta(days=3)).isoformat()}, "This day is still to come"),
    "a day before the cut": ({"met": (today() - timedelta(days=300)).isoformat()}, "after the day of the look"),
    "another password": ({"password": "guessed"}, "The password is not the one"),
}


@pytest.mark.parametrize(("changes", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_and_nothing_is_recorded(study, changes, said):
    answer = holds(member("safety_board"), study, **changes)
    assert answer.status_code == 422
    assert said in text(answer)
    assert held() == ()


def test_a_form_sent_twice_records_one_look(study):
    who = member("safety_board")
    given = filled(who, study)
    answers = [who.client.post(f"/{STUDY}/board/looks/new?seen={study}", given) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert len(held()) == 1


def test_no_report_is_chosen_for_the_board(study):
    page = member("safety_board").sees("hold-look")
    assert f"?seen={study}" in page.content.decode()
    assert "Sign and record" not in text(page)


@pytest.mark.parametrize("seen", ["1", "0", "none", "9" * 40])
def test_a_report_that_was_not_made_is_not_found(study, seen):
    assert member("safety_board").sees("hold-look", query=f"?seen={seen}").status_code == 404


def test_without_a_report_the_page_says_where_to_have_one_made(database):
    making, _ = randomized_trial(1, 0)
    making.keep()
    assert "No report by arm was made yet" in text(member("safety_board").sees("hold-look"))


def test_once_every_look_was_held_there_is_none_to_record(study):
    who = member("safety_board")
    holds(who, study)
    assert "No look can be recorded now" in text(who.sees("hold-look"))
    refused = holds(who, study)
    assert refused.status_code == 422
    assert "no look 2 among them" in text(refused)


def test_where_nothing_is_compared_the_page_says_so(study, monkeypatch):
    monkeypatch.setattr(holding, "counted", lambda *_: None)
    answer = member("safety_board").sees("hold-look", query=f"?seen={study}")
    assert answer.status_code == 422
    assert "plans no look at an endpoint" in text(answer)


def test_the_events_are_those_of_the_cut(study, monkeypatch):
    """Counted for real: three people were randomized just now, and none has an event."""
    monkeypatch.undo()
    history = store.current(STUDY)
    made = counting._report(history.entry(study))
    found = counting.counted(store.versions_of(STUDY), history, made.effective, made.recorded, made.head)
    assert found == counting.Counted(0, 0)
    refused = holds(member("safety_board"), study)
    assert "here is no event at this data cut" in text(refused)


# ---- striking --------------------------------------------------------------------------------------


def test_a_look_is_struck_with_a_reason_and_may_be_recorded_anew(study):
    who = member("safety_board")
    holds(who, study)
    page = who.sees("strike-look", look=1)
    given = {**form_of(page), "reason": "It was the other trial's.", "user_name": who.account.username,
             "password": PASSWORD}  # fmt: skip
    assert who.client.post(f"/{STUDY}/board/looks/1/strike", {**given, "reason": ""}).status_code == 422
    assert who.client.post(f"/{STUDY}/board/looks/1/strike", given).status_code == 302
    assert held() == ()
    assert "Record a look" in text(who.sees("board"))
    assert who.sees("strike-look", look=1).status_code == 404
    assert holds(who, study).status_code == 302


# ---- the card --------------------------------------------------------------------------------------


def test_the_board_reads_what_is_due_from_its_view(study):
    who = member("safety_board")
    kept("board", {**BOARD_FILES, "look.json": b'{"number": 1, "events": 54}'})
    assert "Look 1 is due. The newest view counts 54 events" in text(who.sees("board"))
    opens(who)
    assert "Look 1 is due." in text(who.sees("board"))
    holds(who, study)
    assert "is due" not in text(who.sees("board"))


def test_the_statistician_sees_the_looks_and_records_none(study):
    holds(member("safety_board"), study)
    who = member("statistician")
    page = who.sees("board")
    assert "Continue unchanged" in text(page)
    assert "Record a look" not in text(page)
    assert who.sees("hold-look").status_code == who.sees("strike-look", look=1).status_code == 403
    (look,) = held()
    assert f"/record/{look.entry.seq}" in page.content.decode()


def test_the_view_says_which_look_is_due(study, monkeypatch):
    """The whole way: the view is made, and what it counted stands beside it."""
    at_once(monkeypatch)
    who = member("safety_board")
    who.sends("board", {})
    opens(who)
    assert "No look is due: the newest view counts 0 events" in text(who.sees("board"))


# ---- who reads what of it --------------------------------------------------------------------------


@pytest.mark.parametrize("role", [*BLIND, *LOOKING])
def test_who_treats_people_does_not_read_what_the_board_recommends(study, role):
    holds(member("safety_board"), study)
    (look,) = held()
    who = member(role)
    pages = [text(who.sees("entry", seq=look.entry.seq)), text(who.sees("record", query=f"?kind={LOOK_HELD}"))]
    told = role in LOOKING
    assert [REASON in page for page in pages] == [told, told]
    assert ("continue unchanged" in pages[0]) is told
    assert (look.entry.hash in pages[0]) is (look.entry.signature.digest in pages[0]) is told
    assert "look 1, data cut" in pages[1]
    found = who.sees("record", query="?reason=speaks+against").content.decode()
    assert (f"/record/{look.entry.seq}" in found) is told


def test_nor_does_another_system(study):
    holds(member("safety_board"), study)
    (look,) = held()
    system = System(user=member("coordinator").name)
    answer = system.client.get(f"{HERE}/record?since={look.entry.seq - 1}&limit=1", headers=system.headers())
    (entry,) = answer.json()["entries"]
    assert entry["kind"] == LOOK_HELD
    assert entry["withheld"] == ["events", "reason", "recommendation", "signature"]
    assert (entry["reason"], entry["signature"]) == (None, None)
    assert not {"events", "recommendation"} & set(entry["body"])
    assert REASON not in answer.content.decode()


def test_no_arm_and_no_statistic_stands_in_the_entry(study):
    holds(member("safety_board"), study)
    (look,) = held()
    line = str(look.entry.body)
    assert not [arm.id for arm in PROTOCOL.arms if arm.id in line]
    assert not re.search(r"hazard|\bz\b|crossed|p_value", line)


@pytest.mark.parametrize(("events", "early"), [(37, True), (50, False)])
def test_an_early_look_is_called_early(study, monkeypatch, events, early):
    monkeypatch.setattr(holding, "counted", lambda *_: counting.Counted(0, events))
    page = text(member("safety_board").sees("hold-look", query=f"?seen={study}"))
    assert (f"planned at 50 events, and there are {events}. Held early" in page) is early
