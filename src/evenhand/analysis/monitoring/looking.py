"""Stopping by the bounds of the design: what the look at this cut says. The numbers are those of the interim "
"analysis."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.arms import arms_of
from evenhand.analysis.efficacy.cases import Cases, cases
from evenhand.analysis.efficacy.comparing import test
from evenhand.analysis.efficacy.look_words import between_said
from evenhand.analysis.efficacy.looks import Standing, bounds_now, standing
from evenhand.analysis.efficacy.plan import primary_of
from evenhand.analysis.monitoring.stopping import Decided
from evenhand.analysis.outcome import said
from evenhand.analysis.saying import fixed
from evenhand.analysis.tables import Behind
from evenhand.design import Assumptions, assumptions_of
from evenhand.protocol.monitoring import LookRule
from evenhand.refusal import Refusal


@dataclass(frozen=True, slots=True)
class LookStanding:
    """A rule of looks at a cut. ``z`` and ``bound`` are None where no look is due, or it has none; ``why`` says it.
    ``people``: those with an event."""

    rule: LookRule
    decided: Decided
    look: str
    events: int | None = None
    planned: float | None = None
    z: float | None = None
    bound: float | None = None
    why: str = ""
    people: tuple[Behind, ...] = ()


def look_standing(analysis: Analysis, rule: LookRule) -> LookStanding:
    """Where the design's look stands, taken as the interim analysis takes it."""
    arms, endpoint = arms_of(analysis.protocol), primary_of(analysis)
    if arms is None or endpoint is None or analysis.protocol.design is None:
        return _none(rule, "the design compares two arms by an endpoint of the protocol, and there is none")
    try:
        now = assumptions_of(analysis.protocol)
        found = cases(analysis, arms, endpoint.id)
        return _decided(analysis, rule, found, standing(analysis, found, now, None, None), now)
    except (Refusal, ValueError) as error:
        return _none(rule, str(error).rstrip("."))


def _none(rule: LookRule, why: str) -> LookStanding:
    return LookStanding(rule, "not yet evaluable", "No look", why=why)


def _decided(analysis: Analysis, rule: LookRule, found: Cases, at: Standing, now: Assumptions) -> LookStanding:
    people = tuple(Behind(one.subject, one.seqs) for one in found.all if one.event)
    if at.stage == "before" or at.events == 0:
        first = now.looks[0]
        why = f"the first look is at {first.events} events" if first.events is not None else "no look is due"
        return LookStanding(
            rule, "not yet evaluable", "Before the first look", at.events, at.planned, why=why, people=people
        )
    if at.stage == "between":
        why = between_said(at, now).rstrip(".")
        why = why[0].lower() + why[1:]
        look = f"After look {at.number} of {at.looks}"
        return LookStanding(rule, "not yet evaluable", look, at.events, at.planned, why=why, people=people)
    if at.stage == "after" and at.final is not None:
        why = f"the final analysis was made on {said(at.final.made)}, and nothing is tested after it"
        return LookStanding(
            rule, "not yet evaluable", "After the final analysis", at.events, at.planned, why=why, people=people
        )
    bounds, result = bounds_now(at, now), test(found, stratified=now.stratified_test)
    bound = bounds.efficacy[-1] if rule.stop == "efficacy" else bounds.lower[-1]
    look = f"Look {at.number} of {at.looks}"
    if result.z is None:
        return LookStanding(rule, "not yet evaluable", look, at.events, at.planned, None, bound, result.reason, people)
    met = result.z >= bound if rule.stop == "efficacy" else result.z <= bound
    why = f"z is {fixed(result.z, 2)}, the bound {fixed(bound, 2)}"
    return LookStanding(
        rule, "met" if met else "not met", look, at.events, at.planned, result.z, bound, why, people
    )  # fmt: skip
