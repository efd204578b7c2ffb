"""What the treating clinician determined: response, and whether and when it progressed. It counts once it is signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from evenhand.conduct.forms import FormEntry, entries_reading, marks_of
from evenhand.conduct.response.evaluation import Evaluation, Proposed
from evenhand.conduct.treatment.answers import day, word
from evenhand.oncology.recist import Response
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

RESPONSE: Final = "response"
_OVERALL: Final = {
    "cr": Response.CR,
    "pr": Response.PR,
    "sd": Response.SD,
    "non_cr_non_pd": Response.NON_CR_NON_PD,
    "pd": Response.PD,
    "ne": Response.NE,
    "ned": Response.NED,
}


@dataclass(frozen=True, slots=True)
class Determination:
    """One determination. ``progressed``: None where it does not say; ``since``: the first day of the progression;
    ``basis``: radiographic, clinical or pathological, as the form's codes say. ``signed``: or the form asks for no
    signature."""

    entry: FormEntry
    day: date
    overall: Response | None
    progressed: bool | None
    since: date | None
    basis: str | None
    signed: bool

    @property
    def seq(self) -> int:
        """The number of its entry."""
        return self.entry.seq


def determinations(protocol: Protocol, known: SubjectHistory) -> tuple[Determination, ...]:
    """All determinations, oldest first."""
    found = (_determination(entry, known) for entry in entries_reading(protocol, known, RESPONSE))
    return tuple(sorted(found, key=lambda one: (one.day, one.seq)))


def _determination(entry: FormEntry, known: SubjectHistory) -> Determination:
    values = entry.values
    said = values.get("progressed")
    progressed = said if isinstance(said, bool) else None
    return Determination(
        entry,
        entry.day,
        _OVERALL.get(word(values, "overall") or ""),
        progressed,
        day(values, "progressed_on") or entry.day if progressed else None,
        word(values, "basis"),
        not entry.form.signed_by or bool(marks_of(known, entry.seq).signatures),
    )


def about_scan(point: Proposed, found: tuple[Determination, ...], evaluated: Evaluation) -> Determination | None:
    """The determination about a scan: that of the same visit, else the first from its day on and before the next scan.

    Of several at a visit the last.
    """
    visit = point.scan.entry.visit
    same = [one for one in found if visit is not None and one.entry.visit == visit]
    if same:
        return same[-1]
    later = [one.scan.day for one in evaluated.points if one.scan.day > point.scan.day]
    visits = {one.scan.entry.visit for one in evaluated.points}
    free = (
        one for one in found if one.day >= point.scan.day and (one.entry.visit is None or one.entry.visit not in visits)
    )
    return next((one for one in free if not later or one.day < min(later)), None)
