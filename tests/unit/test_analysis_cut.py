"""The data cut: two times, and the same tables for ever."""

from datetime import UTC, datetime, time, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.analysis import analyse, cut
from evenhand.analysis.datasets import csv_of, datasets, dictionary_of
from evenhand.conduct.forms import entries_reading
from evenhand.record import RecordError, fold
from tests.response_help import followed, month

PD = {"overall": "pd", "progressed": "yes", "basis": "radiographic", "distant": "yes"}


@cache
def course():
    """Scans, a correction of one of them, a progression that is determined and signed later, and then a death."""
    person = followed("usual").scanned(month(3), {"M1": 20}).scanned(month(6), {"M1": 20})
    (first, *_) = entries_reading(*person.about, "scan")
    fixed = person.given.corrected(
        first.seq, "scan", reason="misread", on=month(7), imaged=month(3).isoformat(), complete="yes",
        lesions=[{"lesion": "M1", "seen": "measured", "size": "18"}],
    )  # fmt: skip
    person = type(person)(fixed, person.scans).scanned(month(9), {"M1": 30})
    person = person.determined(month(9, 20), progressed_on=month(9).isoformat(), **PD)
    return person.given.entered("death", on=month(10), died=month(9, 25).isoformat(), cause="breast_cancer")


def at(day):
    return datetime.combine(day, time(23, 59), UTC)


def answer(history, effective, recorded):
    """Everything that is computed at a cut, as bytes."""
    analysis = analyse(cut(course().protocol, history, effective=effective, recorded=recorded))
    return [csv_of(one) for one in datasets(analysis)]


DAYS = st.dates(month(0), month(12))


@given(effective=DAYS, recorded=DAYS)
def test_what_is_entered_later_changes_nothing(effective, recorded):
    whole = course().history
    moment = at(recorded)
    then = fold([entry for entry in whole.entries if entry.recorded_at <= moment])
    assert answer(whole, effective, moment) == answer(then, effective, moment)


@given(effective=DAYS)
def test_no_entry_of_a_cut_happened_after_it_or_was_recorded_after_it(effective):
    moment = at(month(8))
    found = cut(course().protocol, course().history, effective=effective, recorded=moment)
    assert all(entry.recorded_at <= moment for entry in found.history.entries)
    assert all(entry.effective <= effective for entry in found.history.entries if entry.kind == "form_entered")


def sizes(effective, recorded):
    """The sizes that a cut knows."""
    found = cut(course().protocol, course().history, effective=effective, recorded=at(recorded))
    (person,) = found.participants
    rows = [entry.rows("lesions")[0] for entry in entries_reading(person.protocol, person.known, "scan")]
    return [row["size"] for row in rows]


def test_a_correction_counts_from_when_it_was_recorded():
    assert sizes(month(6), month(6)) == [20, 20]
    assert sizes(month(6), month(7)) == [18, 20]
    assert sizes(month(5), month(7)) == [18]


def pfs(effective, recorded):
    found = analyse(cut(course().protocol, course().history, effective=effective, recorded=at(recorded)))
    (one,) = found.outcomes("pfs")
    return one.event, one.day, one.reason


def test_a_progression_is_of_the_day_it_is_dated_to_and_known_from_when_it_was_recorded():
    assert pfs(month(9), month(9)) == (False, month(6), "unsigned")
    assert pfs(month(9), month(10)) == (True, month(9), "progression")
    assert pfs(month(9) - timedelta(days=1), month(10)) == (False, month(6), "data_cut")


def test_a_moment_needs_a_time_zone():
    with pytest.raises(RecordError, match="has no time zone"):
        cut(course().protocol, course().history, effective=month(3), recorded=datetime(2027, 1, 1))


def test_the_datasets_say_what_each_column_is():
    found = datasets(analyse(cut(course().protocol, course().history, effective=month(12), recorded=at(month(12)))))
    assert [one.name for one in found] == ["ADSL", "ADTTE", "ADRS", "ADAE", "ADSV"]
    for one in found:
        names = [column.name for column in one.columns]
        assert len(set(names)) == len(names)
        assert all(len(name) <= 8 for name in names), "ADaM names have 8 characters at most"
        assert all(column.label and column.source for column in one.columns)
        assert all(len(row) == len(names) for row in one.rows)
    assert len(dictionary_of(found).rows) == sum(len(one.columns) for one in found)


def test_rows_hold_plain_values_of_their_kind():
    shapes = {"text": str, "whole": int, "number": float, "flag": str, "date": type(month(1))}
    for one in datasets(analyse(cut(course().protocol, course().history, effective=month(12), recorded=at(month(12))))):
        for row in one.rows:
            for column, value in zip(one.columns, row, strict=True):
                assert value is None or type(value) is shapes[column.kind], (one.name, column.name, value)
                assert column.kind != "flag" or value in ("Y", "N", None)


def test_the_time_to_event_dataset_keeps_the_conventions_of_adtte():
    found = datasets(analyse(cut(course().protocol, course().history, effective=month(12), recorded=at(month(12)))))[1]
    rows = [dict(zip([one.name for one in found.columns], row, strict=True)) for row in found.rows]
    assert len({(row["USUBJID"], row["PARAMCD"], row["ESTIMAND"], row["LESION"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["AVAL"] == (row["ADT"] - row["STARTDT"]).days + 1 >= 1
        assert (row["CNSR"] == 0) == (row["EVNTDESC"] is not None) == (row["CNSDTDSC"] is None)
        assert row["ENTRIES"]
    primary = next(row for row in rows if (row["PARAMCD"], row["ESTIMAND"]) == ("PFS", "primary"))
    assert (primary["ADT"], primary["CNSR"], primary["SRCDOM"]) == (month(9), 0, "RS")
    survival = next(row for row in rows if row["PARAMCD"] == "OS")
    assert (survival["ADT"], survival["CNSR"]) == (month(9, 25), 0)


def test_csv_has_a_line_of_names_and_iso_days():
    found = datasets(analyse(cut(course().protocol, course().history, effective=month(12), recorded=at(month(12)))))
    text = csv_of(found[0]).decode()
    names, row, end = text.split("\n")
    assert names.startswith("STUDYID,USUBJID,SITEID,TRT01P,SUBJID")
    assert "2026-07-01" in row
    assert end == ""
