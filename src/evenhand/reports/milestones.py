"""The milestones of a study, its people and its events: when each was reached, or is expected."""

from __future__ import annotations

from datetime import date
from typing import Final

from evenhand.accrual import Forecast, Interval, study_timeline
from evenhand.accrual.forecast_design import expected_of
from evenhand.accrual.forecast_follow_up import followed
from evenhand.analysis.outcome import said
from evenhand.analysis.saying import counted, people_text
from evenhand.analysis.tables import Cell, Row, Table, row
from evenhand.enrollment import newest_adopted
from evenhand.protocol import Protocol, Versions
from evenhand.record import History


def ended(protocol: Protocol, history: History) -> bool:
    """Whether accrual is over as far as the record says: the target reached, accrual halted, or the study closed. A
    halt may be lifted again; that a final report takes it for the end is our proposal."""
    reached = len(study_timeline(history).randomized) >= protocol.enrollment.target
    return reached or not history.state.accrual_open


def ahead(foretold: Forecast) -> bool:
    """Whether anything is left to be foretold: of accrual, of events, of the end of follow-up."""
    ending = foretold.ending
    waiting = [foretold.entering.reached, *((one.reached for one in ending.milestones) if ending else ())]
    return None in waiting or (ending is not None and ending.completed is None)


def reached_table(versions: Versions, history: History, day: date, *, outcomes: bool) -> Table:
    """When each milestone was reached, foretelling nothing; without ``outcomes``, of accrual alone."""
    protocol = newest_adopted(versions, history)
    entered = sorted(study_timeline(history).randomized)
    target, expected = protocol.enrollment.target, expected_of(protocol)
    rows = [_reached("target", f"{target} people randomized", entered[target - 1] if len(entered) >= target else None)]
    if expected is not None and outcomes:
        who = followed(versions, history, day)
        for number in expected.looks:
            when = who.events[number - 1] if len(who.events) >= number else None
            rows.append(_reached(f"events_{number}", f"{number} events", when))
        rows.append(_reached("complete", "Follow-up complete", None if who.remaining or who.beside else who.ended))
    return Table(
        "accrual_milestones", "When each milestone was reached",
        f"Everybody randomized (n = {len(entered)}), pooled",
        f"{_ENDS if outcomes else _ENTERS} Nothing is foretold: accrual has ended.",
        ("Milestone", "Reached"), tuple(rows),
    )  # fmt: skip


def _reached(id: str, label: str, day: date | None) -> Row:
    return row(id, label, _day(day) if day else Cell("not by the data cut"))


_PACE: Final = "gamma-Poisson accrual"
_MODELS: Final = f"{_PACE}, exponential event and loss rates shrunk to the design"
_ENTERS: Final = "Days of randomization as corrected."
_COUNTS: Final = " Events are those of the primary endpoint, as the looks count them."
_ENDS: Final = (
    "Days of randomization and of the end of follow-up as corrected; events are those of the primary endpoint, as the "
    "looks count them."
)


def foretold_table(foretold: Forecast, *, outcomes: bool = True) -> Table:
    """What was reached, and when the rest is expected; without ``outcomes``, of accrual alone."""
    entering, ending = foretold.entering, foretold.ending if outcomes else None
    rows = [_milestone("target", f"{entering.target} people randomized", entering.reached, entering.when)]
    for one in ending.milestones if ending else ():
        rows.append(_milestone(f"events_{one.events}", f"{one.events} events", one.reached, one.when, one.share))
    if ending is not None:
        rows.append(_milestone("complete", "Follow-up complete", ending.completed, ending.complete))
    seen = f"{people_text(entering.people)} in {counted(entering.days, 'site-day')}"
    pace = f"{seen}, {entering.a_month:.1f} a month over all sites"
    return Table(
        "accrual_forecast", "When the rest will be there", f"Everybody randomized (n = {entering.randomized}), pooled",
        f"Simulated from the record so far and the plan ({_MODELS if outcomes else _PACE}); intervals hold 90 % of the "
        f"draws.{_COUNTS if outcomes else ''}{f' Pace: {pace}.' if entering.days else ''}",
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
