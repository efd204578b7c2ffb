"""RECIST against values from elsewhere: vectors of a tool on its limits, and time points of a public data set."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from evenhand.oncology.recist import (
    RECIST_1_1,
    Baseline,
    Candidate,
    NewLesion,
    NonTargetState,
    Response,
    Scan,
    Standing,
    Target,
    TargetCourse,
    evaluate,
    measurability,
    micrometres,
    non_target_response,
    overall_response,
)
from tests.shared_data import shared

STATES = {"CR": NonTargetState.ABSENT, "NON-CR/NON-PD": NonTargetState.PRESENT, "PD": NonTargetState.PROGRESSED,
          "NE": NonTargetState.NOT_ASSESSED}  # fmt: skip


def vectors(group):
    return json.loads(shared("recist/radulator_vectors_condensed.json").read_text("utf-8"), parse_float=Decimal)[group]


def by_id(group):
    return {vector["id"]: vector for vector in vectors(group)}


def exact(size):
    return micrometres(size)


def target_response(vector):
    """The response of one target whose history is set to what the vector says of it."""
    all_gone = vector.get("all_target_cr", False)
    size = 0 if vector["current"] == 0 else exact(vector["current"])
    # What is left of a sum although all targets are gone, or after they were, is a normal node.
    node = all_gone or "NODE" in vector.get("reappeared", "")
    course = TargetCourse((Target("T1", exact(vector["baseline"]), node), Target("T2", 1)), RECIST_1_1)
    course.baseline, course.nadir = exact(vector["baseline"]), exact(vector["nadir"])
    course.had_pr = vector.get("prior_target") == "PR"
    course.had_cr = vector.get("prior_overall") == "CR"
    return course.assess((size, None if vector.get("incomplete") else 0), {})


def test_each_vector_of_targets_has_the_target_response_that_it_says():
    checked = 0
    for name, vector in by_id("measurable").items():
        if vector["expected_target"] is not None:
            assert target_response(vector).response == vector["expected_target"], name
            checked += 1
    assert checked == 29


def test_each_vector_of_targets_has_the_overall_response_that_it_says():
    for name, vector in by_id("measurable").items():
        states = (STATES[vector["nontarget"]],) if "nontarget" in vector else ()
        if vector.get("reappeared") == "NON-TARGET":
            states = (NonTargetState.PRESENT,)
        had_cr = vector.get("prior_overall") == "CR"
        others = non_target_response(states, had_cr)[0] if states else None
        new = vector.get("new", "no").lower()
        found = overall_response(target_response(vector).response, others, new)[0]
        # The tool has a word of its own for an equivocal new lesion; ours stands provisionally (see the next test).
        expected = "SD" if new == "equivocal" else vector["expected_overall"]
        assert found == expected, name


def test_an_equivocal_new_lesion_is_provisional():
    (vector,) = [one for one in vectors("measurable") if one.get("new") == "EQUIVOCAL"]
    assert vector["expected_overall"].endswith("(provisional SD)")
    day = date(2026, 1, 5)
    baseline = Baseline(day, (Target("T1", exact(vector["baseline"])),), ("NT1",))
    scan = Scan(
        day + timedelta(56), (exact(vector["current"]),), (NonTargetState.PRESENT,), (NewLesion("X", "equivocal"),)
    )
    (point,) = evaluate(baseline, [scan]).points
    assert (point.overall, point.provisional) == ("SD", True)


def test_vectors_without_targets():
    found = vectors("non_target_only")
    assert len(found) == 5
    for vector in found:
        new = "unequivocal" if vector["new"] == "YES" else "no"
        assert overall_response(None, Response(vector["nontarget"]), new)[0] == vector["overall"], vector["id"]


BASELINE = {
    "target": Standing.MEASURABLE,
    "non_measurable": Standing.NOT_MEASURABLE,
    "non_target_pathologic": Standing.PATHOLOGICAL_NODE,
    "non_pathologic": Standing.NORMAL_NODE,
}
METHODS = {"CT": "ct", "caliper": "calipers", "chest_xray": "xray"}


def test_vectors_of_the_baseline():
    found = vectors("baseline")
    assert len(found) == 10
    for vector in found:
        nature = "node" if vector["kind"] == "node" else "solid"
        slices = exact(vector["slice"]) if "slice" in vector else None
        method = METHODS[vector.get("mod", "CT")]
        lesion = Candidate("L1", "liver", nature, exact(vector["mm"]), method, slices or 5000)
        assert measurability(lesion).standing == BASELINE[vector["ok"]], vector["id"]


def test_time_points_of_the_public_data_set():
    """1896 of 1899: the other three have no non-target record, and the data set says CHECK."""
    rows = json.loads(shared("recist/pharmaverse_rs_onco_combinations.json").read_text("utf-8"))
    agreed = sum(row["n"] for row in rows if combination(row) == row["overall"])
    assert (agreed, sum(row["n"] for row in rows)) == (1896, 1899)
    assert {row["overall"] for row in rows if combination(row) != row["overall"]} == {"CHECK"}


def combination(row):
    others = row["non_target"] and Response(row["non_target"])
    return overall_response(Response(row["target"]), others, (row["new"] or "no").lower())[0]


@pytest.mark.parametrize(
    ("before", "now", "response"), [("14.0", "9.8", "PR"), ("27.0", "32.4", "PD"), ("3.2", "8.2", "PD")]
)
def test_limits_that_floating_point_misses(before, now, response):
    course = TargetCourse((Target("T1", exact(Decimal(before))),), RECIST_1_1)
    assert course.assess((exact(Decimal(now)),), {}).response == response
