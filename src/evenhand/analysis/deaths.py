"""The day of a death: as recorded, or chosen from the days that it may have been, which is then said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from evenhand.analysis.seen import Seen
from evenhand.protocol.endpoints_sheets import DayOfDeath


class DeathDay(NamedTuple):
    """The day, and what of it was chosen (ADTF)."""

    day: date
    imputed: str
    seq: int | None


def day_of_death(seen: Seen, chosen: DayOfDeath) -> DeathDay | None:
    """The day of a death of which a day, a month or a year is known; None without one.

    Of a partial date the ``chosen`` one of the days that it may have been, which do not lie before the person was last
    seen nor after the data cut, where that leaves any ([P]). Of an even number of days the middle is the earlier one.
    """
    if seen.died is None:
        return None
    span = seen.died.span
    if span.exact:
        return DeathDay(span.first, "", seen.died.seq)
    first = max(span.first, seen.alive or span.first, seen.start)
    last = min(span.last, seen.until)
    if last < first:
        first, last = span.first, span.last
    days = {"first": 0, "middle": (last - first).days // 2, "last": (last - first).days}[chosen]
    month = (span.first.year, span.first.month) == (span.last.year, span.last.month)
    return DeathDay(first + timedelta(days=days), "D" if month else "M", seen.died.seq)
