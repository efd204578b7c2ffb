"""Designs against other programs: the facts about 162 people computed with rpact 4.5, and what lrstat 0.3.3 expects and
simulates of designs whose follow-up ends for each person."""

import csv
import json
from dataclasses import replace

import pytest

from evenhand.design.assumptions import Look, varied
from evenhand.design.expected import events_at, expected_at
from evenhand.design.looking import planned_bounds, stopping
from evenhand.design.operating import designed, detectable_ratio, power_at
from evenhand.statistics.spending import Spending
from tests.shared_data import shared
from tests.unit.test_design_operating import BASE

LEVELS = {"fixed_2s05": (0.05, 2), "fixed_1s05": (0.05, 1), "fixed_1s10": (0.10, 1)}


def _facts(name):
    with (shared("statistics/design_facts_162") / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows
    return rows


def _fixed(row):
    alpha, sided = LEVELS[row["design"]]
    one = {"control_median": row["median_control"], "dropout_yearly": row["dropout_per_year"], "looks": "complete"}
    return replace(varied(BASE, one), alpha=alpha, sided=sided)


def test_power_of_162_people():
    rows = [row for row in _facts("power_table.csv") if row["design"] in LEVELS]
    assert len(rows) >= 60
    for row in rows:
        now = varied(_fixed(row), {"hazard_ratio": row["hr"]})
        assert sum(events_at(now, 72.0)) == pytest.approx(float(row["events"]), rel=1e-9), row
        assert power_at(now) == pytest.approx(float(row["power"]), abs=1e-8), row


def test_what_162_people_detect():
    rows = [row for row in _facts("detectable_hr.csv") if row["design"] in LEVELS]
    assert len(rows) >= 60
    for row in rows:
        now = varied(_fixed(row), {"accrual_months": row["accrual"]})
        ratio = detectable_ratio(now, float(row["power"]))
        assert ratio == pytest.approx(float(row["hr_detectable"]), abs=1e-6), row
        there = replace(now, hazard_ratio=((0.0, ratio),))
        assert sum(events_at(there, 200.0)) == pytest.approx(float(row["expected_events"]), rel=1e-5), row


def _scenarios(analytic):
    try:
        found = json.loads(shared("statistics/oc_reference.json").read_text("utf-8"))
    except pytest.skip.Exception:
        return {}
    return {name: one for name, one in found.items() if not analytic or "analytic_uniform_accrual" in one}


def _listed(value):
    return value if isinstance(value, list) else [value]


def _pieces(months, values):
    return tuple((float(month), float(value)) for month, value in zip(_listed(months), _listed(values), strict=True))


def _assumptions(params):
    """The scenario as it was simulated; lrsim ends at a month (``t2``) in which all is complete."""
    months = params["plannedEvents"] is None
    looks = (Look(month=params["t1"]), Look(complete=True)) if months else tuple(map(_look, params["plannedEvents"]))
    return replace(
        BASE,
        accrual=((0.0, params["n"] / params["accrual"]),),
        control_hazard=_pieces(params["cuts"], params["lambda2"]),
        hazard_ratio=_pieces(params["cuts"], params["hr"]),
        dropout_yearly=params["drop12"],
        cap_months=params.get("cap"),
        after_last_months=None if params.get("cap") else 500.0,
        looks=looks,
    )


def _look(events):
    return Look(events=events)


@pytest.mark.parametrize("name", _scenarios(analytic=True))
def test_what_lrstat_expects(name):
    scenario = _scenarios(analytic=True)[name]
    now, told = _assumptions(scenario["params"]), scenario["analytic_uniform_accrual"]
    for place, month in enumerate(told["time"]):
        found = expected_at(now, month)
        assert found.people == pytest.approx(told["subjects"][place], rel=1e-9)
        assert found.events == pytest.approx((told["nevents2"][place], told["nevents1"][place]), rel=1e-9)
        assert found.score == pytest.approx(-told["uscore"][place], abs=1e-8)
        assert found.variance == pytest.approx(told["vscore"][place], abs=1e-8)
        assert found.z == pytest.approx(-told["logRankZ"][place], abs=1e-8)


@pytest.mark.parametrize("name", _scenarios(analytic=False))
def test_what_lrstat_simulates(name):
    """400,000 trials: within 0.006, since the expected log-rank test is an approximation for 162 people (statistics.md,
    D: 0.001 to 0.009). ``cv`` are the bounds that were used, whatever the information at the looks was."""
    scenario = _scenarios(analytic=False)[name]
    now = _assumptions(scenario["params"])
    bounds = planned_bounds(replace(now, looks=(Look(events=50), Look(complete=True))))
    assert bounds.efficacy == pytest.approx(tuple(scenario["params"]["cv"]), abs=1e-8)
    futility = float(scenario["params"]["fut"])
    watched = replace(bounds, futility=(futility, bounds.efficacy[1])) if futility > -6 else bounds
    found = stopping(now, watched, "log_rank")
    assert found.power == pytest.approx(scenario["overallReject"], abs=0.006)
    assert found.upper == pytest.approx(tuple(scenario["rejectPerStage"]), abs=0.006)
    assert found.lower[0] == pytest.approx(scenario["futilityPerStage"][0], abs=0.006)


def test_a_look_costs_little():
    """statistics.md, D: one O'Brien-Fleming look at half lowers the detectable ratio by 0.001 (two-sided 0.05)."""
    once = detectable_ratio(replace(BASE, looks=(Look(complete=True),)), 0.8)
    assert detectable_ratio(BASE, 0.8) - once == pytest.approx(-0.001, abs=0.0005)
    assert designed(replace(BASE, efficacy=Spending("pocock"))).power < designed(BASE).power
