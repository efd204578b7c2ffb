"""Where a stopping rule for events stands: look by look, of the first so many people treated.

The people of a look are the first in the order of their treatment; whoever left before the time was over is passed over
and the next one counts instead. A look is decided as soon as whoever is still open cannot change it: met, when the
events are enough already; not met, when even events in all who are open would not be. All of this is our proposal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evenhand.analysis.monitoring.boundaries import Bound, bounds_of
from evenhand.analysis.monitoring.watched import State, Watched
from evenhand.protocol.monitoring import EventRule

Decided = Literal["met", "not met", "not yet evaluable"]


@dataclass(frozen=True, slots=True)
class LookFound:
    """A look of a rule: the people it is of so far, and whether it is met."""

    bound: Bound
    people: tuple[Watched, ...]
    decided: Decided

    def of(self, state: State) -> tuple[Watched, ...]:
        """Those in a state."""
        return tuple(one for one in self.people if one.state == state)


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule at a cut: everybody watched, and every look."""

    rule: EventRule
    people: tuple[Watched, ...]
    looks: tuple[LookFound, ...]

    @property
    def decided(self) -> Decided:
        """Met when any look is; not met when one is decided and none met."""
        found = {look.decided for look in self.looks}
        return "met" if "met" in found else "not met" if "not met" in found else "not yet evaluable"

    @property
    def newest(self) -> LookFound:
        """The first look that is met, else the last one decided, else the first."""
        met = [look for look in self.looks if look.decided == "met"]
        done = [look for look in self.looks if look.decided != "not yet evaluable"]
        return met[0] if met else done[-1] if done else self.looks[0]


def standing(rule: EventRule, people: Sequence[Watched]) -> Standing:
    """Where a rule stands; ``people`` in the order of their treatment."""
    counted = [one for one in people if one.state != "left"]
    bounds = bounds_of(rule.boundary, float(rule.more_than), rule.looks)
    return Standing(rule, tuple(people), tuple(_look(bound, counted) for bound in bounds))


def _look(bound: Bound, counted: list[Watched]) -> LookFound:
    people = tuple(counted[: bound.people])
    events = sum(one.state == "event" for one in people)
    free = sum(one.state == "free" for one in people)
    if bound.events is not None and events >= bound.events:
        return LookFound(bound, people, "met")
    never = bound.events is None or bound.people - free < bound.events
    complete = events + free == bound.people
    return LookFound(bound, people, "not met" if complete or (never and people) else "not yet evaluable")
