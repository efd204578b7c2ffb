"""How the follow-up of those randomized goes: what a forecast of events knows of everybody together.

Nothing here can tell an arm, and a test changes every arm to see that it does not: whoever looks at a forecast must not
learn the effect of the treatment from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from evenhand.conduct.ending import ends_of
from evenhand.protocol import Protocol
from evenhand.record import History, SubjectHistory
from evenhand.record.remembered import Remembered

EVENTS: Final = frozenset({"progression", "death"})  # what counts as an event: progression, or death before it
_EACH: Remembered[_Way] = Remembered(50_000)


class _Way(NamedTuple):
    """One participant: the first day, the last day of follow-up (it may lie ahead), and what tells that it ended."""

    first: date
    last: date
    by: str


@dataclass(frozen=True, slots=True)
class Followed:
    """Everybody randomized by a day, both arms together.

    ``events`` are the days of those so far. ``left`` were lost, withdrew or declined. ``days`` of follow-up of all.
    ``remaining``: for each person still followed, the days that follow-up can last still. ``cap``: for how many days
    anybody new is followed at most. ``ended``: the last day on which the follow-up of somebody ended.
    """

    events: tuple[date, ...]
    left: int
    days: int
    remaining: tuple[int, ...]
    cap: int
    ended: date | None = None


def followed(protocol: Protocol, history: History, day: date) -> Followed:
    """How everybody's follow-up stands at the end of a day.

    What happened and is not recorded yet counts as not happened: the forecast is of events as they are recorded.
    """
    ways = [_way(protocol, history, subject) for subject in dict.fromkeys(one.subject for one in history.allocations)]
    ways = [way for way in ways if way.first <= day]
    over = [way for way in ways if _over(way, day)]
    longest = protocol.enrollment.follow_up_at_most
    return Followed(
        events=tuple(sorted(way.last for way in over if way.by in EVENTS)),
        left=sum(way.by not in EVENTS and way.by != "time" for way in over),
        days=sum((min(way.last, day) - way.first).days for way in ways),
        remaining=tuple((way.last - day).days for way in ways if not _over(way, day)),
        cap=(longest.after(day) - day).days,
        ended=max((way.last for way in over), default=None),
    )


def _over(way: _Way, day: date) -> bool:
    """Whether follow-up ended by a day; the last day that time allows is still one of follow-up."""
    return way.last < day if way.by == "time" else way.last <= day


def _way(protocol: Protocol, history: History, subject: str) -> _Way:
    known = history.subject(subject)
    return _EACH.answer((history.study, subject), (protocol, known), lambda: _read(protocol, known))


def _read(protocol: Protocol, known: SubjectHistory) -> _Way:
    ends = ends_of(protocol, known)
    assert ends.randomized is not None and ends.at_most is not None  # an allocation gives both
    ended = ends.follow_up
    if ended is None or ended.day > ends.at_most:
        return _Way(ends.randomized, ends.at_most, "time")
    return _Way(ends.randomized, max(ended.day, ends.randomized), ended.ending.by)
