"""The study: how it stands, how accrual comes along and will go on, who was lost where and why, balance, protocol."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from evenhand.accrual import (
    FATES,
    Counts,
    Plan,
    by_arm,
    forecast_of,
    judged_said,
    losses,
    plan_of,
    screening_tally,
    site_counts,
    strata_by_arm,
    stratum_totals,
    study_timeline,
)
from evenhand.web.access import Action
from evenhand.web.desk import Desk, at_desk
from evenhand.web.pages.board_due import due_lines
from evenhand.web.pages.planned_number import planned_number_reached
from evenhand.web.pages.studies.chart import HEIGHT, LEFT, TOP, WIDTH, accrual_chart
from evenhand.web.pages.studies.foretold import shown_forecast
from evenhand.web.pages.studies.protocol_text import text_of

Shown = dict[str, object]


@dataclass(frozen=True, slots=True)
class Bar:
    """A count with the length of its bar, and its share of the count before it (empty for the first)."""

    label: str
    count: int
    length: str
    share: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """One way of not being randomized, and how many went it from each stage."""

    fate: str
    meaning: str
    by_stage: list[tuple[str, int]]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(count for _, count in self.by_stage)


@require_safe
@at_desk(Action.SEE_STUDY)
def study(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The study at a glance. What is counted by arm is made for those alone who may see it."""
    shown: Shown = {"activation": desk.history.state.activation, "due": due_lines(desk)}
    shown |= {"full": planned_number_reached(desk)}
    shown |= _accrual(desk) | _lost(desk) | _balance(desk)
    if desk.may(Action.SEE_BY_ARM):
        shown |= _balance_by_arm(desk)
    return render(request, "study/study.html", shown)


@require_safe
@at_desk(Action.SEE_STUDY)
def protocol(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The protocol for people, its assumptions first."""
    return render(request, "study/protocol.html", {"text": text_of(desk.protocol)})


def _accrual(desk: Desk) -> Shown:
    today, everybody = desk.last_day, study_timeline(desk.history)
    plan, target = plan_of(desk.newest, desk.history), desk.newest.enrollment.target
    counts = everybody.by(today)
    foreseen = forecast_of(desk.versions, desk.history, today)
    return shown_forecast(foreseen) | {
        "counts": counts,
        "target": target,
        "plan": plan,
        "against_plan": _against_plan(plan, counts.randomized, today),
        "chart": accrual_chart(everybody, plan, today, foreseen.entering if foreseen else None),
        "box": {"x": f"{LEFT}%", "y": f"{TOP}%", "width": f"{WIDTH}%", "height": f"{HEIGHT}%"},
        "funnel": _funnel(counts),
        "sites": _sites(desk, today),
        "today": today,
    }


def _against_plan(plan: Plan | None, randomized: int, today: date) -> str:
    """Ahead of or behind the plan, in whole participants."""
    if plan is None:
        return ""
    expected = round(plan.expected(today))
    apart = randomized - expected
    if apart == 0:
        return f"as planned by now ({expected})"
    return f"{abs(apart)} {'ahead of' if apart > 0 else 'behind'} the {expected} planned by now"


def _funnel(counts: Counts) -> list[Bar]:
    bars, before = [], 0
    for label, count in counts._asdict().items():
        share = f"{100 * count // before} %" if before else ""
        bars.append(Bar(label, count, _length(count, counts.screened), share))
        before = count
    return bars


def _sites(desk: Desk, today: date) -> list[tuple[str, Counts, str]]:
    names = {site.code: site.name for site in desk.sites}
    counted = site_counts(desk.history, today)
    most = max((counts.randomized for counts in counted.values()), default=0)
    return [
        (names.get(code, code) or "no site", counts, _length(counts.randomized, most))
        for code, counts in counted.items()
    ]


def _lost(desk: Desk) -> Shown:
    tally = screening_tally(desk.newest, desk.history)
    ranked = sorted(tally.criteria, key=lambda one: (-one.failed, -one.unknown))
    most = max((one.failed + one.unknown for one in ranked), default=0)
    rows = [(one, _length(one.failed, most), _length(one.unknown, most)) for one in ranked if one.failed or one.unknown]
    stages = losses(desk.versions, desk.history, desk.today)
    every = [Lost(fate, meaning, [(one.stage, one.by_fate[fate]) for one in stages]) for fate, meaning in FATES.items()]
    lost = [one for one in every if one.total or one.fate not in ("halted", "closed")]
    judged = judged_said(desk.history.state, "today")
    return {"tally": tally, "criteria": rows, "lost": lost, "judged": judged, "stages": [one.stage for one in stages]}


def _balance(desk: Desk) -> Shown:
    rows = stratum_totals(desk.newest, desk.history)
    most = max((row.randomized for row in rows), default=0)
    return {"strata": [(row, _length(row.randomized, most)) for row in rows]}


def _balance_by_arm(desk: Desk) -> Shown:
    return {
        "sees_by_arm": True,
        "strata_by_arm": strata_by_arm(desk.newest, desk.history),
        "by_arm": by_arm(desk.newest, desk.history),
    }


def _length(count: int, most: int) -> str:
    """The length of a bar, in percent of the longest."""
    return f"{100 * count / most if most else 0:.2f}%"


urls: list[URLPattern | URLResolver] = [
    path("study", study, name="study"),
    path("study/protocol", protocol, name="protocol"),
]
