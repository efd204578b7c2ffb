"""Which look a data cut is: before the first, one of the interim looks, or the last; and the bounds that then hold.

The record does not say when a board looked. So an earlier look counts as held with the events that were planned for it,
unless whoever calls says how many there were; and a cut counts as the last look whose events (or month) are reached.
Both are our proposal. Error is spent by the events observed (Lan and DeMets, Biometrika 1983;70:659-663).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.cases import Cases
from evenhand.conduct.ending import ends_of
from evenhand.dates import DAYS_PER_MONTH
from evenhand.design import Assumptions, Look
from evenhand.design.looking import planned_bounds, whole_events
from evenhand.statistics.boundaries import Bounds
from evenhand.statistics.monitoring import Futility, observed_bounds

Stage = Literal["before", "interim", "last"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a trial stands: ``number`` of the look (0: none yet), of ``looks``, after ``events`` of ``planned``.

    ``earlier``: the events at the looks before; ``later``: those planned for interim looks to come.
    """

    stage: Stage
    number: int
    looks: int
    events: int
    planned: float
    earlier: tuple[float, ...]
    later: tuple[float, ...]

    @property
    def information(self) -> float:
        """The share of the planned events."""
        return self.events / self.planned


def standing(
    analysis: Analysis, found: Cases, now: Assumptions, earlier: Sequence[float] | None, last: bool | None
) -> Standing:
    """Where the trial stands at the cut. Raises Refusal where the design expects no number of events."""
    events, planned = sum(found.events), whole_events(now)
    due = [_due(analysis, look, events) for look in now.looks[:-1]]
    number = sum(due)
    ended = last if last is not None else events >= planned or complete(analysis, found)
    known = tuple(earlier) if earlier is not None else None
    if ended:
        held = known if known is not None else _held(now.looks[:-1], events)
        return Standing("last", len(now.looks), len(now.looks), events, planned, held, ())
    if known is not None:
        number = max(number, len(known) + 1)
    held = known if known is not None else _held(now.looks[: max(number - 1, 0)], events)
    later = tuple(float(one.events) for one in now.looks[number:-1] if one.events is not None and one.events > events)
    stage: Stage = "interim" if number else "before"
    return Standing(stage, number, len(now.looks), events, planned, held, later)


def _held(looks: Sequence[Look], events: int) -> tuple[float, ...]:
    """The planned events of earlier looks, as far as they are fewer than there are now."""
    return tuple(float(one.events) for one in looks if one.events is not None and one.events < events)


def _due(analysis: Analysis, look: Look, events: int) -> bool:
    if look.events is not None:
        return events >= look.events
    activation = analysis.cut.history.state.activation
    if look.month is None or activation is None:
        return False
    return (analysis.cut.effective - activation.effective).days / DAYS_PER_MONTH >= look.month


def complete(analysis: Analysis, found: Cases) -> bool:
    """Whether nothing more is to come: the study is closed, or all are randomized and nobody is followed any more."""
    if analysis.cut.history.state.closure is not None:
        return True
    if len(analysis.people) < analysis.protocol.enrollment.target:
        return False
    reached = {one.subject for one in found.all if one.event}
    followed = (one.person for one in analysis.people if one.person.subject not in reached)
    return all(ends_of(one.protocol, one.known).over(analysis.cut.effective) for one in followed)


def bounds_now(at: Standing, now: Assumptions) -> Bounds:
    """The bounds of the looks so far, this one the newest. Raises ValueError where there are none."""
    return _bounds((*at.earlier, float(at.events)), at, now, last=at.stage == "last")


def bounds_to_the_end(at: Standing, now: Assumptions) -> Bounds:
    """The bounds of the looks so far and of those to come, the last at the planned events. Raises ValueError as
    ``bounds_now``."""
    return _bounds((*at.earlier, float(at.events), *at.later, at.planned), at, now, last=True)


def _bounds(events: Sequence[float], at: Standing, now: Assumptions, *, last: bool) -> Bounds:
    return observed_bounds(
        events,
        at.planned,
        alpha=now.alpha,
        sided=now.sided,
        efficacy=now.efficacy,
        last=last,
        futility=futility_of(now),
    )


def futility_of(now: Assumptions) -> Futility | None:
    """The futility bound of the design, whose error is spent under the drift that the design has power for."""
    if now.futility is None:
        return None
    shift = planned_bounds(now).shift
    return Futility(now.futility, now.beta, (shift or 0.0) ** 0.5, now.binding)
