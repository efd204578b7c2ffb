"""How the study comes along: over time, by year, who was lost at which stage, and when the rest will be there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from evenhand.accrual import FATES, Course, courses, fate_now, forecast_of, judged_said, plan_of
from evenhand.administration import sites
from evenhand.analysis import Analysis
from evenhand.analysis.outcome import said
from evenhand.analysis.saying import counted, people_text
from evenhand.analysis.tables import Behind, Figure, Section, Table, count, row
from evenhand.protocol import Protocol
from evenhand.record import History
from evenhand.reports.accrual_figure import accrual_figure
from evenhand.reports.milestones import ahead, ended, foretold_table, reached_table

STAGES: Final = (("screened", "Screened"), ("consented", "Consented"), ("registered", "Registered"),
                 ("randomized", "Randomized"))  # fmt: skip


def accrual_section(analysis: Analysis, *, final: bool, outcomes: bool = True) -> Section:
    """Accrual at the cut; nothing in it depends on an arm. A ``final`` report foretells nothing once accrual has ended:
    it tells what was reached, and when; and so does any other once nothing is left to be foretold. Without ``outcomes``
    it tells of no event, and not of the end of follow-up, which depends on events."""
    history, protocol, day = analysis.cut.history, analysis.protocol, analysis.cut.effective
    of = courses(history)
    foretold = forecast_of(analysis.cut.versions, history, day)
    over = ended(protocol, history) and (final or not outcomes or foretold is None or not ahead(foretold))
    parts: list[Table | Figure] = [_by_year(of, history), _lost(of, analysis)]
    if over:
        parts.append(reached_table(analysis.cut.versions, history, day, outcomes=outcomes))
    elif foretold is not None:
        parts.append(foretold_table(foretold, outcomes=outcomes))
    foretold = None if over else foretold
    figure = accrual_figure(protocol, history, foretold, day, over=over)
    return Section(
        "accrual", "Accrual", _says(of, protocol, history, day), tuple([figure, *parts] if figure else parts)
    )


def _says(of: tuple[Course, ...], protocol: Protocol, history: History, day: date) -> tuple[str, ...]:
    reached = sum(one.randomized is not None for one in of)
    target = protocol.enrollment.target
    first = (
        f"{people_text(len(of))} screened by {said(day)} at {counted(len(sites(history)), 'site')}, {reached} of them "
        f"randomized: {100 * reached / target:.1f} % of the target of {people_text(target)}."
    )
    plan = plan_of(protocol, history)
    if plan is None:
        return (first,)
    expected = float(plan.expected(min(day, plan.end)))
    pace = f"at an even pace from {said(plan.start)} to {said(plan.end)}"
    return (first, f"The plan had {expected:.0f} randomized by then, {pace}.")


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


def _lost(of: tuple[Course, ...], analysis: Analysis) -> Table:
    """Everybody who is not randomized, by the furthest stage reached and by what became of them."""
    versions, history, day = analysis.cut.versions, analysis.cut.history, analysis.cut.effective
    lost = [(one, fate_now(versions, history, one.subject, day)) for one in of if one.stage != "randomized"]
    rows = []
    for stage, label in STAGES[:-1]:
        here = [(one, fate) for one, fate in lost if one.stage == stage]
        every = count(_behind(stage, (one for one, _ in here), history))
        cells = [count(_behind(stage, (one for one, became in here if became == fate), history)) for fate in FATES]
        rows.append(row(stage, f"{label}, no further", every, *cells))
    return Table(
        "accrual_losses", "People not randomized, by the furthest stage and by what became of them",
        f"Everybody screened and not randomized (n = {len(lost)})",
        f"{judged_said(history.state, said(day))} "
        + " ".join(f"{fate.capitalize()}: {meaning}." for fate, meaning in FATES.items()),
        ("Furthest stage", "People", *(fate.capitalize() for fate in FATES)), tuple(rows),
    )  # fmt: skip
