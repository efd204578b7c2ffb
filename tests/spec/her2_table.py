"""The HER2 algorithm of ASCO/CAP 2018 as tables, written from the guideline's figures and not from our code.

The tests hold the code to them (``test_her2.py``), and the manual's page is made of them (:func:`page`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.spec.her2_cases import PEOPLE, SPECIMENS

# Each table is laid out as in its figure. Rows: what ISH found. Columns: IHC on the same specimen.
COLUMNS = (None, 0, 1, 2, 3)

FIGURE_1 = """
ISH           | no IHC   | IHC 0    | IHC 1+   | IHC 2+    | IHC 3+
none          | pending  | negative | negative | equivocal | positive
"""
FIGURES_3_TO_6 = """
ISH           | no IHC   | IHC 0        | IHC 1+       | IHC 2+   | IHC 3+
group 1       | positive | needs review | needs review | positive | positive
group 2       | pending  | negative     | negative     | recount  | positive
group 3       | pending  | negative     | negative     | recount  | positive
group 4       | pending  | negative     | negative     | recount  | positive
group 5       | negative | negative     | negative     | negative | needs review
"""
FIGURE_2 = """
copies        | no IHC   | IHC 0        | IHC 1+       | IHC 2+   | IHC 3+
6.0 or more   | positive | needs review | needs review | positive | positive
4.0 to < 6.0  | pending  | negative     | negative     | pending  | positive
below 4.0     | negative | negative     | negative     | negative | needs review
"""
GROUPS = """
ratio | copies 3.99 | copies 4.0 | copies 5.99 | copies 6.0
1.99  | group 5     | group 4    | group 4     | group 3
2.0   | group 2     | group 1    | group 1     | group 1
2.01  | group 2     | group 1    | group 1     | group 1
"""
SINGLE = """
copies | arm
3.99   | below 4.0
4.0    | 4.0 to < 6.0
5.99   | 4.0 to < 6.0
6.0    | 6.0 or more
"""
AFTER_RECOUNT = """
first count | recount in the same group | recount in another group
group 2     | negative                  | needs review
group 3     | positive                  | needs review
group 4     | negative                  | needs review
"""
# One pair of ratio and copies inside each group, for recounts.
INSIDE = {
    "group 1": ("2.5", "5.5"),
    "group 2": ("2.5", "3.5"),
    "group 3": ("1.5", "6.5"),
    "group 4": ("1.5", "5"),
    "group 5": ("1.2", "2"),
}
DECIDED = ("positive", "negative")

GROUPS_NOTE = (
    "The ratio is HER2/CEP17, the copies are the mean of HER2 signals per cell; both are compared as reported, "
    "unrounded: 2.0, 4.0 and 6.0 belong to the upper side. Where a report gives bounds (`greater than 1.8`) or no "
    "copies, every group that is possible is followed; one status on all paths is the status."
)
WORK_UP_NOTE = (
    "`pending` awaits IHC on the same specimen; `recount` awaits a count of at least 20 cells by an observer blinded "
    "to the first one. A negative result of group 2, 3 or 4 carries a comment."
)
RECOUNT_NOTE = "`needs review`: the result has to be adjudicated, and the adjudicated result recorded."
SINGLE_NOTE = "`pending` awaits IHC or dual-probe ISH; with IHC 2+, dual-probe ISH."
DECISIONS = (
    "IHC 3+ beside a negative ISH, and IHC 0 or 1+ beside a positive one, need review; once it is recorded that the "
    "discordance was reviewed, the specimen is positive.",
    "Where the figures decide without a recount, a valid recount that leads elsewhere needs review.",
    "A recount whose number of cells is not recorded, or below 20, does not count.",
    "An adjudicated result goes before a reported one. Either holds where the tests recorded do not decide.",
    "An adjudicated or reported result that contradicts tests which decide needs review; once the discordance was "
    "reviewed, the adjudicated or reported result holds.",
    "Tests that contradict each other are settled by an adjudicated result, not by a reported one.",
    "`Equivocal` in a report does not contradict a later result on the same specimen where IHC was 2+ or ISH lay "
    "between the clear results. `Indeterminate` always contradicts a result.",
    "A ratio beside a single probe needs review: one of the two is wrong.",
)
PERSON_RULES = (
    "Positive, when a specimen is positive and no negative specimen speaks against it.",
    "A negative specimen speaks against a positive one unless it is from the primary tumour, or surely older; but a "
    "positive primary tumour, however late, does not outdate a negative metastasis. Then the status is unknown until "
    "it is adjudicated.",
    "A specimen is as old as its first test.",
    "Negative, when all specimens tested are negative; also where nobody called the list of tests complete.",
    "Unknown, when no specimen is positive and one is undecided, or nothing is recorded.",
)
SOURCES = (
    "Wolff et al., Human Epidermal Growth Factor Receptor 2 Testing in Breast Cancer: ASCO/CAP focused update, "
    "J Clin Oncol 36:2105 (2018), figures 1 to 6.",
    "Wolff et al., ASCO/CAP guideline update, J Clin Oncol 41:3867 (2023): the algorithm of 2018 is affirmed.",
    'What is listed under "What no figure draws" and "A person with several specimens" is a decision of this project.',
)


def rows(table: str) -> list[list[str]]:
    """The cells of a table's rows, heading first."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def cells(table: str) -> dict[tuple[str, int | None], str]:
    """What stands where a row's name meets an IHC score."""
    return {(row[0], ihc): cell for row in rows(table)[1:] for ihc, cell in zip(COLUMNS, row[1:], strict=True)}


PATHS = cells(FIGURE_1) | cells(FIGURES_3_TO_6) | cells(FIGURE_2)
RECOUNTED = {row[0]: row[1] for row in rows(AFTER_RECOUNT)[1:]}


def exact(text: str) -> Decimal:
    return Decimal(text)


def group_cells() -> Iterator[tuple[str, str, str]]:
    """Ratio, copies and group of every cell of figure 3, thresholds included."""
    heading, *body = rows(GROUPS)
    for ratio, *groups in body:
        for column, group in zip(heading[1:], groups, strict=True):
            yield ratio, column.removeprefix("copies "), group


@dataclass(frozen=True)
class Row:
    """One line of the full truth table: what is recorded on a specimen, and its status."""

    specimen: Mapping[str, Any]
    status: str


def truth_table() -> Iterator[Row]:
    """Every IHC score with every ISH finding, recount, adjudication and review."""
    for ihc in COLUMNS:
        first = {} if ihc is None else {"ihc": ihc}
        yield from _stated(first, PATHS["none", ihc], "none")
        for copies, arm in rows(SINGLE)[1:]:
            yield from _stated(first | {"probe": "single", "copies": exact(copies)}, PATHS[arm, ihc], arm)
        for ratio, copies, group in group_cells():
            dual = first | {"probe": "dual", "ratio": exact(ratio), "copies": exact(copies)}
            for recount, status in _recounts(group, ihc):
                yield from _stated(dual | recount, status, group)


def _recounts(group: str, ihc: int | None) -> Iterator[tuple[dict[str, Any], str]]:
    """No recount, one of too few cells, and a valid one in each group."""
    path = PATHS[group, ihc]
    without = "pending" if path == "recount" else path
    yield {}, without
    for found, (ratio, copies) in INSIDE.items():
        counted = {"recount_ratio": exact(ratio), "recount_copies": exact(copies)}
        yield counted | {"recount_cells": 19}, without
        yield counted, without
        if path == "recount":
            status = RECOUNTED[group] if found == group else "needs review"
        else:
            status = "needs review" if path in DECIDED and PATHS[found, ihc] != path else path
        yield counted | {"recount_cells": 20}, status


def _stated(specimen: dict[str, Any], status: str, ish: str) -> Iterator[Row]:
    """Nothing stated besides, then each adjudicated and each reported result, reviewed or not."""
    contradictory_assays = status == "needs review" and PATHS[ish, specimen.get("ihc")] == status
    for reviewed in (False, True):
        recorded = specimen | ({"discordance_reviewed": True} if reviewed else {})
        tests = "positive" if reviewed and contradictory_assays else status
        yield Row(recorded, tests)
        for said in DECIDED:
            agrees = tests not in DECIDED or said == tests or reviewed
            yield Row(recorded | {"adjudicated": said}, said if agrees else "needs review")
            open_to_report = tests != "needs review" and agrees
            yield Row(recorded | {"reported": said}, said if open_to_report else "needs review")


def page() -> str:
    """The manual's page on HER2: the algorithm as tables, cases in sentences, the sources. Markdown."""
    parts = [
        "# HER2 status",
        "This page is made from the tables that the tests hold the program to (`tests/spec/her2_table.py`).",
        "## One specimen",
        *_section("IHC alone (figure 1)", FIGURE_1, ""),
        *_section("Dual-probe ISH: the group (figure 3)", GROUPS, GROUPS_NOTE),
        *_section("Dual-probe ISH with IHC (figures 3 to 6)", FIGURES_3_TO_6, WORK_UP_NOTE),
        *_section("After the recount (figures 4 to 6)", AFTER_RECOUNT, RECOUNT_NOTE),
        *_section("Single-probe ISH with IHC (figure 2)", FIGURE_2, SINGLE_NOTE),
        "### What no figure draws",
        _bullets(DECISIONS),
        "### Specimens in sentences",
        _bullets(f"{case.sentence}: **{case.status}**." for case in SPECIMENS),
        "## A person with several specimens",
        _bullets(PERSON_RULES),
        "### People in sentences",
        _bullets(f"{case.sentence}: **{case.status}**." for case in PEOPLE),
        "## Sources",
        _bullets(SOURCES),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(title: str, table: str, note: str) -> tuple[str, str, str]:
    heading, *body = rows(table)
    lines = [heading, ["---"] * len(heading), *body]
    return f"### {title}", "\n".join(f"| {' | '.join(line)} |" for line in lines), note


def _bullets(sentences: Iterable[str]) -> str:
    return "\n".join(f"* {sentence}" for sentence in sentences)
