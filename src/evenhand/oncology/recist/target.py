"""The response of the target lesions at one scan.

The order of tests (RECIST 1.1, 4.3.1 and 4.5; EORTC clarifications): complete response; progression, also where the
measured lesions alone reach it; not evaluable; partial response; stable disease. Ties are inclusive and nothing is
rounded. The smallest sum (nadir) is that of all complete sums so far, the baseline's included.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from operator import lt
from typing import NamedTuple

from evenhand.oncology.recist.criteria import Criteria, Micrometres, Response
from evenhand.oncology.recist.scan import Target

CR, PR, SD, PD, NE, INDETERMINATE = (
    Response.CR, Response.PR, Response.SD, Response.PD, Response.NE, Response.INDETERMINATE,
)  # fmt: skip


class TargetRule(StrEnum):
    """Which test decided the response of the targets."""

    GONE = "gone"
    REAPPEARED = "reappeared"
    GROWN = "grown"
    GROWN_IN_PART = "grown in part"
    FROM_ZERO = "from zero"
    NOT_ASSESSED = "not assessed"
    SHRUNK = "shrunk"
    STILL_SHRUNK = "still shrunk"
    NEITHER = "neither"


GONE, REAPPEARED, GROWN, GROWN_IN_PART, FROM_ZERO, NOT_ASSESSED, SHRUNK, STILL_SHRUNK, NEITHER = TargetRule


class TargetResult(NamedTuple):
    """The response of the targets, the rule that gave it, and the numbers that it was given on.

    ``total`` is the sum (None where a target was not assessed), ``measured`` the sum of those that were, ``baseline``
    the sum at baseline, ``nadir`` the smallest complete sum before this scan; ``missing`` numbers the lesions that
    were not assessed.
    """

    response: Response
    rule: TargetRule
    total: Micrometres | None
    measured: Micrometres
    baseline: Micrometres
    nadir: Micrometres
    missing: tuple[int, ...] = ()


class TargetCourse:
    """The targets from scan to scan: what it remembers is the smallest sum and whether there was a response.

    A scan is taken with :meth:`assess`, oldest first. ``had_cr`` (a complete response overall was assigned, so that
    whatever is seen again is progression) is set by the one who knows the overall response.
    """

    __slots__ = ("_limits", "baseline", "criteria", "had_cr", "had_pr", "nadir", "targets")

    def __init__(self, targets: tuple[Target, ...], criteria: Criteria) -> None:
        self.targets = targets
        self.criteria = criteria
        # A target is gone when its size is below its limit: a node when it is normal, any other when it is 0.
        self._limits = tuple(criteria.node_normal if target.node else 1 for target in targets)
        self.baseline = self.nadir = sum(target.size for target in targets)
        self.had_pr = False
        self.had_cr = False

    def assess(self, sizes: tuple[Micrometres | None, ...], merged: Mapping[int, int]) -> TargetResult:
        """The response at the next scan. Raises ValueError where the sizes do not fit the targets."""
        if len(sizes) != len(self.targets):
            raise ValueError(f"{len(sizes)} sizes for {len(self.targets)} targets: give one for each, None if unknown")
        if merged:
            sizes = with_merged(sizes, merged)
        missing: tuple[int, ...] = ()
        if None in sizes:
            missing = tuple(number for number, size in enumerate(sizes) if size is None)
            known = [(size, limit) for size, limit in zip(sizes, self._limits, strict=True) if size is not None]
            measured = sum(size for size, _ in known)
            all_gone = all(size < limit for size, limit in known)
        else:
            measured = sum(sizes)  # type: ignore[arg-type]  # None is not among them
            all_gone = all(map(lt, sizes, self._limits))  # type: ignore[arg-type]  # as above
        nadir = self.nadir
        response, rule = self._decide(measured, all_gone, bool(missing))
        if response is PR:
            self.had_pr = True
        elif response is PD:
            self.had_pr = False
        if missing:
            return TargetResult(response, rule, None, measured, self.baseline, nadir, missing)
        if measured < nadir:
            self.nadir = measured
        return TargetResult(response, rule, measured, measured, self.baseline, nadir)

    def _decide(self, measured: Micrometres, all_gone: bool, incomplete: bool) -> tuple[Response, TargetRule]:
        if all_gone and not incomplete:
            return CR, GONE
        if self.had_cr and not all_gone:
            return PD, REAPPEARED
        criteria, nadir = self.criteria, self.nadir
        if measured - nadir >= criteria.growth_size and measured * 100 >= nadir * (100 + criteria.growth):
            if nadir:
                return PD, GROWN_IN_PART if incomplete else GROWN
            if not incomplete:
                return INDETERMINATE, FROM_ZERO
        if incomplete:
            return NE, NOT_ASSESSED
        if measured * 100 <= self.baseline * (100 - criteria.fall):
            return PR, SHRUNK
        return (PR, STILL_SHRUNK) if self.had_pr else (SD, NEITHER)


def with_merged(sizes: tuple[Micrometres | None, ...], merged: Mapping[int, int]) -> tuple[Micrometres | None, ...]:
    """The sizes with each merged lesion as 0: the lesion it became one with carries the size of both.

    It counts as gone when that other one is, and as not assessed when that other one was not: so its 0 never makes a
    complete response. Raises ValueError where lesions merge in a circle, or one has a size of its own besides.
    """
    filled = list(sizes)
    for number in merged:
        host, steps = number, 0
        while host in merged:
            host, steps = merged[host], steps + 1
            if steps > len(merged):
                raise ValueError("lesions have merged in a circle: one of them carries the size of all")
        if sizes[number]:
            raise ValueError("a merged lesion has no size of its own: record it on the lesion that carries both")
        filled[number] = None if sizes[host] is None else 0
    return tuple(filled)
