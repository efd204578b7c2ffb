"""Which forms and visits decide the endpoint, and when each is due for somebody of whom the truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from typing import Final

from evenhand.dates import DAYS_PER_MONTH
from evenhand.design.assumptions import Assumptions
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form, Plan
from evenhand.protocol.plan.visits import UNSCHEDULED, PlannedVisit
from evenhand.refusal import Refusal
from evenhand.simulation.courses.truth import Departure, Truth

_MOST: Final = 10_000  # visits of one person


@dataclass(frozen=True, slots=True)
class Seen:
    """One day on which somebody is seen: at which visit, and whether the disease has progressed."""

    day: date
    visit: str
    progressed: bool


@dataclass(frozen=True, slots=True)
class Decisive:
    """The forms that decide: ``response`` says whether the disease progressed, ``disposition`` that somebody left,
    ``visit`` that a visit took place. ``series``: the planned visits that ask for the response. ``detection``: days
    between visits that find progression; None: it is found at once. ``planned``: they are those of the series.
    """

    response: Form
    disposition: Form | None
    visit: Form | None
    series: PlannedVisit | None
    detection: float | None
    planned: bool

    def visits(self, randomized: date, until: date) -> Iterator[Seen]:
        """The visits up to a day at which progression is looked for, as planned: those of the study, or others."""
        for number in range(1, _MOST):
            day, name = self._visit(randomized, number)
            if day is None or day > until:
                return
            yield Seen(day, name, progressed=False)

    def _visit(self, randomized: date, number: int) -> tuple[date | None, str]:
        if self.detection is not None and not self.planned:
            return randomized + timedelta(days=round(number * self.detection)), f"{UNSCHEDULED}.{number}"
        if self.series is None or (self.series.times is not None and number > self.series.times):
            return None, ""
        return self.series.planned(randomized, number), self.series.occurrence(number)

    def course(self, truth: Truth, at_most: date, every_visit: bool) -> tuple[list[Seen], Departure | None]:
        """When somebody is seen, and how that person leaves. Without ``every_visit`` only what ends follow-up counts.

        Who progresses and would leave on one day progresses.
        """
        leaves = next((one for one in truth.departures if one.ending.ends == "follow_up"), None)
        gone = leaves.day if leaves is not None else date.max
        found = self._found(truth, self._held(truth, at_most, gone), min(at_most, gone))
        held = self._held(truth, at_most, gone) if every_visit else iter(())
        if found is not None:
            return [*(one for one in held if one.day < found.day), found], None
        return [*held], leaves if gone < at_most else None

    def _held(self, truth: Truth, at_most: date, gone: date) -> Iterator[Seen]:
        """The visits before somebody is gone."""
        return takewhile(lambda one: one.day < gone, self.visits(truth.randomized, at_most))

    def _found(self, truth: Truth, held: Iterator[Seen], until: date) -> Seen | None:
        """When progression comes to light."""
        progresses = truth.progresses
        if progresses is None:
            return None
        if self.detection is None:
            return Seen(progresses, f"{UNSCHEDULED}.1", progressed=True) if progresses <= until else None
        found = next((one for one in held if one.day >= progresses), None)
        return None if found is None else Seen(found.day, found.visit, progressed=True)


def decisive(protocol: Protocol, assumptions: Assumptions) -> Decisive:
    """The forms and visits of a protocol that decide. Raises Refusal where nothing says that the disease progressed."""
    plan = protocol.plan
    response = next(iter(plan.reading("response")), None) if plan else None
    schedule = plan.schedule if plan else None
    if plan is None or response is None or schedule is None or schedule.endings.by("progression") is None:
        raise Refusal(
            "no form reads as a response, or follow-up does not end with progression: no endpoint is decided",
            "faithful simulation",
            "Give the study such a form and such an ending, or simulate it by the fast path.",
        )
    series = _series(plan, response)
    months = assumptions.detection_months
    planned = months is not None and series is not None and _months_apart(series) == months
    detection = None if months is None else months * DAYS_PER_MONTH
    return Decisive(
        response,
        next(iter(plan.reading("disposition")), None),
        next((form for form in plan.reading("visit") if form.visits), None),
        series,
        detection,
        planned,
    )


def _series(plan: Plan, response: Form) -> PlannedVisit | None:
    """The visits for both arms, counted from randomization and moved by nothing, at which the response is asked for."""
    for visit in plan.schedule.visits.values() if plan.schedule else ():
        fits = visit.every is not None and not visit.arms and visit.anchor.kind == "randomization"
        if fits and visit.moves == "nothing" and any(one.form == response.id for one in visit.forms):
            return visit
    return None


def _months_apart(series: PlannedVisit) -> float | None:
    every = series.every
    if every is None or every.unit == "days" or series.offset != every:
        return None
    return every.count * (12.0 if every.unit == "years" else 1.0)
