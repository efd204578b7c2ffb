"""Irradiated lesions from scan to scan: what the study's policy makes of each look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evenhand.conduct.lesions import Life, ScanSeen
from evenhand.oncology.recist import (
    LesionState,
    LocalStatus,
    Look,
    NonTargetState,
    Progression,
    TreatedPolicy,
    irradiated_course,
    micrometres,
)


@dataclass(frozen=True, slots=True)
class LocalPoint:
    """One irradiated lesion at one scan; ``progressed`` once its progression is confirmed."""

    status: LocalStatus
    progressed: Progression | None
    why: str

    @property
    def open(self) -> bool:
        """Whether a progression is suspected and not yet confirmed."""
        return self.status in (LocalStatus.SUSPECTED, LocalStatus.TOO_EARLY)


def irradiated_on(life: Life) -> date | None:
    """The last day on which radiation of a lesion ended; None where it was not irradiated."""
    return max((change.day for change in life.changes if change.state is LesionState.IRRADIATED), default=None)


def local_points(life: Life, seen: tuple[ScanSeen, ...], policy: TreatedPolicy) -> Mapping[int, LocalPoint]:
    """A lesion at each scan after its radiation, by the number of the scan's entry.

    Each is judged on what was known by that scan: a later scan does not change what an earlier one said.
    """
    ended = irradiated_on(life)
    if ended is None:
        return {}
    later = [scan for scan in seen if scan.day > ended]
    looks = [_look(life.label, scan) for scan in later]
    points = {}
    for number, scan in enumerate(later, start=1):
        course = irradiated_course(ended, looks[:number], policy)
        points[scan.seq] = LocalPoint(course.statuses[-1], course.progression, course.why)
    return points


def _look(label: str, scan: ScanSeen) -> Look:
    seen = scan.lesions.get(label)
    if seen is None or seen.seen == "not_assessed":
        return Look(scan.day, None)
    size = 5 if seen.seen == "too_small" and not seen.sizes else seen.size
    called = seen.seen == "progressed"
    return Look(seen.day, None if size is None else micrometres(size), seen.pet, seen.biopsy, called)


def non_target_state(label: str, scan: ScanSeen, point: LocalPoint | None) -> NonTargetState:
    """How an irradiated lesion counts among the non-targets: progressed only once that is confirmed."""
    seen = scan.lesions.get(label)
    if point is not None and point.progressed is not None:
        return NonTargetState.PROGRESSED
    if seen is None or seen.seen in ("not_assessed", "merged"):
        return NonTargetState.NOT_ASSESSED
    return NonTargetState.ABSENT if seen.size == 0 else NonTargetState.RESIDUE
