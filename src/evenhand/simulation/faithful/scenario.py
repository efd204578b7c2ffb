"""A scenario that does what a design takes for granted: who comes when, when the disease progresses, who leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product

from evenhand.design.assumptions import Assumptions, Pieces, assumptions_of
from evenhand.protocol import Protocol
from evenhand.protocol.plan.endings import Ending
from evenhand.refusal import Refusal
from evenhand.simulation.courses.sheet import (
    AfterRandomization,
    Desk,
    Hazard,
    Leaving,
    Prognosis,
    Progressing,
    Visits,
)
from evenhand.simulation.scenario import Accrual, Scenario, Signing

Levels = Mapping[str, str]
_MONTHS_A_YEAR = 12


def scenario_for(protocol: Protocol, assumptions: Assumptions, scenario: Scenario) -> Scenario:
    """The scenario's candidates, willing, with every judgement signed in their favour, in the design's circumstances.

    They come as its accrual says, the same at every site; progression has its hazards, in pieces and strata and with
    its drift; people leave at its rate, by the first way of leaving that the scenario (else the study) names; what
    happens is entered on the day. Raises Refusal where the protocol itself would have to be another one: see
    ``require_alike``.
    """
    require_alike(protocol, assumptions)
    pace = assumptions.accrual
    share = 1 / len(scenario.sites)
    after = AfterRandomization(
        assumed="the assumptions of the design",
        progression=_progressing(protocol, assumptions),
        leaving=_leaving(protocol, assumptions, scenario),
        visits=Visits(around=[0, 0]),
        desk=Desk(entry=[0, 0], signing=[0, 0], determined=[0, 0], optional=0),
    )
    return scenario.model_copy(
        update={
            "arrivals": None,
            "accrual": [
                Accrual(site=site, from_month=_exact(month), monthly=_exact(rate * share))
                for site in scenario.sites
                for month, rate in pace
            ],
            "consents": 1,
            "judgements": {name: Signing() for name in protocol.judgements},
            "after_randomization": after,
        }
    )


def require_alike(protocol: Protocol, assumptions: Assumptions) -> None:
    """What the real steps read from the protocol is what the design assumes. Raises Refusal where it is not, for then
    the files of the study are what to change: the length of follow-up, the allocation, the blocks, the strata."""
    own = assumptions_of(protocol)
    for name in ("allocation", "block_sizes", "cap_months", "after_last_months"):
        wanted, found = getattr(assumptions, name), getattr(own, name)
        if wanted != found:
            raise Refusal(
                f"{name} is {wanted} here and {found} in the protocol, whose own steps are taken",
                "faithful simulation",
                "Change the study's files, or simulate it by the fast path.",
            )
    if assumptions.after_last_months is not None:
        raise Refusal(
            "the steps follow each person for so long, not all until some months after the last entry",
            "faithful simulation",
            "Simulate it by the fast path.",
        )
    if assumptions.strata and len(assumptions.strata) != len(levels_of(protocol)):
        raise Refusal(
            f"there are {len(assumptions.strata)} strata here and {len(levels_of(protocol))} in design.yaml",
            "faithful simulation",
            "Name the shares of every stratum of design.yaml.",
        )


def levels_of(protocol: Protocol) -> tuple[Levels, ...]:
    """Every stratum by its levels, in the order of ``Assumptions.strata``; one without levels where there are none."""
    design = protocol.design
    if design is None or not design.strata:
        return ({},)
    return tuple(dict(zip(design.strata, levels, strict=True)) for levels in product(*design.strata.values()))


def _progressing(protocol: Protocol, assumptions: Assumptions) -> Progressing:
    assert protocol.design is not None  # there are assumptions
    control = protocol.design.control
    (experimental,) = (arm.id for arm in protocol.arms if arm.id != control)
    hazards = {
        control: _hazards(assumptions.control_hazard, ((0.0, 1.0),)),
        experimental: _hazards(assumptions.control_hazard, assumptions.hazard_ratio),
    }
    prognosis = [
        Prognosis(levels=dict(levels), factor=_exact(stratum.hazard_factor))
        for levels, stratum in zip(levels_of(protocol), assumptions.strata, strict=False)
        if stratum.hazard_factor != 1 and levels
    ]
    return Progressing(hazards=hazards, drift_yearly=_exact(assumptions.drift_yearly), prognosis=prognosis)


def _hazards(control: Pieces, ratio: Pieces) -> list[Hazard]:
    """The product of two piecewise values, with a piece wherever one of them changes."""
    months = sorted({month for month, _ in (*control, *ratio)})
    return [
        Hazard(from_month=_exact(month), monthly=_exact(_at(control, month) * _at(ratio, month))) for month in months
    ]


def _at(pieces: Pieces, month: float) -> float:
    return next(value for begins, value in reversed(pieces) if begins <= month)


def _exact(number: float) -> Decimal:
    return Decimal(repr(float(number)))


def _leaving(protocol: Protocol, assumptions: Assumptions, scenario: Scenario) -> list[Leaving]:
    if not assumptions.dropout_yearly:
        return []
    ending = next(iter(_ways_out(protocol, scenario)), None)
    if ending is None:
        raise Refusal(
            "nobody can leave: schedule.yaml describes no ending of follow-up by a form of disposition",
            "faithful simulation",
            "Describe one, or set dropout_yearly to 0.",
        )
    monthly = -math.log1p(-assumptions.dropout_yearly) / _MONTHS_A_YEAR
    return [Leaving(ending=ending.id, monthly=_exact(monthly), found=[0, 0])]


def _ways_out(protocol: Protocol, scenario: Scenario) -> Iterator[Ending]:
    """Endings of follow-up that a form of disposition tells, those that the scenario names first."""
    schedule = protocol.plan.schedule if protocol.plan else None
    known = schedule.endings.by_id if schedule else {}
    named = scenario.after_randomization.leaving if scenario.after_randomization else []
    for name in (*(one.ending for one in named), *known):
        ending = known.get(name)
        if ending is not None and ending.by == "disposition" and ending.ends == "follow_up" and not ending.attempts:
            yield ending
