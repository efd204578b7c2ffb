"""Which lesions count at a scan, and as what: targets, non-targets, treated, or no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.lesions import LesionList, LesionSeen, Lives, ScanSeen
from evenhand.conduct.response.tracking import LocalPoint, non_target_state
from evenhand.oncology.recist import (
    Baseline,
    LesionState,
    NewLesion,
    NonTargetState,
    Reading,
    Scan,
    Seen,
    Target,
    scan_of,
    size_of,
)

_SEEN: Final = {
    "measured": Seen.MEASURED,
    "too_small": Seen.TOO_SMALL,
    "absent": Seen.ABSENT,
    "merged": Seen.MERGED,
    "not_assessed": Seen.NOT_ASSESSED,
}
_STATES: Final = {
    "absent": NonTargetState.ABSENT,
    "progressed": NonTargetState.PROGRESSED,
    "not_assessed": NonTargetState.NOT_ASSESSED,
    "merged": NonTargetState.PRESENT,
    "too_small": NonTargetState.PRESENT,
    "present": NonTargetState.PRESENT,
    "measured": NonTargetState.PRESENT,
}
UNSEEN: Final = NonTargetState.NOT_ASSESSED


@dataclass(frozen=True, slots=True)
class Followed:
    """The labels that count at a scan, and as what. ``gone``: resected targets of a policy that keeps them."""

    targets: tuple[str, ...]
    non_targets: tuple[str, ...]
    irradiated: tuple[str, ...]
    gone: tuple[str, ...] = ()


def followed_on(targets: tuple[str, ...], others: tuple[str, ...], lives: Lives, on: date, excluded: bool) -> Followed:
    """What counts on a day of the targets and non-targets of a baseline, given what was treated by then.

    ``excluded``: treated lesions leave the sums; else they stay, and resected ones count as absent.
    """
    states = {life.label: life.state(on) for life in lives.lesions}
    resected = {label for label, state in states.items() if state is LesionState.RESECTED}
    if not excluded:
        return Followed(targets, others, (), tuple(label for label in (*targets, *others) if label in resected))
    burnt = {label for label, state in states.items() if state is LesionState.IRRADIATED}
    return Followed(
        tuple(label for label in targets if label not in resected | burnt),
        tuple(label for label in others if label not in resected | burnt),
        tuple(label for label in (*targets, *others) if label in burnt),
    )


def baseline_of(day: date, sizes: Mapping[str, int], nodes: Mapping[str, bool], followed: Followed) -> Baseline:
    """The baseline of what counts: targets with the sizes (micrometres) that they had on its day."""
    targets = tuple(Target(label, sizes[label], nodes[label]) for label in followed.targets)
    return Baseline(day, targets, (*followed.non_targets, *followed.irradiated))


def recist_scan(
    scan: ScanSeen, baseline: Baseline, followed: Followed, local: Mapping[str, Mapping[int, LocalPoint]]
) -> Scan:
    """A scan as RECIST reads it. Raises ValueError where its rows contradict each other."""
    readings = {label: _reading(scan.lesions[label]) for label in followed.targets if label in scan.lesions}
    states = {label: _state(scan.lesions.get(label)) for label in followed.non_targets}
    for label in followed.gone:
        if label in followed.targets:
            readings[label] = Reading(Seen.ABSENT)
        else:
            states[label] = NonTargetState.ABSENT
    points = {label: local.get(label, {}).get(scan.seq) for label in followed.irradiated}
    states |= {label: non_target_state(label, scan, point) for label, point in points.items()}
    new = tuple(NewLesion(one.label, one.certainty, one.day) for one in scan.new)
    read = scan_of(baseline, scan.day, readings, states, new, scan.complete)
    return read._replace(
        target_day=_last_image(scan, followed.targets), non_target_day=_non_target_day(scan, followed, points)
    )


def _last_image(scan: ScanSeen, labels: tuple[str, ...]) -> date | None:
    """The last image of these lesions, which a sum is as late as."""
    return max((scan.lesions[label].day for label in labels if label in scan.lesions), default=None)


def _non_target_day(scan: ScanSeen, followed: Followed, points: Mapping[str, LocalPoint | None]) -> date | None:
    """The day of a progression of non-targets: of the image, or that which an irradiated lesion's is dated back to."""
    days = [scan.lesions[label].day for label in followed.non_targets if _progressed(scan, label)]
    days += [point.progressed.day for point in points.values() if point is not None and point.progressed is not None]
    return min(days, default=None)


def _progressed(scan: ScanSeen, label: str) -> bool:
    return label in scan.lesions and scan.lesions[label].seen == "progressed"


def _reading(seen: LesionSeen) -> Reading:
    """A target's row; "present" or "progressed" without a size tells nothing that a sum could use."""
    if seen.seen in ("present", "progressed"):
        return Reading(Seen.MEASURED, seen.sizes) if seen.sizes else Reading(Seen.NOT_ASSESSED)
    return Reading(_SEEN[seen.seen], seen.sizes, seen.into)


def _state(seen: LesionSeen | None) -> NonTargetState:
    if seen is None:
        return UNSEEN
    if seen.seen == "measured" and seen.size == 0:
        return NonTargetState.ABSENT
    return _STATES[seen.seen]


def size_then(scan: ScanSeen, label: str) -> int | None:
    """The size in micrometres that a lesion had at a scan; None where it had none of its own or was not assessed."""
    seen = scan.lesions.get(label)
    return None if seen is None else size_of(_reading(seen))


def nodes_of(listed: LesionList) -> dict[str, bool]:
    """Which lesions of baseline are lymph nodes."""
    return {lesion.label: lesion.node for lesion in listed.lesions}
