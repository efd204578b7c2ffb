"""Designs for the tests of the fast simulation, and what is true of them from elsewhere."""

import math
from typing import Any

from evenhand.design.shape import Assumptions, Look, Stratum
from evenhand.simulation.fast import Limits
from evenhand.simulation.fast.inputs import prepared
from evenhand.statistics.spending import Spending

BOUNDS = Limits((2.962588042068, 1.968595646))  # O'Brien-Fleming (Lan-DeMets), one-sided 0.025, half the information
AT_EVENTS = (Look(events=50), Look(events=100))
NO_END = {"cap_months": None, "after_last_months": 1000.0}


def reference(**changes: Any) -> Assumptions:
    """The reference design: 162 people in 36 months, each followed 36 months, looks at 50 events and at completion."""
    found: dict[str, Any] = {
        "sample_size": 162, "allocation": (1, 1), "accrual": ((0.0, 4.5),),
        "control_hazard": ((0.0, math.log(2) / 18),), "hazard_ratio": ((0.0, 0.6),), "drift_yearly": 1.0,
        "dropout_yearly": 0.05, "cap_months": 36.0, "after_last_months": None, "detection_months": None,
        "strata": (), "stratified_test": False, "block_sizes": (4,), "alpha": 0.025, "sided": 1,
        "looks": (Look(events=50), Look(complete=True)), "efficacy": Spending("obrien_fleming", None),
        "futility": None, "binding": False, "beta": 0.2,
    }  # fmt: skip
    return Assumptions(**(found | changes))


def by_events(**changes: Any) -> Assumptions:
    """The same, looked at with 50 and 100 events, nobody's follow-up ending before."""
    return reference(**(NO_END | {"looks": AT_EVENTS} | changes))


STRATA = (Stratum(0.5), Stratum(0.2, 1.5), Stratum(0.3, 0.5))
WIDE = {
    "plain": reference(),
    "events": by_events(),
    "delayed": reference(hazard_ratio=((0.0, 1.0), (6.0, 0.5)), looks=(Look(month=36.0), Look(month=80.0))),
    "crossing": by_events(hazard_ratio=((0.0, 1.3), (4.0, 0.55)), control_hazard=((0.0, 0.05), (10.0, 0.03))),
    "drift": reference(drift_yearly=0.8, accrual=((0.0, 2.0), (12.0, 6.0)), block_sizes=(4, 6)),
    "strata": reference(strata=STRATA, stratified_test=True, block_sizes=(4, 6)),
    "strata, plain test": reference(strata=STRATA),
    "visits": reference(detection_months=3.0),
    "visits, strata, drift": reference(detection_months=3.0, strata=STRATA, stratified_test=True, drift_yearly=1.2),
    "two to one": reference(allocation=(1, 2), block_sizes=(3, 6)),
    "after the last": reference(cap_months=None, after_last_months=18.0, dropout_yearly=0.0),
    "few events": reference(control_hazard=((0.0, 0.005),)),
    "two-sided": reference(sided=2, hazard_ratio=((0.0, 1.8),)),
    "no hazard at first": reference(control_hazard=((0.0, 0.0), (3.0, 0.04))),
}
"""One of everything that can be assumed."""

FUTILE = Limits(BOUNDS.efficacy, (0.5, -math.inf))


def inputs(name, limits=FUTILE, arrivals="uniform"):
    return prepared(WIDE[name], limits, arrivals)
