"""Scenarios from names and values: what is true is varied, and the bounds stay those of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from evenhand.design.assumptions import Assumptions, varied
from evenhand.refusal import Refusal
from evenhand.simulation.fast.running import Scenario, limits_of

OF_THE_WORLD = frozenset(
    {
        "accrual", "accrual_months", "control_median", "control_hazard", "hazard_ratio", "drift_yearly",
        "dropout_yearly", "detection_months", "strata",
    }
)  # fmt: skip
"""What a trial finds and does not decide. Another value of these leaves the bounds as the plan has them."""


def scenario(planned: Assumptions, given: Mapping[str, str]) -> Scenario:
    """One scenario: everything in ``given`` is so, and the bounds are planned with what of it the trial decides.

    A trial whose control arm does better than expected is stopped by the bounds of its plan, so power and type I error
    under other assumptions are those of this trial, not of one that had known better. Raises Refusal, naming what there
    is, for a name or a value that there is not.
    """
    decided = {name: value for name, value in given.items() if name not in OF_THE_WORLD}
    return Scenario(varied(planned, given), limits_of(varied(planned, decided)))


def grid_of(given: Sequence[str]) -> list[dict[str, str]]:
    """Every combination of ``name=v1,v2``; values that hold commas are parted by semicolons, as in ``a=1@0,2@6;3``.

    Raises Refusal for anything else, and for a name that stands twice.
    """
    axes: dict[str, list[str]] = {}
    for one in given:
        name, equals, values = one.partition("=")
        if not equals or not values.strip() or name in axes:
            fault = f"{name} is varied twice." if name in axes else f"{one!r} varies nothing."
            raise Refusal(fault, "--grid", "Write name=value,value, each name once, such as hazard_ratio=0.6,1.")
        axes[name] = [value.strip() for value in values.split(";" if ";" in values or "@" in values else ",")]
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
