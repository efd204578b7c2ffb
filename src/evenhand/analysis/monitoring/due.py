"""What is due of the safety board: a meeting, an answer to a stopping rule that is met, an act on what it recommended.

All of it is our proposal; when the board meets at the latest stands in ``monitoring.yaml``. Days of meetings count, not
those of their data cuts; a look of the design is a meeting too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.analysis.cut import Participant
from evenhand.analysis.monitoring.met import Met as RuleMet
from evenhand.conduct.ending import ends_of
from evenhand.protocol import Protocol
from evenhand.protocol.monitoring import EventRule
from evenhand.record import History, Met, board_met, meetings_held

ASKS_FOR_AN_ACT: Final = frozenset({"pause_accrual", "stop_for_efficacy", "stop_for_futility", "stop_for_safety"})
"""Recommendations after which accrual does not simply go on."""


@dataclass(frozen=True, slots=True)
class RuleDue:
    """A stopping rule that is met at its look of so many ``people``, and that the board has not met about since."""

    rule: EventRule
    people: int


@dataclass(frozen=True, slots=True)
class BoardDue:
    """``meeting``: the day by which the board was to meet and did not (None: none is due); ``next``: the day by which
    it meets at the latest. ``rules``: those that are met and not taken up. ``unfollowed``: the newest meeting, where it
    recommended that accrual does not go on, and it goes on."""

    meeting: date | None
    next: date | None
    rules: tuple[RuleDue, ...]
    unfollowed: Met | None

    @property
    def anything(self) -> bool:
        """Whether anything is due."""
        return bool(self.meeting or self.rules or self.unfollowed)

    @property
    def questions_accrual(self) -> bool:
        """Whether somebody must decide if accrual goes on: a rule that asks for a pause, or a recommendation."""
        return self.unfollowed is not None or any(one.rule.pauses_accrual for one in self.rules)


def board_due(
    protocol: Protocol, history: History, people: Iterable[Participant], met: Iterable[RuleMet], on: date
) -> BoardDue:  # fmt: skip
    """What is due by a day; ``met``: the stopping rules that are met by then."""
    last, closed = _by(protocol, history), history.state.closure is not None
    late = last is not None and last <= on and not closed and _followed(people, on)
    going = history.state.accrual_open and len(history.allocations) < protocol.enrollment.target
    return BoardDue(
        meeting=last if late else None,
        next=last if last is not None and last > on and not closed else None,
        rules=() if closed else tuple(_waiting(protocol, history, met)),
        unfollowed=_unfollowed(history) if going else None,
    )


def _by(protocol: Protocol, history: History) -> date | None:
    """The day by which the next meeting is to be held, counted from the last one, else from the first randomization."""
    every = protocol.monitoring.meets_every if protocol.monitoring else None
    if every is None or not history.allocations:
        return None
    held = board_met(history)
    return every.after(held[-1].held if held else min(one.effective for one in history.allocations))


def _followed(people: Iterable[Participant], on: date) -> bool:
    """Whether anybody is followed; whoever came last is asked first, since that answers soonest."""
    return any(not ends_of(one.protocol, one.known).over(on) for one in reversed(tuple(people)))


def _waiting(protocol: Protocol, history: History, met: Iterable[RuleMet]) -> Iterable[RuleDue]:
    answered: dict[str, int] = {}
    for meeting in meetings_held(history):
        for name, people in meeting.rules:
            answered[name] = max(people, answered.get(name, 0))
    rules = {one.id: one for one in protocol.monitoring.event_rules} if protocol.monitoring else {}
    return (RuleDue(rules[name], people) for name, people in met if people > answered.get(name, 0))


def _unfollowed(history: History) -> Met | None:
    held = board_met(history)
    return held[-1] if held and held[-1].recommendation in ASKS_FOR_AN_ACT else None
