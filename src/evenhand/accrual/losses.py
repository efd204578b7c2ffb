"""Who was lost where: everybody who is not randomized, by the furthest stage reached and by what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from evenhand.eligibility.judged import FATES, Fate, fate_of
from evenhand.enrollment import protocol_for
from evenhand.enrollment.courses import Stage, courses
from evenhand.protocol import Protocol, Versions, as_versions
from evenhand.record import History, StudyState, SubjectHistory
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


def losses(protocols: Versions | Protocol, history: History, today: Callable[[str | None], date]) -> tuple[Losses, ...]:
    """Those not randomized, stage by stage, each by the version that holds for the person, as the flow has it.

    ``today`` tells the day at a site; a closed study stays at its last day, and a halted one at the day of the halt,
    for whoever was there by then. Raises StudyError as ``protocol_for``.
    """
    days = _days(history, today)
    question = (protocols, history, *days.values())
    return _LOSSES.answer(history.study, question, lambda: _losses(as_versions(protocols), history, days))


def fates_ahead(
    protocols: Versions | Protocol, history: History, today: Callable[[str | None], date]
) -> Iterator[None]:
    """Find what became of one candidate after the other; whoever asks may stop at any time."""
    days, versions = _days(history, today), as_versions(protocols)
    for course in courses(history):
        if course.stage != "randomized":
            fate_now(versions, history, course.subject, days[course.site])
            yield


def judged_said(state: StudyState, today: str) -> str:
    """Which day is the day of judging, as a sentence; ``today`` says the day of whoever is still waited for."""
    closed, halted = state.closure, state.halted_since
    last = f"{closed.effective:%-d %b %Y}, on which the study was closed" if closed else today
    if halted is None or (closed and closed.effective < halted):
        return f"The day of judging is {last}."
    return f"The day of judging is {halted:%-d %b %Y}, on which accrual was halted; of whoever came later, {last}."


def _days(history: History, today: Callable[[str | None], date]) -> dict[str | None, date]:
    """The day at every site of a candidate: the open ones in their order, then any other."""
    closure = history.state.closure
    places = dict.fromkeys((*history.state.sites, *(course.site for course in courses(history))))
    return {site: closure.effective if closure else today(site) for site in places}


def _losses(versions: Versions, history: History, days: Mapping[str | None, date]) -> tuple[Losses, ...]:
    found: dict[Stage, Counter[Fate]] = {"screened": Counter(), "consented": Counter(), "registered": Counter()}
    for course in courses(history):
        if course.stage != "randomized":
            found[course.stage][fate_now(versions, history, course.subject, days[course.site])] += 1
    return tuple(Losses(stage, {fate: counted[fate] for fate in FATES}) for stage, counted in found.items())


def fate_now(versions: Versions, history: History, subject: str, day: date) -> Fate:
    """What became of one candidate who is not randomized, by the version that holds for the person."""
    protocol, state = protocol_for(versions, history, subject), history.state
    known: SubjectHistory = history.subject(subject)
    # a state is made anew with each entry about the study; of it these two days alone are asked
    question = protocol, known, day, state.halted_since, state.closure.effective if state.closure else None
    return _EACH.answer((protocol.study, subject), question, lambda: fate_of(protocol, state, known, day))
