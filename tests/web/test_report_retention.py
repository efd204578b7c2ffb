"""Which reports are kept: the newest of a kind and cut, none too old, and for ever what the record cites."""

from datetime import date, timedelta

import pytest

from evenhand.administration import TRACED
from evenhand.web import models, store
from evenhand.web.pages.reporting import making, tracing
from tests.web.reports_help import FILES, asked, kept, reader
from tests.web.study_help import STUDY, member, randomized_trial

CUT = date(2026, 5, 31)


@pytest.fixture
def study(database):
    making_of, subjects = randomized_trial(1, 1)
    making_of.keep()
    return subjects


def aged(report, days):
    """The report as if it had been begun so many days ago."""
    row = models.Report.objects.get(id=report)
    row.begun -= timedelta(days=days)
    row.save()
    return report


def made(kind, days=0, **more):
    """A report of a kind that was begun so many days ago, of a content of its own."""
    first = aged(kept(kind, **more), days)
    copy = f"{first[:50]}{models.Report.objects.count():014}"
    row = models.Report.objects.get(id=first)
    row.id = copy
    row.save()
    models.ReportFile.objects.filter(report_id=first).update(report_id=copy)
    models.Report.objects.filter(id=first).delete()
    return copy


def tidied():
    """What is left, by id."""
    with_files = models.ReportFile.objects
    store.let_go(STUDY, tracing.cited(store.current(STUDY)), apart=("board",))
    left = {one.id for one in store.reports_of(STUDY)}
    assert {row.report_id for row in with_files.all()} <= left
    return left


def test_the_newest_of_a_kind_and_cut_stay(study):
    reports = [made("accrual", days) for days in range(store.NEWEST_KEPT + 2)]
    assert tidied() == set(reports[: store.NEWEST_KEPT])


def test_each_kind_each_cut_and_each_with_or_without_people_counts_by_itself(study):
    few = [made("accrual"), made("accrual", named=False), made("safety-board-open")]
    other = made("accrual")
    models.Report.objects.filter(id=other).update(effective=CUT)
    assert tidied() == {*few, other}


def test_what_is_too_old_goes_but_for_the_newest_of_its_kind(study):
    days = store.REPORTS_KEPT_FOR.days
    old, _ = made("accrual", days + 1), made("accrual", days + 2)
    assert tidied() == {old}
    young = made("accrual", days - 1)
    assert tidied() == {young}


@pytest.mark.parametrize("kind", [kind for kind in TRACED if kind != "board"])
def test_what_the_record_cites_stays_for_ever(study, kind):
    reports = [made(kind, 1000 * again, files={**FILES, "manifest.json": b"%d" % again}) for again in range(5)]
    assert tidied() == set(reports)
    assert all(store.content_kept(one, "report.pdf") for one in reports)


def test_one_whose_digest_stands_nowhere_goes_though_it_tells_the_arms_apart(study):
    reports = [made("final", days, files={**FILES, "manifest.json": b"%d" % days}) for days in range(4)]
    last = models.ReportFile.objects.get(report_id=reports[-1], path="manifest.json")
    last.content = models.ReportFile.objects.get(report_id=reports[0], path="report.pdf").content
    last.save()
    assert tidied() == set(reports[:-1])


def test_what_is_being_made_and_the_boards_view_stay(study):
    going = asked("accrual", moment=None)
    store.begin_report(going, by="somebody")
    aged(going.id, 1000)
    views = [made("board", 1000 * again) for again in range(4)]
    assert tidied() == {going.id, *views}


def test_whoever_makes_a_report_tidies_and_the_page_says_what_is_kept(study, monkeypatch):
    monkeypatch.setattr(making, "in_background", lambda job: job())
    old = [made("accrual", 10 + days) for days in range(store.NEWEST_KEPT)]
    wanted = asked("accrual")
    making.begin(wanted, lambda progress: FILES, by=reader())
    left = {one.id for one in store.reports_of(STUDY)}
    assert left == {wanted.id, *old[:-1]}
    page = member("statistician").sees("reports").content.decode()
    assert f"newest {store.NEWEST_KEPT} of each kind and data cut, for {store.REPORTS_KEPT_FOR.days} days" in page
