"""One made-up participant: the hidden truth, and what the site remembers beside the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from evenhand.record import JSON
from evenhand.simulation.courses.chances import Chances
from evenhand.simulation.courses.truth import Truth
from evenhand.simulation.courses.tumour import Tumour


@dataclass(slots=True)
class Done:
    """A happening that took place: when it began and ended, which entry says so, and about which lesion."""

    began: date
    ended: date
    seq: int | None = None
    lesion: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Person:
    """A participant.

    ``facts``: what was recorded before randomization, by ``fact`` or ``fact.field``. ``planned`` counts the plans for
    the next visit, so that only the latest one is carried out; ``to_sign`` says from which day on an entry is signed;
    ``held`` what was answered last time, ``said`` the visits that were spoken of, ``slips`` what the source says where
    an entry says something else, ``lasting`` until when side effects of a kind last, ``missed`` the visits that were
    missed.
    """

    subject: str
    site: str | None
    arm: str
    randomized: date
    chances: Chances
    truth: Truth
    tumour: Tumour
    lesions: list[Mapping[str, object]] = field(default_factory=list)
    facts: Mapping[str, object] = field(default_factory=dict)
    planned: int = 0
    drawn: int = 0
    done: dict[str, list[Done]] = field(default_factory=dict)
    to_sign: dict[int, date] = field(default_factory=dict)
    held: dict[str, object] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    slips: dict[int, Mapping[str, JSON]] = field(default_factory=dict)
    lasting: dict[str, date] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)

    def sees(self, day: date) -> bool:
        """Whether the person is there to be seen on a day."""
        gone = self.truth.gone()
        return gone is None or day < gone

    def number(self) -> int:
        """One more thing that is drawn about this person: a name for its chances."""
        self.drawn += 1
        return self.drawn
