"""First-line therapy and changes of systemic therapy, as far as medications tell.

mCODE knows no lines of therapy. What is assumed here:

* first-line therapy starts with the first HER2-directed agent given for metastatic disease, that is, on or after the
  day of the first metastasis outside the regional nodes; without that day nothing is said about first-line therapy,
  because the same agents are given before an operation and after it;
* a dose given tells the start better than a statement, and a statement better than an order;
* agents started within 30 days of it belong to the regimen, and are the first treatment;
* an agent that was stopped because it was not tolerated, or was not to be had, is the reason why the next one began,
  if no progression is recorded in between; "no response" is no progression by itself, so the reason stays open.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from evenhand.dates import DateSpan
from evenhand.intake.cancers import MAYBE_REGIONAL, Disease
from evenhand.intake.chart import Chart, Given
from evenhand.intake.medications import ORDER, Treatment, treatments

_REGIMEN: Final = timedelta(days=30)
_NEXT: Final = timedelta(days=90)
# Nodes that are, or may be, no metastatic disease by themselves.
_MAYBE_REGIONAL: Final = MAYBE_REGIONAL | {"unspecified_node"}
_BOTH_SIDES: Final = {"left", "right"}  # a node of the other side is a distant metastasis


def deliver_therapy(chart: Chart, disease: Disease) -> None:
    """Deliver ``first_line`` and ``systemic_therapy``."""
    if "first_line" not in chart.plan and "systemic_therapy" not in chart.plan:
        return
    given = treatments(chart, disease)
    if not given:
        return
    metastatic = _first_metastasis(disease)
    first = _deliver_first_line(chart, given, metastatic)
    if metastatic is not None:
        given = [one for one in given if one.start.first >= metastatic.first]
    _deliver_changes(chart, disease, _starts(given), first)


def _first_metastasis(disease: Disease) -> DateSpan | None:
    """The day of the first metastasis outside the regional nodes; None if one has no date, or if there is none."""
    first: DateSpan | None = None
    for one in disease.secondaries:
        if one.what not in _MAYBE_REGIONAL or {one.side, disease.side} == _BOTH_SIDES:
            day = one.date
            if day is None:
                return None
            first = day if first is None or day.first < first.first else first
    return first


def _start(one: Treatment) -> date:
    return one.start.first


def _rank(one: Treatment) -> int:
    return one.rank


def _deliver_first_line(chart: Chart, given: list[Treatment], metastatic: DateSpan | None) -> date | None:
    """Deliver ``first_line`` if its start can be told; gives the start."""
    directed = [one for one in given if one.agent.her2]
    if not directed:
        return None
    if metastatic is None:
        chart.warn(directed[0].name, "", "no first line from it: the day of the first metastasis is unknown")
        return None
    directed.sort(key=_start)
    after = [one for one in directed if one.start.first >= metastatic.last]
    before = directed[: len(directed) - len(after)]
    if before and before[-1].start.first >= metastatic.first:
        chart.warn(before[-1].name, "", "no first line from it: it began about when the metastasis was found")
        return None
    if before:
        chart.warn(before[0].name, "", "not counted as first line: it began before the first metastasis")
    return _deliver_start(chart, given, after) if after else None


def _deliver_start(chart: Chart, given: list[Treatment], after: list[Treatment]) -> date:
    first = min(after, key=_rank)
    if first.rank == ORDER:
        chart.warn(first.name, "authoredOn", "the day of the order is taken as the start of the first line")
    begin = first.start.first
    end = begin + _REGIMEN
    begun = {one.agent.name: None for one in _starts(given) if begin <= one.start.first <= end}
    regimen = ", ".join({first.agent.name: None} | begun)
    chart.add_record("first_line", {"start": first.start, "regimen": regimen}, first.start, first.name)
    return begin


def _starts(given: list[Treatment]) -> list[Treatment]:
    """The first record of each agent, by the best source there is for it, in order of time."""
    if len(given) < 2:
        return given
    best: dict[str, Treatment] = {}
    for one in given:
        known = best.get(one.agent.name)
        if known is None or (one.rank, _start(one)) < (known.rank, _start(known)):
            best[one.agent.name] = one
    return sorted(best.values(), key=_start)


def _deliver_changes(chart: Chart, disease: Disease, starts: list[Treatment], first_line: date | None) -> None:
    """One record a day on which agents were started; those of the first regimen are the first treatment."""
    days: dict[date, list[Treatment]] = {}
    for one in starts:
        days.setdefault(one.start.first, []).append(one)
    before: list[Treatment] = []
    for day, same_day in days.items():
        one = same_day[0]
        of_first = first_line is not None and first_line <= day <= first_line + _REGIMEN
        reason = "first_treatment" if of_first else _reason(disease, before, one)
        agents = ", ".join([each.agent.name for each in same_day])
        given: dict[str, Given] = {"start": one.start, "agents": agents, "reason": reason}
        chart.add_record("systemic_therapy", given, one.start, one.name)
        before = same_day


def _reason(disease: Disease, before: list[Treatment], now: Treatment) -> str | None:
    """Why a treatment began: because the one before it was stopped, if that says so and nothing speaks against it."""
    if not before:
        return None
    words = {one.stopped for one in before}
    if len(words) != 1 or "" in words:
        return None
    since = max((one.end.last if one.end else _start(one)) for one in before)
    between = any(_start(before[0]) <= day.last and day.first <= _start(now) for day in disease.progressions)
    return words.pop() if not between and timedelta(0) <= _start(now) - since <= _NEXT else None
