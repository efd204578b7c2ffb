"""How far the answer rests on a choice: the same comparison under every estimand, and in every population."""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.analysis.efficacy.cases import Cases
from evenhand.analysis.efficacy.comparing import hazard_cell, ratio, test
from evenhand.analysis.efficacy.counts import reached
from evenhand.analysis.saying import noted, p_cell
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.protocol.endpoints import Endpoint

Variant = tuple[str, str, Cases]
"""Id, label, and the cases of it."""


def sensitivity_table(
    variants: Iterable[Variant], endpoint: Endpoint, *, id: str, title: str, population: str, stratified: bool,
    notes: tuple[str, ...] = (),
) -> Table:  # fmt: skip
    """A row a variant: events of people in each arm, hazard ratio, two-sided p of the log-rank test."""
    known = tuple(variants)
    found = known[0][2]
    control, experimental = found.arms.labels
    head = ("", f"Events/people, {control}", f"Events/people, {experimental}", "Hazard ratio (95 % CI)",
            "Two-sided p")  # fmt: skip
    method = f"{ratio(found, stratified=stratified).method}; p: log-rank test, two-sided."
    rows = tuple(_row(*one, stratified) for one in known)
    title = f"{endpoint.label}: {title}"
    return noted(Table(id, title, population, found.arms.named(method), head, rows, notes, by_arm=True))


def _row(id: str, label: str, found: Cases, stratified: bool) -> Row:
    result = test(found, stratified=stratified)
    p = p_cell(result.test.p if result.test else None, found.arms.named(result.reason))
    model = hazard_cell(found, ratio(found, stratified=stratified))
    return row(id, label, *map(_counts, found.both()), model, p)


def _counts(part: Cases) -> Cell:
    events = sum(part.events)
    return Cell(f"{events}/{len(part.all)}", (("events", events), ("people", len(part.all))), reached(part))
