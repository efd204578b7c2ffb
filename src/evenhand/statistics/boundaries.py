"""Bounds of group-sequential designs: when a look may stop a trial, for efficacy and for futility.

Jennison and Turnbull, Group Sequential Methods with Applications to Clinical Trials, 1999; Lan and DeMets, Biometrika
1983;70:659-663; Pampallona, Tsiatis and Kim, Drug Information Journal 2001;35:1113-1121 (type II error spent). A large
positive z speaks for efficacy. The spending functions and their sources stand in `spending`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evenhand.statistics.checks import checked_alpha, checked_fractions, checked_power
from evenhand.statistics.crossing import Crossing, Drift, cross, crossing, running, steps
from evenhand.statistics.normal import quantile, upper_tail
from evenhand.statistics.roots import root
from evenhand.statistics.searching import Goal, efficacy_goals, futility_goals, search, shaped
from evenhand.statistics.spending import CLASSICAL, Spending
from evenhand.statistics.walk import NODES, start


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds in z, one a look.

    ``information`` as shares of the planned. ``futility`` has minus infinity where a look cannot stop for futility and
    ends at the efficacy bound. ``alpha_spent`` (of both sides where ``sided`` is 2) and ``beta_spent`` add up from look
    to look. ``shift`` is the squared drift (z expected at full information) that gives the power 1 - beta, and
    ``inflation`` is how much more information that takes than one look would; both None where no beta was given.
    """

    information: tuple[float, ...]
    sided: int
    efficacy: tuple[float, ...]
    futility: tuple[float, ...] | None
    alpha_spent: tuple[float, ...]
    beta_spent: tuple[float, ...] | None = None
    shift: float | None = None
    inflation: float | None = None
    binding: bool = False

    @property
    def nominal(self) -> tuple[float, ...]:
        """The p value that each efficacy bound is (of both sides where ``sided`` is 2)."""
        return tuple(self.sided * upper_tail(z) for z in self.efficacy)

    @property
    def lower(self) -> tuple[float, ...]:
        """What stops a trial below: futility, or the other side of a two-sided test; else minus infinity."""
        if self.futility is not None:
            return self.futility
        return tuple(-z for z in self.efficacy) if self.sided == 2 else (-math.inf,) * len(self.efficacy)

    def crossing(self, drift: Drift) -> Crossing:
        """How probable stopping is at each look under ``drift``; power is that of the upper bound alone."""
        return crossing(self.information, drift, self.efficacy, self.lower)


def bounds(
    information: Sequence[float],
    *,
    alpha: float,
    sided: int,
    efficacy: Spending,
    futility: Spending | None = None,
    beta: float | None = None,
    binding: bool = False,
    nodes: int = NODES,
) -> Bounds:
    """The bounds of a design that looks at these shares of its ``information``.

    ``alpha`` is the whole error: where ``sided`` is 2, half of it lies on each side and the bounds are symmetric.
    ``futility`` spends ``beta``; unless it is ``binding``, the efficacy bounds ignore it, so that overruling it keeps
    the type I error. Raises ValueError for input that means nothing: shares that do not rise or exceed 1, an alpha
    outside of 0 to 0.5, futility in a two-sided test or without its beta, a spending that cannot serve.
    """
    times = checked_fractions(information)
    side = checked_alpha(alpha, sided)
    if beta is not None:
        checked_power(1 - beta, side)
    refused_spendings(sided, efficacy, futility, beta, binding)
    design = _Design(times, side, sided, beta, nodes)
    alone = design.efficacy_alone(efficacy)
    if futility is None or futility.kind == "none":
        return alone if beta is None else design.powered(alone)
    above = efficacy_goals(times, side, efficacy) if binding else tuple(Goal(z=z) for z in alone.efficacy)
    return design.with_futility(above, futility_goals(times, beta or 0.0, futility), binding)


def refused_spendings(
    sided: int, efficacy: Spending, futility: Spending | None, beta: float | None, binding: bool
) -> None:
    """Raise ValueError where the spendings cannot serve together, and say which could."""
    if efficacy.kind == "fixed":
        raise ValueError("fixed bounds are for futility; for efficacy take haybittle_peto with gamma as its z")
    if futility is None or futility.kind == "none":
        return
    if sided == 2:
        raise ValueError("a two-sided test has no futility bound here; state it one-sided, with half the alpha")
    if futility.kind in CLASSICAL | {"haybittle_peto"}:
        raise ValueError(f"futility cannot be {futility.kind}; take a spending function, or fixed with gamma as its z")
    if beta is None and futility.kind != "fixed":
        raise ValueError("futility spends beta, and there is none; give beta, such as 0.2")
    if binding and efficacy.kind in CLASSICAL:
        raise ValueError(f"binding futility needs efficacy that spends; {efficacy.kind} does not")


def bounds_meeting(
    times: Sequence[float],
    above: Sequence[Goal],
    below: Sequence[Goal] | None = None,
    *,
    sided: int,
    drift: float = 0.0,
    binding: bool = False,
    ended: bool = True,
) -> Bounds:
    """Bounds that meet given goals, for looks at any information; those ``below`` spend under ``drift``.

    Raises ValueError where earlier looks spend all the error, or futility meets efficacy before the end.
    """
    found = search(times, above, below, drift=drift, sided=sided, binding=binding, ended=ended)
    futility = None if below is None else found.lower
    result = _spending(Bounds(tuple(times), sided, found.upper, futility, (), binding=binding), NODES)
    missed = None if below is None else running(result.crossing(drift).lower)
    return _apart(replace(result, beta_spent=missed))


def _spending(found: Bounds, nodes: int) -> Bounds:
    """The same bounds with what they spend; futility counts only where it binds."""
    one = found if found.binding or found.futility is None else replace(found, futility=None)
    null = cross(start(), steps(found.information, 0.0), found.efficacy, one.lower, nodes)
    return replace(found, alpha_spent=tuple(found.sided * total for total in null.by_look()))


def _apart(found: Bounds) -> Bounds:
    for look, (low, high) in enumerate(zip(found.lower[:-1], found.efficacy[:-1], strict=True), start=1):
        if low >= high:
            raise ValueError(f"at look {look} futility meets efficacy; let futility stop less early")
    return found


@dataclass(frozen=True, slots=True)
class _Design:
    """What all bounds of one design share; ``side`` is the error of one side."""

    times: tuple[float, ...]
    side: float
    sided: int
    beta: float | None
    nodes: int

    def efficacy_alone(self, spending: Spending) -> Bounds:
        if spending.kind in CLASSICAL:
            upper = shaped(self.times, self.side, self.sided, spending, self.nodes)
        else:
            goals = efficacy_goals(self.times, self.side, spending)
            upper = search(self.times, goals, None, sided=self.sided, nodes=self.nodes).upper
        return _spending(Bounds(self.times, self.sided, upper, None, ()), self.nodes)

    def with_futility(self, above: Sequence[Goal], below: Sequence[Goal], binding: bool) -> Bounds:
        """Efficacy and futility bounds that meet at the last look, and the drift at which they have power."""

        def at(drift: float) -> Bounds:
            found = search(self.times, above, below, drift=drift, binding=binding, nodes=self.nodes)
            return Bounds(self.times, self.sided, found.upper, found.lower, (), binding=binding)

        if self.beta is None:
            return _apart(_spending(at(0.0), self.nodes))
        drift = self._drift(lambda drift: self._cross(at(drift), drift).power)
        return _apart(self._at_power(_spending(at(drift), self.nodes), drift))

    def powered(self, found: Bounds) -> Bounds:
        """The same bounds, with the drift that gives them power."""
        return self._at_power(found, self._drift(lambda drift: self._cross(found, drift).power))

    def _at_power(self, found: Bounds, drift: float) -> Bounds:
        missed = running(self._cross(found, drift).lower) if found.futility is not None else None
        return replace(found, beta_spent=missed, shift=drift**2, inflation=(drift / self._one_look()) ** 2)

    def _cross(self, found: Bounds, drift: float) -> Crossing:
        return cross(start(), steps(self.times, drift), found.efficacy, found.lower, self.nodes)

    def _one_look(self) -> float:
        """The drift that one look at the end would need."""
        assert self.beta is not None, "the power is asked for only where beta is given"
        return quantile(1 - self.beta) - quantile(self.side)

    def _drift(self, power: Callable[[float], float]) -> float:
        """The drift at which the power is 1 - beta; more than one look would need, so the search begins there."""
        assert self.beta is not None, "the power is asked for only where beta is given"
        wanted, high = 1 - self.beta, 1.1 * self._one_look()
        while power(high) < wanted:
            high *= 1.2
            if high > 1000:
                raise ValueError("these bounds never reach the power; let futility stop less early")
        return root(lambda drift: power(drift) - wanted, 0.999 * self._one_look(), high, within=1e-12)
