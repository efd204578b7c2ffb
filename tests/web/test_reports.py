"""Reports on the web: who may make and read which, one making for one content, and what becomes of one that fails."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from evenhand.refusal import Refusal
from evenhand.reports import KINDS
from evenhand.web import models, store
from evenhand.web.pages import reports
from evenhand.web.pages.reporting import handing_out, making
from evenhand.web.pages.reporting.offered import OFFERED
from tests.eligible import PROTOCOL
from tests.web.databases import together
from tests.web.enrol_help import text
from tests.web.reports_help import FILES, PAGE, asked, at_once, kept, opens, reader
from tests.web.study_help import NORTH, SOUTH, member, randomized_trial

RIGHTS = """
                      coo tre pat rad sur dat mon sta saf adm ins
accrual                 +   +   +   +   +   +   +   +   +   +   +
safety-board-open       .   .   .   .   .   +   +   +   +   +   +
safety-board-closed     .   .   .   .   .   .   .   +   +   .   .
final                   .   .   .   .   .   .   .   +   +   .   .
"""
ROLES = ("coordinator", "treating_clinician", "pathologist", "radiation_oncologist", "surgeon", "data_manager",
         "monitor", "statistician", "safety_board", "administrator", "inspector")  # fmt: skip
READING = {"report": {}, "report-page": {}, "report-zip": {}, "report-file": {"file": "report.pdf"}}


@pytest.fixture
def study(database):
    making, subjects = randomized_trial(2, 1)
    making.keep()
    return subjects


@pytest.fixture
def never(monkeypatch):
    """Nothing is made: what is asked for goes on for ever."""
    monkeypatch.setattr(making, "in_background", lambda job: None)


def table():
    return {line.split()[0]: dict(zip(ROLES, line.split()[1:], strict=True)) for line in RIGHTS.strip().split("\n")[1:]}


def today():
    return datetime.now(UTC).date().isoformat()


# ---- who may ------------------------------------------------------------------------------------


def test_the_kinds_are_those_that_there_are():
    assert [(one.id, one.title, one.by_arm) for one in OFFERED.values()] == [
        (one.id, one.title, one.by_arm) for one in KINDS.values()
    ]


def test_every_role_gets_the_kinds_that_are_written_here(study, never):
    """On the list, at the form, when one is asked for, and at each address of one that is made."""
    made = {kind: kept(kind, named=OFFERED[kind].by_arm) for kind in OFFERED}
    found = {kind: {} for kind in OFFERED}
    for role in ROLES:
        who = member(role)
        list_page = who.sees("reports").content.decode()
        for kind, id in made.items():
            offered = f'value="{kind}"' in list_page
            listed = id in list_page
            opening = who.sends("report", {"open": "yes"}, report=id).status_code
            read = {who.sees(page, report=id, **more).status_code for page, more in READING.items()}
            asking = who.sends("reports", {"kind": kind, "effective": today()}).status_code
            again = who.sends("report", {}, report=id).status_code
            everything = (offered, listed, opening, read, asking, again)
            assert everything in ((True, True, 302, {200}, 302, 302), (False, False, 404, {404}, 403, 404)), (
                role,
                kind,
            )
            found[kind][role] = "+" if offered else "."
    assert found == table()


def test_a_role_at_one_site_does_not_carry_what_is_of_the_whole_study(study):
    member("statistician")
    who = type(member("coordinator"))("only.here", "statistician", NORTH)
    assert who.sees("report", report=kept("safety-board-closed")).status_code == 404
    assert "closed session" not in text(who.sees("reports"))


def test_lists_of_people_are_for_those_who_may_know_of_every_candidate(study, never):
    """A site does not learn of another site's candidates, nor those who see no candidates at all."""
    people = {role: member(role) for role in ROLES}
    with_people, without = kept("accrual", named=True), kept("accrual", named=False)
    for role, who in people.items():
        sees_all = role in ("data_manager", "monitor", "statistician", "inspector")
        assert who.sees("report", report=with_people).status_code == (200 if sees_all else 404), role
        assert who.sees("report", report=without).status_code == 200
        asks = who.sends("reports", {"kind": "accrual", "effective": today()})
        assert asks["Location"].endswith(with_people if sees_all else without), role


# ---- asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"effective": "2999-01-01"}, "This day is still to come"),
        ({"effective": "never"}, "Enter a valid date"),
        ({"recorded": "2999-01-01T00:00"}, "This moment is still to come"),
        ({"recorded": "1999-01-01T00:00"}, "Nothing was recorded by then"),
    ],
)
def test_a_cut_that_cannot_be_is_said_beside_its_field(study, never, told, says):
    answer = member("statistician").sends("reports", {"kind": "accrual", "effective": today(), **told})
    assert answer.status_code == 200
    assert says in text(answer)
    assert store.reports_of(PROTOCOL.study) == []


def test_the_same_content_is_made_once_and_another_record_is_another_report(study, monkeypatch):
    at_once(monkeypatch)
    times = []
    monkeypatch.setattr(reports, "report_maker", lambda *_: lambda progress: times.append(1) or FILES)
    who = member("statistician")
    first, second = (who.sends("reports", {"kind": "final", "effective": today()})["Location"] for _ in range(2))
    assert (first == second, len(times)) == (True, 1)
    member("monitor")  # an entry: a role is granted
    third = who.sends("reports", {"kind": "final", "effective": today()})["Location"]
    assert (third != first, len(times)) == (True, 2)


def test_a_moment_between_two_entries_is_that_of_the_earlier(study):
    entries = store.current(PROTOCOL.study).entries
    a_second = timedelta(seconds=1)
    assert asked("final").id == asked("final", moment=datetime.now(UTC) + a_second).id
    earlier = asked("final", moment=entries[3].recorded_at)
    assert (earlier.seq, earlier.hash, earlier.recorded) == (4, entries[3].hash, entries[3].recorded_at)
    assert asked("final", named=False).id != asked("final").id


# ---- making -------------------------------------------------------------------------------------


def made_with(monkeypatch, maker):
    """What becomes of a report that is made in this way."""
    at_once(monkeypatch)
    by = reader()
    wanted = asked("final")
    making.begin(wanted, maker, by=by)
    return store.report_of(PROTOCOL.study, wanted.id)


def test_progress_stands_in_the_database_and_then_the_files(study, monkeypatch):
    seen = []

    def maker(progress):
        progress("the flow", 2, 7)
        (one,) = store.reports_of(PROTOCOL.study)
        seen.append((one.state, one.what, one.done, one.parts))
        return FILES

    made = made_with(monkeypatch, maker)
    assert seen == [("going", "the flow", 2, 7)]
    assert (made.state, made.asked_by) == ("made", "reader.of.all")
    assert [(one.path, one.size) for one in store.files_kept(made.id)] == [(k, len(v)) for k, v in FILES.items()]


def test_a_refusal_is_told_with_what_to_do(study, monkeypatch):
    def maker(progress):
        raise Refusal("The study was not activated by then.", "data cut", "Choose a later day.")

    made = made_with(monkeypatch, maker)
    page = text(member("statistician").sees("report", report=made.id))
    assert "The study was not activated by then. What to do: Choose a later day. Rule: data cut" in page
    assert "Begin again" in page


def test_a_fault_of_the_program_is_told_logged_and_can_be_tried_again(study, monkeypatch, caplog):
    def maker(progress):
        return 1 / 0

    made = made_with(monkeypatch, maker)
    assert made.state == "refused"
    assert "The program failed" in made.refusal.reason
    assert "ZeroDivisionError" in caplog.text
    assert store.begin_report(asked("final"), by="another") is not None


def test_without_a_sign_of_life_it_is_stalled_and_can_be_begun_again_by_anybody(study, never):
    wanted = asked("final")
    first = store.begin_report(wanted, by="somebody")
    assert store.begin_report(wanted, by="another") is None
    models.Report.objects.update(beat=datetime.now(UTC) - store.STALLED - timedelta(seconds=1))
    who = member("statistician")
    assert "no sign of life" in text(who.sees("report", report=wanted.id))
    assert who.sends("report", {}, report=wanted.id).status_code == 302
    one = store.report_of(PROTOCOL.study, wanted.id)
    assert (one.state, one.asked_by) == ("going", who.name)
    assert not store.beat_report(wanted.id, first), "the first attempt counts no more"
    assert not store.tell_progress(wanted.id, first, "late", 1, 2)
    store.keep_report(wanted.id, first, FILES)
    assert store.files_kept(wanted.id) == []


def test_who_lost_a_report_to_another_attempt_stops(study, monkeypatch):
    went_on = []

    def maker(progress):
        models.Report.objects.update(attempt="another")
        progress("late", 1, 2)
        went_on.append(1)

    assert made_with(monkeypatch, maker).state == "going"
    assert went_on == []


def test_of_many_who_ask_at_one_moment_one_makes_it(each_database):
    randomized_trial(1, 1)[0].keep()
    wanted = asked("final")
    attempts = together([partial(store.begin_report, wanted, by=f"user {number}") for number in range(4)])
    (attempt,) = [one for one in attempts if one is not None]
    store.keep_report(wanted.id, attempt, FILES)
    assert {path: store.content_kept(wanted.id, path) for path in FILES} == FILES
    assert store.begin_report(wanted, by="somebody later") is None


# ---- pages and files -----------------------------------------------------------------------------


def test_a_page_that_waits_asks_for_the_whole_once_it_is_made(study, never):
    who = member("statistician")
    wanted = asked("final")
    attempt = store.begin_report(wanted, by="somebody")
    store.tell_progress(wanted.id, attempt, "between_looks", 3, 12)
    waits = who.client.get(f"/{PROTOCOL.study}/reports/{wanted.id}", headers={"HX-Request": "true"})
    assert "Being made: between looks" in text(waits)
    assert 'value="3" max="12"' in waits.content.decode()
    store.keep_report(wanted.id, attempt, FILES)
    done = who.client.get(f"/{PROTOCOL.study}/reports/{wanted.id}", headers={"HX-Request": "true"})
    assert (done["HX-Refresh"], done.content) == ("true", b"")


TYPES = {
    "report.pdf": "application/pdf",
    "tables/one.csv": "text/csv; charset=utf-8",
    "figures/one.svg": "image/svg+xml",
}


@pytest.mark.parametrize(("path", "kind"), TYPES.items())
def test_a_file_is_handed_out_as_it_is_and_never_opened_here(study, path, kind):
    who, id = member("statistician"), kept("final")
    opens(who, id)
    answer = who.sees("report-file", report=id, file=path)
    assert (answer.content, answer["Content-Type"]) == (FILES[path], kind)
    name = f"{PROTOCOL.study}-final-{today()}-{path.replace('/', '-')}"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_file_that_there_is_not_is_not_found(study):
    who, id = member("statistician"), kept("final")
    opens(who, id)
    for path in ("report.htm", "../report.html", "tables/two.csv"):
        assert who.client.get(f"/{PROTOCOL.study}/reports/{id}/files/{path}").status_code == 404


def test_the_report_is_read_under_a_policy_that_allows_its_own_style_alone(study):
    who, id = member("statistician"), kept("final")
    opens(who, id)
    answer = who.sees("report-page", report=id)
    policy = answer["Content-Security-Policy"]
    digest = handing_out._digest(b"p { margin: 0 }")
    assert answer.content == PAGE
    assert f"style-src '{digest}'" in policy
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert re.findall("script|unsafe", policy) == []


def test_the_archive_is_the_same_to_the_byte(study):
    who, id = member("statistician"), kept("final")
    opens(who, id)
    first, second = (who.sees("report-zip", report=id).content for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as zipped:
        folder = f"{PROTOCOL.study}-final-{today()}"
        assert {name: zipped.read(name) for name in zipped.namelist()} == {f"{folder}/{k}": v for k, v in FILES.items()}
        assert {one.date_time for one in zipped.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_report_of_a_site_is_made_and_names_nobody(study, monkeypatch):
    """The whole way, with the real maker."""
    at_once(monkeypatch)
    who = member("coordinator")
    sent = who.sends("reports", {"kind": "accrual", "effective": today()})
    id = sent["Location"].rpartition("/")[2]
    assert store.report_of(PROTOCOL.study, id).state == "made"
    page = who.sees("report-page", report=id).content.decode()
    assert "Accrual report" in page
    results = who.sees("report-file", report=id, file="results.json").content.decode()
    for subject in (*study[NORTH], *study[SOUTH]):
        assert subject not in page + results
