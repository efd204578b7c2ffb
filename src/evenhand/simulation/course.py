"""How a made-up trial runs, beside what its scenario says: how fast, from when to when, where, and who does what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache

from evenhand.administration import Grant, Site

Days = tuple[int, int]  # from low to high, both included


@dataclass(frozen=True, slots=True)
class Pace:
    """Days between a step and the next one. By default a candidate comes back once, and all is done on that day."""

    consent: Days = (1, 1)  # after screening, or when the window opens
    signing: Days = (0, 0)  # after consent, for each judgement
    registration: Days = (0, 0)  # after the last signature
    randomization: Days = (0, 0)  # after registration


@dataclass(frozen=True, slots=True)
class Staff:
    """Whoever takes a step: the name in the record, and the name as it is printed under a signature."""

    user: str
    printed: str


@lru_cache(maxsize=256)
def nobody_real(role: str, site: str | None) -> Staff:
    """Names that say themselves that nobody bears them."""
    name = f"made-up {role.replace('_', ' ')}"
    return Staff(name, name)


@dataclass(frozen=True, slots=True)
class Phase:
    """From a day on: the days between one candidate and the next."""

    since: date
    arrivals: Days


@dataclass(frozen=True, slots=True)
class Course:
    """The default is a whole trial from the scenario's start to its end, at the scenario's pace (``pace`` None).

    ``until``: the trial is left, still running, on this day, of which nothing happens any more. ``arrivals``: days
    between one candidate and the next, in the place of the scenario's; phases stand in the order of their days.
    ``follow_up``: whether people are followed after randomization, where the scenario says how. ``incidents``: on that
    day that participant has a serious side effect, whatever chance says. ``sites`` are opened
    with name and time zone before activation, in the place of the scenario's, which they must hold. ``grants`` are
    given by ``staff("administrator", None)``, whose own one comes first, from the installer. ``opens``: when a day's
    work begins (UTC). ``signed``: what is signed besides judgements, by kind of entry, and what the signature means.
    """

    start: date | None = None
    until: date = date.max
    arrivals: Days | tuple[Phase, ...] | None = None
    follow_up: bool = True
    incidents: tuple[tuple[str, date], ...] = ()
    opens: time = time(8, 0)
    pace: Pace | None = None
    secret: bytes | None = None
    sites: tuple[Site, ...] = ()
    grants: tuple[Grant, ...] = ()
    staff: Callable[[str, str | None], Staff] = nobody_real
    signed: Mapping[str, str] = field(default_factory=dict)

    def days_after(self, day: date) -> Days | None:
        """Days from a candidate who came on ``day`` to the next one. None: as the scenario says."""
        if not self.arrivals or not isinstance(self.arrivals[0], Phase):
            return self.arrivals  # type: ignore[return-value]  # days, or nothing
        begun = [phase.arrivals for phase in self.arrivals if isinstance(phase, Phase) and phase.since <= day]
        return begun[-1] if begun else None
