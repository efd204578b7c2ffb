"""What an interim look says: how much information there is, where the bounds stand, and what the end may bring.

For the closed session of a safety board. A bound is a rule of the design; whether to stop is the board's decision.
Between looks no arm is tested against the other here, and the section says first that nothing is decided on the numbers
of the report. They stay in it, for the board may need them to judge safety. That is our proposal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.arms import Arms, arms_of
from evenhand.analysis.efficacy.cases import Cases, cases
from evenhand.analysis.efficacy.comparing import hazard_cell, ratio, test
from evenhand.analysis.efficacy.counts import reached
from evenhand.analysis.efficacy.crossing import crossed_by
from evenhand.analysis.efficacy.look_words import after_said, between_said, looks_said, planned_when
from evenhand.analysis.efficacy.looks import (
    Standing,
    bounds_after,
    bounds_before,
    bounds_now,
    bounds_to_the_end,
    standing,
)
from evenhand.analysis.efficacy.plan import no_arms, population_text, primary_of
from evenhand.analysis.outcome import said
from evenhand.analysis.saying import EMPTY, cell, fixed, noted, p_cell, refused
from evenhand.analysis.tables import Cell, Row, Section, Table, row
from evenhand.design import Assumptions, assumptions_of
from evenhand.design.describing import said_spending
from evenhand.design.looking import planned_bounds, ratio_of
from evenhand.protocol.endpoints import Endpoint
from evenhand.refusal import Refusal
from evenhand.statistics.boundaries import Bounds
from evenhand.statistics.monitoring import Interim, conditional_power, predictive_power
from evenhand.statistics.survival import Comparison

HELD = ", held before"
_ID, _TITLE = "interim", "Interim analysis"


def interim_section(analysis: Analysis, *, earlier: Sequence[float] | None = None, last: bool | None = None) -> Section:
    """The look at this cut. ``earlier``: the events at the looks that were held before; None takes those that the
    record has, and where it has none those that the design planned. ``last``: whether this is the final look; None
    reads it from the record."""
    arms, endpoint = arms_of(analysis.protocol), primary_of(analysis)
    if arms is None:
        return Section(_ID, _TITLE, (no_arms(analysis),))
    if endpoint is None or analysis.protocol.design is None:
        return Section(_ID, _TITLE, ("The study has no design with a primary endpoint, so that no look is planned.",))
    try:
        now = assumptions_of(analysis.protocol)
        found = cases(analysis, arms, endpoint.id)
        at = standing(analysis, found, now, earlier, last)
    except Refusal as error:
        return Section(_ID, _TITLE, (str(error),))
    if at.stage == "before" or at.events == 0:
        return Section(_ID, _TITLE, _before(at, now, endpoint), (_planned_table(analysis, at, now, endpoint),))
    if at.stage == "between":
        says = (between_said(at, now), f"{endpoint.label}: {_information(at)}.", *looks_said(at, now))
        return Section(_ID, _TITLE, says, _between(analysis, at, now, endpoint))
    if at.stage == "after" and at.final is not None:
        says = (after_said(at.final), f"{endpoint.label}: {_information(at)}.", *looks_said(at, now))
        return Section(_ID, _TITLE, says, _after(analysis, at, now, endpoint))
    return _held(analysis, found, at, now, endpoint)


def _before(at: Standing, now: Assumptions, endpoint: Endpoint) -> tuple[str, ...]:
    return (
        f"{endpoint.label}: {_information(at)}.",
        f"No look is due at this cut: the first is planned {planned_when(now.looks[0])}. So no bound applies "
        "yet, and no decision is taken on these numbers, nor on a p-value that stands further on.",
    )


def _between(analysis: Analysis, at: Standing, now: Assumptions, endpoint: Endpoint) -> tuple[Table, ...]:
    """The looks that were held, and those to come; without the latter where no bounds can be found for them."""
    labels = [*_labels_before(at), *_labels_ahead(at)]
    try:
        rows = _look_rows(bounds_to_the_end(at, now), labels, at, now)
    except ValueError:
        try:
            rows = _look_rows(bounds_before(at, now), _labels_before(at), at, now)
        except (ValueError, Refusal):
            return ()
    return (_looks_table(analysis, tuple(rows), at, now, endpoint),)


def _after(analysis: Analysis, at: Standing, now: Assumptions, endpoint: Endpoint) -> tuple[Table, ...]:
    """The looks as they were held, the final analysis the last of them."""
    made = "" if at.final is None else f", made {said(at.final.made)}"
    try:
        rows = _look_rows(bounds_after(at, now), [*_labels_before(at), f"Final analysis{made}"], at, now)
    except (ValueError, Refusal):
        return ()
    return (_looks_table(analysis, tuple(rows), at, now, endpoint),)


def _information(at: Standing) -> str:
    return f"{at.events} of {at.planned:.4g} planned events, an information fraction of {at.information:.2f}"


def _planned_table(analysis: Analysis, at: Standing, now: Assumptions, endpoint: Endpoint) -> Table:
    try:
        bounds = planned_bounds(now)
    except Refusal as error:
        nothing = refused(str(error).rstrip("."))
        rows: tuple[Row, ...] = (row("look_1", "Look 1", EMPTY, EMPTY, nothing, EMPTY, EMPTY, EMPTY),)
    else:
        labels = [f"Look {number}, as planned" for number in range(1, len(now.looks) + 1)]
        rows = tuple(_look_rows(bounds, labels, at, now))
    return _looks_table(analysis, rows, at, now, endpoint)


def _held(analysis: Analysis, found: Cases, at: Standing, now: Assumptions, endpoint: Endpoint) -> Section:
    try:
        bounds = bounds_now(at, now)
    except (ValueError, Refusal) as error:
        why = f"There is no bound for this look: {str(error).rstrip('.')}."
        return Section(_ID, _TITLE, (f"{endpoint.label}: {_information(at)}.", why, *looks_said(at, now)))
    result = test(found, stratified=now.stratified_test)
    named = f"{_named(at)} on {endpoint.label.lower()}: {_information(at)}."
    says = (named, _verdict(result, bounds, at, found.arms), *looks_said(at, now))
    parts = (_bounds_table(analysis, at, now, endpoint, bounds),
             _result_table(analysis, found, at, now, endpoint, result, bounds))  # fmt: skip
    return Section(_ID, _TITLE, says, parts)


def _named(at: Standing) -> str:
    return f"Final look ({at.number} of {at.looks})" if at.stage == "last" else f"Look {at.number} of {at.looks}"


def _verdict(result: Comparison, bounds: Bounds, at: Standing, arms: Arms) -> str:
    """What the boundary says, in a sentence."""
    if result.z is None:
        return f"The test cannot be made: {arms.named(result.reason)}."
    z, upper, lower = result.z, bounds.efficacy[-1], bounds.lower[-1]
    told = f"The observed z of {fixed(z, 2)}"
    bound = crossed_by(z, bounds)
    if bound == "efficacy":
        crossed = (
            f"{told} reaches the efficacy bound of {fixed(upper, 2)}: {arms.labels[1]} is better by the design's test"
        )
        return f"{crossed}. " + ("The trial has shown it." if at.stage == "last" else _DECIDES)
    if bound in ("futility", "other side") and at.stage != "last":
        which = "bound on the other side" if bounds.futility is None else "futility bound"
        binding = "" if bounds.futility is None or bounds.binding else " The bound is not binding."
        return f"{told} is at or below the {which} of {fixed(lower, 2)}.{binding} {_DECIDES}"
    if at.stage == "last":
        shown = f"a difference in favour of {arms.labels[1]}"
        return f"{told} does not reach the efficacy bound of {fixed(upper, 2)}: the trial has not shown {shown}."
    return f"{told} does not reach the efficacy bound of {fixed(upper, 2)}: by the design the trial goes on."


_DECIDES = "The bound is a rule of the design; the board decides."


def _bounds_table(analysis: Analysis, at: Standing, now: Assumptions, endpoint: Endpoint, bounds: Bounds) -> Table:
    """The looks so far with their bounds, then those to come, each at the information it had or will have."""
    labels = [*_labels_before(at), f"{_named(at)}, now"]
    rows = list(_look_rows(bounds, labels, at, now))
    if at.stage != "last":
        try:
            ahead = bounds_to_the_end(at, now)
        except ValueError:
            return _looks_table(analysis, tuple(rows), at, now, endpoint)
        rows += list(_look_rows(ahead, [*labels, *_labels_ahead(at)], at, now))[len(labels) :]
    return _looks_table(analysis, tuple(rows), at, now, endpoint)


def _labels_before(at: Standing) -> list[str]:
    if at.held:
        return [f"Look {one.number}, held {said(one.held)}" for one in at.held]
    return [f"Look {number}{HELD}" for number in range(1, len(at.earlier) + 1)]


def _labels_ahead(at: Standing) -> list[str]:
    coming = [f"Look {at.number + place}, planned" for place in range(1, len(at.later) + 1)]
    return [*coming, f"Look {at.looks}, planned"]


def _look_rows(bounds: Bounds, labels: Sequence[str], at: Standing, now: Assumptions) -> list[Row]:
    rows = []
    for place, label in enumerate(labels):
        share, z = bounds.information[place], bounds.efficacy[place]
        events = share * at.planned
        lower = bounds.lower[place]
        rows.append(row(
            f"look_{place + 1}", label,
            cell(f"{events:.4g}", {"events": events}),
            cell(fixed(share, 2), {"information": share}),
            cell(fixed(z, 2), {"z": z}),
            cell(fixed(bounds.nominal[place], 4), {"p": bounds.nominal[place]}),
            _ratio_at(z, events, now),
            cell(fixed(bounds.alpha_spent[place], 4), {"alpha_spent": bounds.alpha_spent[place]}),
            cell(fixed(lower, 2), {"z": lower}) if math.isfinite(lower) else cell("none", {}),
        ))  # fmt: skip
    return rows


def _ratio_at(z: float, events: float, now: Assumptions) -> Cell:
    """The hazard ratio that a bound stands for, by Schoenfeld."""
    value = ratio_of(z, events, now)
    return cell(fixed(value, 2), {"hazard_ratio": value})


def _looks_table(
    analysis: Analysis, rows: tuple[Row, ...], at: Standing, now: Assumptions, endpoint: Endpoint
) -> Table:  # fmt: skip
    sides = f"{'one' if now.sided == 1 else 'two'}-sided {100 * now.alpha:g} %"
    below = "Other side, z" if now.sided == 2 else "Futility bound, z"
    head = ("", "Events", "Information", "Efficacy bound, z", "Nominal p", "Hazard ratio at the bound", "Error spent",
            below)  # fmt: skip
    method = (
        f"Group-sequential bounds at {sides}; efficacy: {said_spending(now.efficacy)}, futility: "
        f"{said_spending(now.futility)}. Error is spent by the events observed, as a share of the planned (Lan and "
        "DeMets 1983); the hazard ratio at a bound is by Schoenfeld's formula."
    )
    assumed = "An earlier look counts as held with the events planned for it, for the record does not say when one was."
    notes = (assumed,) if at.assumed and at.earlier else ()
    if at.held:
        notes = ("A look that was held counts with the events at its data cut, as the record has them.",)
    return Table("interim_looks", f"{endpoint.label}: looks and bounds", population_text(analysis, None), method, head,
                 rows, notes, by_arm=True)  # fmt: skip


def _result_table(
    analysis: Analysis, found: Cases, at: Standing, now: Assumptions, endpoint: Endpoint, result: Comparison,
    bounds: Bounds,
) -> Table:  # fmt: skip
    control, experimental = found.arms.labels
    reason = found.arms.named(result.reason)
    upper = bounds.efficacy[-1]
    z = refused(reason) if result.z is None else cell(fixed(result.z, 2), {"z": result.z})
    rows = (
        *(row(f"events_{place}", f"Events, {label}", _events(part))
          for place, (label, part) in enumerate(zip(found.arms.labels, found.both(), strict=True))),
        row("information", "Information fraction", cell(fixed(at.information, 2), {"information": at.information})),
        row("z", "Observed z (log-rank)", z),
        row("p_one_sided", "One-sided p", p_cell(result.p_better, reason)),
        row("bound", "Efficacy bound, z", cell(fixed(upper, 2), {"z": upper})),
        row("hazard_ratio", "Hazard ratio (95 % CI)",
            hazard_cell(found, ratio(found, stratified=now.stratified_test))),
        *_powers(result, at, now),
    )  # fmt: skip
    method = (
        f"{result.method}; {ratio(found, stratified=now.stratified_test).method}. Conditional power (Lan, Simon and "
        "Halperin 1982) is the probability to cross the final bound given the data so far; predictive power "
        "(Spiegelhalter, Freedman and Blackburn 1986) averages it over what the data leave possible, with a flat prior."
    )
    notes = (f"z above 0 speaks for {experimental}, below 0 for {control}. The interval is not adjusted for looks.",)
    return noted(Table("interim_result", f"{endpoint.label}: result at this look", population_text(analysis, None),
                       found.arms.named(method), ("", "At this look"), rows, notes, by_arm=True))  # fmt: skip


def _events(part: Cases) -> Cell:
    many = sum(part.events)
    return Cell(f"{many} of {len(part.all)}", (("events", many), ("people", len(part.all))), reached(part))


def _powers(result: Comparison, at: Standing, now: Assumptions) -> tuple[Row, ...]:
    """What the end may bring: under the trend so far, the design's effect, no effect, and averaged."""
    if at.stage == "last" or result.z is None or at.planned <= at.events:
        return ()
    try:
        critical = bounds_to_the_end(at, now).efficacy[-1]
    except ValueError as error:
        return (row("power", "Conditional power", refused(str(error))),)
    look = Interim(result.z, at.events, now.allocation)
    effects: list[tuple[str, str, float | None]] = [
        ("power_trend", "Conditional power if the trend so far goes on", None)
    ]
    if len(now.hazard_ratio) == 1:
        effect = now.hazard_ratio[0][1]
        effects.append(("power_design", f"Conditional power under the design's hazard ratio of {effect:g}", effect))
    effects.append(("power_none", "Conditional power if there is no effect from here on", 1.0))
    rows = [
        row(id, label, _power(conditional_power(look, at.planned, critical, effect))) for id, label, effect in effects
    ]
    predicted = predictive_power(look, at.planned, critical)
    return (*rows, row("power_predictive", "Predictive power", _power(predicted)))


def _power(value: float) -> Cell:
    return cell(f"{fixed(100 * value, 1)} %", {"power": value})
