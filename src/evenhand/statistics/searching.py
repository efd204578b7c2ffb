"""The search for bounds, look by look: each spends just what its goal leaves it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.statistics.crossing import Crossing, cross, steps
from evenhand.statistics.normal import quantile
from evenhand.statistics.roots import root
from evenhand.statistics.spending import HAYBITTLE_PETO_Z, Spending, spent
from evenhand.statistics.walk import NODES, Step, Walk, start


@dataclass(frozen=True, slots=True)
class Goal:
    """What a bound is to do: have spent ``error`` by then (added up from the first look), or stand at ``z``."""

    error: float = 0.0
    z: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Bounds in z; ``lower`` ends at the upper bound where there is futility."""

    upper: tuple[float, ...]
    lower: tuple[float, ...]


def efficacy_goals(times: Sequence[float], side: float, spending: Spending) -> tuple[Goal, ...]:
    """What each efficacy bound is to do; ``side`` is the error of one side."""
    if spending.kind == "haybittle_peto":
        z = HAYBITTLE_PETO_Z if spending.gamma is None else spending.gamma
        return (*(Goal(z=z) for _ in times[:-1]), Goal(side))
    return tuple(Goal(spent(spending, side, time)) for time in times)


def futility_goals(times: Sequence[float], beta: float, futility: Spending) -> tuple[Goal, ...]:
    """What each futility bound is to do; the last one is where the efficacy bound is, whatever its goal."""
    if futility.kind == "fixed":
        return tuple(Goal(z=futility.gamma) for _ in times)
    return tuple(Goal(spent(futility, beta, time)) for time in times)


def search(
    times: Sequence[float],
    above: Sequence[Goal],
    below: Sequence[Goal] | None,
    *,
    drift: float = 0.0,
    sided: int = 1,
    binding: bool = False,
    ended: bool = True,
    nodes: int = NODES,
) -> Found:
    """Bounds that meet their goals: those ``above`` where nothing works, those ``below`` under ``drift``.

    Where the trial has ``ended``, futility is at the last look whatever is not efficacy.
    Raises ValueError where earlier looks have spent all that a later one should have.
    """
    upper: list[float] = []
    lower: list[float] = []
    null = _Spender(above, 1) if any(goal.z is None for goal in above) else None
    other = _Spender(below, -1) if below and any(goal.z is None for goal in below) else None
    for look, (still, moving) in enumerate(zip(steps(times, 0.0), steps(times, drift), strict=True)):
        last = still.following is None
        upper.append(null.bound(look, still) if null else _stands(above[look]))
        if below is None or (last and ended):
            lower.append(upper[-1] if below is not None else -upper[-1] if sided == 2 else -math.inf)
        else:
            lower.append(min(other.bound(look, moving) if other else _stands(below[look]), upper[-1]))
        if null and not last:
            null.onward(still, lower[-1] if binding or sided == 2 else -math.inf, upper[-1], nodes)
        if other and not last:
            other.onward(moving, lower[-1], upper[-1], nodes)
    return Found(tuple(upper), tuple(lower))


def _stands(goal: Goal) -> float:
    assert goal.z is not None, "only a goal with a z is asked where it stands"
    return goal.z


class _Spender:
    """One side's error, spent while walking."""

    def __init__(self, goals: Sequence[Goal], side: int) -> None:
        self.goals, self.side = goals, side
        self.walk: Walk = start()
        self.used = 0.0

    def bound(self, look: int, step: Step) -> float:
        goal = self.goals[look]
        if goal.z is not None:
            self.used += self.walk.beyond(step, goal.z, self.side)
            return goal.z
        if 0 < goal.error <= self.used:
            raise ValueError("the earlier looks spend all the error; let them spend less, or drop one")
        left, self.used = goal.error - self.used, goal.error
        return self.walk.quantile(step, left, self.side)

    def onward(self, step: Step, lower: float, upper: float, nodes: int) -> None:
        self.walk = self.walk.onward(step, lower, upper, nodes)


def shaped(
    times: Sequence[float], side: float, sided: int, spending: Spending, nodes: int = NODES
) -> tuple[float, ...]:
    """Bounds of a given shape, c times the share of information to the power Delta - 1/2 (Wang and Tsiatis 1987).

    Delta is 0 for O'Brien and Fleming, 1/2 for Pocock; c is such that all looks together spend ``side``.
    """
    delta = {"classical_obrien_fleming": 0.0, "classical_pocock": 0.5}.get(spending.kind, spending.gamma or 0.0)
    shape = [(time / times[-1]) ** (delta - 0.5) for time in times]
    path = steps(times, 0.0)

    def at(factor: float) -> tuple[float, ...]:
        return tuple(factor * one for one in shape)

    def excess(factor: float) -> float:
        lower = at(-factor) if sided == 2 else (-math.inf,) * len(times)
        found: Crossing = cross(start(), path, at(factor), lower, nodes)
        return found.power - side

    low, high = -quantile(side), -quantile(side / len(times)) / min(1.0, *shape)
    return at(root(excess, 0.999 * low, 1.001 * high))
