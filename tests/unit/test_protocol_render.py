"""The protocol for people: nothing left out, and nothing of a text becomes more than text."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evenhand.protocol import load_protocol
from evenhand.protocol.render import render_html, render_markdown
from tests.studies_here import ALL, TINY, protocol_of

VOID = {"meta", "br", "hr", "img", "link", "input"}
HOSTILE = "a | b <script>alert(1)</script> & *c*"
STUDIES = pytest.mark.parametrize("folder", ALL, ids=lambda folder: folder.name)


class Page(HTMLParser):
    """Reads a page, and keeps count of what is open; ``faults`` says what was closed wrongly."""

    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.tags, self.said, self.rows = [], [], [], [], []
        self.feed(text)
        self.close()
        self.faults += [f"{tag} is never closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} is closed, but was not the last to be opened")

    def handle_data(self, data):
        self.said.append(data)

    @property
    def text(self):
        return flat("".join(self.said))


def flat(text):
    return " ".join(text.split())


def plain(text):
    """A text of the study as Markdown shows it: without the marks, and with quotes as they come."""
    return re.sub(r"[`*_\\]", "", flat(text))


def cells(line):
    """How many cells a row of a Markdown table has; a pipe after a backslash is text."""
    return len(re.findall(r"(?<!\\)\|", line)) - 1


def said_by(protocol):
    """Every text of a protocol that a reader must find."""
    yield from (protocol.title, protocol.version.note, protocol.digest, *protocol.objectives)
    yield from (text for arm in protocol.arms for text in (arm.label, arm.treatment))
    yield from (text for item in protocol.criteria for text in (f"{item.id}. {item.title}.", item.text, item.rule.text))
    yield from (text for clause, asks in protocol.clauses.items() for text in (clause, asks))
    yield from (text for item in protocol.judgements.values() for text in (item.name, item.statement))
    yield from (origin.assumed for origin in protocol.assumptions)
    yield from (flag.say for flag in protocol.flags)
    yield from (level.label for stratum in protocol.randomization.strata for level in stratum.levels)
    yield from (fact.label for fact in protocol.vocabulary.facts.values())
    yield from protocol.references.values()


@STUDIES
def test_markdown_holds_everything(folder):
    protocol = protocol_of(folder)
    text = plain(render_markdown(protocol))
    assert [said for said in said_by(protocol) if plain(said) not in text] == []


@STUDIES
def test_html_holds_everything(folder):
    protocol = protocol_of(folder)
    text = plain(Page(render_html(protocol)).text)
    assert [said for said in said_by(protocol) if plain(said) not in text] == []


@pytest.mark.parametrize(("months", "said"), [(1, "over 1 month from"), (36, "over 36 months from")])
def test_a_planned_pace_is_told_beside_the_target_and_where_it_is_assumed_listed_so(tmp_path, months, said):
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    with (folder / "v2" / "enrollment.yaml").open("a", encoding="utf-8") as file:
        file.write(f"accrual: {{months: {months}, assumed: as fast as elsewhere}}\n")
    protocol = load_protocol(folder)
    assert protocol.enrollment.accrual_months == months
    assert (
        f"{protocol.enrollment.target} randomized participants, at an even pace {said} activation."
        in render_markdown(protocol)
    )
    assert ("accrual", "as fast as elsewhere") in [(one.about, one.assumed) for one in protocol.assumptions]
    assert "even pace" not in render_markdown(protocol_of(TINY))


@STUDIES
def test_the_rows_of_a_table_have_as_many_cells_as_its_head(folder):
    head = None
    for line in render_markdown(protocol_of(folder)).splitlines():
        if not line.startswith("|"):
            head = None
        elif head is None:
            head = cells(line)
        assert head is None or cells(line) == head, line


@STUDIES
def test_html_is_well_formed(folder):
    page = Page(render_html(protocol_of(folder)))
    assert page.faults == []
    assert page.tags.count("html") == page.tags.count("title") == page.tags.count("h1") == 1
    assert page.tags.count("table") > 3
    assert "script" not in page.tags
    assert not {"http:", "https:"} & set(re.findall(r"https?:", render_html(protocol_of(folder)).split("<body>")[0]))


@pytest.fixture
def hostile(tmp_path):
    """The tiny study with a text that a page must not run, a table must not split, and Markdown must not begin anew."""
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    changes = [
        ("study.yaml", "title: Breathing exercises after", f"title: {HOSTILE}"),
        ("study.yaml", "short_title: Tiny", f"short_title: {HOSTILE}"),
        ("study.yaml", "treatment: A leaflet.", f'treatment: "{HOSTILE}"'),
        ("study.yaml", "design/1: Two", f"design/1: {HOSTILE}"),
        ("v2/eligibility.yaml", "say: No walking test.", f'say: "{HOSTILE}"'),
        ("v2/eligibility.yaml", "text: Volume up to 90 %.", 'text: "first\\n\\n# second\\n- third"'),
        ("v2/eligibility.yaml", "rule: not can_sit", 'rule: "not\\n\\n can_sit"'),
        ("v2/facts.yaml", "label: smoker", f'label: "{HOSTILE}"'),
        ("v2/randomization.yaml", "label: smoker,", f'label: "{HOSTILE}",'),
    ]
    for name, old, new in changes:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    return load_protocol(folder)


def test_a_hostile_text_stays_text(hostile):
    text = render_html(hostile)
    page = Page(text)
    assert page.faults == []
    assert "script" not in page.tags
    assert "<script" not in text
    written = render_markdown(hostile).count("<script>alert(1)</script>")
    assert page.text.count("<script>alert(1)</script>") == written + 1 > 7, "it is shown as it was written"


def test_a_pipe_does_not_split_a_cell(hostile):
    for line in render_markdown(hostile).splitlines():
        if line.startswith("|") and "script" in line:
            assert cells(line) in (2, 3, 4)
    assert set(Page(render_html(hostile)).rows) <= {2, 3, 4, 5}


def test_a_line_break_in_a_text_begins_nothing(hostile):
    text = render_markdown(hostile)
    assert "**I1. Volume.** first # second - third" in text
    assert "- Rule: `not can_sit`" in text


def test_a_study_without_judgements_notes_or_strata_has_no_empty_tables(tmp_path):
    folder = Path(shutil.copytree(TINY, tmp_path / "tiny"))
    (folder / "v2/eligibility.yaml").write_text(
        "criteria:\n  - {id: I1, kind: inclusion, clause: inclusion/1, title: A, text: B, rule: volume > 3}\n", "utf-8"
    )
    text = render_markdown(load_protocol(folder))
    assert "## Judgements" not in text
    assert "## Notes" not in text
