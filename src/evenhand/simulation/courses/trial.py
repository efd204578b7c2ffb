"""What the courses need of the trial that they are part of, and what they tell it."""

from __future__ import annotations

import typing
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from evenhand.protocol import Protocol
from evenhand.record import Actor, Entry, History
from evenhand.steps import Step


class Trial(typing.Protocol):
    """A made-up trial while it runs: its record so far, its days, and those who work in it."""

    protocol: Protocol
    history: History

    def plan(self, day: date, act: Callable[[date], object]) -> None:
        """Do something on a day, after what is planned for that day already."""

    def take(self, step: Step, by: Actor, day: date, **given: object) -> list[Entry]:
        """Take a step on a day; the entries that it made. Raises Refusal."""

    def actor(self, role: str, site: str | None) -> Actor:
        """Who acts in a role at a site."""

    def signer(self, by: Actor) -> str:
        """The name of whoever acts, as it stands under a signature."""


@dataclass(slots=True)
class Tally:
    """What happened after randomization: entries by form, and what was refused, by form and reason."""

    entries: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
