"""From what a reader writes down about each lesion to a scan: absent, too small, merged, split, not assessed.

Sources: RECIST 1.1, 4.3.1 (lesions that become too small to measure) and 4.3.2 (lesions that split or coalesce); EORTC
and CDISC on the default of 5 mm. A lesion that nobody wrote about was not assessed: that is never read as absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evenhand.oncology.recist.criteria import RECIST_1_1, Criteria, Micrometres, micrometres
from evenhand.oncology.recist.scan import NOTHING_MERGED, Baseline, NewLesion, NonTargetState, Scan
from evenhand.oncology.recist.target import with_merged
from evenhand.units import Number


class Seen(StrEnum):
    """How a target lesion was seen."""

    MEASURED = "measured"
    TOO_SMALL = "too small"
    ABSENT = "absent"
    MERGED = "merged"
    NOT_ASSESSED = "not assessed"


@dataclass(frozen=True, slots=True)
class Reading:
    """One target lesion at one scan. ``sizes`` in millimetres: one, or one for each fragment of a lesion that split.

    ``into``: the label of the target that a merged lesion became one with.
    """

    seen: Seen
    sizes: tuple[Number, ...] = ()
    into: str = ""


NOT_ASSESSED = Reading(Seen.NOT_ASSESSED)


def size_of(reading: Reading, criteria: Criteria = RECIST_1_1) -> Micrometres | None:
    """The size that counts in the sum; None where there is none of its own.

    Fragments are added up. Too small to measure counts as 5 mm, unless a number below that could be measured all the
    same. Raises ValueError where size and state contradict each other.
    """
    total = sum(micrometres(size) for size in reading.sizes)
    if reading.seen is Seen.MEASURED:
        if not reading.sizes:
            raise ValueError("measured, but no size is given: give it, or say that the lesion was not assessed")
        return total
    if reading.seen is Seen.TOO_SMALL:
        if total >= criteria.too_small and reading.sizes:
            raise ValueError("too small to measure, but a size of 5 mm or more is given: record it as measured")
        return total if total else criteria.too_small
    if total:
        raise ValueError(f"{reading.seen}, but a size is given: correct one of the two")
    return 0 if reading.seen is Seen.ABSENT else None


def scan_of(
    baseline: Baseline,
    day: date,
    readings: Mapping[str, Reading],
    non_targets: Mapping[str, NonTargetState] | None = None,
    new: tuple[NewLesion, ...] = (),
    searched: bool = True,
    criteria: Criteria = RECIST_1_1,
) -> Scan:
    """A scan of all lesions of a baseline, from readings by label.

    Raises ValueError, naming the lesion, for a lesion that is not at baseline, a size that contradicts its state, or a
    merger with something that is no target.
    """
    states = non_targets or {}
    numbers = {target.label: number for number, target in enumerate(baseline.targets)}
    strange = sorted((set(readings) - set(numbers)) | (set(states) - set(baseline.non_targets)))
    if strange:
        raise ValueError(f"{', '.join(strange)}: not at baseline; a lesion first seen now is a new lesion")
    sizes: list[Micrometres | None] = []
    merged: dict[int, int] = {}
    for target in baseline.targets:
        reading = readings.get(target.label, NOT_ASSESSED)
        try:
            sizes.append(size_of(reading, criteria))
        except ValueError as error:
            raise ValueError(f"{target.label}: {error}") from None
        if reading.seen is Seen.MERGED:
            if reading.into not in numbers or reading.into == target.label:
                raise ValueError(f"{target.label}: merged into {reading.into or 'nothing'}, which is no other target")
            merged[numbers[target.label]] = numbers[reading.into]
    if merged:
        with_merged(tuple(sizes), merged)  # refuses mergers in a circle
    remaining = tuple(states.get(label, NonTargetState.NOT_ASSESSED) for label in baseline.non_targets)
    return Scan(day, tuple(sizes), remaining, new, searched, merged or NOTHING_MERGED)
