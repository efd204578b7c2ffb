"""The progression that ends follow-up: the clinician's, once signed; until then what was entered or is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenhand.conduct.forms import remembered_as_it_is
from evenhand.conduct.response.determining import about_scan, determinations
from evenhand.conduct.response.evaluation import evaluation
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory


@dataclass(frozen=True, slots=True)
class Progression:
    """A progression: the ``day`` that it is dated to, on which ``basis``, by which entry.

    Only a ``determined`` one ends anything: it is signed by the clinician. Others are entered and not yet signed, or
    (``basis`` "proposed") what the scans alone say.
    """

    day: date
    basis: str
    seq: int
    determined: bool


@remembered_as_it_is
def progression(protocol: Protocol, known: SubjectHistory) -> Progression | None:
    """The progression of a participant, None where there is none.

    The earliest that is signed; else the earliest that is entered; else what the scans propose, unless the clinician
    signed that the scan which shows it is none.
    """
    found = determinations(protocol, known)
    said = [
        Progression(one.since, one.basis or "clinical", one.seq, one.signed) for one in found if one.since is not None
    ]
    if said:
        return min(said, key=lambda one: (not one.determined, one.day, one.seq))
    evaluated = evaluation(protocol, known)
    for point in evaluated.points:
        if point.point is None or point.point.progressed is None:
            continue
        about = about_scan(point, found, evaluated)
        if about is None or not about.signed or about.progressed is not False:
            return Progression(point.point.progressed, "proposed", point.scan.seq, determined=False)
    return None
