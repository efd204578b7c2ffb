"""The safety board of a made-up trial: it looks when the events of a look are there, recommends by the bounds, and
meets besides as often as the protocol wants it to. Whether a stopping rule for events is met it does not count.

At the first of each month somebody counts as far as it is worth it, since counting takes seconds; what had happened by
the day before is the data cut, and the board meets when a report would be ready. Its recommendation changes nothing:
who is in the trial is followed to the end, so that there is a whole record to analyse.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Final

from evenhand import administration
from evenhand.administration import HOLDER, CutSeen, Grant, LookSeen, MeetingSeen, grants
from evenhand.analysis.cut import Participant
from evenhand.design import Assumptions, assumptions_of
from evenhand.record import looks_held
from evenhand.refusal import Refusal
from evenhand.simulation.courses import Following
from evenhand.simulation.running import Running

PREPARED: Final = timedelta(days=28)
"""From the data cut to the meeting; assumed: four weeks to clean the data and write the report."""
_WORDS: Final = {
    "stop_for_efficacy": "Made up: the bound of the design is reached.",
    "stop_for_futility": "Made up: the bound of the design for futility is reached.",
    "continue_unchanged": "Made up: nothing speaks against going on as planned.",
}


class MadeUpBoard:
    """Comes together for the interim looks of the design, if there are any, and otherwise as often as the protocol
    wants it to while somebody is followed."""

    def __init__(self, trial: Running, following: Following | None) -> None:
        self.trial = trial
        self.following = following
        self.design = _design_of(trial) if following is not None else None
        self.next: date | None = None
        self._waits = False  # a meeting is planned and not held yet
        self._counted = 0  # entries when it was counted last

    def start(self) -> None:
        """Count at the first of the next month; never, where roles were granted and nobody is the board."""
        held, member = grants(self.trial.history), Grant(self.trial.actor(HOLDER, None).user, HOLDER, None)
        meets = self.design is not None or _meets(self.trial)
        if self.following is not None and meets and (not held or member in held):
            self.next = _first_after(self.trial.clock.date())

    def watch(self, day: date, until: Callable[[date], None], going: Callable[[], bool]) -> None:
        """Let the days go by to ``day``, and count on the first of each month on the way while the trial is going."""
        while self.next is not None and self.next < day and (day != date.max or going()):
            here = self.next
            until(here)
            self.next = _first_after(here)
            if not self._waits:
                self._plan(here)
        until(day)

    def _plan(self, here: date) -> None:
        """Plan a meeting: for a look that is due, else because the board is to meet before long."""
        if self._worth_counting(here) and (look := self._due(here)) is not None:
            self._waits = True
            self.trial.plan(here + PREPARED, partial(self._hold, look))
        elif (meeting := self._periodic(here)) is not None:
            self._waits = True
            self.trial.plan(here + PREPARED, partial(self._meet, meeting))

    def _worth_counting(self, day: date) -> bool:
        """Whether a look is still to come, something was recorded since the last count, and as many people as the look
        needs events truly had one; what is seen of it comes later."""
        if self.design is None or self.following is None or len(self.trial.history.entries) == self._counted:
            return False
        held = looks_held(self.trial.history)
        number = held[-1].number if held else 0
        if number >= len(self.design.looks) - 1:
            return False
        next_look = self.design.looks[number]
        true = (one.truth for one in self.following.people.values())
        many = sum(any(when is not None and when < day for when in (one.progresses, one.dies)) for one in true)
        return next_look.events is None or many >= next_look.events

    def _due(self, day: date) -> tuple[LookSeen, str] | None:
        """The look that is due by the day before, as it is seen then, and what the bounds say."""
        from evenhand.analysis import analyse, cut  # noqa: PLC0415 - seconds, where there is a look
        from evenhand.analysis.efficacy.crossing import look_at  # noqa: PLC0415 - the same

        head, effective = self.trial.history.head, day - timedelta(days=1)
        self._counted = len(self.trial.history.entries)
        if head is None:
            return None
        known = cut(self.trial.protocol, self.trial.history, effective=effective, recorded=head.recorded_at)
        found = look_at(analyse(known))
        if found is None or found.stage != "interim":
            return None
        seen = LookSeen(found.number, effective, head.recorded_at, head.seq, found.events)
        return seen, _RECOMMENDED.get(found.crossed, "continue_unchanged")

    def _periodic(self, day: date) -> CutSeen | None:
        """The data cut of a meeting, where the next month's would come too late; None where nobody is followed."""
        from evenhand.analysis.monitoring.due import board_due  # noqa: PLC0415 - seconds, where there is a board

        trial, head = self.trial, self.trial.history.head
        people = [Participant(trial.protocol, trial.history.subject(one.subject)) for one in trial.history.allocations]
        late = board_due(trial.protocol, trial.history, people, (), _first_after(day) + PREPARED).meeting
        if late is None or head is None:
            return None
        return CutSeen(day - timedelta(days=1), head.recorded_at, head.seq)

    def _hold(self, look: tuple[LookSeen, str], day: date) -> None:
        seen, advice = look
        by, self._waits = self.trial.actor(HOLDER, None), False
        self.trial.take(administration.hold_look, by, day, look=seen, recommendation=advice, reason=_WORDS[advice])

    def _meet(self, cut: CutSeen, day: date) -> None:
        by, self._waits = self.trial.actor(HOLDER, None), False
        advice, seen = "continue_unchanged", MeetingSeen(cut, "periodic")
        self.trial.take(
            administration.hold_meeting, by, day, meeting=seen, recommendation=advice, reason=_WORDS[advice]
        )


_RECOMMENDED: Final = {"efficacy": "stop_for_efficacy", "futility": "stop_for_futility"}


def _meets(trial: Running) -> bool:
    """Whether the protocol says how often the board meets."""
    return trial.protocol.monitoring is not None and trial.protocol.monitoring.meets_every is not None


def _design_of(trial: Running) -> Assumptions | None:
    """The design, where it plans an interim look at an endpoint of the protocol and names all its events."""
    if trial.protocol.endpoints is None:
        return None
    try:
        now = assumptions_of(trial.protocol)
    except Refusal:
        return None
    return now if len(now.looks) > 1 else None


def _first_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
