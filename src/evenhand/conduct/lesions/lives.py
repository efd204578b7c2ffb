"""Each lesion from first sight to last: what it is, how it was treated, how large it was when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from evenhand.conduct.findings import DoubtAt, doubt_about
from evenhand.conduct.forms import remembered
from evenhand.conduct.lesions.changes import changes_of
from evenhand.conduct.lesions.listed import Listed, lesion_list, list_doubts
from evenhand.conduct.lesions.planned import assessments_of
from evenhand.conduct.lesions.scans import LesionSeen, NewSeen, ScanSeen, scans
from evenhand.oncology.recist import Change, LesionState, faults_of_changes, millimetres, state_on
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.units import Number

Kind = Literal["target", "non_target", "new"]


@dataclass(frozen=True, slots=True)
class Sight:
    """A lesion on one day: its size in mm (None: not measured), how it was seen, and the entry that says so."""

    day: date
    size: Number | None
    seen: str
    seq: int


@dataclass(frozen=True, slots=True)
class Life:
    """One lesion. ``changes`` are those of its state by local treatment, ``sights`` oldest first."""

    label: str
    site: str
    side: str | None
    organ: str
    node: bool
    kind: Kind
    changes: tuple[Change, ...]
    sights: tuple[Sight, ...]

    @property
    def first_seen(self) -> date:
        """The day on which it was first seen."""
        return self.sights[0].day

    def state(self, on: date) -> LesionState:
        """Its state on a day."""
        return state_on(self.changes, on)


@dataclass(frozen=True, slots=True)
class Lives:
    """All lesions of a participant: those of baseline in the order of the list, then new ones as they were found.

    ``unlisted``: labels in scans or forms of treatment that no list and no scan introduced, with their entries.
    """

    lesions: tuple[Life, ...]
    unlisted: tuple[str, ...]

    def of(self, label: str) -> Life | None:
        """The lesion of a label."""
        return next((life for life in self.lesions if life.label == label), None)


@remembered
def lives(protocol: Protocol, known: SubjectHistory) -> Lives:
    """Every lesion from first sight to last."""
    listed = lesion_list(protocol, known)
    seen = scans(protocol, known)
    plan = assessments_of(protocol)
    ones = listed.lesions if listed else ()
    changes = changes_of(ones, plan, protocol, known)
    old = [_life(one, listed.day, listed.entry.seq, changes, seen) for one in ones] if listed else []
    labels = {life.label for life in old}
    new = [_new_life(label, seen, changes, protocol) for label in _new_labels(seen) if label not in labels]
    labels |= {life.label for life in new}
    named = dict.fromkeys([*changes, *(label for scan in seen for label in scan.lesions)])
    return Lives((*old, *new), tuple(label for label in named if label not in labels))


def _new_labels(seen: tuple[ScanSeen, ...]) -> list[str]:
    return list(dict.fromkeys(lesion.label for scan in seen for lesion in scan.new))


def _life(one: Listed, day: date, seq: int, changes: dict[str, tuple[Change, ...]], seen: tuple[ScanSeen, ...]) -> Life:
    size = None if one.candidate.size is None else millimetres(one.candidate.size)
    first = Sight(day, size, "measured" if size is not None else "present", seq)
    later = tuple(_sight(scan.lesions[one.label], scan) for scan in seen if one.label in scan.lesions)
    organ = one.candidate.organ
    return Life(
        one.label, one.site, one.side, organ, one.node, one.followed, changes.get(one.label, ()), (first, *later)
    )


def _sight(seen: LesionSeen, scan: ScanSeen) -> Sight:
    return Sight(seen.day, seen.size, seen.seen, scan.seq)


def _new_life(
    label: str, seen: tuple[ScanSeen, ...], changes: dict[str, tuple[Change, ...]], protocol: Protocol
) -> Life:
    found: list[tuple[NewSeen, ScanSeen]] = [(one, scan) for scan in seen for one in scan.new if one.label == label]
    first = found[0][0]
    sights = tuple(Sight(one.day, one.size, one.certainty, scan.seq) for one, scan in found)
    organ = assessments_of(protocol).organ_of(first.site)
    return Life(label, first.site, first.side, organ, False, "new", changes.get(label, ()), sights)


@remembered
def lesion_doubts(protocol: Protocol, known: SubjectHistory) -> tuple[DoubtAt, ...]:
    """What is to be asked about lesions: the choice at baseline, rows of scans that are missing or belong to nothing,
    states that cannot follow one another."""
    return tuple(_lesion_doubts(protocol, known))


def _lesion_doubts(protocol: Protocol, known: SubjectHistory) -> Iterator[DoubtAt]:
    yield from list_doubts(protocol, known)
    listed, all_lives = lesion_list(protocol, known), lives(protocol, known)
    seen = scans(protocol, known)
    for number, scan in enumerate(seen):
        yield from _scan_doubts(scan, listed is not None, all_lives)
        if number + 1 < len(seen) and seen[number + 1].day == scan.day:
            say = f"Another scan of the same day, entry {seen[number + 1].seq}, is read instead of this one."
            yield doubt_about(scan.entry, "same day", say)
    if listed is not None:
        for life in all_lives.lesions:
            for said in faults_of_changes(life.changes):
                yield doubt_about(listed.entry, f"state {life.label}", f"{life.label}: {said}.", "lesions")


def _scan_doubts(scan: ScanSeen, listed: bool, all_lives: Lives) -> Iterator[DoubtAt]:
    if not listed:
        yield doubt_about(
            scan.entry, "no baseline", "The lesions at baseline are not entered: nothing can be compared."
        )
        return
    for life in all_lives.lesions:
        if life.kind != "new" and life.label not in scan.lesions and life.state(scan.day) is not LesionState.RESECTED:
            say = f"{life.label} has no row: it counts as not assessed. Was it?"
            yield doubt_about(scan.entry, f"no row {life.label}", say, "lesions")
    for label, seen in scan.lesions.items():
        life_of = all_lives.of(label)
        if life_of is None or life_of.kind == "new":
            say = f"{label} is no lesion of baseline; a lesion first seen later belongs to the new lesions."
            yield doubt_about(scan.entry, "not at baseline", say, f"{seen.path}.lesion")
