"""How the follow-up of those randomized goes: what a forecast of events knows of everybody together.

Events are those of the primary endpoint under its primary estimand, as the analysis counts them and the looks of the
design want them: a progression that does not count there (after new therapy or missed scans, not signed) is none here.
Nothing here can tell an arm, and a test changes every arm to see that it does not: whoever looks at a forecast must not
learn the effect of the treatment from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from evenhand.analysis.analysing import outcome_of
from evenhand.analysis.cut import Participant
from evenhand.analysis.efficacy.arms import arms_of
from evenhand.analysis.efficacy.plan import primary_endpoint
from evenhand.conduct.ending import ends_of
from evenhand.enrollment import newest_adopted, protocol_for
from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.record import History
from evenhand.record.remembered import Remembered

_EVENTS: Final = frozenset({"progression", "death"})  # what ends follow-up with an event, where no endpoint says more
_STOPPED: Final = frozenset(
    {"new_therapy", "unplanned_local_therapy", "clinical", "missed", "day_unknown", "contradiction"}
)
"""Reasons for censoring after which nothing counts any more, though follow-up may go on."""
_EACH: Remembered[_Way] = Remembered(50_000)


class _Way(NamedTuple):
    """One participant: the first day, the last day of follow-up (it may lie ahead), and what tells that it ended.
    ``event``: the day of what counts; ``stopped``: the day since which nothing counts any more; else None."""

    first: date
    last: date
    by: str
    event: date | None
    stopped: date | None


@dataclass(frozen=True, slots=True)
class Followed:
    """Everybody randomized by a day, both arms together.

    ``events`` are the days of those so far. ``left``: how many can have no event any more, other than by time: lost,
    withdrew, declined, or something came first after which nothing counts. ``days`` of all in which an event would have
    counted. ``remaining``: for each person who may still have an event, the days that follow-up can last still;
    ``beside``: the same for those who are followed and can have none any more. ``cap``: for how many days anybody new
    is followed at most. ``ended``: the last day on which the follow-up of somebody ended.
    """

    events: tuple[date, ...]
    left: int
    days: int
    remaining: tuple[int, ...]
    cap: int
    ended: date | None = None
    beside: tuple[int, ...] = ()


def followed(protocols: Versions | Protocol, history: History, day: date) -> Followed:
    """How everybody's follow-up stands at the end of a day; each person's by the version that holds for the person.

    What happened and is not recorded yet counts as not happened: the forecast is of events as they are recorded.
    Raises StudyError as ``protocol_for``, RecordError for an entry that does not fit the forms.
    """
    versions = as_versions(protocols)
    newest = newest_adopted(versions, history)
    everybody = dict.fromkeys(one.subject for one in history.allocations if one.effective <= day)
    ways = [_way(versions, newest, history, subject, day) for subject in everybody]
    over = [way for way in ways if _over(way, day)]
    going = [way for way in ways if not _over(way, day)]
    longest = newest.enrollment.follow_up_at_most
    return Followed(
        events=tuple(sorted(way.event for way in ways if way.event is not None)),
        left=sum(way.event is None and (way.stopped is not None or _left(way, day)) for way in ways),
        days=sum((min(way.event or way.stopped or way.last, way.last, day) - way.first).days for way in ways),
        remaining=tuple((way.last - day).days for way in going if way.event is None and way.stopped is None),
        cap=(longest.after(day) - day).days,
        ended=max((way.last for way in over), default=None),
        beside=tuple((way.last - day).days for way in going if way.event is not None or way.stopped is not None),
    )


def _over(way: _Way, day: date) -> bool:
    """Whether follow-up ended by a day; the last day that time allows is still one of follow-up."""
    return way.last < day if way.by == "time" else way.last <= day


def _left(way: _Way, day: date) -> bool:
    """Whether somebody is followed no more, other than by time."""
    return way.by != "time" and _over(way, day)


def _way(versions: Versions, newest: Protocol, history: History, subject: str, day: date) -> _Way:
    person = Participant(protocol_for(versions, history, subject), history.subject(subject))
    question = person.protocol, newest, person.known, day
    return _EACH.answer((history.study, subject), question, lambda: _read(person, newest, day))


def _read(person: Participant, newest: Protocol, day: date) -> _Way:
    ends = ends_of(person.protocol, person.known)
    assert ends.randomized is not None and ends.at_most is not None  # an allocation gives both
    ended = ends.follow_up
    last, by = ends.at_most, "time"
    if ended is not None and ended.day <= ends.at_most:
        last, by = max(ended.day, ends.randomized), ended.ending.by
    return _Way(ends.randomized, last, by, *_counted(person, newest, day, (last, by)))


def _counted(
    person: Participant, newest: Protocol, day: date, ended: tuple[date, str]
) -> tuple[date | None, date | None]:
    """The day of an event by a day, and that since which nothing counts any more."""
    endpoint, endpoints, arms = primary_endpoint(newest), newest.endpoints, arms_of(newest)
    if endpoint is None or endpoints is None:
        last, by = ended
        return (last if last <= day and by in _EVENTS else None), None
    outcome, allocation = outcome_of(person, day, endpoint, endpoints), person.known.allocation
    compared = arms is None or (allocation is not None and arms.number(allocation.arm) is not None)
    if outcome.event and compared:
        return outcome.day, None
    return None, outcome.day if outcome.event or outcome.reason in _STOPPED else None
