"""The order of the worklist: whom to call first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from evenhand.worklist.row import Row

UNKNOWN_CLOSES_IN: Final = timedelta(days=30)
"""assumed: a window whose end nobody knows counts as closing in 30 days. It may close tomorrow, so it comes before
those that have time; but it comes behind those that are known to be about to close."""

_PLACES: Final = ("open", "opens", "over")
_STAGES: Final = ("registered", "consented", "screened")


def urgency(row: Row) -> tuple[int, date, int, int, str]:
    """The key by which rows are sorted; no two candidates share one.

    What is lost by waiting comes first: an open window closes for good, so the one that closes soonest leads. Next the
    windows that lie ahead, the first to open first, since their candidates lose nothing today. Last those for whom time
    brings no window, the latest to close first, because what was recorded wrongly is mended while it is fresh.
    Among equals: whoever is closest to randomization (stage, then fewest tasks), since the least work saves a
    participant; then the pseudonym, so that the order is the same for everybody and after every reload.
    """
    return _PLACES.index(row.place), _day(row), _STAGES.index(row.stage), len(row.tasks), row.subject


def _day(row: Row) -> date:
    window = row.window
    if row.place == "over":
        ended = row.withdrawn or row.declined or (window.last if window else None) or date.min
        return date.fromordinal(date.max.toordinal() - ended.toordinal() + 1)
    if row.place == "opens":
        return (window.first if window else None) or row.on
    if window is None or not window.known:
        return row.on + UNKNOWN_CLOSES_IN
    return window.sure_last or date.max
