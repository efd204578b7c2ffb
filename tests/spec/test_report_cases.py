"""Reports of cuts that are seldom seen, each a clear report or a clear refusal; and how what is in them is shown."""

import re
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader

from evenhand.analysis.tables import Cell, Section, count, row
from evenhand.figures import Lane, Mark, Panel, Span, swimmers
from evenhand.refusal import Refusal
from evenhand.reports import KINDS, files_of, make_report
from evenhand.reports.fitting import fitted
from evenhand.reports.rows import shown_rows
from tests.report_help import FIGURE, SECTION, TABLE, made_up, reported, trial
from tests.retelling import rearmed

ACTIVATED = trial()[1].state.activation.effective
ENTERED = sorted(one.effective for one in trial()[1].allocations)
CLOSED = trial()[1].state.closure.effective
ODD = re.compile(r"\b1 (people|sites|findings|candidates|entries|days)\b|\b(nan|inf|None)\b|-0\.0\b")


def one_armed(history):
    """The same record with everybody in one arm."""
    arm = history.allocations[0].arm
    return rearmed(history, lambda _: arm)


CASES = {
    "activated on that day": (ACTIVATED, 0),
    "one person": (ENTERED[0], 1),
    "nobody progressed": (ENTERED[2] + timedelta(days=5), None),
    "closed": (CLOSED, len(ENTERED)),
    "long after": (CLOSED + timedelta(days=4000), len(ENTERED)),
}


@cache
def case(name, kind):
    return make_report(kind, *trial(), effective=CASES[name][0])


def words(report):
    page = files_of(report)["report.html"].decode()
    page = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("kind", ["accrual", "final"])
def test_a_cut_that_is_seldom_seen_is_reported(name, kind):
    report, told = case(name, kind), words(case(name, kind))
    if CASES[name][1] is not None:
        assert report.randomized == CASES[name][1]
    assert not ODD.search(told), ODD.search(told)
    assert [one.part.id for one in report.parts if not one.part.population or not one.part.method] == []


@pytest.mark.parametrize("kind", KINDS)
def test_on_the_day_of_activation_every_kind_is_whole(kind):
    assert case("activated on that day", kind).randomized == 0
    assert {one.id for one in case("activated on that day", kind).sections} >= {"mistakes"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_day_before_activation_is_refused(kind):
    with pytest.raises(Refusal, match="not activated by"):
        make_report(kind, *trial(), effective=ACTIVATED - timedelta(days=1))


def test_a_site_with_nobody_has_a_row_of_noughts():
    (table,) = [one for one in case("one person", "final").tables if one.id == "accrual_by_site"]
    assert ["0"] * 4 in [[cell.text for cell in one.cells[:4]] for one in table.rows]


def test_where_chance_put_everybody_into_one_arm_nothing_is_compared():
    protocol, history = trial()
    report = make_report("final", protocol, one_armed(history), effective=date(2027, 6, 30))
    (table,) = [one for one in report.tables if one.id == "pfs_comparison"]
    assert {cell.text for one in table.rows for cell in one.cells if cell.text} == {"not estimable"}
    assert any("(n = 0)" in head for one in report.tables for head in one.head)
    assert not ODD.search(words(report))


# ---- accrual in a final report -----------------------------------------------------------------


def accrual(report):
    (found,) = [one for one in report.sections if one.id == "accrual"]
    return {part.id: part for part in found.parts}


def series(figure):
    return {one[0] for one in figure.data[1:]}


def test_a_final_report_foretells_nothing_once_accrual_is_over():
    final, running = accrual(case("closed", "final")), accrual(reported("accrual"))
    assert series(final["accrual_over_time"]) == {"randomized", "planned"}
    assert "accrual_forecast" not in final
    assert series(running["accrual_over_time"]) == {"randomized", "planned", "forecast"}
    assert "accrual_milestones" not in running


def test_its_figure_ends_with_the_plan_and_its_table_says_what_was_not_reached():
    found = accrual(case("closed", "final"))
    data = found["accrual_over_time"].data
    last = max(one[1] for one in data[1:] if one[0] == "randomized")
    assert last == max(one[1] for one in data[1:] if one[0] == "planned") < CLOSED.isoformat()
    cells = {one.id: one.cells[0].text for one in found["accrual_milestones"].rows}
    assert cells["target"] == "not by the data cut"
    assert re.fullmatch(r"\d+ [A-Z][a-z]{2} \d{4}", cells["complete"])


def test_while_people_still_enter_it_foretells_as_any_other():
    assert "forecast" in series(accrual(reported("final"))["accrual_over_time"])


# ---- the course of each participant ------------------------------------------------------------


def lanes_of(report):
    (found,) = [one for one in report.figures if one.id == "participant_courses"]
    return found, {one[1]: [row for row in found.data if row[1] == one[1]] for one in found.data[1:]}


def test_everybody_randomized_has_a_lane_in_reports_by_arm_alone():
    for kind, known in KINDS.items():
        ids = [one.id for one in case("closed", kind).figures]
        assert ("participant_courses" in ids) is known.by_arm
    figure, lanes = lanes_of(case("closed", "final"))
    assert figure.by_arm and set(lanes) == {one.subject for one in trial()[1].allocations}


def test_lanes_say_what_the_tables_count():
    report = case("closed", "final")
    numbers = {one.id: one for one in report.tables}
    lanes = lanes_of(report)[1].values()
    marked = {kind: sum(any(one[2] == kind for one in lane) for lane in lanes) for kind in ("Progression", "Death")}
    for kind, table, line in (("Progression", "pfs_pattern", "progressed"), ("Death", "os_counts", "event")):
        rows = {one.id: dict(one.cells[-1].values)["count"] for one in numbers[table].rows if one.cells}
        assert marked[kind] >= rows[line]  # a progression that the rules censor has its sign all the same
    assert marked["Progression"] > 0
    treated = dict(next(one for one in numbers["metastasis_radiation"].rows if one.cells).cells[-1].values)["count"]
    assert sum(any(one[2] == "Radiation" for one in lane) for lane in lanes) >= treated


def test_the_longest_stand_first_and_whoever_is_followed_still_has_an_arrow():
    figure, lanes = lanes_of(reported("final"))
    for arm in {one[0] for one in figure.data[1:]}:
        ends = [lane[0][4] for lane in lanes.values() if lane[0][0] == arm]
        assert ends == sorted(ends, reverse=True)
    assert any(one[2] == "Ongoing" for lane in lanes.values() for one in lane)
    assert not any(one[2] == "Ongoing" for lane in lanes_of(case("closed", "final"))[1].values() for one in lane)


def test_lanes_of_many_share_a_page_and_those_of_few_are_thick():
    many, few = (
        swimmers([Panel("Arm", [Lane(f"P{one}", [Span(0, 9, "Followed")]) for one in range(people)])] * 2,
                 prefix="s", label="All", spans=["Followed"], marks={})
        for people in (150, 3)
    )  # fmt: skip
    assert few.height < 300 < many.height < 800


def test_signs_stay_the_same_whoever_has_them():
    marks = {"Surgery": 2, "Death": 4}
    panel = Panel("Arm", [Lane("P", [], [Mark(2, "Death")])])
    alone = swimmers([panel], prefix="s", label="L", spans=[], marks=marks)
    assert ">Death</text>" in alone.svg and ">Surgery</text>" not in alone.svg
    other = swimmers([panel], prefix="s", label="L", spans=[], marks={"Death": 4})
    assert other.svg.partition("</desc>")[2] == alone.svg.partition("</desc>")[2]
    with pytest.raises(ValueError, match="Fall is not among the kinds"):
        swimmers([Panel("Arm", [Lane("P", [], [Mark(2, "Fall")])])], prefix="s", label="L", spans=[], marks=marks)


# ---- how it is shown ---------------------------------------------------------------------------


def headed(*rows):
    return replace(TABLE, rows=rows, head=("What", "People"))


HEAD, IN, OUT = row("h", "Head"), row("i", "In", Cell("1"), indent=1), row("o", "Out", Cell("1"))
SHOWN = [
    ((HEAD, IN, OUT), ["Head", "In", "Out"]),
    ((HEAD, OUT, IN), ["Head", "Out", "In"]),  # rows of a heading may be as far out as it is
    ((HEAD, OUT), ["Head", "Out"]),
    ((IN, HEAD), ["In"]),
    ((HEAD, replace(HEAD, id="g", label="Other"), IN), ["Other", "In"]),
    ((), ["Nothing to show"]),
    ((HEAD,), ["Nothing to show"]),
]


@pytest.mark.parametrize(("rows", "labels"), SHOWN)
def test_no_heading_stands_above_nothing(rows, labels):
    assert [one.label for one in shown_rows(headed(*rows))] == labels


def test_a_phone_gets_a_drawing_of_its_own():
    wide, narrow = FIGURE.svg, FIGURE.svg.replace("x-title", "x-narrow-title").replace("0 0 40 ", "0 0 340 ")
    page = files_of(made_up(Section("e", "E", (), (replace(FIGURE, narrow=narrow),))))["report.html"].decode()
    assert f'<div class="drawing wide">{wide}</div>' in page and f'<div class="drawing narrow">{narrow}</div>' in page
    assert '<div class="drawing">' in files_of(made_up(SECTION))["report.html"].decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_of_a_report_has_one(kind):
    assert [one.id for one in case("closed", kind).figures if not one.narrow] == []


def test_a_table_too_wide_for_legible_letters_is_set_on_a_page_on_its_side():
    rows = tuple(row(f"r{one}", "A label of some length", *[Cell("12 (14.8 %)")] * 12) for one in range(3))
    wide = replace(TABLE, head=("What", *["A head"] * 12), rows=rows)
    assert fitted(wide).sideways and fitted(wide).size >= 7 and not fitted(TABLE).sideways
    pages = PdfReader(BytesIO(files_of(made_up(Section("s", "S", (), (TABLE, wide, FIGURE))))["report.pdf"])).pages
    on_side = [page.mediabox.width > page.mediabox.height for page in pages]
    assert on_side.count(True) == 1 and not on_side[0] and not on_side[-1]


def elements(node):
    """The structure of a tagged document, element by element."""
    node = node.get_object()
    for part in node if isinstance(node, list) else [node]:
        one = part.get_object() if hasattr(part, "get_object") else part
        if isinstance(one, dict):
            if "/S" in one:
                yield one
            if "/K" in one:
                yield from elements(one["/K"])


def test_heads_of_columns_and_of_groups_are_header_cells_and_the_document_says_its_language():
    grouped = headed(HEAD, row("a", "A", count([]), indent=1), OUT, row("g", "Group"), IN)
    root = PdfReader(BytesIO(files_of(made_up(Section("s", "S", (), (grouped, FIGURE))))["report.pdf"])).trailer[
        "/Root"
    ]
    assert root["/Lang"] == "en-GB" and root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    found = list(elements(root["/StructTreeRoot"]))
    heads = [one for one in found if one["/S"] == "/TH"]
    assert len(heads) == 2 + 1  # two columns; "Group", since below "Head" stands a row that is not its own
    assert all(one["/A"][0]["/Scope"] == "/Column" for one in heads)
    assert [one["/Alt"] for one in found if one["/S"] == "/Figure"] == [FIGURE.says]
    assert "/Caption" in {one["/S"] for one in found} and "/H1" in {one["/S"] for one in found}
