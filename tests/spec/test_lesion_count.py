"""Counting metastases: what counts, what counts as one, and what bounds the number from above."""

import pytest

from evenhand.codes import Unmapped
from evenhand.logic import Reason, Unknown
from evenhand.oncology import explain_count
from evenhand.units import Range
from tests.spec.oncology_people import COUNT, POLICY, with_lesions

CONFLICT = Unknown(Reason("conflicting", "x", "recorded as one thing or another"))
UNREADABLE = Unmapped("s", "7")
LIVER = {"site": "liver"}
NODE = {"site": "axillary_node"}
CLUSTER = {"site": "distant_node", "unit": "U", "unit_kind": "node_cluster"}
UNNAMED = {"site": "distant_node", "unit": "U"}
VERTEBRA = {"site": "vertebra", "unit": "V", "unit_kind": "contiguous_vertebrae"}

# What a complete list of metastases counts.
LISTS = [
    ("nothing in a complete list", [], 0),
    ("one entry is one lesion", [LIVER], 1),
    ("two entries of one site are two lesions", [LIVER, LIVER], 2),
    ("an entry counts for as many as it describes", [LIVER | {"discrete": 3}], 3),
    ("an entry of `at least one` lesion", [LIVER | {"discrete": Range(low=1)}], Range(low=1)),
    ("an entry of more than 2 and less than 5", [LIVER | {"discrete": Range(2, 5, True, True)}], Range(3, 4)),
    ("an entry of at most 3 is at least one", [LIVER | {"discrete": Range(high=3)}], Range(1, 3)),
    ("contradictory numbers leave at least one", [LIVER | {"discrete": CONFLICT}], Range(low=1)),
    ("a regional node of the same side does not count", [LIVER, NODE | {"side": "same"}], 1),
    ("a regional node of the other side counts", [LIVER, NODE | {"side": "other"}], 2),
    ("a regional node of no recorded side may count", [LIVER, NODE], Range(1, 2)),
    ("a regional node in the midline may count", [LIVER, NODE | {"side": "midline"}], Range(1, 2)),
    ("a regional node with contradictory sides may count", [LIVER, NODE | {"side": CONFLICT}], Range(1, 2)),
    ("a node of no said region may count", [LIVER, {"site": "unspecified_node"}], Range(1, 2)),
    ("a node of no said region on the same side may count", [LIVER, {"site": "unspecified_node", "side": "same"}],
     Range(1, 2)),
    ("a node of no said region on the other side counts", [LIVER, {"site": "unspecified_node", "side": "other"}], 2),
    ("three nodes that may be regional", [NODE | {"discrete": 3}], Range(0, 3)),
    ("a site that no table reads may be a regional node", [LIVER, {"site": UNREADABLE}], Range(1, 2)),
    ("a site that no table reads on the other side counts", [{"site": UNREADABLE, "side": "other"}], 1),
    ("contradictory sites may be a regional node", [{"site": CONFLICT, "side": "same"}], Range(0, 1)),
    ("the side does not matter for another site", [LIVER | {"side": "same"}], 1),
    ("a cluster of nodes counts as one", [CLUSTER, CLUSTER, CLUSTER], 1),
    ("a cluster beside another lesion", [CLUSTER, CLUSTER, LIVER], 2),
    ("two units count as two", [CLUSTER, CLUSTER, VERTEBRA, VERTEBRA], 2),
    ("an entry of 3 nodes marked as a cluster counts as one", [CLUSTER | {"discrete": 3}], 1),
    ("entries of a unit of no recorded kind are between one and their sum", [UNNAMED, UNNAMED, UNNAMED], Range(1, 3)),
    ("an entry of no recorded kind may belong to the cluster", [CLUSTER, CLUSTER, UNNAMED], Range(1, 2)),
    ("a kind that no table reads is as none", [UNNAMED | {"unit_kind": UNREADABLE}, UNNAMED], Range(1, 2)),
    ("a kind that the policy does not merge counts each", [UNNAMED | {"unit_kind": "neighbours"}] * 2, 2),
    ("two kinds under one label are two units", [CLUSTER, CLUSTER, VERTEBRA | {"unit": "U"}], 2),
    ("a cluster of regional nodes does not count", [NODE | {"side": "same", "unit": "U", "unit_kind": "node_cluster"}]
     * 2, 0),
    ("a cluster that may be regional may count as one", [NODE | {"unit": "U", "unit_kind": "node_cluster"}] * 3,
     Range(0, 1)),
    ("a cluster with one node beyond the region counts as one",
     [CLUSTER, NODE | {"side": "same", "unit": "U", "unit_kind": "node_cluster"}], 1),
    ("contradictory units may count beside another or not", [LIVER, LIVER | {"unit": CONFLICT}], Range(1, 2)),
    ("an empty unit is none", [LIVER | {"unit": ""}, LIVER | {"unit": ""}], 2),
]  # fmt: skip


@pytest.mark.parametrize(("says", "metastases", "number"), LISTS, ids=[says for says, *_ in LISTS])
def test_a_complete_list(says, metastases, number):
    assert with_lesions(metastases, all_metastases=True).one("count") == number


@pytest.mark.parametrize(("says", "metastases", "number"), LISTS[1:], ids=[says for says, *_ in LISTS[1:]])
def test_a_list_that_nobody_called_complete_has_no_upper_bound(says, metastases, number):
    low = number if isinstance(number, int) else number.low
    assert with_lesions(metastases).one("count") == Range(low=low)


def totals(*reported):
    return [{} if total is None else {"metastases": total} for total in reported]


# metastases, reported totals, whether each list is complete (metastases, imaging), the number
TOTALS = [
    ("a total is a lower bound", [], totals(3), "--", Range(low=3)),
    ("the largest total counts", [], totals(3, 5, 2), "--", Range(low=5)),
    ("the largest total of all imaging is the number", [], totals(3, 5, 2), "-i", 5),
    ("one imaging without a total leaves it open", [], totals(3, None), "-i", Range(low=3)),
    ("a total of `at least 4` of all imaging", [], totals(Range(low=4), 2), "-i", Range(low=4)),
    ("a total of `2 to 4` beside one of 3, of all imaging", [], totals(Range(2, 4), 3), "-i", Range(3, 4)),
    ("a contradictory total bounds nothing", [LIVER], totals(CONFLICT), "-i", Range(low=1)),
    ("lesions listed raise the lower bound", [LIVER] * 4, totals(3), "--", Range(low=4)),
    ("totals of all imaging close an open list", [LIVER] * 2, totals(3, 2), "-i", 3),
    ("no imaging at all closes nothing", [LIVER], [], "-i", Range(low=1)),
    ("a complete list and a smaller total", [LIVER] * 4, totals(3), "m-", 4),
    ("a complete list beats a total of `at least 2`", [LIVER] * 4, totals(Range(low=2)), "m-", 4),
    ("a complete list and imaging without a total", [LIVER] * 4, totals(None), "m-", 4),
    ("a total settles whether a node counts", [LIVER] * 2 + [NODE], totals(2), "mi", 2),
    ("a total settles that a node counts", [LIVER] * 2 + [NODE], totals(3), "m-", 3),
    ("a contradiction: more reported than a complete list holds", [LIVER] * 3, totals(6), "m-", 6),
    ("a contradiction: more reported than a complete list holds, all imaging", [LIVER] * 3, totals(6), "mi", 6),
    ("a contradiction: more listed than any imaging reports", [LIVER] * 6, totals(4, Range(high=4)), "-i", 6),
    ("a contradiction: a complete list of 6, at most 4 reported at every imaging", [LIVER] * 6, totals(4), "mi", 6),
    ("a total that a complete list refutes narrows nothing", [LIVER] * 5 + [NODE], totals(2), "mi", Range(5, 6)),
    ("nothing listed, nothing seen", [], totals(0), "mi", 0),
    ("nothing seen, the list left open", [], totals(0), "--", Range(low=0)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("says", "metastases", "imaging", "complete", "number"), TOTALS, ids=[says for says, *_ in TOTALS]
)
def test_reported_totals(says, metastases, imaging, complete, number):
    view = with_lesions(metastases, imaging, all_metastases=complete[0] == "m", all_imaging=complete[1] == "i")
    assert view.one("count") == number


@pytest.mark.parametrize("imaging", [[], totals(None)], ids=["no imaging", "imaging without a total"])
def test_nothing_recorded_is_missing(imaging):
    number = with_lesions(imaging=imaging).one("count")
    assert isinstance(number, Unknown)
    assert [reason.why for reason in number.reasons] == ["missing"]
    assert str(number.reasons[0]) == "count: neither metastases nor a reported total are recorded"


def test_the_policy_is_the_studys():
    lesions = [NODE | {"side": "same"}, CLUSTER, CLUSTER]
    strict = {"version": "2", "regional_sites": [], "maybe_regional_sites": [], "one_unit": []}
    assert with_lesions(lesions, all_metastases=True).one("count") == 1
    assert with_lesions(lesions, all_metastases=True, policy=strict).one("count") == 3


# ---- explained ------------------------------------------------------------------------------------


def test_a_count_is_explained():
    view = with_lesions(
        [LIVER, NODE | {"side": "same"}, NODE, CLUSTER, CLUSTER, LIVER | {"discrete": Range(low=2)}],
        [{"date": "2025-11-03", "metastases": 4}, {}],
    )
    assert explain_count(view, COUNT) == [
        "M1 (liver): counted as 1.",
        "M2 (axillary_node): left out, a regional node on the side of the primary.",
        "M3 (axillary_node): 0 to 1, because it may be a regional node.",
        "M4 (distant_node) of unit U: counted as 1.",
        "M5 (distant_node) of unit U: counted as 1.",
        "M6 (liver): counted as at least 2.",
        "Unit U (node_cluster): 2 entries count as 1 together.",
        "Imaging of 2025-11-03: 4 reported.",
        "Imaging of an unknown day: no total reported.",
        "Nobody called the list of metastases complete: there may be more.",
        "Together: at least 4 (counting policy 2026-1).",
    ]


def test_what_bounds_the_count_is_explained():
    listed = with_lesions([LIVER], all_metastases=True)
    assert explain_count(listed, COUNT)[-2:] == [
        "The list of metastases is complete.",
        "Together: 1 (counting policy 2026-1).",
    ]
    reported = with_lesions([LIVER], totals(2), all_imaging=True)
    assert explain_count(reported, COUNT)[-2] == "The list of imaging is complete, and every total is reported."


def test_a_count_of_nothing_is_explained():
    assert explain_count(with_lesions(), COUNT)[-1].startswith("Together: not known")


def test_a_policy_has_a_version():
    assert POLICY["version"] in explain_count(with_lesions([LIVER]), COUNT)[-1]
