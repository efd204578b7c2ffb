"""The counting policy: which entries of a list of metastases count, and which of them count as one.

A policy is a study's data and versioned. Such policies say: regional nodes of the breast are locoregional
disease, those of the other side are metastases (AJCC, 8th edition); nodes clustered in one field count once
(the trial of T-DM1 and SRT), as do contiguous vertebrae in one target volume; SABR-COMET-10 counts each node.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from evenhand.facts import Scalar
from evenhand.logic import Unknown
from evenhand.units import Range

Entry = Mapping[str, Scalar | Unknown]
Bounds = tuple[int, int | None]  # at least, at most; None: no bound
Standing = Literal["counted", "regional", "perhaps regional"]

_LISTS: Final = ("regional_sites", "maybe_regional_sites", "one_unit")


@dataclass(frozen=True, slots=True)
class CountingPolicy:
    """``regional_sites`` on the side of the primary are no metastases; ``maybe_regional_sites`` may be such.

    Entries that share a unit count as one where the kind of their unit is in ``one_unit``.
    """

    version: str
    regional_sites: frozenset[str]
    maybe_regional_sites: frozenset[str]
    one_unit: frozenset[str]


def policy_of(parameters: Mapping[str, object]) -> CountingPolicy:
    """The policy of a study; :func:`check_policy` has found nothing wrong with it."""
    return CountingPolicy(
        str(parameters["version"]),
        _codes(parameters["regional_sites"]),
        _codes(parameters["maybe_regional_sites"]),
        _codes(parameters["one_unit"]),
    )


def check_policy(parameters: Mapping[str, object]) -> list[str]:
    """What is wrong with a policy: a missing or unknown entry, a list that is none, a site in two lists."""
    wanted = {"version", *_LISTS}
    problems = [f"the counting policy lacks {name!r}" for name in sorted(wanted - set(parameters))]
    problems += [f"the counting policy has no {name!r}" for name in sorted(set(parameters) - wanted)]
    if parameters.get("version") in ("", None) and "version" in parameters:
        problems.append("the version of the counting policy is empty")
    lists = {name: parameters[name] for name in _LISTS if name in parameters}
    wrong = [name for name, value in lists.items() if not _is_list_of_codes(value)]
    problems += [f"{name} has to be a list of codes, not {lists[name]!r}" for name in wrong]
    if problems:
        return problems
    both = _codes(lists["regional_sites"]) & _codes(lists["maybe_regional_sites"])
    return [f"{site} cannot be both a regional and a perhaps regional site" for site in sorted(both)]


def _is_list_of_codes(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(code, str) for code in value)


def _codes(value: object) -> frozenset[str]:
    assert isinstance(value, list | tuple)
    return frozenset(value)


def standing(entry: Entry, policy: CountingPolicy) -> Standing:
    """Whether an entry counts. An unmapped site may be a regional node, unless it is on the other side."""
    site, side = entry.get("site"), entry.get("side")
    if isinstance(site, str) and site not in policy.regional_sites and site not in policy.maybe_regional_sites:
        return "counted"
    if side == "other":
        return "counted"
    return "regional" if side == "same" and site in policy.regional_sites else "perhaps regional"


def entry_bounds(entry: Entry, policy: CountingPolicy) -> Bounds:
    """How many metastases an entry stands for by itself, at least and at most."""
    standing_ = standing(entry, policy)
    if standing_ == "regional":
        return 0, 0
    low, high = discrete(entry)
    return (low if standing_ == "counted" else 0), high


def discrete(entry: Entry) -> Bounds:
    """How many discrete lesions an entry describes: exactly one when it does not say, and never none."""
    number = entry.get("discrete")
    if number is None:
        return 1, 1
    low, high = whole_bounds(number)
    low = max(low, 1)
    return low, None if high is None else max(low, high)


def whole_bounds(value: Scalar | Unknown) -> Bounds:
    """The whole numbers, from 0, that a value leaves possible; any number where records contradict."""
    if isinstance(value, int):
        return value, value
    if not isinstance(value, Decimal | Range):
        return 0, None
    bounds = value if isinstance(value, Range) else Range(value, value)
    low = 0 if bounds.low is None else math.floor(bounds.low) + 1 if bounds.low_open else math.ceil(bounds.low)
    if bounds.high is None:
        return max(low, 0), None
    return max(low, 0), math.ceil(bounds.high) - 1 if bounds.high_open else math.floor(bounds.high)


def count_entries(entries: tuple[Entry, ...], policy: CountingPolicy) -> Bounds:
    """How many metastases the entries stand for together, at least and at most."""
    alone: list[Bounds] = []
    units: dict[str, list[Entry]] = {}
    for entry in entries:
        unit = entry.get("unit")
        if isinstance(unit, str) and unit:
            units.setdefault(unit, []).append(entry)
        else:
            low, high = entry_bounds(entry, policy)
            # Records that contradict each other on the unit leave open whether it counts beside another.
            alone.append((low if unit is None or unit == "" else 0, high))
    return added(alone + [unit_bounds(members, policy) for members in units.values()])


def unit_bounds(members: list[Entry], policy: CountingPolicy) -> Bounds:
    """How many metastases the entries that share a unit stand for.

    Those of one kind that the policy merges are one; those without a kind are between one and their sum;
    others are counted by themselves.
    """
    merged: dict[str, list[Bounds]] = {}
    perhaps: list[Bounds] = []
    separate: list[Bounds] = []
    for entry in members:
        kind, bounds = entry.get("unit_kind"), entry_bounds(entry, policy)
        if not isinstance(kind, str):
            perhaps.append(bounds)
        elif kind in policy.one_unit:
            merged.setdefault(kind, []).append(bounds)
        else:
            separate.append(bounds)
    together = added([_as_one(same) for same in merged.values()])
    low, high = added(perhaps)
    if low > 0:
        low = 0 if together[0] else 1
    return added([together, (low, high), *separate])


def _as_one(bounds: list[Bounds]) -> Bounds:
    return int(any(low for low, _ in bounds)), int(any(high != 0 for _, high in bounds))


def added(bounds: list[Bounds]) -> Bounds:
    """The sum of numbers known by their bounds."""
    low, high = 0, 0
    unbounded = False
    for least, most in bounds:
        low += least
        if most is None:
            unbounded = True
        else:
            high += most
    return low, None if unbounded else high
