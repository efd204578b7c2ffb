"""What a record says of the endpoint: of everybody who was randomized, how long they were followed and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.ending import ends_of
from evenhand.dates import DAYS_PER_MONTH
from evenhand.protocol import Protocol
from evenhand.record import Allocation, History

_EVENTS: Final = ("progression", "death")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One person at a cut. ``months`` since randomization until the event, else until nothing more is known; ``until``
    is that day. ``why``: the ending's id, or nothing for whoever is still followed; ``in_time``: it is the one that
    time sets."""

    subject: str
    arm: str
    stratum: str
    entered: date
    until: date
    event: bool
    why: str
    in_time: bool = False

    @property
    def months(self) -> float:
        """Months of follow-up."""
        return (self.until - self.entered).days / DAYS_PER_MONTH


def outcomes(protocol: Protocol, history: History, cut: date = date.max) -> tuple[Outcome, ...]:
    """The outcomes of everybody randomized by a cut, in the order of randomization.

    The event is progression as it was determined, or death, whichever ends follow-up first; all other endings censor.
    What the record says now is cut, not what was known then: for that, give ``history.as_of(recorded_cut=...)``.
    """
    return tuple(_outcome(protocol, history, one, cut) for one in history.allocations if one.effective <= cut)


def _outcome(protocol: Protocol, history: History, made: Allocation, cut: date) -> Outcome:
    ended = ends_of(protocol, history.subject(made.subject)).follow_up
    if ended is None or ended.day > cut:
        return Outcome(made.subject, made.arm, made.stratum, made.effective, cut, event=False, why="")
    event = ended.ending.by in _EVENTS
    in_time = ended.ending.by == "time"
    return Outcome(made.subject, made.arm, made.stratum, made.effective, ended.day, event, ended.ending.id, in_time)


def cut_at(found: tuple[Outcome, ...], cut: date) -> tuple[Outcome, ...]:
    """The same outcomes, as they stood at an earlier cut."""
    return tuple(
        one if one.until <= cut else Outcome(one.subject, one.arm, one.stratum, one.entered, cut, event=False, why="")
        for one in found
        if one.entered <= cut
    )
