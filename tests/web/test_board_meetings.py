"""Meetings of the board, the final analysis and what is due: recording and striking them, and who is told of what."""

import pytest

from evenhand.analysis.monitoring import met
from evenhand.record import FINAL_MADE, MEETING_HELD, final_analysis, meetings_held
from evenhand.web import store
from evenhand.web.access import TABLE, Action
from evenhand.web.pages.board_desk import finishing, meeting
from tests.eligible import PROTOCOL
from tests.web.candidate_help import form_of
from tests.web.enrol_help import text
from tests.web.reports_help import BOARD_FILES, kept
from tests.web.study_help import NORTH, member, randomized_trial
from tests.web.test_board_looks import BLIND, LOOKING
from tests.web.trial_here import PASSWORD

STUDY = PROTOCOL.study
REASON = "Nothing speaks against going on."
assert PROTOCOL.monitoring is not None
RULE = PROTOCOL.monitoring.stopping["local_toxicity"]
MET = ((RULE.id, 10),)


@pytest.fixture
def rules(monkeypatch):
    """Which stopping rules are met, at every cut and now; nobody is treated in these records."""
    found = {"met": ()}
    monkeypatch.setattr(met, "rules_met", lambda *_: found["met"])
    monkeypatch.setattr(meeting, "rules_at", lambda *_: found["met"])
    return found


@pytest.fixture
def study(database, rules):
    """A study in which the closed report was made; gives the number of that entry."""
    making, _ = randomized_trial(2, 1)
    making.keep()
    kept("safety-board-closed")
    return store.current(STUDY).head.seq


def sends(who, page, query="", **changes):
    """Fill a form in as it is offered, and send it."""
    given = {"user_name": who.account.username, "password": PASSWORD}
    answer = who.sees(page, query=query)
    assert answer.status_code == 200, text(answer)
    return who.client.post(answer.wsgi_request.get_full_path(), {**form_of(answer), **given, **changes})


def meets(who, seen, **changes):
    told = {"occasion": "periodic", "recommendation": "continue_unchanged", "reason": REASON}
    return sends(who, "hold-meeting", f"?seen={seen}", **{**told, **changes})


def held():
    return meetings_held(store.current(STUDY))


# ---- a meeting -------------------------------------------------------------------------------------


def test_a_meeting_is_recorded_signed_and_listed_with_what_followed(study):
    who = member("safety_board")
    shown = text(who.sees("hold-meeting", query=f"?seen={study}"))
    assert "None is met at this cut that the board has not met about" in shown
    assert "Such a meeting tests nothing" in shown
    assert meets(who, study).status_code == 302
    (one,) = held()
    assert (one.occasion, one.rules, one.recommendation, one.reason) == ("periodic", (), "continue_unchanged", REASON)
    assert one.entry.signature.meaning.startswith("I record for the safety board that it met")
    page = text(who.sees("board"))
    assert "Periodic meeting" in page
    assert "No act, and none was asked for" in page


def test_a_stopping_rule_that_is_met_is_named_by_the_machine_and_then_no_more(study, rules):
    rules["met"] = MET
    who = member("safety_board")
    assert f"Met at this cut, and not taken up so far: {RULE.label}" in text(
        who.sees("hold-meeting", query=f"?seen={study}")
    )
    assert meets(who, study, occasion="stopping_rule", rules="none").status_code == 302
    assert held()[0].rules == MET
    assert "None is met at this cut" in text(who.sees("hold-meeting", query=f"?seen={study}"))


def test_a_rule_is_no_occasion_where_none_is_met(study):
    answer = meets(member("safety_board"), study, occasion="stopping_rule")
    assert answer.status_code == 422
    assert held() == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "This field is required"),
        ({"recommendation": ""}, "This field is required"),
        ({"met": "2040-01-01"}, "This day is still to come"),
        ({"met": "2020-01-01"}, "after the day of the meeting"),
        ({"password": "guessed"}, "The password is not the one"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(study, changes, said):
    answer = meets(member("safety_board"), study, **changes)
    assert answer.status_code == 422
    assert said in text(answer)
    assert held() == ()


@pytest.mark.parametrize("seen", ["1", "none"])
def test_a_report_that_was_not_made_is_not_found(study, seen):
    assert member("safety_board").sees("hold-meeting", query=f"?seen={seen}").status_code == 404


def test_a_meeting_is_struck_with_a_reason(study):
    who = member("safety_board")
    meets(who, study)
    seq = held()[0].entry.seq
    answer = who.sees("strike-meeting", seq=seq)
    given = {**form_of(answer), "reason": "Another trial.", "user_name": who.account.username, "password": PASSWORD}
    assert who.client.post(f"/{STUDY}/board/meetings/{seq}/strike", {**given, "reason": ""}).status_code == 422
    assert who.client.post(f"/{STUDY}/board/meetings/{seq}/strike", given).status_code == 302
    assert held() == ()
    assert who.sees("strike-meeting", seq=seq).status_code == 404


@pytest.mark.parametrize("role", [*BLIND, *LOOKING])
def test_who_treats_people_does_not_read_what_the_board_recommends_and_why_it_met(study, rules, role):
    rules["met"] = MET
    meets(member("safety_board"), study, occasion="stopping_rule")
    entry = held()[0].entry
    pages = [
        text(member(role).sees("entry", seq=entry.seq)),
        text(member(role).sees("record", query=f"?kind={MEETING_HELD}")),
    ]
    told = role in LOOKING
    assert [REASON in page for page in pages] == [told, told]
    assert ("a stopping rule was met" in pages[0]) is ("local toxicity" in pages[0]) is told
    assert (entry.hash in pages[0]) is told


# ---- the final analysis ----------------------------------------------------------------------------


def finishes(who, seen, **changes):
    return sends(who, "make-final", f"?seen={seen}", **changes)


@pytest.fixture
def final(study, monkeypatch):
    """The final report was made, at a cut with all events; gives the number of that entry."""
    monkeypatch.setattr(finishing, "final_counted", lambda *_: (100, "events"))
    kept("final")
    return store.current(STUDY).head.seq


def test_the_statistician_records_which_final_report_was_the_one(final):
    who = member("statistician")
    assert "closed session" not in text(who.sees("make-final"))
    page = text(who.sees("make-final", query=f"?seen={final}"))
    assert "100 in both arms together" in page
    assert "The planned events are there" in page
    assert finishes(who, final).status_code == 302
    made = final_analysis(store.current(STUDY))
    assert (made.events, made.ground, made.entry.by.role) == (100, "events", "statistician")
    assert made.manifest == store.current(STUDY).entry(final).body["manifest"]
    assert made.manifest in text(who.sees("board"))
    assert "It is made once" in text(who.sees("make-final"))
    assert "Record a look" not in text(member("safety_board").sees("board"))


def test_it_is_not_recorded_before_it_is_due(final, monkeypatch):
    monkeypatch.setattr(finishing, "final_counted", lambda *_: (12, ""))
    answer = finishes(member("statistician"), final)
    assert answer.status_code == 422
    assert "he final analysis is not due: there are 12 events of 100 planned" in text(answer)
    assert finishes(member("statistician"), final, made="2040-01-01").status_code == 422
    assert final_analysis(store.current(STUDY)) is None


def test_a_report_for_the_board_is_not_the_final_one(study):
    assert member("statistician").sees("make-final", query=f"?seen={study}").status_code == 404
    assert "No final report was made yet" in text(member("statistician").sees("make-final"))


def test_the_final_analysis_is_struck_with_a_reason(final):
    who = member("statistician")
    finishes(who, final)
    assert sends(who, "strike-final", reason="The wrong cut.").status_code == 302
    assert final_analysis(store.current(STUDY)) is None
    assert who.sees("strike-final").status_code == 404


@pytest.mark.parametrize("role", ["coordinator", "monitor"])
def test_who_treats_people_does_not_read_the_events_of_the_final_analysis(final, role):
    finishes(member("statistician"), final)
    entry = final_analysis(store.current(STUDY)).entry
    assert entry.kind == FINAL_MADE
    page = text(member(role).sees("entry", seq=entry.seq))
    assert ("the planned events are there" in page) is (role == "monitor")


# ---- what is due, and who is told ------------------------------------------------------------------

DUE = "Due of the safety board"
PAGES = {"statistician": ("worklist", "study", "board"), "safety_board": ("study", "board"),
         "administrator": ("study", "administration", "halt")}  # fmt: skip


@pytest.mark.parametrize(("role", "page"), [(role, page) for role, pages in PAGES.items() for page in pages])
def test_who_acts_on_a_stopping_rule_that_is_met_reads_of_it_where_the_work_begins(study, rules, role, page):
    rules["met"] = MET
    shown = text(member(role).sees(page))
    assert DUE in shown
    assert RULE.label in shown
    assert RULE.does in shown


@pytest.mark.parametrize("role", [role for role in TABLE if role not in PAGES])
def test_who_must_stay_blind_reads_nothing_of_it(study, rules, role):
    rules["met"] = MET
    who = member(role)
    for page in ("worklist", "study"):
        assert DUE not in text(who.sees(page))


def test_a_rule_that_asks_for_no_pause_is_not_for_whoever_halts(study, rules):
    rules["met"] = (("pneumonitis", 10),)
    assert DUE not in text(member("administrator").sees("administration"))
    assert "Severe pneumonitis" in text(member("statistician").sees("worklist"))


def test_with_nothing_due_nobody_reads_anything(study):
    for role, pages in PAGES.items():
        assert all(DUE not in text(member(role).sees(page)) for page in pages)


def test_a_look_that_is_due_stands_on_the_worklist_as_the_newest_view_counts_it(study):
    kept("board", {**BOARD_FILES, "look.json": b'{"number": 1, "events": 54}'})
    assert "Look 1 is due: the newest view counts 54 events." in text(member("statistician").sees("worklist"))
    assert "Look 1 is due" not in text(member("administrator").sees("study"))


def test_so_does_the_final_analysis(study):
    kept("board", {**BOARD_FILES, "look.json": b'{"number": 0, "events": 100, "final": true}'})
    page = member("statistician").sees("worklist")
    assert "The final analysis is due: the newest view counts 100 events. Record the final analysis" in text(page)


def test_a_halt_names_the_rule_that_is_met_and_the_notice_goes(study, rules):
    rules["met"] = MET
    who = member("administrator")
    assert sends(who, "halt", reason="Toxicity.", sure="on", rule=RULE.id).status_code == 302
    assert store.current(STUDY).head.body == {"rule": RULE.id}
    assert "Halt accrual" not in text(who.sees("study"))


@pytest.mark.parametrize("is_met", [True, False])
@pytest.mark.parametrize("page", ["register", "randomize"])
def test_who_enrols_is_warned_while_accrual_is_in_question_and_reads_no_more(database, rules, page, is_met):
    making, _ = randomized_trial(1, 0)
    subject = making.candidate("consented" if page == "register" else "registered", NORTH)
    making.keep()
    rules["met"] = MET if is_met else ()
    shown = text(member("coordinator").sees(page, subject=subject))
    assert "Sign and " in shown
    assert ("Whether accrual goes on is to be decided." in shown) is is_met
    assert RULE.label not in shown


def test_the_table_of_rights_names_who_records_what():
    assert [role for role in TABLE if Action.HOLD_LOOK in TABLE[role]] == ["safety_board"]
    assert [role for role in TABLE if Action.MAKE_FINAL in TABLE[role]] == ["statistician"]
