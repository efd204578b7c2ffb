"""Who was lost where: everybody who is not randomized, by the furthest stage reached and by what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from evenhand.eligibility.judged import FATES, Fate, fate_of
from evenhand.enrollment.courses import Stage, courses
from evenhand.protocol import Protocol
from evenhand.record import History, SubjectHistory
from evenhand.record.remembered import Remembered

_LOSSES: Remembered[tuple[Losses, ...]] = Remembered(16)
_EACH: Remembered[Fate] = Remembered(100_000)  # assumed: more candidates than all trials of one place have


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
    days = _days(history, today)
    question = (protocol, history, *days.values())
    return _LOSSES.answer(history.study, question, lambda: _losses(protocol, history, days))


def fates_ahead(protocol: Protocol, history: History, today: Callable[[str | None], date]) -> Iterator[None]:
    """Find what became of one candidate after the other; whoever asks may stop at any time."""
    days = _days(history, today)
    for course in courses(history):
        if course.stage != "randomized":
            _fate(protocol, history.subject(course.subject), days[course.site])
            yield


def _days(history: History, today: Callable[[str | None], date]) -> dict[str | None, date]:
    """The day at every site of a candidate: the open ones in their order, then any other."""
    closure = history.state.closure
    places = dict.fromkeys((*history.state.sites, *(course.site for course in courses(history))))
    return {site: closure.effective if closure else today(site) for site in places}


def _losses(protocol: Protocol, history: History, days: Mapping[str | None, date]) -> tuple[Losses, ...]:
    found: dict[Stage, Counter[Fate]] = {"screened": Counter(), "consented": Counter(), "registered": Counter()}
    for course in courses(history):
        if course.stage != "randomized":
            known, day = history.subject(course.subject), days[course.site]
            found[course.stage][_fate(protocol, known, day)] += 1
    return tuple(Losses(stage, {fate: counted[fate] for fate in FATES}) for stage, counted in found.items())


def _fate(protocol: Protocol, known: SubjectHistory, day: date) -> Fate:
    key = protocol.study, known.subject
    return _EACH.answer(key, (protocol, known, day), lambda: fate_of(protocol, known, day))
