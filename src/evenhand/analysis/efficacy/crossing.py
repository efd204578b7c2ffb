"""Whether the look at a cut reaches a bound: for whoever holds the look, never for those who stay blind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.comparing import test
from evenhand.analysis.efficacy.looks import Stage, bounds_now, primary_cases, standing
from evenhand.design import assumptions_of
from evenhand.refusal import Refusal
from evenhand.statistics.boundaries import Bounds

Crossed = Literal["efficacy", "futility", "other side", "none", "not tested"]


@dataclass(frozen=True, slots=True)
class LookAt:
    """The look at a cut: which one, after how many events, and which bound its z reaches."""

    stage: Stage
    number: int
    events: int
    crossed: Crossed


def look_at(analysis: Analysis) -> LookAt | None:
    """The look at this cut; None where the design plans none, or nothing is compared."""
    try:
        now, found = assumptions_of(analysis.protocol), primary_cases(analysis)
        at = standing(analysis, found, now, None, None)
    except Refusal:
        return None
    crossed: Crossed = "not tested"
    if at.stage in ("interim", "last") and at.events:
        z = test(found, stratified=now.stratified_test).z
        try:
            crossed = crossed_by(z, bounds_now(at, now))
        except (ValueError, Refusal):
            crossed = "not tested"
    return LookAt(at.stage, at.number, at.events, crossed)


def crossed_by(z: float | None, bounds: Bounds) -> Crossed:
    """Which bound of the newest look a z reaches; z above 0 speaks for the experimental arm."""
    if z is None:
        return "not tested"
    if z >= bounds.efficacy[-1]:
        return "efficacy"
    if math.isfinite(bounds.lower[-1]) and z <= bounds.lower[-1]:
        return "other side" if bounds.futility is None else "futility"
    return "none"
