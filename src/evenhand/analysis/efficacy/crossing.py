"""Whether the look at a cut reaches a bound: for whoever holds the look, never for those who stay blind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from evenhand.analysis.analysing import Analysis, analyse
from evenhand.analysis.cut import cut
from evenhand.analysis.efficacy.comparing import test
from evenhand.analysis.efficacy.looks import Stage, bounds_now, complete, primary_cases, standing
from evenhand.design import assumptions_of
from evenhand.design.looking import whole_events
from evenhand.protocol import Versions
from evenhand.record import History
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


def final_at(
    versions: Versions, history: History, effective: date, recorded: datetime
) -> tuple[int, str] | None:  # fmt: skip
    """The events at a data cut, both arms together, and why the final analysis is due at it: "events" (those planned
    are there), "complete" (nobody is followed any more, or the study is closed), or empty where it is not; None where
    nothing is compared. Raises LookupError and RecordError as ``analyse``."""
    analysis = analyse(cut(versions, history, effective=effective, recorded=recorded))
    try:
        now, found = assumptions_of(analysis.protocol), primary_cases(analysis)
        whole = whole_events(now)
    except Refusal:
        return None
    events = sum(found.events)
    return events, "events" if events >= whole else "complete" if complete(analysis, found) else ""


def crossed_by(z: float | None, bounds: Bounds) -> Crossed:
    """Which bound of the newest look a z reaches; z above 0 speaks for the experimental arm."""
    if z is None:
        return "not tested"
    if z >= bounds.efficacy[-1]:
        return "efficacy"
    if math.isfinite(bounds.lower[-1]) and z <= bounds.lower[-1]:
        return "other side" if bounds.futility is None else "futility"
    return "none"
