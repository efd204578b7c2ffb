"""A report as its readers have it: what may stand in which, what is said of what, and how its tables go over pages."""

import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from evenhand.analysis.outcome import days_said
from evenhand.analysis.saying import noted, refused
from evenhand.analysis.tables import Cell, Figure, Section, Table, row
from evenhand.figures import Lane, Mark, Panel, Span, swimmers
from evenhand.reports import KINDS, files_of
from evenhand.reports.fitting import fitted
from evenhand.reports.pdf import as_pdf, content
from evenhand.reports.wording import refers
from tests.report_help import FIGURE, TABLE, made_up, reported

LATE = date(2029, 12, 31)
ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def words_of(report):
    """Everything that a report says beside its numbers."""
    for section in report.sections:
        yield from (section.title, *section.says)
        for part in section.parts:
            yield from (part.title, part.population, part.method, *part.notes)
            if isinstance(part, Figure):
                yield part.says
            else:
                yield from part.head
                yield from (one.label for one in part.rows)
                yield from (cell.text for one in part.rows for cell in one.cells)


# ---- what may stand in which -------------------------------------------------------------------


def test_an_accrual_report_tells_nothing_of_what_became_of_anybody_after_randomization():
    report = reported("accrual", LATE)
    tables = {one.id: {each.id for each in one.rows} for one in report.tables}
    assert not {"flow_randomized", "adverse_events", "deaths"} & set(tables)
    milestones = tables.get("accrual_milestones") or tables["accrual_forecast"]
    assert milestones == {"target"}
    assert tables["record_findings"] == {
        "without_consent", "out_of_order", "site_not_open", "stratum_contradicted", "before_birth",
    }  # fmt: skip
    (diagram,) = [one for one in report.figures if one.id == "flow_diagram"]
    assert {one[0] for one in diagram.data[1:]} == {"Enrolment"}
    assert not [one for one in words_of(report) if re.search(r"\bdied\b|\bdeaths?\b|adverse|follow-up", one, re.I)]


def test_an_open_report_tells_of_all_of_that_and_of_no_arm():
    report = reported("safety-board-open", LATE)
    tables = {one.id for one in report.tables}
    assert {"flow_randomized", "adverse_events", "deaths", "record_findings"} <= tables
    assert not [one.part.id for one in report.parts if one.part.by_arm]


@pytest.mark.parametrize("section", ["treatment", "safety"])
def test_an_open_report_says_what_its_pooled_numbers_reveal(section):
    (found,) = [one for one in reported("safety-board-open", LATE).sections if one.id == section]
    assert found.says[0].startswith("Arms are not told apart here.")


def test_findings_about_the_record_name_nobody_where_a_treatment_would_tell_the_arm():
    assert not KINDS["safety-board-open"].names_people("mistakes")
    assert KINDS["accrual"].names_people("mistakes") and KINDS["final"].names_people("mistakes")


def test_the_milestones_of_events_are_those_that_the_looks_count():
    report = reported("final", date(2035, 12, 31))
    times = next(one for one in report.datasets if one.name == "ADTTE")
    rows = zip(*(times.column(name) for name in ("PARAMCD", "ESTIMAND", "EVENTCD", "ADT")), strict=True)
    days = sorted(
        day for endpoint, estimand, event, day in rows if (endpoint, estimand, event) == ("PFS", "primary", 1)
    )
    (table,) = [one for one in report.tables if one.id == "accrual_milestones"]
    found = {one.id: dict(one.cells[0].values).get("day") for one in table.rows if one.id.startswith("events_")}
    assert found and days
    for id, day in found.items():
        number = int(id.removeprefix("events_"))
        assert day == (days[number - 1].isoformat() if len(days) >= number else None)


# ---- one form of a day, of a number of people --------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_day_has_one_form(kind):
    assert not [one for one in words_of(reported(kind, LATE)) if ISO.search(one)]


def test_days_inside_a_sentence_are_as_people_read_them():
    assert days_said("dated 2030-05-01, after 2030-04") == "dated 1 May 2030, after 2030-04"


@pytest.mark.parametrize("kind", KINDS)
def test_a_population_says_its_number_in_one_form(kind):
    odd = re.compile(r", \d+ (people|person)$|\(\d[^)]*\)$")
    assert not [one.part.population for one in reported(kind, LATE).parts if odd.search(one.part.population)]


def test_a_reason_of_the_statistics_has_its_unit():
    cells = [refused("nobody was followed until 36; the longest follow-up is 26.9733"),
             refused("the curve is known up to 26.9733 only, before the horizon 36")]  # fmt: skip
    table = noted(
        Table("t", "T", "P", "M", ("", "A"), tuple(row(f"r{n}", f"R{n}", one) for n, one in enumerate(cells)))
    )
    assert table.notes == (
        "R0 (A): nobody was followed until month 36; the longest follow-up is 26.9 months.",
        "R1 (A): the curve is known up to month 26.9 only, before the horizon of 36 months.",
    )


# ---- what refers to what -----------------------------------------------------------------------


def part(sort, number):
    kept = {"title": "T", "population": "P", "method": "M"}
    if sort == "figure":
        return Figure(f"f{number}", svg=FIGURE.svg, says="S", data=(("a",),), **kept)
    return Table(f"t{number}", head=("",), rows=(), **kept)


@pytest.mark.parametrize(
    ("sorts", "said"),
    [
        ("", []),
        ("t", ["Table 1"]),
        ("tt", ["Tables 1 and 2"]),
        ("fttt", ["Figure 1", "Tables 1 to 3"]),
        ("tfft", ["Figures 1 and 2", "Tables 1 and 2"]),
    ],
)
def test_a_section_refers_to_its_tables_and_figures(sorts, said):
    parts = tuple(part("figure" if one == "f" else "table", place) for place, one in enumerate(sorts))
    section = Section("s", "S", ("A sentence.",), parts)
    report = made_up(section)
    assert [one for one, _ in refers(section, report)] == said
    sentence = f"See {' and '.join(said)}."
    page = re.sub(r"<[^>]+>", "", files_of(report)["report.html"].decode())
    assert (sentence in page) == (sentence in content(report)["sections"][0]["says"]) == bool(said)


# ---- tables on paper ---------------------------------------------------------------------------


def long(rows):
    return Table("long", "A long one", "P", "M", ("What", "People"),
                 tuple(row(f"r{n}", f"Row {n}", Cell(str(n))) for n in range(rows)))  # fmt: skip


def pages_of(*sections):
    return [page.extract_text() for page in PdfReader(BytesIO(as_pdf(made_up(*sections)))).pages]


def test_a_table_that_goes_on_says_so_on_each_page_but_its_first():
    pages = pages_of(Section("s", "S", (), (TABLE, long(120))))
    said = ["Table 2, continued" in one for one in pages]
    first = next(place for place, one in enumerate(pages) if "Row 0" in one)
    last = next(place for place, one in enumerate(pages) if "Row 119" in one)
    assert last > first and said == [first < place <= last for place in range(len(pages))]
    assert all("What" in one and "People" in one for one in pages[first : last + 1])


def test_a_table_on_one_page_does_not_go_on():
    assert not any("continued" in one for one in pages_of(Section("s", "S", (), (TABLE, long(12)))))


# Sections of so many sentences, so that the table after them begins at every height of a page.
HEIGHTS = range(2, 46)


def placed(sentences):
    """The pages of a table of 30 rows after so many sentences."""
    table = replace(long(30), method="Words of the method, at some length. " * 12)
    return pages_of(Section("s", "S", ("A sentence.",) * sentences, (table,)))


def test_wherever_a_table_begins_some_rows_stand_below_its_head_and_its_notes_say_whose_they_are():
    alone = 0
    for pages in map(placed, HEIGHTS):
        first = next(one for one in pages if "A long one" in one and "Row 0" in one)
        assert "Row 2" in first, "more than one or two rows stand on the page on which it begins"
        notes = next(one for one in pages if "Words of the method" in one)
        if "Row 29" not in notes:
            alone += 1
            assert "Table 1, continued" in notes.split("Words of the method")[0]
    assert alone, "one of these heights parts the notes from the table"


def listed(words, people=3):
    """A table as that of serious events: many columns of words, of which the last is as long as is asked."""
    days = Cell("16 Aug 2027 (day 485) to 21 Aug 2027")
    cells = (Cell("Urinary tract infection, grade 3"), days, *[Cell("Usual approach plus local therapy")] * 4)
    rows = tuple(row(f"r{n}", "S0031-9, event 4", *cells, Cell("word " * words)) for n in range(people))
    return Table("events", "Events", "P", "M", ("Participant", "Event", "Days", *["A head"] * 4, "Related"), rows)


@pytest.mark.parametrize(("words", "sideways"), [(4, False), (20, False), (60, True)])
def test_words_take_more_lines_before_a_table_is_set_on_its_side(words, sideways):
    fit = fitted(listed(words))
    assert (fit.sideways, fit.size) == (sideways, 8.0 if sideways else 7.0)


def test_two_days_are_words_and_one_day_is_a_number():
    assert fitted(listed(4)).sides[1:4] == ("left", "left", "left")
    table = Table("t", "T", "P", "M", ("Milestone", "Reached"), (row("a", "A", Cell("16 Aug 2027")),))
    assert fitted(table).sides == ("left", "right")


def test_a_small_table_stays_whole_and_a_larger_one_fills_the_page():
    parts = content(made_up(Section("s", "S", (), (long(5), long(40)))))["sections"][0]["parts"]
    assert [one["whole"] for one in parts] == [True, False]


def test_heads_of_more_lines_come_before_a_page_on_its_side():
    head = ("Race", *["Not Hispanic or Latino: unknown or not reported"] * 9, "Total")
    table = Table("t", "T", "P", "M", head, (row("a", "American Indian or Alaska Native", *[Cell("0")] * 10),))
    assert not fitted(table).sideways and fitted(table).size >= 7


# ---- figures in words --------------------------------------------------------------------------


def test_the_words_of_lanes_count_people_with_each_span_and_sign_and_none_that_nobody_has():
    lanes = [
        Lane("P-1", [Span(0, 12, "Followed"), Span(1, 2, "Radiation")], [Mark(3, "Surgery"), Mark(5, "Surgery")]),
        Lane("P-2", [Span(0, 6, "Followed")], [Mark(6, "Death")]),
    ]
    drawing = swimmers(
        [Panel("All", lanes)], prefix="x", label="Courses", unit="months", spans=["Followed", "Radiation"],
        marks={"Surgery": 0, "Death": 1, "Progression": 2},
    )  # fmt: skip
    assert "All: longest 12; people with Radiation 1, Surgery 1, Death 1." in drawing.says
