"""Which forms a visit asks for."""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from evenhand.conduct.forms import answer, scene
from evenhand.conduct.schedule.attended import Attended
from evenhand.dates import on_day
from evenhand.logic import NO
from evenhand.protocol.plan.schedule import VISITED
from evenhand.protocol.plan.visits import UNSCHEDULED, Expected, Schedule


def expected_at(
    schedule: Schedule, seen: Attended, occurrence: str, day: date, without: Container[str] = ()
) -> tuple[str, ...]:
    """The forms that an occurrence on ``day`` asks for, in the schedule's order, those of ``without`` left out.

    A form whose condition is answered no is not asked for; where the answer is unknown, it is.
    """
    found = schedule.find(occurrence)
    forms: tuple[Expected, ...] = ()
    if found is not None:
        forms = found[0].forms
    elif occurrence.startswith(f"{UNSCHEDULED}."):
        forms = schedule.unscheduled
    return tuple(
        expected.form for expected in forms if expected.form not in without and _asked(expected, schedule, seen, day)
    )


def _asked(expected: Expected, schedule: Schedule, seen: Attended, day: date) -> bool:
    if expected.when is None or schedule.conditions is None:
        return True
    given = scene(schedule.conditions, {VISITED: on_day(day)}, seen.about, seen.all, day)
    return answer(expected.when, given) is not NO
