"""``evenhand report``: the folder, the same again, whom a number counts, and what is refused."""

import json
from datetime import date
from pathlib import Path

import pytest

from evenhand.cli.main import REPORTS
from evenhand.record import dump
from evenhand.reports import KINDS, end_of
from tests.command_line import Run
from tests.report_help import STUDY, trial

CUT = date(2026, 5, 31)
STUDY_ID = trial()[1].study


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    path = tmp_path_factory.mktemp("record") / "trial.jsonl"
    path.write_bytes(dump(trial()[1].as_of(None, end_of(CUT)).entries))
    return path


@pytest.fixture
def report(capsys, record):
    """Run the command on that record."""

    def run(*more, cut=CUT):
        return Run(capsys, ["report", STUDY, record, "--kind", "accrual", "--cut", cut.isoformat(), *more])

    return run


def test_the_command_offers_every_kind():
    assert tuple(KINDS) == REPORTS


def test_a_report_is_written_and_the_same_again_is_fine(report, tmp_path):
    folder = tmp_path / "out"
    first = report("--out", folder)
    assert (first.code, first.err) == (0, "")
    assert "written to" in first.out
    assert {"report.html", "report.pdf", "results.json", "manifest.json"} <= {one.name for one in folder.iterdir()}
    again = report("--out", folder, "--json")
    assert again.json["new"] is False
    assert again.json["randomized"] == json.loads((folder / "manifest.json").read_text())["randomized"]


def test_a_folder_of_another_cut_is_left_alone(report, tmp_path):
    folder = tmp_path / "out"
    report("--out", folder)
    other = report("--out", folder, cut=date(2026, 5, 30))
    assert other.code == 2
    assert "other content" in other.err


def test_a_number_shows_its_people_and_their_entries(report):
    found = report("--show", "accrual_by_year.2026.randomized")
    assert found.code == 0
    assert "randomized" in found.out and "made-up" in found.out
    told = report("--show", "accrual_by_year.2026.randomized", "--json").json
    assert told["values"]["count"] == len(told["people"])
    assert {entry["kind"] for one in told["people"] for entry in one["entries"]} == {"randomized"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "needs a place"),
        (["--show", "no.such.number"], "has no number"),
        (["--out", "/nowhere/at/all"], "is no folder"),
    ],
)
def test_what_cannot_be_done_is_said(report, more, said):
    found = report(*more)
    assert found.code == 2
    assert said in found.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("--cut", "last week", "is no day"),
        ("--recorded", "2027-06-30T10:00", "has no time zone"),
        ("--recorded", "noon", "is no moment"),
        ("--kind", "weekly", "invalid choice"),
    ],
)
def test_arguments_that_mean_nothing_are_refused(report, name, value, said):
    found = report(name, value, "--out", "x")
    assert found.code == 2
    assert said in found.err


def test_a_damaged_record_gives_no_report(capsys, record, tmp_path):
    lines = record.read_bytes().splitlines(keepends=True)
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_bytes(b"".join([lines[0].replace(b'"user":"made-up', b'"user":"Made-up'), *lines[1:]]))
    found = Run(capsys, ["report", STUDY, damaged, "--kind", "final", "--cut", "2026-05-31", "--out", tmp_path / "out"])
    assert found.code == 2
    assert "line 1" in found.err and not (tmp_path / "out").exists()


def test_a_cut_that_lies_ahead_is_refused(report, record, tmp_path):
    found = report("--out", tmp_path / "out", cut=date(2999, 1, 1))
    assert found.code == 2
    assert "1 Jan 2999, lies ahead" in found.err and "up to today" in found.err


def test_an_unknown_study_and_a_record_of_another_are_refused(capsys, record, tmp_path):
    asked = ["--kind", "accrual", "--cut", CUT.isoformat(), "--out", tmp_path / "out"]
    unknown = Run(capsys, ["report", "nct00000000", record, *asked])
    assert unknown.code == 2 and "nct00000000" in unknown.err
    other = tmp_path / "other.jsonl"
    other.write_bytes(record.read_bytes().replace(f'"study":"{STUDY_ID}"'.encode(), b'"study":"nct00000000"'))
    of_other = Run(capsys, ["report", STUDY, other, *asked])
    assert of_other.code == 2 and "other.jsonl, line 1" in of_other.err
    assert 'belongs to "nct00000000"' in of_other.err and "Name the record of this study" in of_other.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "said", "mended"),
    [
        (b"", "It holds no entry.", "Name the file"),
        (b"hello\n", "line 1, column 1: It is not JSON", "Restore the line"),
        (b'{"seq": 1}\n', "line 1", "Restore the line"),
        (b'{"seq": 1', "was cut short", "Keep the first 0 bytes"),
    ],
)
def test_a_file_that_is_no_record_says_what_where_and_how_to_mend_it(capsys, tmp_path, content, said, mended):
    (tmp_path / "odd.jsonl").write_bytes(content)
    asked = ["--kind", "accrual", "--cut", CUT.isoformat(), "--out", tmp_path / "out"]
    found = Run(capsys, ["report", STUDY, tmp_path / "odd.jsonl", *asked])
    assert found.code == 2 and not (tmp_path / "out").exists()
    assert "odd.jsonl" in found.err and said in found.err and mended in found.err


def test_a_record_whose_last_line_was_cut_short_says_how_much_of_it_is_whole(capsys, record, tmp_path):
    whole = record.read_bytes()
    (tmp_path / "short.jsonl").write_bytes(whole[:-9])
    asked = ["--kind", "accrual", "--cut", CUT.isoformat(), "--out", tmp_path / "out"]
    found = Run(capsys, ["report", STUDY, tmp_path / "short.jsonl", *asked])
    kept = whole[:-9].rindex(b"\n") + 1
    assert found.code == 2 and f"Keep the first {kept} bytes" in found.err


@pytest.mark.parametrize("more", [["--cut", "2020-02-29"], ["--recorded", "2020-02-29T10:00:00Z"]])
def test_before_the_first_entry_there_is_nothing_and_it_says_from_when(report, tmp_path, more):
    found = report(*more, "--out", tmp_path / "out")
    begun = trial()[1].state.activation.effective
    assert found.code == 2 and "was not activated by" in found.err
    assert f"It was on {begun:%-d %b %Y}, recorded" in found.err and "choose no earlier cut" in found.err
    assert "2020-02-29" not in found.err


def test_a_folder_that_cannot_be_this_report_is_refused_before_anything_is_made(capsys, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("x")
    asked = ["report", STUDY, tmp_path / "none.jsonl", "--kind", "accrual", "--cut", CUT.isoformat()]
    for place, said in (("empty", "exists and is empty"), ("full", "other content, such as notes.txt")):
        found = Run(capsys, [*asked, "--out", tmp_path / place])
        assert found.code == 2 and said in found.err and "Name a" in found.err


def test_a_place_that_cannot_be_is_refused_before_anything_is_made(capsys, tmp_path):
    """Also before the record is looked for: nobody waits for a report that has no place."""
    (tmp_path / "file").write_text("x")
    asked = ["report", STUDY, tmp_path / "none.jsonl", "--kind", "accrual", "--cut", CUT.isoformat()]
    for place, said in (("file", "is a file"), ("no/out", "is no folder")):
        found = Run(capsys, [*asked, "--out", tmp_path / place])
        assert found.code == 2 and said in found.err


def test_a_folder_that_cannot_be_written_is_told_and_nothing_stays(report, tmp_path, monkeypatch):
    def full(self, content):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    found = report("--out", tmp_path / "out")
    assert found.code == 2 and "No space left on device" in found.err
    assert list(tmp_path.iterdir()) == []


def test_whoever_stops_it_while_it_writes_finds_nothing_half_written(report, tmp_path, monkeypatch):
    written, write = [], Path.write_bytes

    def stopped(self, content):
        if len(written) == 3:
            raise KeyboardInterrupt
        written.append(self)
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", stopped)
    found = report("--out", tmp_path / "out")
    assert found.code == 130 and "stopped" in found.err
    assert len(written) == 3 and list(tmp_path.iterdir()) == []
