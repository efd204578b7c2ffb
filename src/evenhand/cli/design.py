"""``evenhand design``: what the trial is designed to show, what it takes for granted, and what it can detect."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from evenhand.cli.console import columns, console, plain, print_json
from evenhand.design.around import Around, Convention, around
from evenhand.design.assumptions import Assumptions, Described, assumptions_of, described, varied
from evenhand.design.describing import said_look, said_spending
from evenhand.design.operating import Designed, designed
from evenhand.protocol import Protocol, find_study, load_protocol
from evenhand.refusal import Refusal

METHODS = {
    "schoenfeld": "by Schoenfeld's formula",
    "log_rank": "by the expected log-rank test",
}


def run(options: Namespace) -> int:
    """Print the design."""
    protocol = load_protocol(find_study(options.study), options.protocol_version)
    assumptions = varied(assumptions_of(protocol), settings(options.set))
    found, tables = designed(assumptions), around(assumptions)
    told = described(assumptions, protocol)
    if options.json:
        print_json(_json(protocol, found, tables, told))
    else:
        _show(protocol, found, tables, told)
    return 0


def settings(given: list[str]) -> dict[str, str]:
    """``name=value`` from the command line. Raises Refusal for anything else, and for a name that stands twice."""
    said: dict[str, str] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name in said:
            fault = f"{name} is set twice." if name in said else f"{one!r} sets nothing."
            raise Refusal(fault, "--set", "Write name=value, each name once, such as control_median=24.")
        said[name] = value
    return said


def _show(protocol: Protocol, found: Designed, tables: Around, told: tuple[Described, ...]) -> None:
    out = console()
    out.print(f"[b]{plain(protocol.title)}[/b]")
    out.print(f"{protocol.study} {protocol.version.id}, digest {protocol.digest[:16]}...")
    out.print()
    for line in _words(protocol, found):
        out.print(line, markup=False)
    _show_assumptions(out, told)
    _show_looks(out, found)
    _show_detectable(out, tables, found.assumptions)
    _show_conventions(out, tables.conventions)


def _words(protocol: Protocol, found: Designed) -> list[str]:
    """The design in a few sentences."""
    now, (control, experimental) = found.assumptions, found.complete.events
    label = protocol.design.label if protocol.design else "The endpoint"
    labels = [arm.label for arm in protocol.arms]
    if protocol.design and protocol.arms[0].id != protocol.design.control:
        labels.reverse()
    return [
        f"{plain(label)} of {now.sample_size} people, {':'.join(map(str, now.allocation))}, is compared by the "
        f"{'stratified ' if now.stratified_test else ''}log-rank test at {now.alpha:g}, "
        f"{'one' if now.sided == 1 else 'two'}-sided.",
        f"Power {_percent(found.power)} {METHODS[found.method]}"
        + (f" ({_percent(found.power_log_rank)} {METHODS['log_rank']})" if found.method == "schoenfeld" else "")
        + f"; type I error {_percent(found.type_one, 2)}.",
        f"Expected: the last entry at month {found.accrual_months:.1f}, the end of follow-up at month "
        f"{found.completion_month:.1f} with {control + experimental:.1f} events: {control:.1f} in the arm "
        f"{plain(labels[0])}, {experimental:.1f} in the arm {plain(labels[1])}.",
        f"With stopping: {found.events:.1f} events and {found.months:.1f} months on average.",
    ]


def _show_assumptions(out: Console, told: tuple[Described, ...]) -> None:
    out.print("\n[b]Assumptions[/b], and where each comes from")
    table = columns(26, 22, None)
    for one in told:
        table.add_row(
            plain(one.label), plain(f"{one.value} {one.unit}".strip()), plain(_origin(one)), style=_style(one)
        )
    out.print(table)


def _style(one: Described) -> str:
    return "yellow" if one.changed else ""


def _origin(one: Described) -> str:
    if one.changed:
        return f"set here ({one.name}); the protocol says otherwise"
    said = [f"Source: {one.source}." if one.source else "", f"Assumed: {one.assumed}" if one.assumed else ""]
    return " ".join(part for part in said if part) or "the protocol"


def _show_looks(out: Console, found: Designed) -> None:
    now = found.assumptions
    spending = f"efficacy {said_spending(now.efficacy)}, futility {said_spending(now.futility)}"
    out.print(f"\n[b]Looks[/b]: {plain(spending)}")
    table = _table("look", "events", "share", "month", "in", "z", "p", "ratio", "alpha spent", "stops", "if no effect")
    for place, look in enumerate(found.looks, start=1):
        table.add_row(
            str(place), f"{look.events:.1f}", _percent(look.information), f"{look.month:.1f}", f"{look.people:.0f}",
            *((f"{look.z:.4f}", f"{look.p:.5f}", f"{look.ratio:.3f}") if look.bounded else ("none",) * 3),
            f"{look.alpha_spent:.5f}",
            _percent(look.efficacy), _percent(look.null, 2),
        )  # fmt: skip
    out.print(table)
    for place, look in enumerate(found.looks, start=1):
        control, experimental = look.expected.events
        said = f"{said_look(look.look)}; {control:.1f} events in the control arm, {experimental:.1f} in the other"
        out.print(f"  look {place}: {said}", style="dim", markup=False)
        if not look.reached:
            said = f"so many are not expected; it takes place when all is complete, with {look.events:.1f}"
            out.print(f"  look {place}: {said}", style="yellow", markup=False)
        if look.futility_z is not None and look.futility_ratio is not None and place < len(found.looks):
            said = f"z below {look.futility_z:.4f}, a hazard ratio above {look.futility_ratio:.3f}"
            out.print(f"  look {place}: futility at {said}; stops {_percent(look.below)}", markup=False)
    out.print(
        "  share: of all the information; in: people who entered; z, p: the bound; ratio: the hazard ratio that is "
        "just significant; stops: how probably the effect is shown there",
        style="dim",
        markup=False,
    )


def _show_detectable(out: Console, tables: Around, now: Assumptions) -> None:
    out.print(f"\n[b]What {now.sample_size} people can and cannot detect[/b]")
    heads = [f"HR {ratio:g}" for ratio in tables.ratios]
    table = _table("median", "events", *heads, *(f"{_percent(target, 0)} at" for target in tables.targets))
    for row in tables.by_median:
        table.add_row(
            f"{row.median:.4g}", f"{row.events:.1f}", *(_percent(power) for power in row.powers),
            *(f"{ratio:.3f}" if ratio is not None else "none" for ratio in row.detectable),
        )  # fmt: skip
    out.print(table)
    out.print(
        "  power for each hazard ratio by the median of the control arm (months), and the ratio that is detected with "
        "80 % and 90 %; a weaker effect is likely to be missed",
        style="dim",
        markup=False,
    )
    out.print("\n[b]How many people[/b], with the effect that is assumed, entering in the same months")
    table = _table("people", "events", "power")
    for size in tables.by_size:
        power = _percent(size.power) if size.power is not None else "no looks"
        table.add_row(str(size.people), f"{size.events:.1f}", power)
    out.print(table)
    for target, needed in zip(tables.targets, tables.needed, strict=True):
        said = f"about {needed} people" if needed is not None else "more people than any trial has"
        out.print(f"  {_percent(target, 0)} power takes {said}", markup=False)


def _show_conventions(out: Console, both: tuple[Convention, ...]) -> None:
    out.print("\n[b]Two conventions of follow-up[/b], which are not the same (one test at the end, no look before)")
    table = columns(48, None)
    for place, one in enumerate(both):
        how = "each person at most" if one.each else "everybody until, after the last entry,"
        planned = " (this design)" if place == 0 else ""
        table.add_row(
            f"{how} {one.length:.4g} months{planned}",
            f"{one.events:.1f} events by month {one.completion_month:.1f}, power {_percent(one.power)}",
        )
    out.print(table)


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
    for head in heads:
        table.add_column(head, justify="right")
    return table


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


def _json(protocol: Protocol, found: Designed, tables: Around, told: tuple[Described, ...]) -> dict[str, object]:
    return {
        "study": protocol.study,
        "version": protocol.version.id,
        "digest": protocol.digest,
        "assumptions": [asdict(one) for one in told],
        "method": found.method,
        "power": found.power,
        "power_log_rank": found.power_log_rank,
        "type_one_error": found.type_one,
        "expected_events": found.events,
        "expected_months": found.months,
        "accrual_months": found.accrual_months,
        "completion_month": found.completion_month,
        "complete": {"events": found.complete.total, "control": found.complete.events[0],
                     "experimental": found.complete.events[1]},
        "looks": [
            {
                "when": said_look(look.look), "reached": look.reached, "month": look.month, "people": look.people,
                "events": look.events, "events_by_arm": list(look.expected.events), "information": look.information,
                "critical_z": look.z if look.bounded else None, "nominal_p": look.p,
                "hazard_ratio": look.ratio if look.bounded else None,
                "futility_z": look.futility_z, "futility_hazard_ratio": look.futility_ratio,
                "alpha_spent": look.alpha_spent, "efficacy": look.efficacy, "below": look.below,
                "efficacy_without_effect": look.null,
            }
            for look in found.looks
        ],
        "around": {
            "hazard_ratios": list(tables.ratios),
            "targets": list(tables.targets),
            "by_median": [asdict(row) for row in tables.by_median],
            "by_size": [asdict(row) for row in tables.by_size],
            "people_needed": list(tables.needed),
            "follow_up": [asdict(one) for one in tables.conventions],
        },
    }  # fmt: skip
