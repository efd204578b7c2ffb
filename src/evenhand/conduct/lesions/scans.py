"""Scans after baseline as they were recorded: how each lesion was seen, and what is new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, cast, get_args

from evenhand.conduct.forms import FormEntry, Row, entries_reading, remembered
from evenhand.conduct.lesions.ruled import BY_RULE, Ruled, certainty_of, ruled
from evenhand.conduct.treatment.answers import day, number, word
from evenhand.oncology.recist import Finding
from evenhand.oncology.recist.scan import Certainty
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory
from evenhand.units import Number

SCAN: Final = "scan"
SeenAs = Literal["measured", "too_small", "absent", "merged", "present", "progressed", "not_assessed"]


@dataclass(frozen=True, slots=True)
class LesionSeen:
    """A lesion of baseline at one scan; ``sizes`` in mm, one for each fragment. ``day`` is that of its own image."""

    label: str
    seen: SeenAs
    sizes: tuple[Number, ...]
    into: str
    day: date
    pet: Finding | None
    biopsy: Finding | None
    path: str

    @property
    def size(self) -> Number | None:
        """Its size in mm, fragments added up; 0 where it is absent, None where there is none."""
        return 0 if self.seen == "absent" else sum(self.sizes) if self.sizes else None


@dataclass(frozen=True, slots=True)
class NewSeen:
    """A new lesion as one scan shows it; ``day`` is that of its own image.

    ``rule``: what the rules say of a node that grew or of an uptake on PET, None where they say nothing; ``by_rule``:
    the reader left the certainty to them.
    """

    label: str
    site: str
    side: str | None
    certainty: Certainty
    in_field: bool | None
    size: Number | None
    day: date
    path: str
    rule: Ruled | None = None
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class ScanSeen:
    """One scan: ``day`` is that of its last image, ``complete``: every region was imaged that the protocol asks for."""

    entry: FormEntry
    day: date
    complete: bool
    lesions: Mapping[str, LesionSeen]
    new: tuple[NewSeen, ...]

    @property
    def seq(self) -> int:
        """The number of its entry."""
        return self.entry.seq


@remembered
def scans(protocol: Protocol, known: SubjectHistory) -> tuple[ScanSeen, ...]:
    """All scans, oldest first; of the same day in the order of recording."""
    return tuple(sorted(map(_read, entries_reading(protocol, known, SCAN)), key=lambda scan: (scan.day, scan.seq)))


def _read(entry: FormEntry) -> ScanSeen:
    seen = [_seen(row, entry.day, place) for place, row in enumerate(entry.rows("lesions"), start=1)]
    new = tuple(_new(row, entry.day, place) for place, row in enumerate(entry.rows("new_lesions"), start=1))
    complete = entry.values.get("complete") is True
    return ScanSeen(entry, entry.day, complete, {one.label: one for one in seen}, new)


def _seen(row: Row, otherwise: date, place: int) -> LesionSeen:
    seen = word(row, "seen")
    sizes = (number(row, name) for name in ("size", "size_2", "size_3"))
    return LesionSeen(
        word(row, "lesion") or "",
        cast(SeenAs, seen) if seen in get_args(SeenAs) else "not_assessed",
        tuple(size for size in sizes if size is not None),
        word(row, "into") or "",
        day(row, "imaged") or otherwise,
        _finding(row, "pet"),
        _finding(row, "biopsy"),
        f"lesions.{place}",
    )


def _new(row: Row, otherwise: date, place: int) -> NewSeen:
    in_field = row.get("in_field")
    return NewSeen(
        word(row, "lesion") or "",
        word(row, "site") or "",
        word(row, "side"),
        certainty_of(row),
        in_field if isinstance(in_field, bool) else None,
        number(row, "size"),
        day(row, "imaged") or otherwise,
        f"new_lesions.{place}",
        ruled(row),
        word(row, "certainty") == BY_RULE,
    )


def _finding(row: Row, name: str) -> Finding | None:
    found = word(row, name)
    return cast(Finding, found) if found in get_args(Finding) else None
