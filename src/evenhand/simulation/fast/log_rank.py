"""The log-rank statistic of people in order, and who was at risk at each event."""

from __future__ import annotations

import math

from evenhand.simulation.fast.arrays import Floats
from evenhand.simulation.fast.compiling import compiled
from evenhand.simulation.fast.scratch import (
    AT_RISK,
    DROPOUTS,
    EVENTS,
    EXPECTED,
    EXPOSED,
    FOUND,
    GOING_ARM,
    GOING_FOR,
    GONE_AFTER,
    GONE_HOW,
    OBSERVED,
    VARIANCE,
    Scratch,
)


@compiled
def add_stratum(of: Scratch, gone: int, going: int, people: int, experimental: int) -> None:
    """Add one stratum to ``FOUND`` and the people at risk.

    ``gone`` and ``going``: how many stand in ``GONE_AFTER`` and ``GOING_FOR``. ``people`` and ``experimental``: who
    was at risk at first, in all and in that arm.
    """
    gone_after, at_risk, exposed = of.real[GONE_AFTER], of.real[AT_RISK], of.real[EXPOSED]
    ties = False
    for k in range(1, gone):
        ties |= gone_after[k] == gone_after[k - 1]
    if ties:
        _add_tied(of, gone, going, people, experimental)
        return
    events = int(of.real[FOUND, EVENTS])
    until, observed = _merge(of, gone, going, people, experimental)
    expected, variance = 0.0, 0.0
    for k in range(events, until):
        share = exposed[k] / at_risk[k]
        expected += share
        variance += share * (1.0 - share)
    _add(of.real[FOUND], gone, until - events, observed, expected, variance)


@compiled
def _add(found: Floats, gone: int, events: int, observed: int, expected: float, variance: float) -> None:
    found[EVENTS] += events
    found[DROPOUTS] += gone - events
    found[OBSERVED] += observed
    found[EXPECTED] += expected
    found[VARIANCE] += variance


@compiled
def _merge(of: Scratch, gone: int, going: int, people: int, experimental: int) -> tuple[int, int]:
    """Write who is at risk at each event where no two people were followed equally long.

    Returns how many events stand there then, and how many are new and of the experimental arm. Which of two lists comes
    next is a coin that no processor guesses; so both are read and the choice is made by arithmetic.
    """
    gone_after, gone_how, at_risk = of.real[GONE_AFTER], of.whole[GONE_HOW], of.real[AT_RISK]
    going_for, going_arm, exposed = of.real[GOING_FOR], of.whole[GOING_ARM], of.real[EXPOSED]
    events, observed, first, second = int(of.real[FOUND, EVENTS]), 0, 0, 0
    while first < gone and second < going:
        how, arm = gone_how[first], going_arm[second]
        from_second = int(going_for[second] < gone_after[first])
        from_first = 1 - from_second
        at_risk[events], exposed[events] = people, experimental
        event = (how >> 1) & from_first
        events += event
        observed += event & how
        experimental -= (how & from_first) | (arm & from_second)
        people -= 1
        first += from_first
        second += from_second
    for k in range(first, gone):
        how = gone_how[k]
        at_risk[events], exposed[events] = people, experimental
        events += how >> 1
        observed += (how >> 1) & how
        experimental -= how & 1
        people -= 1
    return events, observed


@compiled
def _add_tied(of: Scratch, gone: int, going: int, people: int, experimental: int) -> None:
    """``add_stratum`` where people may have been followed equally long; events then come before losses, as is usual."""
    gone_after, gone_how = of.real[GONE_AFTER], of.whole[GONE_HOW]
    going_for, going_arm = of.real[GOING_FOR], of.whole[GOING_ARM]
    observed, expected, variance = 0, 0.0, 0.0
    events, newest, k = int(of.real[FOUND, EVENTS]), 0, 0
    before = events
    while k < gone:
        after = gone_after[k]
        while newest < going and going_for[newest] < after:
            experimental -= going_arm[newest]
            newest += 1
            people -= 1
        lost, lost_experimental, deaths, of_experimental = 0, 0, 0, 0
        while k < gone and gone_after[k] == after:
            how = gone_how[k]
            lost += 1
            lost_experimental += how & 1
            deaths += how >> 1
            of_experimental += (how >> 1) & how
            k += 1
        expected += deaths * (experimental / people)
        variance += _tied(of, people, experimental, deaths, of_experimental, events)
        events += deaths
        observed += of_experimental
        experimental -= lost_experimental
        people -= lost
    _add(of.real[FOUND], gone, events - before, observed, expected, variance)


@compiled
def _tied(of: Scratch, people: int, experimental: int, deaths: int, of_experimental: int, events: int) -> float:
    """The hypergeometric variance of deaths at one time (Mantel N, Cancer Chemother Rep 1966;50:163-170).

    The people at risk get one entry a death, as if those dying together left by equal parts (Efron B, J Am Stat Assoc
    1977;72:557-565).
    """
    for gone in range(deaths):
        of.real[AT_RISK, events + gone] = people - gone
        of.real[EXPOSED, events + gone] = experimental - gone / deaths * of_experimental
    share = experimental / people
    return deaths * (share * (1.0 - share)) * ((people - deaths) / max(1, people - 1))


@compiled
def z_of(of: Scratch) -> float:
    """The log-rank statistic of ``FOUND``; large where the experimental arm has fewer events than expected."""
    found = of.real[FOUND]
    if found[VARIANCE] > 0.0:
        return float((found[EXPECTED] - found[OBSERVED]) / math.sqrt(found[VARIANCE]))
    return 0.0
