"""Who was lost where: everybody who is not randomized, by the furthest stage reached and by what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

from evenhand.accrual.courses import Course, Stage, courses
from evenhand.accrual.screening import judged_on, last_judged
from evenhand.protocol import Protocol
from evenhand.record import History

Fate = Literal["not eligible", "ran out of time", "withdrew", "open"]
FATES: Final[Mapping[Fate, str]] = {
    "not eligible": "failed a criterion at the last judgement, and fails today",
    "ran out of time": "failed nothing at the last judgement, and fails today: time passed",
    "withdrew": "consent was withdrawn",
    "open": "may still be randomized: nothing fails today",
}
"""In this order of precedence after ``withdrew``, which comes first: a person who withdrew is asked no further."""


class Losses(NamedTuple):
    """Candidates at one furthest stage, by fate."""

    stage: Stage
    by_fate: Mapping[Fate, int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_fate.values())


def losses(protocol: Protocol, history: History, today: Callable[[str | None], date]) -> tuple[Losses, ...]:
    """Those not randomized, stage by stage. ``today`` tells the day at a site; a closed study stays at its last day."""
    closure = history.state.closure
    found: dict[Stage, Counter[Fate]] = {"screened": Counter(), "consented": Counter(), "registered": Counter()}
    for course in courses(history):
        if course.stage != "randomized":
            day = closure.effective if closure else today(course.site)
            found[course.stage][fate_of(protocol, history, course, day)] += 1
    return tuple(Losses(stage, {fate: counted[fate] for fate in FATES}) for stage, counted in found.items())


def fate_of(protocol: Protocol, history: History, course: Course, day: date) -> Fate:
    """What became of one candidate as of a day."""
    if course.consented is not None and not course.agrees:
        return "withdrew"
    known = history.subject(course.subject)
    if not judged_on(protocol, known, day, "today").failed:
        return "open"
    return "not eligible" if last_judged(protocol, known).failed else "ran out of time"
