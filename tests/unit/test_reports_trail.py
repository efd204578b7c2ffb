"""Who made and opened a report by arm, as the record keeps it: who may, what is refused, what verification finds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evenhand import steps
from evenhand.administration import (
    BOARD_VIEW,
    READERS,
    ROLES,
    TRACED,
    Grant,
    ReportedAt,
    grant_role,
    making_of,
    reading_of,
    report_made,
    report_read,
    revoke_role,
)
from evenhand.record import KINDS, TRACES, Actor, fold
from evenhand.refusal import Refusal
from evenhand.replay.checks import CHECKS
from evenhand.reports import BOARD
from evenhand.reports import KINDS as REPORTS
from tests.eligible import SECRET
from tests.unit.test_administration import ADA, ON_, findings, staffed
from tests.unit.test_administration_trail import forged

DIGEST, OTHER = "a" * 64, "b" * 64
STAT, BOARD_MEMBER = Actor("stan", "statistician"), Actor("bea", "safety_board")


def office():
    """An office with a statistician and a safety board, in a study that runs."""
    made = staffed()
    for one in (STAT, BOARD_MEMBER):
        made.done(grant_role, given=Grant(one.user, one.role, None))
    return made.done(steps.activate, secret=SECRET, sites=[])


def told(of, report="final", manifest=DIGEST, **more):
    head = of.history.head
    return ReportedAt(report, ON_, more.pop("recorded", head.recorded_at), more.pop("last", head.seq), manifest, "1.0")


def made(report="final", manifest=DIGEST, by=STAT):
    of = office()
    return of.done(report_made, by, made=told(of, report, manifest))


def read(of, by=BOARD_MEMBER, report="final", manifest=DIGEST):
    return of.done(report_read, by, report=report, manifest=manifest)


def test_what_is_traced_is_what_tells_the_arms_apart():
    by_arm = {one.id: one.title for one in REPORTS.values() if one.by_arm}
    assert {id: title for id, title in TRACED.items() if id != BOARD_VIEW} == by_arm
    assert BOARD.id == BOARD_VIEW


def test_the_kinds_of_traces_are_about_the_study_and_are_checked():
    assert {KINDS[name].about for name in TRACES} == {"study"}
    assert set(CHECKS) >= TRACES


def test_a_report_stands_in_the_record_with_its_cut_and_what_it_says():
    of = office()
    head = of.history.head
    of.done(report_made, STAT, made=told(of))
    entry = of.history.head
    assert entry.body == {
        "report": "final",
        "effective": ON_.isoformat(),
        "recorded": head.recorded_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "last_entry": head.seq,
        "hash": head.hash,
        "manifest": DIGEST,
        "program": "1.0",
    }
    assert making_of(of.history, "final", DIGEST) == entry
    assert findings(of) == []


def test_each_user_and_each_report_is_told_by_itself():
    of = read(read(made()), STAT)
    seen = [reading_of(of.history, "final", DIGEST, user=who.user, on=ON_).by for who in (STAT, BOARD_MEMBER)]
    assert seen == [STAT, BOARD_MEMBER]
    assert reading_of(of.history, "final", OTHER, user=STAT.user, on=ON_) is None
    assert reading_of(of.history, "safety-board-closed", DIGEST, user=STAT.user, on=ON_) is None
    assert reading_of(of.history, "final", DIGEST, user=STAT.user, on=ON_ + timedelta(days=1)) is None
    assert findings(of) == []


def test_once_a_day_is_recorded_and_the_next_day_again():
    of = read(made())
    with pytest.raises(Refusal, match="on that day before"):
        read(of)
    (event,) = report_read(
        None, of.history, report="final", manifest=DIGEST, on=ON_ + timedelta(days=1), by=BOARD_MEMBER, at=of.at
    )
    assert event.kind == "report_read"


def test_the_boards_view_counts_once_however_often_it_is_renewed():
    of = read(made(BOARD_VIEW), report=BOARD_VIEW)
    of.done(report_made, STAT, made=told(of, BOARD_VIEW, OTHER))
    with pytest.raises(Refusal, match="on that day before"):
        read(of, report=BOARD_VIEW, manifest=OTHER)
    assert findings(of) == []


def test_after_the_study_is_closed_it_is_still_recorded():
    of = office().done(steps.close, secret=SECRET)
    of.done(report_made, STAT, made=told(of))
    assert findings(read(of)) == []


@pytest.mark.parametrize("role", [role for role in ROLES if role not in READERS])
@pytest.mark.parametrize("site", [None, "north"])
def test_no_other_role_makes_or_opens_one(role, site):
    of, who = made(), Actor("eve", role, site)
    of.history = forged("role_granted", {"user": "eve", "role": role, "site": site}, office=of).history
    for step, given in ((report_made, {"made": told(of)}), (report_read, {"report": "final", "manifest": DIGEST})):
        with pytest.raises(Refusal, match="neither statistician nor of the safety board"):
            of.done(step, who, **given)


@pytest.mark.parametrize("role", READERS)
def test_nor_one_whose_role_is_of_a_site_or_ended_or_was_never_granted(role):
    of, here = made(), Actor("eve", role, "north")
    for who in (here, replace(here, site=None)):
        with pytest.raises(Refusal, match="for the whole study"):
            read(of, who)
    of.done(grant_role, given=Grant("eve", role, "north"))
    with pytest.raises(Refusal, match="for the whole study"):
        read(of, here)
    of.done(grant_role, given=Grant("eve", role, None)).done(revoke_role, given=Grant("eve", role, None), reason="left")
    with pytest.raises(Refusal, match="for the whole study"):
        read(of, replace(here, site=None))


WRONG = [
    ({"report": "accrual"}, "no report that tells the arms apart"),
    ({"manifest": "A" * 64}, "SHA-256 of its manifest"),
    ({"manifest": "a" * 63}, "SHA-256 of its manifest"),
    ({"last": 0}, "entry 0 was not in the record"),
    ({"last": 10**6}, "was not in the record"),
    ({"recorded": staffed().history.entries[0].recorded_at - timedelta(days=1)}, "was not in the record"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_a_report_that_cannot_be_is_not_recorded(given, said):
    of = office()
    with pytest.raises(Refusal, match=said):
        of.done(report_made, STAT, made=told(of, **given))


def test_what_was_not_made_on_record_is_not_opened():
    with pytest.raises(Refusal, match="does not say that this report was made"):
        read(made(manifest=OTHER))


def entries_forged(kind, change, by=STAT):
    of = made()
    body = (of if kind == "report_made" else read(of)).history.head.body
    return findings(forged(kind, {**body, **change}, by=by, office=of))


FORGED = [
    ("report_made", {"hash": OTHER}, "hash is"),
    ("report_made", {"last_entry": 99}, "was not in the record"),
    ("report_made", {"report": "accrual"}, "no report that tells the arms apart"),
    ("report_made", {"effective": "soon"}, "cannot be taken again"),
    ("report_made", {"recorded": "2026-01-01T00:00:00"}, "cannot be taken again"),
    ("report_made", {"manifest": 7 * "x"}, "SHA-256"),
    ("report_read", {"manifest": OTHER}, "does not say that this report was made"),
    ("report_read", {"effective": "2020-01-01"}, "effective is"),
    ("report_read", {"more": "pages"}, "more is"),
]


@pytest.mark.parametrize(("kind", "change", "said"), FORGED)
def test_what_no_step_would_record_is_found(kind, change, said):
    (found,) = entries_forged(kind, change)
    assert said in found


def test_somebody_who_may_not_is_found():
    (found,) = entries_forged("report_read", {}, by=ADA)
    assert "neither statistician nor of the safety board" in found


def test_the_state_of_the_study_knows_nothing_of_it():
    of = office()
    state = of.history.state
    read(of.done(report_made, STAT, made=told(of)))
    assert of.history.state == state
    assert fold(of.history.entries).state == state
