"""Operations and their complications by Clavien-Dindo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.conduct.forms import FormEntry, entries_reading
from evenhand.conduct.treatment.answers import day, word
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.oncology.clavien_dindo import GRADES, worst
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Complication:
    """One complication: its grade (None: not recorded), and from when to when."""

    entry: FormEntry
    what: str
    grade: str | None
    began: date | None
    ended: date | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the breast or axilla, or resection of metastases, and the complications that count with it."""

    entry: FormEntry
    performed: date | None
    procedure: str | None
    complications: tuple[Complication, ...]

    @property
    def worst(self) -> str | None:
        """The most severe grade, None where there was no complication."""
        return worst(tuple(one.grade for one in self.complications if one.grade is not None and one.grade in GRADES))


def operations(protocol: Protocol, known: SubjectHistory) -> tuple[Operation, ...]:
    """All operations by day. A complication counts with the latest operation on or before its first day, within the
    study's period ([P]: its length). Raises LookupError where the study plans no treatment."""
    found = [
        Operation(entry, day(entry.values, "performed"), word(entry.values, "procedure"), ())
        for role in ("surgery", "metastasis_resection")
        for entry in entries_reading(protocol, known, role)
    ]
    found.sort(key=lambda one: (one.performed or date.max, one.entry.seq))
    owned = [(_owner(protocol, found, one), one) for one in complications(protocol, known)]
    return tuple(
        Operation(one.entry, one.performed, one.procedure, tuple(c for owner, c in owned if owner is one))
        for one in found
    )


def complications(protocol: Protocol, known: SubjectHistory) -> tuple[Complication, ...]:
    """All surgical complications, in order of recording."""
    return tuple(
        Complication(
            entry,
            word(entry.values, "complication") or entry.form.title,
            word(entry.values, "grade"),
            day(entry.values, "began"),
            day(entry.values, "ended"),
        )
        for entry in entries_reading(protocol, known, "surgical_complication")
    )


def _owner(protocol: Protocol, found: list[Operation], complication: Complication) -> Operation | None:
    began, plan = complication.began, treatment_of(protocol).surgery
    if began is None or plan is None:
        return None
    before = [one for one in found if one.performed is not None and one.performed <= began]
    if not before or before[-1].performed is None:
        return None
    return before[-1] if began <= plan.complications_within.after(before[-1].performed) else None
