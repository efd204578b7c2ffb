"""The design for people: a part of the rendered protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from evenhand.protocol.design import Design, FromMonth, PlannedLook, Spend
from evenhand.protocol.markdown import Lines, listed, row
from evenhand.units import Number

_SPENDING = {
    "obrien_fleming": "by the O'Brien-Fleming function of Lan and DeMets",
    "pocock": "by the Pocock function of Lan and DeMets",
    "hwang_shih_decani": "by the function of Hwang, Shih and DeCani",
    "kim_demets": "by the power function of Kim and DeMets",
    "haybittle_peto": "at a fixed bound until the last look (Haybittle and Peto; three standard errors)",
    "fixed": "at a fixed bound",
    "none": "only at the last look",
}

Labels = Mapping[str, tuple[str, Mapping[str, str]]]
"""The label of each factor of randomization, and of its levels."""


def design_lines(design: Design, labels: Labels) -> Lines:
    """What is compared, by what test, and when the data are looked at."""
    yield from ("## Statistical design", "", "| part | as designed |", "|---|---|")
    for name, said in _rows(design, labels):
        yield row(name, said)
    yield ""


def _rows(design: Design, labels: Labels) -> Iterator[tuple[str, str]]:
    strata = "stratified" if design.stratified else "not stratified"
    test = "log-rank test" if design.test == "log_rank" else design.test
    yield "Primary endpoint", f"{design.label} (`{design.endpoint}`), compared by the {test}, {strata}"
    yield "Type I error", f"{_percent(design.alpha)}, {'one' if design.sided == 1 else 'two'}-sided"
    yield "Power wanted", _percent(design.power)
    yield "Follow-up", _follow_up(design)
    yield "Control arm", _control(design)
    yield "Hazard ratio", _pieces(design.hazard_ratio)
    yield "Drop-out", f"{_percent(design.dropout_yearly)} a year"
    yield (
        "Drift of the hazards",
        "none" if design.drift_yearly == 1 else f"times {design.drift_yearly} a year of accrual",
    )
    yield "Progression is found", f"at visits every {design.detection}" if design.detection else "at once"
    for factor, levels in design.strata.items():
        label, of = labels[factor]
        yield label, "; ".join(f"{of[name]} {_portion(one.share, one.hazard_factor)}" for name, one in levels.items())
    yield "Looks", listed([_look(look, design.events) for look in design.looks])
    yield "Stopping for efficacy", _spending(design.efficacy)
    yield "Stopping for futility", _futility(design)


def _follow_up(design: Design) -> str:
    return f"{design.follow_up} {'for each person' if design.each else 'after the last entry, for everybody'}"


def _control(design: Design) -> str:
    if design.control_median is not None:
        return f"`{design.control}`: median {design.control_median} months, at a constant hazard"
    return f"`{design.control}`: hazard a month {_pieces(design.control_hazards)}"


def _pieces(pieces: tuple[FromMonth, ...]) -> str:
    ends = [f" until month {piece.month}" for piece in pieces[1:]] + [""]
    return ", then ".join(f"{piece.value}{end}" for piece, end in zip(pieces, ends, strict=True))


def _portion(share: Number, factor: Number) -> str:
    return _percent(share) if factor == 1 else f"{_percent(share)} (hazards times {factor})"


def _look(look: PlannedLook, events: int | None) -> str:
    if look.complete:
        return "when nobody is followed any more"
    if look.month is not None:
        return f"at month {look.month} since the start"
    if look.information is not None:
        return f"at {_percent(look.information)} of {events} events"
    return f"at {look.events} events"


def _spending(spend: Spend) -> str:
    gamma = f", gamma {spend.gamma}" if spend.gamma is not None else ""
    return _SPENDING[spend.kind] + gamma


def _futility(design: Design) -> str:
    if design.futility is None:
        return "none"
    return f"{_spending(design.futility)}, {'' if design.binding else 'not '}binding"


def _percent(share: Number) -> str:
    return f"{(Decimal(share) * 100).normalize():f} %"
