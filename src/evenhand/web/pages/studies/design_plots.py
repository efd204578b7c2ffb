"""The plots of the design page, each with the table that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from evenhand.design.assumptions import Assumptions
from evenhand.design.expected import course_of, events_at
from evenhand.design.looking import planned_bounds
from evenhand.design.operating import Designed, power_at, with_ratio
from evenhand.statistics.events import entered
from evenhand.web.pages.studies.plot import Axis, Mark, Plot, Series, above

_LOWEST, _HIGHEST, _POINTS = 0.3, 1.0, 22  # hazard ratios of the power curve
_TABLED: Final = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_MONTHS: Final = 24  # points of the curve of events
_EVERY: Final = 6  # months between the rows of its table


@dataclass(frozen=True, slots=True)
class PowerPlot:
    """Power by hazard ratio: the plot, and rows of (hazard ratio, power)."""

    plot: Plot
    rows: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Month:
    """What is expected by a month: people who entered, and events of the control and of the experimental arm."""

    month: float
    people: float
    events: tuple[float, float]

    @property
    def total(self) -> float:
        """Events of both arms."""
        return sum(self.events)


@dataclass(frozen=True, slots=True)
class EventsPlot:
    """Expected events by month: the plot, and the months of its table."""

    plot: Plot
    rows: tuple[Month, ...]


def power_plot(found: Designed, wanted: float) -> PowerPlot:
    """Power against the hazard ratio, with the bounds as they are planned; the ratio assumed is marked."""
    now = found.assumptions
    bounds = planned_bounds(now)
    here = assumed_ratio(now)
    low, high = min(_LOWEST, here or 1.0), max(_HIGHEST, here or 0.0)
    step = (high - low) / (_POINTS - 1)
    ratios = [*(low + place * step for place in range(_POINTS - 1)), high]
    curve = [(ratio, power_at(with_ratio(now, ratio), bounds)) for ratio in ratios]
    marks = (
        (Mark(here, found.power, text=f"{100 * found.power:.1f} % at {here:.3g}", beside=True),)
        if here is not None
        else ()
    )
    plot = Plot(
        "power",
        f"Power falls from {100 * curve[0][1]:.0f} % at a hazard ratio of {low:g} "
        f"to {100 * curve[-1][1]:.1f} % at {high:g}.",
        Axis("hazard ratio", low, high),
        Axis("power", 0, 1, percent=True),
        (
            Series("power", "series", curve),
            Series(f"power wanted, {100 * wanted:.4g} %", "plan", [(low, wanted), (high, wanted)]),
        ),
        marks,
    )
    rows = tuple((ratio, power_at(with_ratio(now, ratio), bounds)) for ratio in _TABLED)
    return PowerPlot(plot, rows)


def bounds_plot(found: Designed) -> Plot:
    """The bounds for z at the share of the information of each look, and the z expected there."""
    looks = found.looks
    upper = [(look.information, look.z) for look in looks if look.z < 20]
    hoped = [(look.information, look.expected.z) for look in looks]
    futile = [(look.information, look.futility_z) for look in looks if look.futility_z is not None]
    values = [z for _, z in (*upper, *hoped, *futile)]
    series = [
        Series("bound for efficacy", "series", upper),
        Series("z expected under these assumptions", "series b", hoped),
    ]
    if futile:
        series.append(Series("bound for futility", "series c", futile))
    first = f"by a z of {looks[0].z:.2f} or more" if looks[0].bounded else "by no z"
    return Plot(
        "bounds",
        f"At the first look the effect is shown {first}, at the last by {looks[-1].z:.2f}.",
        Axis("share of the information", 0, 1.0, percent=True),
        Axis("z (above 0 favours the experimental arm)", min(0.0, *values), above(max(values))),
        tuple(series),
        tuple(Mark(x, y, text=f"{y:.2f}") for x, y in upper) + tuple(Mark(x, y, "b") for x, y in (*hoped, *futile)),
    )


def events_plot(found: Designed) -> EventsPlot:
    """Expected events by month since the first could enter, by arm: a matter of the assumptions, of nobody's data."""
    now, last = found.assumptions, found.completion_month
    curve = [Month(0.0, 0.0, (0.0, 0.0))]
    curve += [_expected(now, last * place / _MONTHS) for place in range(1, _MONTHS + 1)]
    plot = Plot(
        "events",
        f"Expected events rise to {found.complete.total:.0f} when all is complete, at month {last:.0f}.",
        Axis("months since the first could enter", 0, last),
        Axis("events", 0, above(found.complete.total)),
        (
            Series("both arms", "series", [(one.month, one.total) for one in curve]),
            Series("control arm", "series b", [(one.month, one.events[0]) for one in curve]),
            Series("experimental arm", "series c", [(one.month, one.events[1]) for one in curve]),
        ),
        verticals=(*((look.month, "look") for look in found.looks[:-1]), (found.accrual_months, "last entry")),
    )
    apart = _EVERY * max(1, round(last / _EVERY / 12))
    months = [float(month) for month in range(apart, int(last), apart)]
    return EventsPlot(plot, (*(_expected(now, month) for month in months), curve[-1]))


def _expected(now: Assumptions, month: float) -> Month:
    return Month(month, entered(course_of(now), month), events_at(now, month))


def assumed_ratio(now: Assumptions) -> float | None:
    """The hazard ratio assumed; None where it changes with time."""
    return now.hazard_ratio[0][1] if len(now.hazard_ratio) == 1 else None
