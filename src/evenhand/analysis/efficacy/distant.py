"""A failure that others keep from happening: cumulative incidence by arm, Gray's test, the cause-specific hazard."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.analysis.efficacy.cases import Cases
from evenhand.analysis.efficacy.comparing import hazard_cell, ratio
from evenhand.analysis.saying import EMPTY, capital, cell, fixed, noted, p_cell, refused, share_cell
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.protocol.endpoints import Endpoint
from evenhand.statistics.survival import Incidence, cumulative_incidence, gray_test

EVENT, COMPETING = 1, 2


def incidences(found: Cases, of: int = EVENT) -> tuple[Incidence, Incidence]:
    """The incidence of a cause in the control and the experimental arm."""
    control, experimental = (cumulative_incidence(part.months, part.causes, of) for part in found.both())
    return control, experimental


def incidence_table(
    found: Cases, endpoint: Endpoint, *, id: str, population: str, landmarks: Sequence[float]
) -> Table:  # fmt: skip
    """Incidence of the event and of what competes with it at each landmark (months), and the comparisons."""
    control, experimental = found.arms.labels
    rows: list[Row] = []
    for of, name, word in ((EVENT, "event", "Incidence"), (COMPETING, "competing", "Incidence of a competing event")):
        both = incidences(found, of)
        rows += (
            row(f"{name}_{at:g}", f"{word} at {at:g} months (95 % CI)", *(_at(one, at) for one in both), EMPTY, EMPTY)
            for at in landmarks
        )
    rows += (_gray(found), _cause_specific(found))
    method = "; ".join((
        incidences(found)[0].method,
        gray_test([], [], [], EVENT).method,
        "cause-specific hazard ratio: people with a competing event are censored at it; "
        + ratio(found, stratified=False).method,
    ))  # fmt: skip
    head = ("", control, experimental, "Comparison", "Two-sided p")
    title = f"{endpoint.label}: cumulative incidence"
    table = Table(id, title, population, f"{capital(found.arms.named(method))}.", head, tuple(rows), by_arm=True)
    return noted(table)


def _at(curve: Incidence, at: float) -> Cell:
    here = curve.at(at)
    return share_cell(here.incidence, here.low, here.high, here.reason)


def _gray(found: Cases) -> Row:
    result = gray_test(found.months, found.causes, found.arm, EVENT)
    label = "Gray's test of the incidence of the event"
    reason = found.arms.named(result.reason)
    if result.test is None:
        return row("gray", label, EMPTY, EMPTY, refused(reason), refused(reason))
    shown = cell(f"chi-square = {fixed(result.test.statistic, 2)}", {"chi_square": result.test.statistic})
    return row("gray", label, EMPTY, EMPTY, shown, p_cell(result.test.p))


def _cause_specific(found: Cases) -> Row:
    model = ratio(found, stratified=False)
    p = p_cell(model.terms[0].p) if model.terms else refused(found.arms.named(model.reason))
    return row("cause_specific", "Cause-specific hazard ratio (95 % CI)", EMPTY, EMPTY, hazard_cell(found, model), p)
