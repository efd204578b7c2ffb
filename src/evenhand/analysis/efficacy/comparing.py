"""The arms compared: log-rank tests, Cox models, and whether hazards stay proportional."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evenhand.analysis.efficacy.cases import Cases
from evenhand.analysis.saying import EMPTY, capital, cell, fixed, noted, p_cell, p_text, ratio_cell, refused
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.protocol.endpoints import Endpoint
from evenhand.statistics.survival import Comparison, Cox, hazard_ratio, log_rank, proportional_hazards


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Covariates beside the arm: by name, a value a case. ``say`` names those planned; ``alike``: those in which nobody
    differs, which are left out. ``kept`` are the cases that have them all, ``left_out`` is how many lack one."""

    covariates: Mapping[str, Sequence[float]]
    kept: Cases
    say: str
    left_out: int = 0
    alike: tuple[str, ...] = ()


def strata_of(found: Cases, stratified: bool) -> list[str] | None:
    """The strata of a stratified analysis; None for a plain one, and where the randomization had none."""
    return found.strata if stratified and found.stratified else None


def ratio(found: Cases, *, stratified: bool) -> Cox:
    """The hazard ratio, experimental over control."""
    return hazard_ratio(found.months, found.events, found.arm, strata_of(found, stratified))


def test(found: Cases, *, stratified: bool) -> Comparison:
    """The log-rank test; z above 0 speaks for the experimental arm."""
    return log_rank(found.months, found.events, found.arm, strata_of(found, stratified))


def hazard_cell(found: Cases, model: Cox) -> Cell:
    """The hazard ratio of the arm with its interval; where the model has none, why."""
    reason = found.arms.named(model.reason).replace("the hazard ratio of arm", "the hazard ratio")
    reason = reason.removeprefix("arm ") if reason.startswith("arm is") else reason
    if not model.terms:
        return refused(reason, {"people": model.people, "events": model.events})
    arm = model.terms[0]
    return ratio_cell(
        arm.hazard_ratio, arm.low, arm.high, arm.reason, coefficient=arm.coefficient, se=arm.se, p=arm.p,
        people=model.people, events=model.events,
    )  # fmt: skip


def comparison_table(
    found: Cases,
    endpoint: Endpoint,
    *,
    id: str,
    population: str,
    stratified: bool,
    sided: int,
    adjusted: Adjustment | None,
) -> Table:
    """All comparisons; ``stratified`` and ``sided`` as the design has its test. ``adjusted`` None: no such model."""
    control, experimental = found.arms.labels
    rows = (
        *(_test_row(found, one, one is stratified) for one in _order(found, stratified)),
        *(_ratio_row(found, one, one is stratified) for one in _order(found, stratified)),
        *([_adjusted_row(adjusted)] if adjusted is not None else []),
        _proportional_row(found, stratified),
    )
    sides = "one-sided" if sided == 1 else "two-sided"  # as alpha is stated
    which = "stratified as at randomization" if stratified and found.stratified else "not stratified"
    notes = (
        f"The design tests by the log-rank test, {which}, {sides}; the other rows are supportive.",
        f"A hazard ratio below 1, and a z above 0, speak for {experimental}. The one-sided p is of the "
        f"alternative that {experimental} is better than {control}.",
        *_about(adjusted),
    )
    head = ("", "Estimate (95 % CI)", "One-sided p", "Two-sided p")
    table = Table(id, f"{endpoint.label}: comparison of the arms", population, _method(found, adjusted), head, rows,
                  notes, by_arm=True)  # fmt: skip
    return noted(table)


def _about(adjusted: Adjustment | None) -> Iterator[str]:
    """What the adjusted model had to leave out, or why there is none."""
    if adjusted is None:
        yield "The protocol names no covariates for this endpoint, so there is no adjusted model."
        return
    if adjusted.left_out:
        yield f"The adjusted model leaves out {adjusted.left_out} in whom a covariate is not recorded."
    if adjusted.alike and adjusted.kept.all:
        yield f"Not in the adjusted model, for everybody is alike: {', '.join(adjusted.alike)}."


def _order(found: Cases, stratified: bool) -> tuple[bool, ...]:
    """The analysis of the design first; one alone where there are no strata."""
    return (stratified, not stratified) if found.stratified else (False,)


def _named(stratified: bool, primary: bool) -> str:
    return ("stratified" if stratified else "not stratified") + (", as designed" if primary else "")


def _test_row(found: Cases, stratified: bool, primary: bool) -> Row:
    result = test(found, stratified=stratified)
    id, label = f"log_rank{'_stratified' if stratified else ''}", f"Log-rank test ({_named(stratified, primary)})"
    if result.z is None or result.p_better is None or result.test is None:
        nothing = refused(found.arms.named(result.reason))
        return row(id, label, nothing, nothing, nothing)
    values = {
        "z": result.z, "chi_square": result.test.statistic, "variance": result.variance,
        "observed_control": result.observed[0], "observed_experimental": result.observed[1],
        "expected_control": result.expected[0], "expected_experimental": result.expected[1],
    }  # fmt: skip
    shown = cell(f"z = {fixed(result.z, 2)}", values)
    return row(id, label, shown, p_cell(result.p_better), p_cell(result.test.p))


def _ratio_row(found: Cases, stratified: bool, primary: bool) -> Row:
    id = f"cox{'_stratified' if stratified else ''}"
    return _model_row(found, ratio(found, stratified=stratified), id,
                      f"Hazard ratio, Cox model ({_named(stratified, primary)})")  # fmt: skip


def _adjusted_row(adjusted: Adjustment) -> Row:
    kept = adjusted.kept
    model = hazard_ratio(kept.months, kept.events, kept.arm, adjusted_for=adjusted.covariates)
    return _model_row(kept, model, "cox_adjusted", f"Hazard ratio, Cox model adjusted for {adjusted.say}")


def _model_row(found: Cases, model: Cox, id: str, label: str) -> Row:
    shown = hazard_cell(found, model)
    p = p_cell(model.terms[0].p) if model.terms else refused(found.arms.named(model.reason))
    return row(id, label, shown, EMPTY, p)


def _proportional_row(found: Cases, stratified: bool) -> Row:
    label = "Test of proportional hazards"
    result = proportional_hazards(
        found.months, found.events, {"arm": found.arm}, strata_of(found, stratified)
    )  # fmt: skip
    if result.together is None:
        nothing = refused(found.arms.named(result.reason))
        return row("proportional_hazards", label, nothing, EMPTY, nothing)
    known = result.together
    shown = cell(f"chi-square = {fixed(known.statistic, 2)}", {"chi_square": known.statistic, "df": known.df})
    return row("proportional_hazards", label, shown, EMPTY, cell(p_text(known.p), {"p": known.p}))


def _method(found: Cases, adjusted: Adjustment | None) -> str:
    plain, strata = test(found, stratified=False), test(found, stratified=True)
    parts = [plain.method]
    if found.stratified:
        parts.append(f"stratified by the levels at randomization ({strata.strata} strata)")
    parts.append(ratio(found, stratified=False).method)
    if adjusted is not None:
        parts.append(f"adjusted for {adjusted.say}, as planned by the protocol")
    parts.append(proportional_hazards(found.months, found.events, {"arm": found.arm}).method)
    return capital(found.arms.named("; ".join(parts))) + "."
