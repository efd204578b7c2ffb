"""The four reports of a small made-up trial: the same to the byte, nothing by arm where it may not be, traceable."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from evenhand.analysis import cut
from evenhand.record import REPORT_MADE, REPORT_READ, Actor, Event, RecordError, append
from evenhand.refusal import Refusal
from evenhand.reports import KINDS, end_of, files_of, make_report, shown
from evenhand.reports.naming import named_cells
from tests.record_samples import REPORT, REPORTED
from tests.report_help import CUT, reported, swapped, trial

EVERY = list(KINDS)
POOLED = [name for name, kind in KINDS.items() if not kind.by_arm]
BY_PLAN = {"sites", "overdue"}  # what is due depends on the plan of the arm, though no count is by arm


@cache
def before():
    """The record as it stood at the moment of the cut."""
    whole = trial()[1]
    then = whole.as_of(None, end_of(CUT))
    assert 0 < len(then.entries) < len(whole.entries)
    return then


@pytest.mark.parametrize("kind", EVERY)
def test_the_same_cut_gives_the_same_report_whatever_was_entered_since(kind):
    assert make_report(kind, trial()[0], before(), effective=CUT) == reported(kind)


def test_and_the_same_bytes():
    assert files_of(make_report("final", trial()[0], before(), effective=CUT)) == files_of(reported("final"))


@pytest.mark.parametrize("kind", POOLED)
def test_a_pooled_report_has_nothing_by_arm(kind):
    report = reported(kind)
    assert not [one.part.id for one in report.parts if one.part.by_arm]
    labels = [label for _, label in report.arms]
    assert not [head for table in report.tables for head in table.head for label in labels if head.startswith(label)]


@pytest.mark.parametrize("kind", POOLED)
def test_a_pooled_report_is_the_same_with_everybody_in_the_other_arm(kind):
    protocol, history = trial()
    chosen = replace(KINDS[kind], sections=tuple(name for name in KINDS[kind].sections if name not in BY_PLAN))
    first, second = (make_report(chosen, protocol, one, effective=CUT) for one in (history, swapped(history)))
    assert first.source != second.source  # another record has another last hash
    here, there = files_of(first), files_of(replace(second, source=first.source))
    assert [name for name in here if here[name] != there.get(name)] == []


def test_the_others_are_not():
    protocol, history = trial()
    assert make_report("final", protocol, swapped(history), effective=CUT).sections != reported("final").sections


@pytest.mark.parametrize("kind", EVERY)
def test_every_table_and_figure_is_one_of_its_name_and_says_of_whom_and_how(kind):
    report = reported(kind)
    ids = [one.part.id for one in report.parts]
    assert len(ids) == len(set(ids))
    assert len({one.id for one in report.sections}) == len(report.sections)
    assert all(one.part.population and one.part.method and one.part.title for one in report.parts)


@pytest.mark.parametrize("kind", EVERY)
def test_rows_have_names_of_their_own_and_no_more_cells_than_heads(kind):
    for table in reported(kind).tables:
        ids = [row.id for row in table.rows]
        assert len(ids) == len(set(ids)), table.id
        assert all(len(row.cells) in (0, len(table.head) - 1) for row in table.rows), table.id


@pytest.mark.parametrize("kind", EVERY)
def test_every_entry_behind_a_number_stands_in_the_cut(kind):
    report = reported(kind)
    known = {entry.seq for entry in report.entries}
    assert not [one.id for one in named_cells(report) for of in one.cell.behind if set(of.seqs) - known]


@pytest.mark.parametrize("kind", EVERY)
def test_no_more_people_are_behind_a_number_than_it_counts(kind):
    counted = [(one, dict(one.cell.values).get("count")) for one in named_cells(reported(kind)) if one.cell.behind]
    wrong = [
        one.id for one, many in counted
        if isinstance(many, int) and many < len({of.subject for of in one.cell.behind})
    ]  # fmt: skip
    assert wrong == []


def test_a_number_leads_to_people_and_what_was_entered_about_them():
    report = reported("final")
    counted = next(one for one in named_cells(report) if one.cell.behind and one.cell.behind[0].seqs)
    found = shown(report, counted.id)
    assert found.people == counted.cell.behind
    assert all(entry is not None and entry.subject in {one.subject for one in found.people}
               for entry in found.entries.values())  # fmt: skip


def test_the_source_is_the_last_entry_that_was_known():
    whole, source = trial()[1], reported("accrual").source
    known = [entry for entry in whole.entries if entry.recorded_at <= end_of(CUT)]
    assert (source.seq, source.hash) == (known[-1].seq, known[-1].hash)
    assert source.entries == len(reported("accrual").entries) <= len(known)


def test_datasets_go_with_the_end_alone():
    assert [name for name in EVERY if reported(name).datasets] == ["final"]
    assert {"datasets/adsl.csv", "datasets/adsl.parquet", "datasets/columns.csv"} <= files_of(reported("final")).keys()


def test_what_is_entered_after_the_moment_of_the_cut_is_not_known():
    protocol, whole = trial()
    then = whole.as_of(None, end_of(CUT))
    by = Actor("m.anager", "administrator", None)
    at = end_of(CUT) + timedelta(seconds=1)
    more = then.extend(append(then, [Event("accrual_halted", None, CUT, {}, reason="late")], by=by, at=at))
    assert make_report("accrual", protocol, more, effective=CUT).sections == reported("accrual").sections
    later = make_report("accrual", protocol, more, effective=CUT, recorded=at)
    assert later.source.seq == whole.as_of(None, end_of(CUT)).entries[-1].seq + 1


def traced(history, at):
    """The same record, in which somebody made a report by arm and opened it."""
    events = [
        Event(REPORT_MADE, None, at.date(), REPORTED),
        Event(REPORT_READ, None, at.date(), REPORT),
    ]
    return history.extend(append(history, events, by=Actor("s.tat", "statistician"), at=at))


def test_a_report_is_the_same_to_the_byte_after_it_was_made_and_read():
    """Also at a moment by which the record says so."""
    known = before()
    traces = traced(known, known.head.recorded_at)
    again = make_report("final", trial()[0], traces, effective=CUT)
    assert again == reported("final")
    assert files_of(again) == files_of(reported("final"))


def test_a_cut_knows_of_nobody_who_made_or_read_a_report():
    known = before()
    at = end_of(CUT) + timedelta(days=1)
    halt = Event("accrual_halted", None, CUT, {}, reason="later")
    made, by = [], Actor("m.anager", "administrator", None)
    for one in (known, traced(known, known.head.recorded_at)):
        grown = one.extend(append(one, [halt], by=by, at=at))
        made.append(cut(trial()[0], grown, effective=CUT, recorded=at).history)
    plain, marked = made
    assert [(one.kind, one.body) for one in marked.entries] == [(one.kind, one.body) for one in plain.entries]
    assert marked.head.seq == plain.head.seq + 2, "the numbers of entries stay"


# ---- what cannot be reported -------------------------------------------------------------------


def test_before_activation_there_is_nothing_to_report():
    with pytest.raises(Refusal, match="not activated"):
        make_report("accrual", *trial(), effective=date(2020, 1, 1))


def test_a_kind_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(Refusal, match="accrual, safety-board-open"):
        make_report("weekly", *trial(), effective=CUT)


def test_a_protocol_without_endpoints_is_refused():
    protocol, history = trial()
    with pytest.raises(Refusal, match="endpoints"):
        make_report("final", replace(protocol, endpoints=None), history, effective=CUT)


def test_a_moment_needs_a_time_zone():
    with pytest.raises(RecordError, match="time zone"):
        make_report("final", *trial(), effective=CUT, recorded=datetime(2027, 6, 30))


def test_on_the_day_of_activation_there_is_a_report_of_nobody():
    protocol, history = trial()
    day = history.entries[0].effective
    first = history.as_of(None, history.entries[0].recorded_at)
    made = [make_report(kind, protocol, first, effective=day) for kind in EVERY]
    assert {(one.candidates, one.randomized) for one in made} == {(0, 0)}
    assert files_of(made[-1])["report.pdf"].startswith(b"%PDF")


def test_progress_is_told_from_the_first_part_to_the_last():
    told = []
    report = make_report("accrual", *trial(), effective=CUT, progress=lambda *told_of: told.append(told_of))
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert told[-1][1] == told[-1][2]
    assert report == reported("accrual")
