"""What the curves say: median, landmarks and restricted mean of each arm, and their differences."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.analysis.efficacy.cases import Cases
from evenhand.analysis.saying import (
    EMPTY,
    cell,
    difference_cell,
    fixed,
    interval_text,
    noted,
    refused,
    share_cell,
)
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.protocol.endpoints import Endpoint
from evenhand.statistics.survival import (
    Curve,
    RestrictedMean,
    kaplan_meier,
    quantile_of,
    restricted_mean,
    restricted_mean_difference,
    survival_difference,
)

_OPEN = "not reached"


def curves(found: Cases) -> tuple[Curve, Curve]:
    """The Kaplan-Meier curves of the control and the experimental arm."""
    control, experimental = (kaplan_meier(part.months, part.events) for part in found.both())
    return control, experimental


def estimates_table(
    found: Cases,
    endpoint: Endpoint,
    *,
    id: str,
    population: str,
    landmarks: Sequence[float],
    horizon: float | None,
    compared: bool = True,
) -> Table:
    """Median, landmarks (months) and restricted mean up to ``horizon`` (months); ``compared`` adds the differences."""
    control, experimental = found.arms.labels
    head = ("", control, experimental, *(("Difference (95 % CI)",) if compared else ()))
    both, extra = curves(found), (EMPTY,) if compared else ()
    rows = [
        row("median", "Median, months (95 % CI)", *map(_median, both), *extra),
        row("follow_up", "Median follow-up, months (95 % CI)", *map(_followed, found.both()), *extra),
        *(_landmark(found, both, at, compared) for at in landmarks),
    ]
    methods = [both[0].method, f"median: {quantile_of(both[0]).method}"]
    methods.append("median follow-up: the same with events and censorings exchanged (reverse Kaplan-Meier)")
    if compared and landmarks:
        methods.append(survival_difference([], [], [], landmarks[0]).method)
    if horizon is not None:
        means, method = _means(found, horizon, compared)
        rows += means
        methods.append(method)
    method = found.arms.named("; ".join(methods))
    units = ("Differences of shares are in percentage points, those of means in months.",) if compared else ()
    return noted(
        Table(id, f"{endpoint.label}: estimates", population, f"{method}.", head, tuple(rows), units, by_arm=True)
    )  # fmt: skip


def _median(curve: Curve) -> Cell:
    found = quantile_of(curve)
    if found.time is None:
        text = _OPEN if not curve.reason else None
        low = {"low": found.low} if found.low is not None else {}
        if text is None:
            return refused(found.reason)
        low_text = f" ({fixed(found.low, 1)} to {_OPEN})" if found.low is not None else ""
        return cell(text + low_text, low, reason=found.reason)
    low_text, high_text = (_OPEN if one is None else fixed(one, 1) for one in (found.low, found.high))
    text = interval_text(fixed(found.time, 1), low_text, high_text)
    return cell(text, {"estimate": found.time, "low": found.low, "high": found.high}, reason=found.reason)


def _followed(part: Cases) -> Cell:
    """Schemper and Smith, Controlled Clinical Trials 1996;17:343-346."""
    return _median(kaplan_meier(part.months, [1 - one for one in part.events]))


def _landmark(found: Cases, both: tuple[Curve, Curve], at: float, compared: bool) -> Row:
    cells = []
    for curve in both:
        here = curve.at(at)
        counted = {"at_risk": here.at_risk, "events": here.events}
        cells.append(share_cell(here.survival, here.low, here.high, here.reason, **counted))
    if compared:
        apart = survival_difference(found.months, found.events, found.arm, at)
        reason = found.arms.named(apart.reason)
        more = {"p": apart.p} if apart.p is not None else {}
        cells.append(difference_cell(apart.difference, apart.low, apart.high, reason, 100, **more))
    return row(f"at_{at:g}", f"Free of the event at {at:g} months (95 % CI)", *cells)


def _means(found: Cases, horizon: float, compared: bool) -> tuple[list[Row], str]:
    """The restricted mean at the horizon of the protocol; where it is not known so far, at the longest that is."""
    apart = restricted_mean_difference(found.months, found.events, found.arm, horizon)
    rows = [_mean(found, apart.horizon, compared, "rmst", "")]
    shorter = _known(found)
    if None in (one.mean for one in apart.arms) and shorter is not None and 0 < shorter < horizon:
        rows.append(_mean(found, shorter, compared, "rmst_shorter", ", the longest that both arms were followed"))
    return rows, f"restricted mean: {apart.method}"


def _mean(found: Cases, horizon: float, compared: bool, id: str, which: str) -> Row:
    apart = restricted_mean_difference(found.months, found.events, found.arm, horizon)
    cells = [_mean_cell(one) for one in apart.arms]
    if compared:
        reason = found.arms.named(apart.reason)
        more = {"p": apart.p} if apart.p is not None else {}
        cells.append(difference_cell(apart.difference, apart.low, apart.high, reason, **more))
    return row(id, f"Mean time free of the event up to {horizon:.4g} months{which}, months (95 % CI)", *cells)


def _mean_cell(one: RestrictedMean) -> Cell:
    if one.mean is None:
        return refused(one.reason, {"horizon": one.horizon})
    return difference_cell(one.mean, one.low, one.high, one.reason, horizon=one.horizon)


def _known(found: Cases) -> float | None:
    """Up to when the curves of both arms are known, in months: a horizon that the data chose, which is then said."""
    until = []
    for part in found.both():
        if not part.all:
            return None
        last = max(part.months)
        if restricted_mean(part.months, part.events, last * 2).mean is None:  # the curve does not come down to 0
            until.append(last)
    return min(until, default=None)
