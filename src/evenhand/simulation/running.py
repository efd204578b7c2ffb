"""A made-up trial while it runs: the record so far, the clock, who acts, and what is planned."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from evenhand import steps
from evenhand.protocol import Protocol
from evenhand.record import LOOK_HELD, MEETING_HELD, Actor, Entry, Event, History, appended, sign
from evenhand.simulation.course import Course

_MINUTE = timedelta(minutes=1)
_FORM = timedelta(seconds=7)  # so that one day holds the forms of a whole trial's sites
_ABOUT_FORMS = (
    *(steps.enter, steps.correct_form, steps.sign_forms, steps.answer_query, steps.close_query, steps.open_query),
    *(steps.verify_source, steps.lock_forms),
)
_ALWAYS = {
    LOOK_HELD: "Made up: I record for the safety board that this look was held.",
    MEETING_HELD: "Made up: I record for the safety board that it met.",
}
"""What is signed whatever the course says, and what the signature means."""


class Running:
    """Takes steps in the order of their days, and keeps what they leave."""

    def __init__(self, protocol: Protocol, course: Course, first: date) -> None:
        self.protocol = protocol
        self.course = course
        self.history = History(protocol.study)
        self.clock = datetime.combine(first, course.opens, UTC)
        self._plans: list[tuple[date, int, Callable[[date], object]]] = []
        self._planned = 0

    def plan(self, day: date, act: Callable[[date], object]) -> None:
        """Do something on a day, after what is planned for that day already."""
        self._planned += 1
        heapq.heappush(self._plans, (day, self._planned, act))

    def until(self, day: date) -> None:
        """Do what is planned for the days before ``day``, in order."""
        while self._plans and self._plans[0][0] < day:
            due, _, act = heapq.heappop(self._plans)
            act(due)

    def actor(self, role: str, site: str | None) -> Actor:
        """Who acts in a role; whoever works for the whole study works at no site."""
        return Actor(self.course.staff(role, site).user, role, site)

    def signer(self, by: Actor) -> str:
        """The name under a signature of whoever acts."""
        return f"{self.course.staff(by.role, by.site).printed} ({by.user})"

    def take(self, step: steps.Step, by: Actor, day: date, **given: object) -> list[Entry]:
        """Take a step at the clock's time, which moves on, and append what it returns."""
        tick = _MINUTE if step not in _ABOUT_FORMS else _FORM
        self.clock = max(self.clock + tick, datetime.combine(day, self.course.opens, UTC))
        dated = {} if step is steps.attest else {"on": day}
        events = step(self.protocol, self.history, by=by, at=self.clock, **dated, **given)
        signed = [self._signed(event, by) for event in events]
        entries, self.history = appended(self.history, signed, by=by, at=self.clock)
        return entries

    def _signed(self, event: Event, by: Actor) -> Event:
        """An event with the signature of whoever took the step, where the course asks for one."""
        meaning = self.course.signed.get(event.kind) or _ALWAYS.get(event.kind)
        if meaning is None or event.signature is not None:
            return event
        return replace(event, signature=sign(dict(event.body), meaning=meaning, signer=self.signer(by), at=self.clock))
