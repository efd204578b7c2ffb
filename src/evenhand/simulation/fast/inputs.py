"""What the compiled loops read: the assumptions as plain numbers and arrays."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np

from evenhand.design.shape import MONTHS_A_YEAR, Assumptions, Look, Pieces
from evenhand.refusal import Refusal
from evenhand.simulation.fast.arrays import Floats, Ints

Arrivals = Literal["uniform", "exponential"]
"""How people arrive: at uniform times over the accrual, or with exponential gaps at the same rate (Poisson)."""

AT_EVENTS, AT_MONTH, AT_COMPLETION = 0, 1, 2


class Limits(NamedTuple):
    """The bounds of each look as z values: large z speaks for the experimental arm. None: no stopping for futility."""

    efficacy: tuple[float, ...]
    futility: tuple[float, ...] | None = None


class Inputs(NamedTuple):
    """All that one trial needs. Two arms: 0 control, 1 experimental. Months, hazards a month.

    Tables are few, with a row for each thing, since each array costs time wherever a compiled function is handed it.
    """

    people: int
    arrivals_exponential: bool
    accrual: Floats  # rows FROM, BEFORE (people expected by then), RATE
    hazard: Floats  # rows FROM (month since randomization), then BEFORE + 2 * arm (cumulative) and RATE + 2 * arm
    drift: float  # logarithm of the factor on the hazard for each month of entry
    dropout: float  # hazard
    cap: float  # infinite where people are followed until so long after the last entry
    after_last: float
    visits: float  # months between visits that find events; 0 finds them at once
    strata: Floats  # rows BELOW (where the stratum's share ends, of 2**32) and FACTOR (on the hazard)
    tested_strata: int  # 1 for a test that is not stratified
    stratum_bits: int  # those of a person's cell that say which; 0 for a test that is not stratified
    blocks: Ints  # rows SIZE and EXPERIMENTAL (people of that arm), a column for each kind of block
    control: int  # people of the control arm in the smallest block
    experimental: int
    looks: Floats  # rows KIND, AT, EFFICACY_BOUND, FUTILITY_BOUND, HARM_BOUND; minus infinity where there is none
    scale: float  # months within which most events are reached


FROM, BEFORE, RATE = range(3)
BELOW, FACTOR = range(2)
SIZE, EXPERIMENTAL = range(2)
KIND, AT, EFFICACY_BOUND, FUTILITY_BOUND, HARM_BOUND = range(5)


def prepared(assumptions: Assumptions, limits: Limits, arrivals: Arrivals = "uniform") -> Inputs:
    """The numbers of these assumptions. Raises Refusal where they cannot be simulated."""
    _checked(assumptions, limits, arrivals)
    accrual_from, accrual_rate = _columns(assumptions.accrual)
    unit = math.gcd(*assumptions.allocation)
    stratified = assumptions.stratified_test and len(assumptions.strata) > 1
    return Inputs(
        people=assumptions.sample_size,
        arrivals_exponential=arrivals == "exponential",
        accrual=np.stack([accrual_from, _cumulated(accrual_from, accrual_rate), accrual_rate]),
        hazard=_hazards(assumptions.control_hazard, assumptions.hazard_ratio),
        drift=math.log(assumptions.drift_yearly) / MONTHS_A_YEAR,
        dropout=-math.log1p(-assumptions.dropout_yearly) / MONTHS_A_YEAR,
        cap=_or_endless(assumptions.cap_months),
        after_last=_or_endless(assumptions.after_last_months),
        visits=assumptions.detection_months or 0.0,
        strata=_strata(assumptions),
        tested_strata=len(assumptions.strata) if stratified else 1,
        stratum_bits=~1 if stratified else 0,
        blocks=_blocks(assumptions),
        control=assumptions.allocation[0] // unit,
        experimental=assumptions.allocation[1] // unit,
        looks=_looks(assumptions, limits),
        scale=_scale(assumptions),
    )


def _checked(assumptions: Assumptions, limits: Limits, arrivals: str) -> None:
    looks, unit = len(assumptions.looks), sum(assumptions.allocation) // math.gcd(*assumptions.allocation)
    if not looks or len(limits.efficacy) != looks or (limits.futility is not None and len(limits.futility) != looks):
        raise _fault(f"There are {looks} looks and {len(limits.efficacy)} bounds.", "Give each look its bound.")
    if assumptions.accrual[-1][1] <= 0:
        raise _fault("The last piece of the accrual stands still.", "Give it a rate above 0, so that all enter.")
    if assumptions.drift_yearly <= 0 or not 0 <= assumptions.dropout_yearly < 1:
        raise _fault("The drift or the drop-out is out of range.", "A drift is above 0, a drop-out from 0 to below 1.")
    if not assumptions.block_sizes or any(size <= 0 or size % unit for size in assumptions.block_sizes):
        raise _fault("A block does not hold the allocation.", f"Take multiples of {unit} as block sizes.")
    if arrivals not in ("uniform", "exponential"):
        raise _fault(f"Nobody arrives {arrivals!r}.", "People arrive 'uniform' or 'exponential'.")


def _fault(reason: str, mend: str) -> Refusal:
    return Refusal(reason, "simulation", mend)


def _columns(pieces: Pieces) -> tuple[Floats, Floats]:
    """The months and the values of pieces. Raises Refusal where they do not begin at 0 and rise."""
    starts, values = np.array(pieces, np.float64).T.copy()
    if starts[0] != 0 or np.any(np.diff(starts) <= 0) or np.any(values < 0):
        raise _fault(f"{pieces} are no pieces.", "They begin at month 0, in order, with values of at least 0.")
    return starts, values


def _hazards(control: Pieces, ratio: Pieces) -> Floats:
    """Both arms' hazards on the months at which either changes."""
    starts = np.union1d(_columns(control)[0], _columns(ratio)[0])
    control_hazard, hazard_ratio = (_at(pieces, starts) for pieces in (control, ratio))
    rows = [starts]
    for hazard in (control_hazard, control_hazard * hazard_ratio):
        rows += [_cumulated(starts, hazard), hazard]
    return np.stack(rows)


def _at(pieces: Pieces, months: Floats) -> Floats:
    starts, values = _columns(pieces)
    found: Floats = values[np.searchsorted(starts, months, side="right") - 1]
    return found


def _cumulated(starts: Floats, rates: Floats) -> Floats:
    """What has gathered before each piece begins."""
    return np.concatenate([[0.0], np.cumsum(np.diff(starts) * rates[:-1])])


def _or_endless(months: float | None) -> float:
    return math.inf if months is None else months


def _strata(assumptions: Assumptions) -> Floats:
    """Where each stratum ends on a scale of 2**32, the last one taking what rounding leaves; and its factor."""
    shares = np.array([stratum.share for stratum in assumptions.strata] or [1.0])
    below = np.round(np.cumsum(shares) / shares.sum() * 2.0**32)
    below[-1] = 2.0**32
    return np.stack([below, [stratum.hazard_factor for stratum in assumptions.strata] or [1.0]])


def _blocks(assumptions: Assumptions) -> Ints:
    sizes = np.array(assumptions.block_sizes, np.int64)
    return np.stack([sizes, sizes * assumptions.allocation[1] // sum(assumptions.allocation)])


def _looks(assumptions: Assumptions, limits: Limits) -> Floats:
    """When each look is held and what bounds it."""
    efficacy = np.array(limits.efficacy, np.float64)
    never = np.full(efficacy.size, -math.inf)
    kinds = np.array([_kind(look) for look in assumptions.looks], np.float64)
    at = [float(look.events or look.month or 0.0) for look in assumptions.looks]
    futility = never.copy() if limits.futility is None else np.array(limits.futility, np.float64)
    futility[-1] = -math.inf  # at the last look nothing is left to stop
    return np.stack([kinds, at, efficacy, futility, -efficacy if assumptions.sided == 2 else never])


def _kind(look: Look) -> int:
    if look.events is not None:
        return AT_EVENTS
    return AT_COMPLETION if look.complete else AT_MONTH


def _scale(assumptions: Assumptions) -> float:
    """Twice the accrual: it only decides how finely events are sorted, so it changes speed and no number."""
    starts, rates = _columns(assumptions.accrual)
    before = _cumulated(starts, rates)
    return 2.0 * float(starts[-1] + max(0.0, assumptions.sample_size - before[-1]) / rates[-1])
