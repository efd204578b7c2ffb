"""What a new scan form carries forward: one row for each lesion that is still followed, with what was seen last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.conduct.lesions.lives import Life, Sight, lives
from evenhand.oncology.recist import LesionState
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Carried:
    """A row to be filled in: the lesion, its state on the day, and how it was seen last (the scan before, or baseline).

    ``smallest`` is the one with the smallest size so far, which growth is measured from.
    """

    life: Life
    state: LesionState
    last: Sight
    smallest: Sight | None


@dataclass(frozen=True, slots=True)
class CarriedRows:
    """Rows of the tables of a new scan: lesions of baseline, and new lesions that later scans have to speak of."""

    lesions: tuple[Carried, ...]
    new: tuple[Carried, ...]


def carried(protocol: Protocol, known: SubjectHistory, on: date) -> CarriedRows:
    """What a scan of a day has to say something about: every lesion but resected ones, and doubts that were cleared."""
    rows = [row for life in lives(protocol, known).lesions if (row := _row(life, on)) is not None]
    return CarriedRows(
        tuple(row for row in rows if row.life.kind != "new"),
        tuple(row for row in rows if row.life.kind == "new" and row.last.seen != "cleared"),
    )


def _row(life: Life, on: date) -> Carried | None:
    before = [sight for sight in life.sights if sight.day < on]
    state = life.state(on)
    if not before or state is LesionState.RESECTED:
        return None
    measured = [sight for sight in before if sight.size is not None]
    return Carried(life, state, before[-1], min(measured, key=lambda sight: sight.size or 0, default=None))
