"""Monitoring and the log-rank test against other programs' values, kept beside the repository."""

import csv
import json
from functools import cache

import pytest

from evenhand.statistics.logrank import logrank
from evenhand.statistics.monitoring import Interim, conditional_crossing, conditional_power, observed_bounds
from evenhand.statistics.monitoring import predictive_power as predictive
from evenhand.statistics.spending import Spending
from tests.shared_data import shared

KINDS = {"asOF": "obrien_fleming", "asP": "pocock", "asHSD": "hwang_shih_decani", "asKD": "kim_demets"}


@cache
def reference(file):
    return json.loads(shared(f"statistics/{file}.json").read_text())


@pytest.mark.parametrize("place", range(7))
def test_bounds_follow_the_events_observed(place):
    case = reference("monitoring_reference")["boundaries"][place]
    found = observed_bounds(
        case["observed_events"],
        case["planned_events"],
        alpha=case["alpha_one_sided"],
        sided=1,
        efficacy=Spending(KINDS[case["spending"]], case["gamma"]),
        last=True,
    )
    assert found.efficacy == pytest.approx(case["critical_values"], abs=1e-9)
    assert found.alpha_spent == pytest.approx(case["cumulative_alpha"], abs=1e-12)
    assert found.nominal == pytest.approx(case["nominal_p"], abs=1e-12)


@pytest.mark.parametrize("place", range(4))
def test_what_the_end_may_bring(place):
    case = reference("monitoring_reference")["conditional_power"][place]
    interim = Interim(case["z_interim"], case["events_interim"])
    end = (case["events_final"], case["critical_final"])
    design = conditional_power(interim, *end, case["hr_design"])
    assert design == pytest.approx(case["cond_power_design"], rel=1e-9)
    assert conditional_power(interim, *end) == pytest.approx(case["cond_power_trend"], rel=1e-9)
    assert conditional_power(interim, *end, 1.0) == pytest.approx(case["cond_power_null"], rel=1e-9)
    assert predictive(interim, *end) == pytest.approx(case["predictive_power_flat_prior"], rel=1e-9)
    walked = conditional_crossing(interim, [end[0]], [end[1]], hazard_ratio=case["hr_design"])
    assert walked.power == pytest.approx(design, rel=1e-9)


def columns(case):
    """The columns time, event, arm and stratum of a data set; the arm that sorts last is the experimental one."""
    rows = list(csv.DictReader(shared(f"statistics/{case['csv']}").read_text().splitlines()))
    arms = sorted({row[case["arm"]] for row in rows})
    time = [float(row[case["time"]]) for row in rows]
    event = [int(row[case["status"]]) for row in rows]
    arm = [arms.index(row[case["arm"]]) for row in rows]
    return time, event, arm, [row[case["strata"]] for row in rows] if case["strata"] else None


DATA = ["veteran", "lung", "ovarian", "gbsg", "aml", "mgus2", "synth162_day_open", "synth162_month_open"]
EDGES = ["synth162_delayed_open", "edge_last_event_open", "edge_one_arm_censored_open", "edge_single_event_open"]


@pytest.mark.parametrize("name", [*DATA, *EDGES])
def test_the_logrank_test_is_that_of_r(name):
    case = reference("survival_reference")[name]
    time, event, arm, stratum = columns(case)
    plain = case["logrank"]["unstratified"]
    tests = [(None, plain)] + ([(stratum, case["logrank"]["stratified"])] if stratum else [])
    for strata, theirs in tests:
        found = logrank(time, event, arm, strata)
        assert found.observed == theirs["observed"][1]
        assert found.expected == pytest.approx(theirs["expected"][1], rel=1e-9)
        assert found.variance == pytest.approx(theirs["var"][1][1], rel=1e-9)
        assert found.z**2 == pytest.approx(theirs["chisq"], rel=1e-9)
        assert (found.z > 0) == (found.observed < found.expected)
