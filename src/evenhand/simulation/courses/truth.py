"""What is true of a made-up participant and nobody knows: when the disease progresses, when death comes, who leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.dates import DAYS_PER_MONTH
from evenhand.protocol import Protocol
from evenhand.protocol.plan.endings import Ending
from evenhand.record import Allocation
from evenhand.simulation.courses.chances import Chances, after, days_at, days_until, happens, pick
from evenhand.simulation.courses.sheet import AfterRandomization, Leaving, Progressing

_DAYS_PER_YEAR: Final = 12 * DAYS_PER_MONTH


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody leaves on a day, in a way that the study describes."""

    day: date
    ending: Ending
    habits: Leaving


@dataclass(frozen=True, slots=True)
class Truth:
    """The days on which things truly happen; None: never, as far as anybody looks. ``unscanned``: why the progression
    is found without a scan; empty: it is found on one. ``of_treatment``: the death is of a side effect."""

    randomized: date
    progresses: date | None
    by_new_lesions: bool
    dies: date | None
    departures: tuple[Departure, ...]
    unscanned: str = ""
    of_treatment: bool = False

    def gone(self) -> date | None:
        """From which day on the person is not seen any more: dead, or out of follow-up."""
        days = [self.dies, *(one.day for one in self.departures if one.ending.ends == "follow_up")]
        return min((day for day in days if day is not None), default=None)


def drawn(
    section: AfterRandomization, protocol: Protocol, allocation: Allocation, activated: date, chances: Chances
) -> Truth:
    """The truth about somebody who was randomized, in a study that was activated on a day."""
    progressing, day = section.progression, allocation.effective
    hazards = progressing.hazards.get(allocation.arm) if progressing else None
    progresses = None
    if progressing is not None and hazards is not None:
        factor = hazard_factor(progressing, allocation, activated)
        progresses = after(day, days_until(hazards, chances.of("progresses"), factor) + 1)
    by_new = progressing is not None and happens(progressing.new_lesions, chances.of("how it progresses"))
    dies = _dies(section, day, progresses, chances)
    departures = tuple(sorted(_departures(section, protocol, day, chances), key=lambda one: one.day))
    return Truth(day, progresses, by_new, dies, departures, _unscanned(progressing, chances))


def _unscanned(progressing: Progressing | None, chances: Chances) -> str:
    clinical, random = progressing.clinical if progressing else None, chances.of("how it is found")
    return pick(clinical.because, random) if clinical is not None and happens(clinical.share, random) else ""


def hazard_factor(progressing: Progressing, allocation: Allocation, activated: date) -> float:
    """What the hazard of the arm is multiplied by for somebody who entered then, with those levels."""
    years = (allocation.effective - activated).days / _DAYS_PER_YEAR
    factor: float = float(progressing.drift_yearly) ** years
    for one in progressing.prognosis:
        if all(allocation.levels.get(name) == level for name, level in one.levels.items()):
            factor *= float(one.factor)
    return factor


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
