"""People randomized over time against the plan, with the forecast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, pairwise
from typing import Final

from evenhand.accrual import Forecast, Interval, Plan, plan_of, study_timeline
from evenhand.analysis.outcome import said
from evenhand.analysis.saying import people_text
from evenhand.analysis.tables import Figure, Number
from evenhand.figures import Fan, Track, steps_over_time
from evenhand.protocol import Protocol
from evenhand.record import History

_STEPS: Final = 40  # points of the forecast's band
_FAR: Final = 10 * 365  # days ahead that are drawn at most, so that the past stays readable


def accrual_figure(
    protocol: Protocol, history: History, foretold: Forecast | None, day: date, *, over: bool = False
) -> Figure | None:
    """The figure; None before activation. Where accrual is ``over`` it ends with accrual, or with its plan, instead of
    at the cut."""
    plan, activation = plan_of(protocol, history), history.state.activation
    if activation is None:
        return None
    until = _until(history, plan, day) if over else day
    reached = _reached(history, activation.effective, until)
    tracks = [Track("Randomized", [one for one, _ in reached], [number for _, number in reached])]
    if plan is not None:
        tracks.append(Track("Planned", [plan.start, plan.end], [0, plan.target], "planned"))
    fan = _fan(foretold, len(study_timeline(history).randomized), day) if foretold else None
    drawing = steps_over_time(
        tracks,
        prefix="accrual",
        label="People randomized",
        fan=fan,
        target=protocol.enrollment.target,
        today=day if until == day else None,
        finding=_says(reached, plan, protocol, day, foretold),
    )
    notes = () if fan is None else ("The band holds 90 % of the draws, its line is their middle.",)
    return Figure(
        "accrual_over_time", "People randomized over time", f"Everybody randomized (n = {reached[-1][1]})",
        "Steps: days of randomization as corrected. Line: the plan, at an even pace from activation."
        + (" After the day of the cut: the forecast of the table of milestones." if fan else ""),
        drawing.svg, drawing.says, tuple(_data(reached, plan, fan)), notes,
        narrow=drawing.narrow,
    )  # fmt: skip


def _until(history: History, plan: Plan | None, day: date) -> date:
    """The end of accrual or that of its plan, whichever is later, up to the cut."""
    ends = [*study_timeline(history).randomized[-1:], *([plan.end] if plan else [])]
    return min(max(ends, default=day), day)


def _reached(history: History, start: date, day: date) -> list[tuple[date, int]]:
    """(day, people randomized by its end): from activation to the cut."""
    each = Counter(study_timeline(history).randomized)
    days = sorted(each)
    steps = list(zip(days, accumulate(each[one] for one in days), strict=True))
    return [(start, 0), *steps, (max(day, start), steps[-1][1] if steps else 0)]


def _fan(foretold: Forecast, now: int, day: date) -> Fan | None:
    """The forecast as numbers by day: it is given as days by number."""
    entering = foretold.entering
    if not entering.band:
        return None
    ends = [one.high or one.middle for _, one in entering.band if one.high or one.middle]
    ahead = min(_FAR, max(((one - day).days for one in ends if one), default=0))
    if ahead <= 0:
        return None
    days = [day + timedelta(days=round(ahead * step / _STEPS)) for step in range(_STEPS + 1)]
    low, middle, high = (
        [_by(one, [(day, now), *_edge(entering.band, name)], entering.target) for one in days]
        for name in ("high", "middle", "low")
    )
    return Fan("Forecast", days, middle, [("90 %", low, high)])


def _edge(band: tuple[tuple[int, Interval], ...], name: str) -> list[tuple[date, int]]:
    return [(day, people) for people, one in band if (day := getattr(one, name)) is not None]


def _by(day: date, points: list[tuple[date, int]], most: int) -> float:
    """How many by a day, straight between the points; after the last of them no more than it."""
    for (before, few), (after, many) in pairwise(points):
        if before <= day < after:
            return few + (many - few) * (day - before).days / (after - before).days
    return float(min(points[-1][1], most))


def _says(
    reached: list[tuple[date, int]], plan: Plan | None, protocol: Protocol, day: date, foretold: Forecast | None
) -> str:
    told = f"{people_text(reached[-1][1])} randomized by {said(day)}; the target is {protocol.enrollment.target}"
    when = foretold.entering.when if foretold is not None else None
    planned = f", planned for {said(plan.end)}" if plan else ""
    if when is None or when.middle is None:
        return f"{told}{planned}."
    late = said(when.high) if when.high else "later than any day foretold"
    between = f" (90 % of the draws: {said(when.low)} to {late})" if when.low else ""
    return f"{told}{planned}, and foretold for {said(when.middle)}{between}."


def _data(reached: list[tuple[date, int]], plan: Plan | None, fan: Fan | None) -> Iterator[tuple[Number, ...]]:
    yield ("series", "day", "people", "low", "high")
    yield from (("randomized", day.isoformat(), number, None, None) for day, number in reached)
    if plan is not None:
        yield from (
            ("planned", one.isoformat(), n, None, None) for one, n in ((plan.start, 0), (plan.end, plan.target))
        )
    if fan is not None:
        (_, low, high), *_ = fan.bands
        for day, middle, least, most in zip(fan.days, fan.middle, low, high, strict=True):
            yield ("forecast", day.isoformat(), middle, least, most)
