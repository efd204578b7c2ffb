"""When the target will be reached, when the events of each look are there, and when all is complete: with intervals.

From the record so far and the plan; see the neighbours ``forecast_pace``, ``forecast_follow_up`` and ``forecast_draws``
for the method and its sources. An interval holds 90 % of the draws. It knows of chance and of how little was seen; it
does not know of a site that will open, a halt to come or a pace that changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from random import Random
from typing import Final

from evenhand.accrual import forecast_draws as draws
from evenhand.accrual.forecast_design import Expected, expected_of
from evenhand.accrual.forecast_follow_up import Followed, followed
from evenhand.accrual.forecast_pace import Pace, study_pace
from evenhand.accrual.plan import plan_of
from evenhand.dates import DAYS_PER_MONTH
from evenhand.enrollment import newest_adopted
from evenhand.enrollment.courses import study_timeline
from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.record import History
from evenhand.record.remembered import Remembered

_FAR: Final = 40 * 365  # days: what lies further ahead is not told
_STEPS: Final = 24  # points of the band
_KEPT: Remembered[Forecast | None] = Remembered(16)


@dataclass(frozen=True, slots=True)
class Interval:
    """A day that is not known: 5 % of the draws are before ``low``, half before ``middle``, 95 % before ``high``.

    None is a day that lies beyond 40 years, or never comes.
    """

    low: date | None
    middle: date | None
    high: date | None


@dataclass(frozen=True, slots=True)
class Entering:
    """How accrual goes on. ``reached``: the day on which the target was reached, else None; ``when``: the forecast.

    ``band``: (people randomized, when). ``people`` in ``days`` site-days is what the pace was seen from; ``a_month`` is
    its mean, of all sites. ``halted``: the days are those on which accrual would go on from today.
    """

    target: int
    randomized: int
    reached: date | None
    when: Interval | None = None
    band: tuple[tuple[int, Interval], ...] = ()
    people: int = 0
    days: int = 0
    a_month: float = 0.0
    halted: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """So many events: ``reached`` on a day of the past, or ``when``, in a ``share`` of the draws at all."""

    events: int
    reached: date | None
    when: Interval | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How follow-up goes on, both arms together. ``events``: those of the primary endpoint; ``followed``: people, with
    or without a chance of one. ``total``: events in the end, (5 %, middle, 95 %)."""

    events: int
    followed: int
    left: int
    milestones: tuple[Milestone, ...]
    complete: Interval | None
    completed: date | None
    total: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast as of a day; ``ending`` is None where the study has no design to say what is waited for."""

    day: date
    entering: Entering
    ending: Ending | None = field(default=None)


def forecast_of(protocols: Versions | Protocol, history: History, day: date) -> Forecast | None:
    """The forecast as of a day: the same for the same record, remembered while nothing new is recorded.

    None before activation, after closure, and where neither a plan nor anybody randomized tells a pace. Raises
    StudyError and RecordError as ``followed``.
    """
    return _KEPT.answer(
        history.study, (protocols, history, day), lambda: _forecast(as_versions(protocols), history, day)
    )


def _forecast(versions: Versions, history: History, day: date) -> Forecast | None:
    """The forecast from what it rests on; drawn anew only where that has changed, which few entries do."""
    protocol, state = newest_adopted(versions, history), history.state
    pace = study_pace(history, plan_of(protocol, history), day)
    if state.activation is None or state.closure is not None or pace is None:
        return None
    expected = expected_of(protocol)
    days = tuple(one for one in study_timeline(history).randomized if one <= day)
    who = followed(versions, history, day) if expected else None
    parts = (days, protocol.enrollment.target, pace, day, who, expected, state.halt is not None)
    drawn = _DRAWN.get(history.study)
    if drawn is None or drawn[0] != parts:
        drawn = _DRAWN[history.study] = parts, _drawn(history.study, parts)
    return drawn[1]


_Parts = tuple[tuple[date, ...], int, Pace, date, Followed | None, Expected | None, bool]
_DRAWN: dict[str, tuple[_Parts, Forecast]] = {}


def _drawn(study: str, parts: _Parts) -> Forecast:
    days, target, pace, day, who, expected, halted = parts
    people = max(0, target - len(days)) + (len(who.remaining) + len(who.beside) if who else 0)
    random, number = Random(f"{study}|forecast"), draws.draws_for(people)
    return foretold(days, target, pace, day, who, expected, random=random, halted=halted, number=number)


def foretold(  # noqa: PLR0913  all that a forecast rests on
    randomized: Sequence[date],
    target: int,
    pace: Pace,
    day: date,
    who: Followed | None = None,
    expected: Expected | None = None,
    *,
    random: Random,
    halted: bool = False,
    number: int = draws.DRAWS,
) -> Forecast:
    """The forecast from its parts: the days of randomization so far, the pace, and how follow-up stands."""
    missing = max(0, target - len(randomized))
    entries = draws.drawn_entries(pace, missing, random, number)
    entering = _entering(sorted(randomized), target, pace, entries, day, halted=halted)
    if who is None or expected is None:
        return Forecast(day, entering)
    event = draws.hazard_of(len(who.events), who.days, expected.event, draws.EVENT_WEIGHT)
    loss = draws.hazard_of(who.left, who.days, expected.loss, draws.LOSS_WEIGHT)
    return Forecast(day, entering, _ending(who, draws.drawn_ends(entries, who, event, loss, random), expected, day))


def _entering(
    randomized: Sequence[date], target: int, pace: Pace, entries: list[list[float]], day: date, *, halted: bool
) -> Entering:
    now, missing = len(randomized), max(0, target - len(randomized))
    if not missing:
        return Entering(target, now, reached=randomized[target - 1])
    counts = sorted({1, *(ceil(missing * step / _STEPS) for step in range(1, _STEPS + 1))})
    band = [(now + count, _interval([one[count - 1] for one in entries], day)) for count in counts]
    return Entering(
        target, now, None, band[-1][1], tuple(band), pace.people, pace.days, pace.mean * DAYS_PER_MONTH, halted
    )  # fmt: skip


def _ending(who: Followed, ends: list[draws.Ends], expected: Expected, day: date) -> Ending:
    known = len(who.events)
    totals = sorted(known + len(one.events) for one in ends)
    low, middle, high = (int(draws.quantile(totals, share)) for share in (draws.TAIL, 0.5, 1 - draws.TAIL))
    over = not who.remaining and not who.beside and not any(one.complete for one in ends)
    return Ending(
        events=known,
        followed=len(who.remaining) + len(who.beside),
        left=who.left,
        milestones=tuple(_milestone(count, who, ends, day) for count in expected.looks),
        complete=None if over else _interval([one.complete for one in ends], day),
        completed=who.ended if over else None,
        total=(low, middle, high),
    )


def _milestone(count: int, who: Followed, ends: list[draws.Ends], day: date) -> Milestone:
    known = len(who.events)
    if count <= known:
        return Milestone(count, who.events[count - 1])
    place = count - known - 1
    days = [one.events[place] if place < len(one.events) else float("inf") for one in ends]
    return Milestone(count, None, _interval(days, day), sum(one < _FAR for one in days) / len(days))


def _interval(days: list[float], today: date) -> Interval:
    ordered = sorted(days)
    return Interval(*(_day(draws.quantile(ordered, share), today) for share in (draws.TAIL, 0.5, 1 - draws.TAIL)))


def _day(after: float, today: date) -> date | None:
    return today + timedelta(days=ceil(after)) if after <= min(_FAR, (date.max - today).days) else None
