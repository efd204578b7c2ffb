"""How the study comes along: over time, by year, who was lost at which stage, and when the rest will be there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from evenhand.accrual import FATES, Course, Forecast, Interval, courses, forecast_of, plan_of
from evenhand.administration import sites
from evenhand.analysis import Analysis
from evenhand.analysis.outcome import said
from evenhand.analysis.tables import Behind, Cell, Figure, Row, Section, Table, count, row
from evenhand.eligibility.judged import fate_of
from evenhand.protocol import Protocol
from evenhand.record import History
from evenhand.reports.accrual_figure import accrual_figure

STAGES: Final = (("screened", "Screened"), ("consented", "Consented"), ("registered", "Registered"),
                 ("randomized", "Randomized"))  # fmt: skip


def accrual_section(analysis: Analysis) -> Section:
    """Accrual at the cut; nothing in it depends on an arm."""
    history, protocol, day = analysis.cut.history, analysis.protocol, analysis.cut.effective
    of = courses(history)
    foretold = forecast_of(protocol, history, day)
    parts: list[Table | Figure] = [_by_year(of, history), _lost(of, protocol, history, day)]
    if foretold is not None:
        parts.append(_forecast(foretold, protocol))
    figure = accrual_figure(protocol, history, foretold, day)
    return Section(
        "accrual", "Accrual", _says(of, protocol, history, day), tuple([figure, *parts] if figure else parts)
    )


def _says(of: tuple[Course, ...], protocol: Protocol, history: History, day: date) -> tuple[str, ...]:
    reached = sum(one.randomized is not None for one in of)
    target = protocol.enrollment.target
    first = (
        f"{len(of)} people were screened by {said(day)} at {len(sites(history))} sites, of whom {reached} were "
        f"randomized: {100 * reached / target:.1f} % of the target of {target}."
    )
    plan = plan_of(protocol, history)
    if plan is None:
        return (first,)
    expected = float(plan.expected(min(day, plan.end)))
    return (first, f"The plan had {expected:.0f} by then, at an even pace from {said(plan.start)} to {said(plan.end)}.")


def _behind(stage: str, of: Iterable[Course], history: History) -> tuple[Behind, ...]:
    return tuple(
        Behind(one.subject, _seqs(stage, one.subject, history)) for one in of if getattr(one, stage) is not None
    )


def _seqs(stage: str, subject: str, history: History) -> tuple[int, ...]:
    """The entries by which somebody reached a stage."""
    known = history.subject(subject)
    if stage == "screened":
        return (known.entries[0].seq,)
    if stage == "consented":
        return tuple(one.seq for one in known.consents[:1])
    found = known.registration if stage == "registered" else known.allocation
    return (found.seq,) if found else ()


def _by_year(of: tuple[Course, ...], history: History) -> Table:
    """By the calendar year in which each stage was reached."""
    years = sorted({day.year for one in of for stage, _ in STAGES if (day := getattr(one, stage)) is not None})
    rows = [
        row(str(year), str(year), *(count(_behind(stage, _within(of, stage, year), history)) for stage, _ in STAGES))
        for year in years
    ]
    return Table(
        "accrual_by_year", "Accrual by calendar year", f"Everybody screened (n = {len(of)})",
        "Each stage counts in the year in which it was reached.", ("Year", *(label for _, label in STAGES)),
        tuple(rows),
    )  # fmt: skip


def _within(of: Iterable[Course], stage: str, year: int) -> list[Course]:
    return [one for one in of if (day := getattr(one, stage)) is not None and day.year == year]


def _lost(of: tuple[Course, ...], protocol: Protocol, history: History, day: date) -> Table:
    """Everybody who is not randomized, by the furthest stage reached and by what became of them."""
    closure = history.state.closure
    until = closure.effective if closure else day
    lost = [(one, fate_of(protocol, history.subject(one.subject), until)) for one in of if one.stage != "randomized"]
    rows = []
    for stage, label in STAGES[:-1]:
        here = [(one, fate) for one, fate in lost if one.stage == stage]
        every = count(_behind(stage, (one for one, _ in here), history))
        cells = [count(_behind(stage, (one for one, became in here if became == fate), history)) for fate in FATES]
        rows.append(row(stage, f"{label}, no further", every, *cells))
    return Table(
        "accrual_losses", "People not randomized, by the furthest stage and by what became of them",
        f"Everybody screened and not randomized (n = {len(lost)})",
        f"Judged against the criteria at the last judgement and on {said(until)}. "
        + " ".join(f"{fate.capitalize()}: {meaning}." for fate, meaning in FATES.items()),
        ("Furthest stage", "People", *(fate.capitalize() for fate in FATES)), tuple(rows),
    )  # fmt: skip


def _forecast(foretold: Forecast, protocol: Protocol) -> Table:
    entering, ending = foretold.entering, foretold.ending
    rows = [_milestone("target", f"{entering.target} people randomized", entering.reached, entering.when)]
    for one in ending.milestones if ending else ():
        rows.append(_milestone(f"events_{one.events}", f"{one.events} events", one.reached, one.when, one.share))
    if ending is not None:
        rows.append(_milestone("complete", "Follow-up complete", ending.completed, ending.complete))
    pace = f"{entering.people} people in {entering.days} site-days, {entering.a_month:.1f} a month over all sites"
    return Table(
        "accrual_forecast", "When the rest will be there", f"Everybody randomized (n = {entering.randomized}), pooled",
        "Simulated from the record so far and the plan (gamma-Poisson accrual, exponential event and loss rates shrunk "
        f"to the design); intervals hold 90 % of the draws. Pace: {pace}.",
        ("Milestone", "Reached", "Expected", "90 % interval", "Reached at all"), tuple(rows),
        ("It knows of chance, not of a site that will open, a halt to come or a pace that changes.",),
    )  # fmt: skip


def _milestone(id: str, label: str, reached: date | None, when: Interval | None, share: float = 1.0) -> Row:
    if reached is not None or when is None:
        empty = Cell("")
        return row(id, label, _day(reached) if reached else Cell("not foretold"), empty, empty, empty)
    between = Cell(
        f"{_said(when.low)} to {_said(when.high)}", (("low", _iso(when.low)), ("high", _iso(when.high)))
    )  # fmt: skip
    return row(
        id, label, Cell("not yet"), _day(when.middle), between, Cell(f"{100 * share:.0f} %", (("share", share),))
    )


def _day(day: date | None) -> Cell:
    return Cell(_said(day), (("day", _iso(day)),))


def _said(day: date | None) -> str:
    return said(day) if day else "beyond 40 years"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
