"""The assumptions of a design in words, each with where it comes from: for the terminal and the page."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from evenhand.design.lengths import accrual_months, control_median
from evenhand.design.reading import assumptions_of
from evenhand.design.shape import Assumptions, Look, Pieces
from evenhand.protocol import Protocol
from evenhand.statistics.spending import Spending

_SPENDING = {
    "obrien_fleming": "O'Brien-Fleming (Lan-DeMets)",
    "pocock": "Pocock (Lan-DeMets)",
    "hwang_shih_decani": "Hwang-Shih-DeCani",
    "kim_demets": "Kim-DeMets",
    "haybittle_peto": "Haybittle-Peto",
    "fixed": "at a fixed z",
    "classical_obrien_fleming": "O'Brien-Fleming (classical)",
    "classical_pocock": "Pocock (classical)",
    "wang_tsiatis": "Wang-Tsiatis",
    "none": "nothing before the last look",
}


@dataclass(frozen=True, slots=True)
class Described:
    """One assumption. ``name`` is what ``--set`` calls it; ``changed``: it is not as the protocol has it, and its
    ``source`` and ``assumed`` are empty."""

    name: str
    label: str
    value: str
    unit: str
    source: str = ""
    assumed: str = ""
    changed: bool = False


def described(assumptions: Assumptions, protocol: Protocol | None = None) -> tuple[Described, ...]:
    """Every assumption in words; with a ``protocol`` also where it comes from, and whether it is as there."""
    return tuple(_one(row, assumptions, protocol) for row in _ROWS if row.shown(assumptions))


def said_pieces(pieces: Pieces, digits: int = 4) -> str:
    """``0.6``, or ``1 until month 6, then 0.6``."""
    values = [f"{value:.{digits}g}" for _, value in pieces]
    ends = [f" until month {month:g}" for month, _ in pieces[1:]] + [""]
    return ", then ".join(value + end for value, end in zip(values, ends, strict=True))


def said_look(look: Look) -> str:
    """When a look takes place."""
    if look.complete:
        return "when all is complete"
    return f"at {look.events} events" if look.events is not None else f"at month {look.month:g}"


def said_spending(spending: Spending | None) -> str:
    """The name of a spending function."""
    if spending is None:
        return "none"
    gamma = f", gamma {spending.gamma:g}" if spending.gamma is not None else ""
    return _SPENDING[spending.kind] + gamma


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    label: str
    said: Callable[[Assumptions], str]
    unit: str
    about: tuple[str, ...]  # whose origin in the protocol it has: the first that is there
    shown: Callable[[Assumptions], bool] = lambda _: True


def _one(row: _Row, now: Assumptions, protocol: Protocol | None) -> Described:
    value = row.said(now)
    if protocol is None:
        return Described(row.name, row.label, value, row.unit)
    planned = assumptions_of(protocol)
    if not row.shown(planned) or row.said(planned) != value:
        return Described(row.name, row.label, value, row.unit, changed=True)
    origins = {one.about: one for one in protocol.origins}
    origin = next((origins[about] for about in row.about if about in origins), None)
    source, assumed = (origin.source, origin.assumed) if origin else ("", "")
    return Described(row.name, row.label, value, row.unit, source, " ".join(assumed.split()))


def _strata(now: Assumptions) -> str:
    if not now.strata:
        return "one stratum"
    factors = {one.hazard_factor for one in now.strata}
    shares = ", ".join(f"{one.share:.3g}" for one in now.strata)
    if factors == {1.0}:
        return f"{len(now.strata)} strata of shares {shares}, alike in prognosis"
    return "; ".join(f"share {one.share:.3g} with hazard times {one.hazard_factor:.3g}" for one in now.strata)


def _drift(now: Assumptions) -> str:
    return "none" if now.drift_yearly == 1 else f"hazards times {now.drift_yearly:g} for each year before entry"


def _sided(now: Assumptions) -> str:
    return f"{now.alpha:g}, {'one' if now.sided == 1 else 'two'}-sided"


def _futility(now: Assumptions) -> str:
    if now.futility is None:
        return "none"
    return f"{said_spending(now.futility)}, {'' if now.binding else 'not '}binding"


def _median(now: Assumptions) -> str:
    median = control_median(now)
    return f"{median:.4g}" if math.isfinite(median) else "beyond all"


def _detection(now: Assumptions) -> str:
    return "at once" if now.detection_months is None else f"at visits every {now.detection_months:.4g} months"


_ROWS = (
    _Row("sample_size", "People randomized", lambda now: f"{now.sample_size}", "people", ("target",)),
    _Row("allocation", "Allocation", lambda now: ":".join(map(str, now.allocation)), "", ("allocation ratio",)),
    _Row("accrual_months", "Time of accrual", lambda now: f"{accrual_months(now):.4g}", "months", ("accrual",)),
    _Row(
        "accrual",
        "Pace",
        lambda now: said_pieces(now.accrual),
        "people a month",
        ("accrual",),
        lambda now: len(now.accrual) > 1,
    ),
    _Row(
        "cap_months",
        "Follow-up of each person, at most",
        lambda now: f"{now.cap_months:.4g}",
        "months",
        ("design follow up",),
        lambda now: now.cap_months is not None,
    ),
    _Row(
        "after_last_months",
        "Follow-up of all, after the last entry",
        lambda now: f"{now.after_last_months:.4g}",
        "months",
        ("design follow up",),
        lambda now: now.after_last_months is not None,
    ),
    _Row(
        "control_median",
        "Median of the control arm",
        _median,
        "months",
        ("design control",),
    ),
    _Row(
        "control_hazard",
        "Hazard of the control arm",
        lambda now: said_pieces(now.control_hazard),
        "a month",
        ("design control",),
        lambda now: len(now.control_hazard) > 1,
    ),
    _Row("hazard_ratio", "Hazard ratio", lambda now: said_pieces(now.hazard_ratio), "", ("design effect",)),
    _Row("drift_yearly", "Drift of the usual approach", _drift, "", ("design drift",)),
    _Row("dropout_yearly", "Drop-out", lambda now: f"{100 * now.dropout_yearly:g} %", "a year", ("design dropout",)),
    _Row("detection_months", "Progression is found", _detection, "", ("design detection",)),
    _Row("strata", "Strata", _strata, "", ("design strata",)),
    _Row(
        "stratified_test",
        "Log-rank test",
        lambda now: "stratified" if now.stratified_test else "not stratified",
        "",
        ("design primary",),
    ),
    _Row(
        "block_sizes",
        "Blocks",
        lambda now: " or ".join(map(str, now.block_sizes)) or "none",
        "people",
        ("block sizes",),
    ),
    _Row("alpha", "Type I error", _sided, "", ("design error",)),
    _Row("power", "Power wanted", lambda now: f"{1 - now.beta:.4g}", "", ("design power",)),
    _Row(
        "planned_events",
        "Events that are all the information",
        lambda now: str(now.planned_events or "as expected"),
        "events",
        ("design monitoring",),
    ),
    _Row(
        "looks", "Looks", lambda now: ", ".join(map(said_look, now.looks)), "", ("design look 1", "design monitoring")
    ),
    _Row(
        "efficacy",
        "Stopping for efficacy",
        lambda now: said_spending(now.efficacy),
        "",
        ("design efficacy", "design monitoring"),
    ),
    _Row("futility", "Stopping for futility", _futility, "", ("design futility", "design monitoring")),
)
