"""HER2 by ASCO/CAP 2018: the full truth table, the manual's sentences, and what an unknown says."""

from decimal import Decimal
from itertools import groupby

import pytest

from evenhand.codes import Unmapped
from evenhand.logic import Reason, Unknown
from evenhand.oncology import DERIVATIONS, specimen_status
from evenhand.units import Range
from tests.spec.her2_cases import MEASURED, PEOPLE, SPECIMENS
from tests.spec.her2_table import group_cells, page, truth_table
from tests.spec.oncology_people import HER2, with_tests

TABLE = {ihc: list(rows) for ihc, rows in groupby(truth_table(), key=lambda row: row.specimen.get("ihc"))}
CONFLICT = Unknown(Reason("conflicting", "x", "recorded as one thing or another"))


def test_the_truth_table_is_complete():
    assert list(TABLE) == [None, 0, 1, 2, 3]
    assert {ihc: len(rows) for ihc, rows in TABLE.items()} == dict.fromkeys(TABLE, 10 * (1 + 4 + 12 * 16))


@pytest.mark.parametrize("ihc", TABLE)
def test_every_row_of_the_truth_table(ihc):
    wrong = [(row, found) for row in TABLE[ihc] if (found := specimen_status(row.specimen).status) != row.status]
    assert wrong == []


@pytest.mark.parametrize(("ratio", "copies", "group"), list(group_cells()))
def test_the_group_of_every_cell(ratio, copies, group):
    specimen = {"probe": "dual", "ratio": Decimal(ratio), "copies": Decimal(copies)}
    assert f"group {specimen_status(specimen).group}" == group


@pytest.mark.parametrize("case", SPECIMENS, ids=lambda case: case.sentence)
def test_a_specimen(case):
    assert specimen_status(case.specimen).status == case.status


@pytest.mark.parametrize("case", PEOPLE, ids=lambda case: case.sentence)
def test_a_person(case):
    status = with_tests(case.specimens).one("her2")
    assert ("unknown" if isinstance(status, Unknown) else status) == case.status


def test_the_order_of_specimens_does_not_matter():
    for case in PEOPLE:
        assert isinstance(with_tests(case.specimens).one("her2"), Unknown) == (case.status == "unknown")
        turned = with_tests(tuple(reversed(case.specimens))).one("her2")
        assert ("unknown" if isinstance(turned, Unknown) else turned) == case.status


# ---- what a result says besides its status --------------------------------------------------------


SAYS = [
    ({"ihc": 2}, "missing", "IHC 2+ awaits ISH on the same specimen"),
    ({"ratio": Decimal("1.6"), "copies": 5}, "missing", "awaits IHC on the same specimen"),
    ({"ihc": 2, "ratio": Decimal("1.6"), "copies": 5}, "missing", "awaits a blinded recount of at least 20 cells"),
    ({"probe": "single", "copies": 5}, "missing", "awaits IHC or dual-probe ISH"),
    ({"ihc": 2, "probe": "single", "copies": 5}, "missing", "awaits dual-probe ISH"),
    ({"ratio": Decimal("2.4")}, "missing", "ISH group 1 or group 2: record the exact mean of HER2 copies per cell"),
    ({"copies": 5}, "missing", "ISH group 1 or group 4 or 4.0 to less than 6.0 copies (single probe): record the probe "
     "(dual or single) and the exact HER2/CEP17 ratio"),
    ({"ratio": Range(low=Decimal("1.8")), "copies": 7}, "imprecise", "record the exact HER2/CEP17 ratio"),
    ({"ratio": CONFLICT, "copies": 7}, "conflicting", "record the exact HER2/CEP17 ratio"),
    ({"ihc": Range(1, 2)}, "imprecise", "IHC 1+ or IHC 2+: record the exact IHC score"),
    ({"ihc": 3, "ratio": 1, "copies": 2}, "conflicting", "IHC and ISH contradict each other"),
    ({"ihc": 3, "ratio": 1}, "conflicting", "may contradict each other"),
    ({"ihc": Decimal("2.5")}, "conflicting", "IHC score 2.5 is none of 0, 1, 2, 3"),
    ({"probe": "single", "ratio": 2}, "conflicting", "a single probe gives no HER2/CEP17 ratio"),
    ({"ihc": 0, "reported": "positive"}, "conflicting", "reported positive, but the tests recorded say negative"),
    ({"ihc": 3, "reported": "equivocal"}, "conflicting", "reported equivocal, but the tests"),
    ({"ihc": 3, "reported": "indeterminate"}, "conflicting", "reported indeterminate, but the tests"),
    ({"ihc": 3, "adjudicated": "negative"}, "conflicting", "adjudicated negative, but the tests"),
    ({"reported": "equivocal"}, "missing", "reported equivocal: awaits ISH"),
    ({"reported": "indeterminate"}, "missing", "another specimen has to be tested"),
    ({"reported": Unmapped("s", "7", "amplified")}, "undecidable code", "reported as amplified (s 7)"),
    ({"ihc": 3, "reported": CONFLICT}, "conflicting", "reported result: recorded as one thing or another"),
    ({"ihc": 3, "adjudicated": CONFLICT}, "conflicting", "adjudicated result: recorded as one thing"),
    ({}, "missing", "no IHC, ISH or reported result is recorded"),
]  # fmt: skip


@pytest.mark.parametrize(("specimen", "why", "says"), SAYS, ids=[says for _, _, says in SAYS])
def test_an_undecided_specimen_says_why_and_what_to_do(specimen, why, says):
    result = specimen_status(specimen)
    assert result.why == why
    assert says in result.next_step


def test_an_open_recount_says_which_numbers_are_lacking():
    recounted = {"ihc": 2, "ratio": 1, "copies": Range(5, 7), "recount_ratio": 1, "recount_cells": 20}
    says = specimen_status(recounted).next_step
    assert "ISH group 3 or group 4, recount group 3 or group 4 or group 5" in says
    assert "HER2 copies per cell of the recount" in says


def test_a_recount_that_may_differ_from_the_first_count_needs_review():
    recounted = {"ihc": 2, "ratio": 1, "copies": 7, "recount_ratio": 1, "recount_cells": 20}
    assert specimen_status(recounted).status == "needs review"


def test_a_negative_result_of_the_work_up_carries_a_comment():
    for ratio, copies in ((2, 3), (1, 7), (1, 5)):
        assert specimen_status({"ihc": 0, "ratio": ratio, "copies": copies}).comment
    assert specimen_status({"ihc": 0, "ratio": 1, "copies": 2}).comment == ""


def test_a_report_that_no_table_reads_does_not_undo_a_test():
    assert specimen_status({"ihc": 3, "reported": Unmapped("s", "7")}).status == "positive"


def test_a_decided_specimen_has_nothing_to_do():
    for case in SPECIMENS:
        result = specimen_status(case.specimen)
        assert (result.why is None) == (result.next_step == "") == (case.status in ("positive", "negative"))
        assert result.guideline == "ASCO/CAP 2018"


# ---- what an unknown person says ------------------------------------------------------------------


def reasons(*specimens):
    status = with_tests([(specimen, None) for specimen in specimens]).one("her2")
    assert isinstance(status, Unknown)
    return [(reason.why, str(reason)) for reason in status.reasons]


def test_each_undecided_specimen_is_named():
    assert reasons({"specimen": "S1", "ihc": 2}, {"specimen": "S2", "reported": "indeterminate"}) == [
        ("missing", "her2: specimen S1: IHC 2+ awaits ISH on the same specimen, or a test of a new one"),
        ("missing", "her2: specimen S2: reported indeterminate: another specimen has to be tested"),
    ]


def test_an_undecided_specimen_beside_a_negative_one_is_a_conflict_too():
    first, second = reasons({"specimen": "S1", "ihc": 2}, {"specimen": "S2", "ihc": 0})
    assert first[0] == "missing"
    assert second == ("conflicting", "her2: one specimen is negative while another is undecided")


def test_a_discordance_names_the_specimens():
    ((why, says),) = reasons({"specimen": "S1", "ihc": 3}, {"specimen": "S2", "ihc": 0})
    assert why == "conflicting"
    assert "discordant: specimen S1 positive, specimen S2 negative" in says
    assert "adjudicate" in says


def test_no_test_at_all_is_missing():
    assert reasons() == [("missing", "her2: no HER2 test is recorded")]


def test_the_status_of_a_day_is_that_of_the_tests_by_then():
    view = with_tests([({"specimen": "S1", "ihc": 3}, "2025-05-01"), ({"specimen": "S2", "ihc": 0}, "2026-05-01")])
    assert view.one("her2") == "positive"


def test_specimens_are_explained():
    explain = DERIVATIONS["her2_asco_cap_2018"].explain
    view = with_tests([
        ({"specimen": "S1", "ihc": 3}, None),
        ({"specimen": "S2", "ihc": 2, "ratio": 1, "copies": 5}, None),
        ({"specimen": "S3", "ihc": 0, "ratio": 2, "copies": 3}, None),
    ])  # fmt: skip
    first, second, third = explain(view, HER2)
    assert first == "Specimen S1: positive."
    assert second.startswith("Specimen S2: pending (ISH group 4); IHC 2+ with ISH of group 2, 3 or 4 awaits")
    assert third.startswith("Specimen S3: negative (ISH group 2); A ratio of 2.0 or more")
    assert explain(with_tests([]), HER2) == ["No HER2 test is recorded."]


# ---- the manual's page ----------------------------------------------------------------------------


def test_the_page_holds_every_table_and_sentence():
    text = page()
    for case in (*SPECIMENS, *PEOPLE):
        assert f"* {case.sentence}: **{case.status}**." in text
    assert "| group 3 | pending | negative | negative | recount | positive |" in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_every_field_of_the_algorithm_occurs_in_a_sentence():
    used = {name for case in SPECIMENS for name in case.specimen}
    assert {*MEASURED, "probe", "adjudicated", "reported", "discordance_reviewed"} == used
