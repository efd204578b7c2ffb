"""The figures of efficacy: curves with numbers at risk, incidence, and the forest of subgroups."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from evenhand.analysis.efficacy.cases import Cases
from evenhand.analysis.efficacy.distant import incidences
from evenhand.analysis.efficacy.estimates import curves
from evenhand.analysis.saying import NOT
from evenhand.analysis.tables import Cell, Figure, Number, Row, Table
from evenhand.figures import ForestRow, IncidenceCurve, SurvivalCurve, forest, incidence_curves, survival_curves
from evenhand.protocol.endpoints import Endpoint
from evenhand.statistics.survival import Curve, Incidence

AXIS: Final = "months since randomization"


def survival_figure(
    found: Cases, endpoint: Endpoint, *, id: str, population: str, landmarks: Sequence[float],
    annotation: Sequence[str] = (),
) -> Figure:  # fmt: skip
    """Kaplan-Meier curves of both arms, with bands, ticks of censoring and numbers at risk."""
    both = curves(found)
    drawn = survival_curves(
        [_curve(name, one) for name, one in zip(found.arms.labels, both, strict=True)],
        prefix=id, label=endpoint.label, unit=AXIS, landmarks=tuple(landmarks), annotation=tuple(annotation),
    )  # fmt: skip
    head: tuple[Number, ...] = ("arm", "months", "at_risk", "events", "censored", "survival", "low", "high")
    rows: list[tuple[Number, ...]] = [head]
    for name, one in zip(found.arms.labels, both, strict=True):
        columns = zip(one.time, one.at_risk, one.died, one.censored, one.survival, one.low, one.high, strict=True)
        rows += ((name, *values) for values in columns)
    method = f"{found.arms.named(both[0].method)}. Ticks are censorings."
    return Figure(
        id, endpoint.label, population, method, drawn.svg, drawn.says, tuple(rows), by_arm=True, narrow=drawn.narrow
    )


def _curve(name: str, one: Curve) -> SurvivalCurve:
    steps = list(accumulate(one.died))
    return SurvivalCurve(
        name, one.time, one.survival, one.low, one.high, [time for time, _ in one.censor_marks()],
        lambda time: one.numbers_at_risk([time])[0], (one.time, steps),
    )  # fmt: skip


def incidence_figure(
    found: Cases, endpoint: Endpoint, *, id: str, population: str, landmarks: Sequence[float],
    annotation: Sequence[str] = (),
) -> Figure:  # fmt: skip
    """Cumulative incidence of the event in both arms; what competes is in the data."""
    both = incidences(found)
    named = list(zip(found.arms.labels, both, found.both(), strict=True))
    drawn = incidence_curves(
        [_incidence(name, one, part) for name, one, part in named],
        prefix=id, label="Cumulative incidence", unit=AXIS, landmarks=tuple(landmarks), annotation=tuple(annotation),
    )  # fmt: skip
    rows: list[tuple[Number, ...]] = [("arm", "months", "incidence", "low", "high")]
    for name, one, _ in named:
        rows += ((name, *values) for values in zip(one.time, one.incidence, one.low, one.high, strict=True))
    title = f"{endpoint.label}: cumulative incidence"
    return Figure(
        id,
        title,
        population,
        f"{both[0].method}.",
        drawn.svg,
        drawn.says,
        tuple(rows),
        by_arm=True,
        narrow=drawn.narrow,
    )


def _incidence(name: str, one: Incidence, part: Cases) -> IncidenceCurve:
    months = part.months
    censored = sorted(case.months for case in part.all if not case.cause)
    return IncidenceCurve(
        name, one.time, one.incidence, one.low, one.high, censored,
        lambda time: sum(known >= time for known in months),
        lambda time: sum(case.event and case.months <= time for case in part.all),
    )  # fmt: skip


def forest_figure(table: Table, endpoint: Endpoint, labels: tuple[str, str], *, id: str) -> Figure:
    """The hazard ratios of a table of subgroups."""
    rows = [_forest_row(one) for one in table.rows]
    title = f"{endpoint.label}: hazard ratio by subgroup"
    control, experimental = labels
    drawn = forest(rows, prefix=id, label="Subgroup", columns=table.head[1:3], favours=(experimental, control))
    data: list[tuple[Number, ...]] = [("row", "label", "hazard_ratio", "low", "high", "events", "people")]
    for one in table.rows:
        known = dict(one.cells[2].values) if len(one.cells) > 2 else {}
        data.append((one.id, one.label, *(known.get(name) for name in ("estimate", "low", "high", "events", "people"))))
    return Figure(id, title, table.population, table.method, drawn.svg, drawn.says, tuple(data), table.notes[:2],
                  by_arm=True, narrow=drawn.narrow)  # fmt: skip


def _forest_row(one: Row) -> ForestRow:
    counts, ratio, interaction = one.cells[:2], one.cells[2], one.cells[3]
    if not any(cell.text for cell in counts):
        known = dict(interaction.values).get("p") is not None
        label = f"{one.label} (p of interaction {interaction.text})" if known else one.label
        return ForestRow(label, indent=one.indent)
    estimate, low, high, se = (_value(ratio, name) for name in ("estimate", "low", "high", "se"))
    return ForestRow(
        one.label, estimate, low, high, ratio.text if estimate is not None else NOT,
        tuple(cell.text for cell in counts), 1 / se**2 if se else None, one.id == "all", one.indent,
    )  # fmt: skip


def _value(one: Cell, name: str) -> float | None:
    value = dict(one.values).get(name)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
