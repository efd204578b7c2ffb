"""What RECIST reads: a baseline, and the scans after it. Made by :mod:`readings` from what people record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from evenhand.oncology.recist.criteria import Micrometres

Certainty = Literal["equivocal", "unequivocal", "cleared"]
NOTHING_MERGED: Final[Mapping[int, int]] = MappingProxyType({})


class NonTargetState(StrEnum):
    """How a non-target lesion stands at a scan. ``PROGRESSED`` means unequivocally: the reader says so.

    ``RESIDUE``: what an irradiated lesion left behind. It keeps the response from being complete, but to be seen again
    makes it no progression: :mod:`treated` decides on that.
    """

    ABSENT = "absent"
    PRESENT = "present"
    PROGRESSED = "progressed"
    NOT_ASSESSED = "not assessed"
    RESIDUE = "residue"


class Target(NamedTuple):
    """A target lesion at baseline: longest diameter, of a node the short axis."""

    label: str
    size: Micrometres
    node: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """The day and the lesions that all later scans are compared with; none at all is no evidence of disease.

    Raises ValueError where two lesions share a label, or a target has no size.
    """

    day: date
    targets: tuple[Target, ...] = ()
    non_targets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        labels = [target.label for target in self.targets] + list(self.non_targets)
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} stands at baseline twice: each lesion has a label of its own")
        empty = ", ".join(target.label for target in self.targets if target.size <= 0)
        if empty:
            raise ValueError(f"{empty} has no size at baseline: a target is measured there")


class NewLesion(NamedTuple):
    """A lesion that was not there at baseline, as this scan shows it; ``day`` where its image is of another day.

    ``cleared``: what was equivocal before turned out to be none, so that it dates nothing back.
    """

    label: str
    certainty: Certainty
    day: date | None = None


class Scan(NamedTuple):
    """One assessment, in the order of the baseline's lesions. ``day`` is its last image.

    ``sizes``: 0 where a target is absent, None where it was not assessed. ``merged``: the number of a target that has
    become one with another, and of that other; it has no size of its own. ``searched``: every region that the protocol
    wants was imaged, so that no new lesion could hide. ``target_day``, ``non_target_day``: the days that a progression
    of those is dated to, where it is another day than ``day`` (an image of another day; a progression dated back).
    """

    day: date
    sizes: tuple[Micrometres | None, ...] = ()
    non_targets: tuple[NonTargetState, ...] = ()
    new: tuple[NewLesion, ...] = ()
    searched: bool = True
    merged: Mapping[int, int] = NOTHING_MERGED
    target_day: date | None = None
    non_target_day: date | None = None
