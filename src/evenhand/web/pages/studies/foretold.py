"""The forecast in rows for the study page: what is waited for, and between which days it is expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.accrual import Ending, Entering, Forecast, Interval

_FEW: Final = 3  # rows on the way to the target, about
BEYOND: Final = "not within 40 years"


@dataclass(frozen=True, slots=True)
class Row:
    """What is waited for; the day on which it was reached, or the three days of the interval. ``note`` says more."""

    what: str
    reached: date | None
    when: Interval | None
    note: str = ""

    @property
    def days(self) -> tuple[date | str, ...]:
        """The early, the middle and the late day."""
        if self.when is None:
            return ()
        return tuple(day or BEYOND for day in (self.when.low, self.when.middle, self.when.high))


def entering_rows(entering: Entering) -> list[Row]:
    """The target, after a few numbers on the way to it."""
    if entering.when is None:
        return [Row(f"{entering.target} randomized", entering.reached, None)]
    apart = max(1, len(entering.band) // _FEW)
    kept = entering.band[:-1][apart - 1 :: apart] + entering.band[-1:]
    return [Row(f"{count} randomized", None, when) for count, when in kept]


def ending_rows(ending: Ending) -> list[Row]:
    """The events of each look, then the end of all follow-up."""
    return [*_milestones(ending), Row("nobody followed any more", ending.completed, ending.complete)]


def _milestones(ending: Ending) -> Iterator[Row]:
    for one in ending.milestones:
        note = "" if one.share > 0.995 else f"never reached in {100 * (1 - one.share):.0f} of 100 draws"
        yield Row(f"{one.events} events", one.reached, one.when, note)


def shown_forecast(forecast: Forecast | None) -> dict[str, object]:
    """What the templates need of a forecast."""
    if forecast is None:
        return {"forecast": None}
    ending = forecast.ending
    return {
        "forecast": forecast,
        "entering_rows": entering_rows(forecast.entering),
        "target_row": entering_rows(forecast.entering)[-1],
        "ending_rows": ending_rows(ending) if ending else [],
    }
