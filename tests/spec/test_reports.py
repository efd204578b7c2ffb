"""Reports as values and as files: numbering, names of numbers, who is behind them, and each form that they take."""

import csv
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO, StringIO

import pytest
from pypdf import PdfReader

from evenhand.analysis.tables import Behind, Cell, Section, Table, count, row
from evenhand.refusal import Refusal
from evenhand.reports import BOARD, KINDS, MANIFEST, files_of, shown, write_folder
from evenhand.reports.behind import people_of
from evenhand.reports.fitting import aligned, fitted
from evenhand.reports.naming import column_ids
from evenhand.reports.parts import PARTS
from tests.report_help import ANN, BEN, FIGURE, SECTION, TABLE, made_up


def results(report):
    return json.loads(files_of(report)["results.json"])


def page(report):
    return files_of(report)["report.html"].decode()


# ---- the kinds ---------------------------------------------------------------------------------


def test_every_kind_is_of_sections_that_there_are():
    assert {name for kind in (*KINDS.values(), BOARD) for name in kind.sections} == set(PARTS)


def test_only_the_closed_session_and_the_end_tell_the_arms_apart():
    assert [kind.id for kind in KINDS.values() if kind.by_arm] == ["safety-board-closed", "final"]


@pytest.mark.parametrize("name", ["between_looks", "efficacy", "interim", "stopping"])
def test_what_compares_the_arms_stands_in_no_pooled_report(name):
    assert all(kind.by_arm for kind in KINDS.values() if name in kind.sections)


# ---- names of numbers --------------------------------------------------------------------------

ARMS = (("usual", "Usual approach"), ("local", "Usual approach plus local therapy"))
HEADS = [
    (("Usual approach", "Usual approach plus local therapy"), ("usual", "local")),
    (("Usual approach plus local therapy (n = 81)", "USUAL APPROACH (n = 81)"), ("local", "usual")),
    (("Usual approach, any grade", "Usual approach, grade 3"), ("usual_any_grade", "usual_grade_3")),
    (("Total", "Total", "90 % interval", "%"), ("total", "total_2", "90_interval", "column")),
]


@pytest.mark.parametrize(("heads", "names"), HEADS)
def test_a_column_is_named_by_its_arm_or_its_words(heads, names):
    assert column_ids(replace(TABLE, head=("What", *heads)), ARMS) == names


def test_the_name_of_a_number_does_not_hang_on_how_many_people_there_are():
    more = replace(
        TABLE, head=("What", "Usual approach (n = 81)", "Usual approach plus local therapy (n = 80)", "Total")
    )
    assert column_ids(more, ARMS) == column_ids(TABLE, ARMS)


# ---- the numbers as JSON -----------------------------------------------------------------------


def test_every_number_stands_at_full_precision_under_its_name():
    numbers = results(made_up())["numbers"]
    assert numbers["events.ratio.usual"] == {
        "text": "0.61 (0.43 to 0.87)", "values": {"ratio": 0.6112345678901234, "low": 0.43, "high": None},
    }  # fmt: skip
    assert list(numbers)[:3] == ["events.event.usual", "events.event.local", "events.event.total"]


def test_a_number_leads_to_its_people_and_their_entries():
    told = results(made_up())
    behind = told["people"][told["numbers"]["events.both.usual"]["people"]]
    assert behind == {"P-1": [3, 7], "P-2": []}
    assert "people" not in told["numbers"]["events.event.local"]  # nobody


def test_the_same_people_are_listed_once():
    people = people_of(made_up())
    assert people.of["events.both.usual"] == people.of["events.both.total"]
    assert list(people.lists.values()) == [(ANN,), (ANN, BEN)]
    assert people.uses == {"p1": 2, "p2": 2}


def test_tables_and_figures_are_numbered_each_in_order():
    second = replace(TABLE, id="second")
    report = made_up(SECTION, Section("safety", "Safety", (), (FIGURE, second)))
    assert [one.label for one in report.parts] == ["Table 1", "Figure 1", "Figure 2", "Table 2"]


# ---- the page ----------------------------------------------------------------------------------


class Read(HTMLParser):
    """Ids, links, and whether every element that was opened is closed."""

    VOID = frozenset({"meta", "br", "hr", "link", "img"})

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.open, self.names = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.names.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if tag == "a" else []
        assert "style" not in given and not any(name.startswith("on") for name in given)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_every_link_leads_somewhere():
    read = Read(page(made_up()))
    assert not read.open
    assert len(read.ids) == len(set(read.ids))
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)
    assert "script" not in read.names and "link" not in read.names and "img" not in read.names


def test_the_page_asks_nothing_of_anybody():
    text = page(made_up()).replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"(https?:)?//|url\(|@import", text.split("</style>")[1] + text.split("<style>")[1])


def test_text_is_never_markup():
    text = page(made_up())
    assert "Events &amp; censoring &lt;primary&gt;" in text
    assert "<primary>" not in text


@pytest.mark.parametrize("said", ["Intention to treat, 2 people", "Counted.", "A note.", "data cut 30 Jun 2027",
                                  "protocol v1 (aaaaaaaaaaaa)", "record to entry 9 (bbbbbbbbbbbb)"])  # fmt: skip
def test_under_each_table_stand_its_people_its_method_and_its_source(said):
    assert said in page(made_up())
    assert said in paper(files_of(made_up())["report.pdf"])


def test_a_number_links_to_the_list_of_its_people():
    text = page(made_up())
    name = re.search(r'<td[^>]*><a href="#(p\d+)">1 \(100.0 %\)</a>', text)[1]
    assert re.search(rf'<dt id="{name}">.*?</dt>\n<dd><span>P-1</span> \(3, 7\)</dd>', text)


def test_a_pooled_report_lists_nobody_by_what_happened_after_randomization():
    treatment = Section("treatment", "Treatment", (), (replace(TABLE, by_arm=False),))
    report = made_up(treatment, kind="safety-board-open")
    assert "P-1" not in page(report)
    assert results(report)["people"] == {}
    with pytest.raises(Refusal, match="could tell the arms apart"):
        shown(report, "events.event.usual")


# ---- on paper ----------------------------------------------------------------------------------


def paper(content):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def test_the_document_is_archival_accessible_and_dated_by_the_cut():
    found = PdfReader(BytesIO(files_of(made_up())["report.pdf"]))
    stated = found.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in stated and "<pdfaid:conformance>A</pdfaid:conformance>" in stated
    assert "<pdfuaid:part>1</pdfuaid:part>" in stated
    assert found.metadata.title == "Final report, MADE-UP, 30 Jun 2027"
    assert found.metadata.creation_date.date().isoformat() == "2027-06-30"


def test_the_document_holds_the_tables_and_says_what_its_figures_show():
    content = files_of(made_up())["report.pdf"]
    assert "Table 1. Events & censoring <primary>" in paper(content)
    assert "0.61 (0.43 to 0.87)" in paper(content)
    assert "A line that falls." in alternatives(content)


def alternatives(content):
    """The text that stands for each picture."""
    found = PdfReader(BytesIO(content))
    objects = (found.get_object(number) for number in range(1, len(found.xref[0]) + 1))
    return [one["/Alt"] for one in objects if isinstance(one, dict) and "/Alt" in one]


def test_signs_that_no_font_shows_are_written_as_numbers():
    odd = Section("efficacy", "Efficacy", ("One \U0001f600 sign.",), ())
    assert "One [U+1F600] sign." in paper(files_of(made_up(odd))["report.pdf"])


# ---- how a table is set ------------------------------------------------------------------------


def table_of(*columns):
    """A table from the texts of its columns."""
    rows = [
        row(f"r{place}", "Row", *(Cell(text) for text in texts))
        for place, texts in enumerate(zip(*columns, strict=True))
    ]
    return replace(TABLE, head=("What", *("Head" for _ in columns)), rows=tuple(rows))


def test_numbers_are_set_to_the_right_and_words_to_the_left():
    found = aligned(
        table_of(["12 (3.0 %)", "< 0.001"], ["yes", "no"], ["3", "a sentence that goes on and on, and on and on"])
    )
    assert found == ("right", "left", "left")


def test_letters_shrink_where_columns_are_many_and_no_number_is_broken():
    few, many = fitted(table_of(["1"])), fitted(table_of(*(["12 (14.8 %)"] for _ in range(9))))
    assert few.size == 9.0 and 6.0 <= many.size < 9.0
    assert min(many.shares[1:]) >= len("12 (14.8 %)")


# ---- by themselves -----------------------------------------------------------------------------


def test_a_table_as_csv_has_texts_and_values():
    lines = list(csv.DictReader(StringIO(files_of(made_up())["tables/events.csv"].decode())))
    assert lines[0]["label"] == "A heading"
    assert (lines[1]["usual"], lines[1]["usual.count"], lines[1]["usual.share"]) == ("1 (100.0 %)", "1", "1.0")
    assert lines[2]["usual.ratio"] == "0.6112345678901234"


def test_a_figure_stands_by_itself_with_its_data():
    files = files_of(made_up())
    assert files["figures/curves.svg"] == FIGURE.svg.encode()
    assert files["figures/curves.csv"] == b"month,share\n0,1.0\n"


def test_the_manifest_names_every_other_file_by_its_digest():
    files = files_of(made_up())
    told = json.loads(files[MANIFEST])
    assert told["files"].keys() == files.keys() - {MANIFEST}
    assert all(one["sha256"] == hashlib.sha256(files[name]).hexdigest() for name, one in told["files"].items())
    assert told["record"]["hash"] == "b" * 64 and told["protocol"]["digest"] == "a" * 64


def test_a_report_without_anybody_is_a_report():
    files = files_of(made_up(Section("efficacy", "Efficacy", (), ()), randomized=0))
    assert not Read(files["report.html"].decode()).open
    assert files["report.pdf"].startswith(b"%PDF")


# ---- whom a number counts ----------------------------------------------------------------------


def test_whoever_asks_for_a_number_is_told_its_people():
    assert shown(made_up(), "events.both.usual").people == (ANN, BEN)


def test_a_number_that_there_is_not_is_refused_with_those_near():
    with pytest.raises(Refusal, match=r"Near: events\.both\.usual"):
        shown(made_up(), "both.us")


# ---- the folder --------------------------------------------------------------------------------

FILES = {"a.txt": b"one", "inside/b.txt": b"two"}


def test_a_folder_is_written_whole(tmp_path):
    assert write_folder(tmp_path / "out", FILES)
    assert (tmp_path / "out" / "inside" / "b.txt").read_bytes() == b"two"
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_the_same_again_is_fine(tmp_path):
    write_folder(tmp_path / "out", FILES)
    assert not write_folder(tmp_path / "out", FILES)


OTHER = [{"a.txt": b"one"}, {**FILES, "c.txt": b""}, {**FILES, "a.txt": b"other"}]


@pytest.mark.parametrize("other", OTHER, ids=["fewer", "more", "differing"])
def test_a_folder_of_another_content_is_left_alone(tmp_path, other):
    write_folder(tmp_path / "out", other)
    with pytest.raises(Refusal, match="other content"):
        write_folder(tmp_path / "out", FILES)
    there = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert there == set(other)


def test_where_writing_fails_nothing_stays(tmp_path):
    with pytest.raises(OSError):
        write_folder(tmp_path / "out", {"a": b"", "a/b": b""})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", ["file", "empty", "nowhere"])
def test_a_place_that_cannot_be_is_refused(tmp_path, make):
    folder = tmp_path / "out"
    if make == "file":
        folder.write_text("x")
    elif make == "empty":
        folder.mkdir()
    else:
        folder = tmp_path / "no" / "out"
    with pytest.raises(Refusal):
        write_folder(folder, FILES)


def test_a_table_of_counts_shows_no_number_as_a_link_where_nobody_is_behind():
    empty = Table("none", "Nobody", "Nobody", "Counted.", ("What", "People"), (row("a", "A", count([])),))
    assert '<td class="right">0</td>' in page(made_up(Section("safety", "Safety", (), (empty,))))
    assert Behind("P-9") not in (ANN, BEN)
