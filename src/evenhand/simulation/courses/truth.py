"""What is true of a made-up participant and nobody knows: when the disease progresses, when death comes, who leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evenhand.protocol import Protocol
from evenhand.protocol.plan.endings import Ending
from evenhand.simulation.courses.chances import Chances, after, days_at, days_until, happens
from evenhand.simulation.courses.sheet import AfterRandomization, Leaving


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody leaves on a day, in a way that the study describes."""

    day: date
    ending: Ending
    habits: Leaving


@dataclass(frozen=True, slots=True)
class Truth:
    """The days on which things truly happen; None: never, as far as anybody looks."""

    randomized: date
    progresses: date | None
    by_new_lesions: bool
    dies: date | None
    departures: tuple[Departure, ...]

    def gone(self) -> date | None:
        """From which day on the person is not seen any more: dead, or out of follow-up."""
        days = [self.dies, *(one.day for one in self.departures if one.ending.ends == "follow_up")]
        return min((day for day in days if day is not None), default=None)


def drawn(section: AfterRandomization, protocol: Protocol, arm: str, day: date, chances: Chances) -> Truth:
    """The truth about somebody randomized to an arm on a day."""
    progressing = section.progression
    hazards = progressing.hazards.get(arm) if progressing else None
    progresses = after(day, days_until(hazards, chances.of("progresses")) + 1) if hazards else None
    by_new = progressing is not None and happens(progressing.new_lesions, chances.of("how it progresses"))
    dies = _dies(section, day, progresses, chances)
    departures = tuple(sorted(_departures(section, protocol, day, chances), key=lambda one: one.day))
    return Truth(day, progresses, by_new, dies, departures)


def _dies(section: AfterRandomization, day: date, progresses: date | None, chances: Chances) -> date | None:
    before = after(day, days_at(section.death.before, chances.of("dies before")) + 1)
    if progresses is None or (before is not None and before <= progresses):
        return before
    return after(progresses, days_at(section.death.after, chances.of("dies after")) + 30)


def _departures(section: AfterRandomization, protocol: Protocol, day: date, chances: Chances) -> Iterator[Departure]:
    """When each way of leaving would be taken; where follow-up ends twice, the first one counts."""
    endings = protocol.plan.schedule.endings.by_id if protocol.plan and protocol.plan.schedule else {}
    for habits in section.leaving:
        if (ending := endings.get(habits.ending)) is None:
            continue
        leaves = after(day, days_at(habits.monthly, chances.of("leaves", habits.ending)) + 1)
        if leaves is not None:
            yield Departure(leaves, ending, habits)
