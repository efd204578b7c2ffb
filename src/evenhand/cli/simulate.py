"""``evenhand simulate``: what the design does under its assumptions, from many simulated trials."""

from __future__ import annotations

import math
from argparse import Namespace
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from evenhand.cli.console import columns, console, plain, print_json
from evenhand.cli.design import settings
from evenhand.cli.processes import Processes
from evenhand.cli.progress import progress_bar
from evenhand.cli.writing import naming
from evenhand.design import assumptions_of, described
from evenhand.protocol import Protocol, find_study, load_protocol
from evenhand.refusal import Refusal
from evenhand.simulation import load_scenario
from evenhand.simulation.faithful import simulate_faithfully
from evenhand.simulation.fast import Characteristics, Figure, simulate_grid
from evenhand.simulation.fast.grid import grid_of, scenario

_TRIALS: Final = 100_000
_FAITHFUL_TRIALS: Final = 100
_COMPILING: Final = "compiling (up to half a minute, once on a machine)"


def run(options: Namespace) -> int:
    """Simulate, and print the figures with their Monte-Carlo errors."""
    folder = find_study(options.study)
    protocol = load_protocol(folder, options.protocol_version)
    points = _points(options)
    found = _faithful(folder, protocol, points, options) if options.faithful else _fast(protocol, points, options)
    if options.json:
        told = [_json(protocol, point, one) for point, one in zip(points, found, strict=True)]
        print_json({"grid": told} if options.grid else told[0])
    elif options.grid:
        _show_grid(protocol, grid_of(options.grid), found, options.set)
    else:
        _show(protocol, found[0])
    return 0


def _fast(protocol: Protocol, points: list[dict[str, str]], options: Namespace) -> list[Characteristics]:
    trials = _TRIALS if options.trials is None else options.trials
    scenarios = [scenario(assumptions_of(protocol), point) for point in points]
    with (
        naming(options.resume) if options.resume else nullcontext(),
        progress_bar("simulating", trials * len(points), before=_COMPILING) as progress,
    ):
        return simulate_grid(scenarios, trials=trials, seed=options.seed, resume=options.resume, progress=progress)


def _faithful(
    folder: Path, protocol: Protocol, points: list[dict[str, str]], options: Namespace
) -> list[Characteristics]:
    """One scenario on the real steps, on all processors. Raises Refusal for what only the fast path does."""
    if options.grid or options.resume:
        raise Refusal(
            "Faithful trials have no grid and cannot be resumed.", "--faithful", "Leave out the other option."
        )
    trials = _FAITHFUL_TRIALS if options.trials is None else options.trials
    here = scenario(assumptions_of(protocol), points[0])
    made_up = load_scenario(folder, protocol.version.id)
    with progress_bar("walking", trials) as progress, Processes() as executor:
        return [
            simulate_faithfully(
                protocol,
                made_up,
                here.assumptions,
                limits=here.limits,
                trials=trials,
                seed=options.seed,
                executor=executor,
                progress=progress,
            )
        ]


def _points(options: Namespace) -> list[dict[str, str]]:
    """What is set in each scenario. Raises Refusal for a name that is both set and varied."""
    fixed, grid = settings(options.set), grid_of(options.grid)
    for name in grid[0]:
        if name in fixed:
            raise Refusal(f"{name} is set and varied.", "--grid", "Set it or vary it.")
    return [fixed | point for point in grid]


def _show(protocol: Protocol, one: Characteristics) -> None:
    out = console()
    _head(out, protocol, one)
    table = _table("", "", "MC error")
    for name, value, error in _rows(one):
        table.add_row(name, value, error)
    out.print(table)
    out.print("\n[b]Looks[/b], as if no trial had stopped before")
    out.print(_looks(one))
    out.print(
        "  lost: dropped out; stops: how many of all trials stop there, for efficacy / futility / harm if two-sided; "
        "error: of the first of them",
        style="dim",
        markup=False,
    )
    out.print("\n[b]Assumptions[/b]")
    table = columns(34, None)
    for row in described(one.assumptions, protocol):
        table.add_row(plain(row.label), plain(f"{row.value} {row.unit}{' (set here)' if row.changed else ''}".strip()))
    out.print(table)


def _head(out: Console, protocol: Protocol, one: Characteristics) -> None:
    pace = f", {_round(one.trials_per_second)} a second" if one.trials_per_second else ", all of them kept from before"
    out.print(f"[b]{plain(protocol.title)}[/b]")
    out.print(f"{protocol.study} {protocol.version.id}: {one.trials:,} trials of seed {one.seed}{pace}")


def _round(pace: float) -> str:
    return f"{pace:,.0f}" if pace >= 10 else f"{pace:.2g}"


def _rows(one: Characteristics) -> list[tuple[str, str, str]]:
    """Each figure in words with its value and its Monte-Carlo error."""
    name = "Power" if _effect(one) else "Type I error"
    rows = [(name, f"{100 * one.power:.2f} %", f"{100 * one.power_mc_se:.2f} %")]
    if one.limits.futility is not None:
        rows.append(_percent("the same if nobody stops for futility", one.power_without_futility))
    if one.assumptions.sided == 2:
        rows.append(_percent("Shown to be worse", one.harm))
    rows += [
        _percent("No difference shown at the last look", one.inconclusive),
        _number("Months until a trial ends", one.duration),
        _number("Events when it ends", one.events),
        _number("People when it ends", one.people),
        _number("Mean log hazard ratio (Cox, where it ends)", one.log_hazard_ratio, 4),
    ]
    if one.bias is not None:
        rows.append(_number("Bias of it", one.bias, 4))
    if one.without_estimate:
        rows.append(("Trials in which it is not finite", f"{one.without_estimate:,}", ""))
    return [
        *rows,
        _number(f"Imbalance of the arms, {_unit(one)}", one.imbalance),
        (f"Largest imbalance, {_unit(one)}", f"{one.largest_imbalance:.0f}", ""),
        _percent("Allocations guessed right", one.predictability),
    ]


def _unit(one: Characteristics) -> str:
    control, experimental = one.assumptions.allocation
    return "people" if control == experimental else f"{experimental} x control - {control} x experimental"


def _effect(one: Characteristics) -> bool:
    return any(ratio != 1 for _, ratio in one.assumptions.hazard_ratio)


def _percent(name: str, figure: Figure) -> tuple[str, str, str]:
    return name, f"{100 * figure.mean:.2f} %", f"{100 * figure.mc_se:.2f} %"


def _number(name: str, figure: Figure, digits: int = 2) -> tuple[str, str, str]:
    if not math.isfinite(figure.mean):
        return name, "no trial has it", ""
    return name, f"{figure.mean:.{digits}f}", f"{figure.mc_se:.{digits}f}"


def _looks(one: Characteristics) -> Table:
    table = _table("look", "held", "month", "people", "events", "lost", "z", "sd", "bound", "stops", "error")
    for place, look in enumerate(one.looks):
        stops = [look.efficacy, look.futility, look.harm][: 3 if one.assumptions.sided == 2 else 2]
        table.add_row(
            str(place + 1), f"{100 * look.held.mean:.1f} %", f"{look.month.mean:.1f}", f"{look.people.mean:.1f}",
            f"{look.events.mean:.1f}", f"{look.dropouts.mean:.1f}", f"{look.z.mean:.3f}", f"{look.z.sd:.3f}",
            f"{bound:.4f}" if math.isfinite(bound := one.limits.efficacy[place]) else "none",
            " / ".join(f"{100 * stop.mean:.2f} %" for stop in stops), f"{100 * look.efficacy.mc_se:.2f} %",
        )  # fmt: skip
    return table


def _show_grid(
    protocol: Protocol, points: list[dict[str, str]], found: list[Characteristics], fixed: list[str]
) -> None:
    out = console()
    _head(out, protocol, found[0])
    if fixed:
        out.print(f"in all of them: {plain(', '.join(fixed))}")
    table = _table("scenario", "power", "MC error", "stops early", "events", "months", "HR")
    for point, one in zip(points, found, strict=True):
        early = sum(look.efficacy.mean + look.futility.mean + look.harm.mean for look in one.looks[:-1])
        table.add_row(
            plain(" ".join(f"{name}={value}" for name, value in point.items())),
            f"{100 * one.power:.2f} %", f"{100 * one.power_mc_se:.2f} %", f"{100 * early:.2f} %",
            f"{one.events.mean:.1f}", f"{one.duration.mean:.1f}", f"{one.log_hazard_ratio.mean:+.3f}",
        )  # fmt: skip
    out.print(table)
    out.print(
        "  power: where there is no effect, the type I error; events, months: when a trial ends; HR: mean logarithm of "
        "the hazard ratio there. Bounds stay those of the plan unless what is varied is the trial's own choice",
        style="dim",
        markup=False,
    )


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    return table


def _json(protocol: Protocol, point: dict[str, str], one: Characteristics) -> dict[str, Any]:
    found = one.as_json()
    found["assumptions"] = [asdict(row) for row in described(one.assumptions, protocol)]
    return {
        "study": protocol.study,
        "version": protocol.version.id,
        "digest": protocol.digest,
        "set": point,
        **found,
    }
