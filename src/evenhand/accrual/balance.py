"""Participants by stratum; and, for those alone who may see it, by arm.

In an open-label trial whoever knows the counts of a stratum by arm can guess the next allocation, so the two are kept
apart: ``stratum_totals`` cannot tell an arm, and a test changes every arm to see that it does not.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import NamedTuple

from evenhand.protocol import Protocol
from evenhand.randomization import stratum_id
from evenhand.record import History

_MOST_EMPTY = 48  # beyond so many combinations of levels, only those with participants are listed


class StratumTotal(NamedTuple):
    """One combination of levels, by label in the order of the factors, and how many were randomized in it."""

    levels: tuple[str, ...]
    randomized: int


class StratumByArm(NamedTuple):
    """The same, by arm in the protocol's order."""

    levels: tuple[str, ...]
    arms: tuple[int, ...]


def stratum_totals(protocol: Protocol, history: History) -> tuple[StratumTotal, ...]:
    """How many were randomized in each stratum; empty strata are listed too, unless there are very many."""
    return tuple(
        StratumTotal(levels, sum(history.counts.get(name, {}).values())) for name, levels in _strata(protocol, history)
    )


def strata_by_arm(protocol: Protocol, history: History) -> tuple[StratumByArm, ...]:
    """How many were randomized in each stratum to each arm: for the statistician and the safety board alone."""
    return tuple(
        StratumByArm(levels, tuple(history.counts.get(name, {}).get(arm.id, 0) for arm in protocol.arms))
        for name, levels in _strata(protocol, history)
    )


def by_arm(protocol: Protocol, history: History) -> tuple[int, ...]:
    """How many were randomized to each arm, in the protocol's order: for the same few."""
    return tuple(sum(arms.get(arm.id, 0) for arms in history.counts.values()) for arm in protocol.arms)


def _strata(protocol: Protocol, history: History) -> list[tuple[str, tuple[str, ...]]]:
    """The id and the labels of every stratum to be listed."""
    factors = protocol.randomization.strata
    known = {}
    for levels in product(*(factor.levels for factor in factors)) if _few(protocol) else ():
        name = stratum_id({factor.id: level.id for factor, level in zip(factors, levels, strict=True)})
        known[name] = tuple(level.label for level in levels)
    known |= {name: _labels(protocol, name) for name in sorted(history.counts) if name not in known}
    return list(known.items())


def _few(protocol: Protocol) -> bool:
    return prod(len(factor.levels) for factor in protocol.randomization.strata) <= _MOST_EMPTY


def _labels(protocol: Protocol, name: str) -> tuple[str, ...]:
    """The labels of a stratum that stands in the record; what the protocol does not name is shown as it is."""
    given = dict(part.split("=", 1) for part in name.split(";") if "=" in part)
    return tuple(
        next((level.label for level in factor.levels if level.id == given.get(factor.id)), given.get(factor.id, "?"))
        for factor in protocol.randomization.strata
    )
