"""For how long somebody was observed for adverse events, and when an event counts as begun."""

from __future__ import annotations

from datetime import date

from evenhand.analysis.analysing import Analysed
from evenhand.analysis.safety.happenings import Happening
from evenhand.conduct.ending import ends_of

YEAR = 365.25  # days; assumed: the mean year of the Julian calendar, as usual for person-years


def observed_until(one: Analysed) -> date:
    """The last day: that of the cut, of follow-up where it has ended, or of death, whichever came first ([P]: of a
    death of which the month alone is known, the last day of it)."""
    ends = ends_of(one.person.protocol, one.person.known)
    days = [one.seen.until]
    if ends.last is not None and ends.over(one.seen.until):
        days.append(ends.last)
    if one.seen.died is not None:
        days.append(one.seen.died.span.last)
    return max(min(days), one.seen.start)


def began(one: Happening, at_least: int = 1) -> date:
    """The first day since randomization on which it had such a grade; of a partial date the first day that it may be.

    Of an event that was there before, the day on which it became worse. Without any day, that of its entry ([P]).
    """
    event = one.event
    before = max((each.grade for each in event.course if each.day and each.day.last < one.start), default=0)
    from_grade = max(at_least, before + 1)
    since = [each for each in event.course if each.grade >= from_grade and each.day and each.day.last >= one.start]
    days = [each.day.first for each in since if each.day]
    onset = [event.onset.first] if event.onset and before == 0 and at_least <= 1 else []
    return max(one.start, min([*onset, *days], default=event.onset.first if event.onset else event.entry.day))
