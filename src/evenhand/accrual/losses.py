"""Who was lost where: everybody who is not randomized, by the furthest stage reached and by what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from evenhand.eligibility.judged import FATES, Fate, fate_of
from evenhand.enrollment.courses import Stage, courses
from evenhand.protocol import Protocol
from evenhand.record import History


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
            found[course.stage][fate_of(protocol, history.subject(course.subject), day)] += 1
    return tuple(Losses(stage, {fate: counted[fate] for fate in FATES}) for stage, counted in found.items())
