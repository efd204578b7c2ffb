"""Lesions that were treated locally: their states, and when one that was irradiated has progressed.

RECIST 1.1 leaves it to the protocol how a lesion is read that the protocol itself treats locally (EORTC, questions on
surgery and radiotherapy). What stands here is our proposal, as parameters of a study: a treated lesion leaves the sums;
an irradiated one swells and scars, so it has progressed only when it has grown beyond its smallest size after
radiotherapy, not before some months, and when a later scan, PET or a biopsy confirms it; the progression is then dated
back to the scan that first showed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from evenhand.dates import Period
from evenhand.oncology.recist.course import Progression
from evenhand.oncology.recist.criteria import MM, Micrometres


class LesionState(StrEnum):
    """Where a lesion stands between first sight and local treatment."""

    PRESENT = "present"
    PLANNED = "planned"
    IRRADIATED = "irradiated"
    RESECTED = "resected"
    NOT_TREATED = "not treated"


PRESENT, PLANNED, IRRADIATED, RESECTED, NOT_TREATED = LesionState
NEXT: Final = {
    PRESENT: frozenset({PLANNED, IRRADIATED, RESECTED, NOT_TREATED}),
    PLANNED: frozenset({PLANNED, IRRADIATED, RESECTED, NOT_TREATED}),
    NOT_TREATED: frozenset({PLANNED, IRRADIATED, RESECTED, NOT_TREATED}),
    IRRADIATED: frozenset({PLANNED, IRRADIATED, RESECTED}),
    RESECTED: frozenset[LesionState](),
}
TREATED: Final = frozenset({IRRADIATED, RESECTED})


class Change(NamedTuple):
    """A lesion's state from a day on."""

    day: date
    state: LesionState


def faults_of_changes(changes: Iterable[Change]) -> list[str]:
    """Which changes of a lesion's state cannot follow one another; it begins as present."""
    faults: list[str] = []
    state: LesionState = PRESENT
    for change in changes:
        if change.state not in NEXT[state]:
            faults.append(f"{change.state} on {change.day:%-d %b %Y} cannot follow {state}: correct one of the two")
        state = change.state
    return faults


def state_on(changes: Iterable[Change], day: date) -> LesionState:
    """The state on a day: planned again after radiotherapy is still irradiated, as the scar stays."""
    state: LesionState = PRESENT
    for change in changes:
        if change.day <= day and not (state in TREATED and change.state not in TREATED):
            state = change.state
    return state


THREE_MONTHS: Final = Period(3, "months")
Confirmation = Literal["scan", "pet", "biopsy"]
Finding = Literal["positive", "negative"]


@dataclass(frozen=True, slots=True)
class TreatedPolicy:
    """How lesions are read that were treated locally; every default is our proposal.

    ``excluded``: they leave the sums, and irradiated ones are followed as non-targets; else they are read as RECIST
    reads any lesion. ``growth`` (percent) and ``growth_size``: over the smallest size since the end of radiotherapy.
    ``not_before``: from its end; earlier growth counts as swelling. ``confirm_after``: the least days to the scan that
    confirms. ``confirmed_by``: what confirms.
    """

    excluded: bool = True
    growth: int = 20
    growth_size: Micrometres = 5 * MM
    not_before: Period = THREE_MONTHS
    confirm_after: int = 56
    confirmed_by: frozenset[Confirmation] = frozenset({"scan", "pet", "biopsy"})


class Look(NamedTuple):
    """An irradiated lesion at a scan after radiotherapy: its size (None if not measured), PET and biopsy if done.

    ``called``: the reader calls it unequivocally progressed, which counts as growth where there is no size to compare.
    """

    day: date
    size: Micrometres | None
    pet: Finding | None = None
    biopsy: Finding | None = None
    called: bool = False


class LocalStatus(StrEnum):
    """What a look at an irradiated lesion shows."""

    CONTROLLED = "controlled"
    TOO_EARLY = "grown too early to tell"
    SUSPECTED = "progression suspected"
    WITHDRAWN = "suspicion withdrawn"
    PROGRESSED = "progressed"
    NOT_ASSESSED = "not assessed"


class LocalCourse(NamedTuple):
    """The status at each look, and the progression once it is confirmed."""

    statuses: tuple[LocalStatus, ...]
    progression: Progression | None
    why: str


class _Suspicion(NamedTuple):
    day: date
    smallest: Micrometres | None


def irradiated_course(ended: date, looks: Sequence[Look], policy: TreatedPolicy | None = None) -> LocalCourse:
    """The course of one irradiated lesion from the end of its radiotherapy; looks oldest first, all after ``ended``."""
    follower = _Follower(ended, policy or TreatedPolicy())
    statuses = tuple(follower.look(look) for look in looks)
    return LocalCourse(statuses, follower.progression, follower.why)


class _Follower:
    """Takes the looks at one lesion, oldest first."""

    def __init__(self, ended: date, policy: TreatedPolicy) -> None:
        self.policy = policy
        self.earliest = policy.not_before.after(ended)
        self.smallest: Micrometres | None = None
        self.suspicion: _Suspicion | None = None
        self.progression: Progression | None = None
        self.why = "no growth beyond the smallest size after radiotherapy"

    def look(self, look: Look) -> LocalStatus:
        status = self._status(look)
        if look.size is not None and (self.smallest is None or look.size < self.smallest):
            self.smallest = look.size
        return status

    def _status(self, look: Look) -> LocalStatus:
        if self.progression is not None:
            return LocalStatus.PROGRESSED
        if look.size is None and look.pet is None and look.biopsy is None and not look.called:
            return LocalStatus.NOT_ASSESSED
        if self.suspicion is not None:
            return self._pursue(look, self.suspicion)
        if look.size is None and not look.called:
            return LocalStatus.NOT_ASSESSED
        if not self._grown(look, self.smallest):
            return LocalStatus.CONTROLLED
        if look.day < self.earliest:
            self.why = f"grown before {self.earliest:%-d %b %Y}, which may be swelling"
            return LocalStatus.TOO_EARLY
        self.suspicion = _Suspicion(look.day, self.smallest)
        self.why = f"grown on {look.day:%-d %b %Y}; a later scan, PET or a biopsy has to confirm it"
        return self._pursue(look, self.suspicion)

    def _pursue(self, look: Look, suspicion: _Suspicion) -> LocalStatus:
        confirmed_by = self._proof(look, suspicion)
        if confirmed_by is not None:
            self.progression = Progression(suspicion.day, look.day)
            self.why = f"grown on {suspicion.day:%-d %b %Y}, confirmed by {confirmed_by} on {look.day:%-d %b %Y}"
            return LocalStatus.PROGRESSED
        shrunk = look.size is not None and not self._grown(look, suspicion.smallest)
        refuted = self._refuted(look)
        if not shrunk and not refuted:
            return LocalStatus.SUSPECTED
        if refuted and look.size is not None:
            self.smallest = look.size  # shown to be no tumour: growth counts from here
        self.suspicion = None
        self.why = f"the growth of {suspicion.day:%-d %b %Y} was not confirmed on {look.day:%-d %b %Y}"
        return LocalStatus.WITHDRAWN

    def _proof(self, look: Look, suspicion: _Suspicion) -> Confirmation | None:
        """What confirms the suspicion at this look; a biopsy speaks before PET, and PET before size."""
        by = self.policy.confirmed_by
        if "biopsy" in by and look.biopsy is not None:
            return "biopsy" if look.biopsy == "positive" else None
        if "pet" in by and look.pet is not None:
            return "pet" if look.pet == "positive" else None
        late_enough = (look.day - suspicion.day).days >= self.policy.confirm_after
        return "scan" if "scan" in by and late_enough and self._grown(look, suspicion.smallest) else None

    def _refuted(self, look: Look) -> bool:
        by = self.policy.confirmed_by
        if "biopsy" in by and look.biopsy is not None:
            return look.biopsy == "negative"
        return "pet" in by and look.pet == "negative"

    def _grown(self, look: Look, smallest: Micrometres | None) -> bool:
        """Both limits reached, ties included; over a smallest size of 0 only the absolute one can be.

        Where there is no size to compare, the reader's word counts.
        """
        policy = self.policy
        if look.size is None or smallest is None:
            return look.called
        grown = look.size - smallest
        return grown >= policy.growth_size and look.size * 100 >= smallest * (100 + policy.growth)


class Pattern(StrEnum):
    """Where a cancer progressed: in what was treated, in the region of the primary, elsewhere."""

    LOCAL = "local"
    REGIONAL = "regional"
    DISTANT = "distant"


def pattern_of(site: str, side: str | None, in_field: bool | None, regional: frozenset[str]) -> Pattern | None:
    """The pattern of a progression at a site; None where what is recorded does not say.

    ``in_field``: within, or at the edge of, what was irradiated or resected. ``regional``: the sites that are regional
    on the side of the primary (``side`` "same").
    """
    if in_field is None:
        return None
    if in_field:
        return Pattern.LOCAL
    if site not in regional:
        return Pattern.DISTANT
    return None if side is None else Pattern.REGIONAL if side == "same" else Pattern.DISTANT
