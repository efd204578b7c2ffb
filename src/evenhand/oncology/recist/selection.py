"""Which lesions to follow as targets: a proposal with a reason for each lesion, and what a site's own choice breaks.

Source: RECIST 1.1, 4.1.2: at most 5 targets, at most 2 of an organ, the largest, representative of all organs involved,
and such as can be measured again; all lymph nodes are one organ, and so are paired organs (EORTC clarifications). Ours,
because the text does not order these wishes: the largest lesion of each organ goes first, then the second of each, by
size; of equals, the label that sorts first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from evenhand.oncology.recist.criteria import RECIST_1_1, Criteria, Micrometres
from evenhand.oncology.recist.measurable import Candidate, Measurability, Standing, measurability

Role = Literal["target", "non-target", "not recorded"]
NODES: Final = "lymph nodes"


@dataclass(frozen=True, slots=True)
class Choice:
    """What one lesion is to be followed as, and why."""

    label: str
    role: Role
    why: str
    measurability: Measurability


@dataclass(frozen=True, slots=True)
class Selection:
    """The lesions in the order they were given; ``open``: those whose role cannot be said before more is recorded."""

    choices: tuple[Choice, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """The labels proposed as targets."""
        return tuple(choice.label for choice in self.choices if choice.role == "target")

    @property
    def non_targets(self) -> tuple[str, ...]:
        """The labels proposed as non-targets."""
        return tuple(choice.label for choice in self.choices if choice.role == "non-target")

    @property
    def open(self) -> tuple[str, ...]:
        """The labels that could be measurable once what is missing is recorded."""
        undetermined = Standing.UNDETERMINED
        return tuple(choice.label for choice in self.choices if choice.measurability.standing is undetermined)


def organ_of(lesion: Candidate) -> str:
    """The organ that the limit of two counts by: every lymph node is of one."""
    return NODES if lesion.nature == "node" else lesion.organ


def propose(lesions: Sequence[Candidate], criteria: Criteria = RECIST_1_1) -> Selection:
    """Which lesions to follow as targets and as non-targets, with the reason for each."""
    found = {lesion.label: measurability(lesion, criteria) for lesion in lesions}
    fit = [lesion for lesion in lesions if found[lesion.label].standing is Standing.MEASURABLE and lesion.reproducible]
    chosen = {lesion.label: why for lesion, why in _pick(fit, criteria)}
    return Selection(tuple(_choice(lesion, found[lesion.label], chosen, criteria) for lesion in lesions))


def _pick(fit: list[Candidate], criteria: Criteria) -> list[tuple[Candidate, str]]:
    """The targets among measurable lesions, in the order of choice."""
    by_organ: dict[str, list[Candidate]] = {}
    for lesion in sorted(fit, key=lambda one: (-_size(one), one.label)):
        by_organ.setdefault(organ_of(lesion), []).append(lesion)
    ranked = [
        (place, lesion) for group in by_organ.values() for place, lesion in enumerate(group[: criteria.per_organ])
    ]
    ranked.sort(key=lambda one: (one[0], -_size(one[1]), one[1].label))
    return [
        (lesion, f"{'the largest' if place == 0 else f'number {place + 1} by size'} of {_named(lesion)}")
        for place, lesion in ranked[: criteria.targets]
    ]


def _choice(lesion: Candidate, found: Measurability, chosen: dict[str, str], criteria: Criteria) -> Choice:
    if lesion.label in chosen:
        return Choice(lesion.label, "target", f"{chosen[lesion.label]}; {found.why}", found)
    if found.standing is Standing.NORMAL_NODE:
        return Choice(lesion.label, "not recorded", f"a normal node: {found.why}", found)
    if found.standing is not Standing.MEASURABLE:
        return Choice(lesion.label, "non-target", f"{found.standing}: {found.why}", found)
    if not lesion.reproducible:
        return Choice(lesion.label, "non-target", "cannot be measured the same way again", found)
    return Choice(lesion.label, "non-target", f"measurable, but {_left_out(lesion, chosen, criteria)}", found)


def _left_out(lesion: Candidate, chosen: dict[str, str], criteria: Criteria) -> str:
    """Which limit kept a measurable lesion from being a target."""
    if len(chosen) == criteria.targets:
        return f"{criteria.targets} targets are larger or stand for other organs"
    return f"{criteria.per_organ} larger ones of {_named(lesion)} are targets"


def faults_of_choice(
    lesions: Sequence[Candidate], targets: Collection[str], criteria: Criteria = RECIST_1_1
) -> list[str]:
    """What a site's own choice of targets breaks, one sentence each; empty where it may be made.

    To choose other measurable lesions than the proposed ones is allowed: the site says why.
    """
    known = {lesion.label: lesion for lesion in lesions}
    faults = [f"{label} is no lesion of the baseline list" for label in targets if label not in known]
    picked = [known[label] for label in targets if label in known]
    for lesion in picked:
        found = measurability(lesion, criteria)
        if found.standing is not Standing.MEASURABLE:
            faults.append(f"{lesion.label} cannot be a target: {found.standing}; {found.why} ({found.source})")
    if len(targets) > criteria.targets:
        faults.append(f"{len(targets)} targets: at most {criteria.targets} are followed (RECIST 1.1, 4.1.2)")
    organs = [organ_of(lesion) for lesion in picked]
    for organ in dict.fromkeys(organs):
        if organs.count(organ) > criteria.per_organ:
            limit = f"at most {criteria.per_organ} of an organ"
            faults.append(f"{organs.count(organ)} targets of {organ}: {limit} (RECIST 1.1, 4.1.2)")
    return faults


def _named(lesion: Candidate) -> str:
    return f"the {NODES}" if lesion.nature == "node" else f"organ {lesion.organ}"


def _size(lesion: Candidate) -> Micrometres:
    return lesion.size or 0
