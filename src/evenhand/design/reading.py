"""The assumptions of a design, as the protocol has them: numbers from ``design.yaml``, ``enrollment.yaml`` and
``randomization.yaml``, put together."""

from __future__ import annotations

import math
from itertools import product

from evenhand.dates import DAYS_PER_MONTH, Period
from evenhand.design.shape import MONTHS_A_YEAR, Assumptions, Look, Pieces, Stratum
from evenhand.protocol import Protocol
from evenhand.protocol.design import Design, FromMonth, PlannedLook, Spend
from evenhand.refusal import Refusal
from evenhand.statistics.spending import Spending


def assumptions_of(protocol: Protocol) -> Assumptions:
    """What the protocol's design takes for granted. Raises Refusal where the protocol has no design."""
    design, people = protocol.design, protocol.enrollment.target
    if design is None or protocol.enrollment.accrual_months is None:
        raise Refusal(
            f"{protocol.study} {protocol.version.id} has no design to compute with.",
            "design.yaml",
            "Write design.yaml in the version's folder, and the months of accrual in enrollment.yaml.",
        )
    ratio = dict(protocol.randomization.ratio)
    control, (experimental,) = ratio.pop(design.control), ratio.values()
    length = months(design.follow_up)
    return Assumptions(
        sample_size=people,
        allocation=(control, experimental),
        accrual=((0.0, people / protocol.enrollment.accrual_months),),
        control_hazard=_control(design),
        hazard_ratio=_pieces(design.hazard_ratio),
        drift_yearly=float(design.drift_yearly),
        dropout_yearly=float(design.dropout_yearly),
        cap_months=length if design.each else None,
        after_last_months=None if design.each else length,
        detection_months=months(design.detection) if design.detection else None,
        strata=_strata(design),
        stratified_test=design.stratified,
        block_sizes=_block_sizes(protocol),
        alpha=float(design.alpha),
        sided=design.sided,
        looks=tuple(_look(one, design.events) for one in design.looks),
        efficacy=_spending(design.efficacy),
        futility=_spending(design.futility) if design.futility else None,
        binding=design.binding,
        beta=float(1 - design.power),
        planned_events=design.events,
    )


def hazard_of_median(median: float) -> float:
    """The constant monthly hazard under which half have had an event after so many months."""
    return math.log(2) / median


def months(period: Period) -> float:
    """The length of a period in months."""
    if period.unit == "days":
        return period.count / DAYS_PER_MONTH
    return period.count * (MONTHS_A_YEAR if period.unit == "years" else 1.0)


def _control(design: Design) -> Pieces:
    if design.control_median is not None:
        return ((0.0, hazard_of_median(float(design.control_median))),)
    return _pieces(design.control_hazards)


def _pieces(given: tuple[FromMonth, ...]) -> Pieces:
    return tuple((float(one.month), float(one.value)) for one in given)


def _strata(design: Design) -> tuple[Stratum, ...]:
    """Every combination of levels, the factors independent; empty where the design says nothing of them."""
    if not design.strata:
        return ()
    combined = product(*(levels.values() for levels in design.strata.values()))
    return tuple(
        Stratum(
            math.prod(float(one.share) for one in portions),
            math.prod(float(one.hazard_factor) for one in portions),
        )
        for portions in combined
    )


def _block_sizes(protocol: Protocol) -> tuple[int, ...]:
    """Each size as often as its weight says. Empty for minimization, which has no blocks."""
    sizes = protocol.randomization.block_sizes
    common = math.gcd(*sizes.values()) if sizes else 1
    return tuple(size for size, weight in sorted(sizes.items()) for _ in range(weight // common))


def _look(one: PlannedLook, events: int | None) -> Look:
    if one.complete:
        return Look(complete=True)
    if one.month is not None:
        return Look(month=float(one.month))
    if one.information is not None:
        assert events is not None  # held when the file was read
        return Look(events=math.ceil(one.information * events))
    return Look(events=one.events)


def _spending(one: Spend) -> Spending:
    return Spending(one.kind, float(one.gamma) if one.gamma is not None else None)
