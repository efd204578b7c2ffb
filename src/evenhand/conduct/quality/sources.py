"""Who finds doubts and deviations besides the forms' own rules: one line a room.

A source of doubts is a pure function ``(protocol, known, on) -> Iterable[DoubtAt]``, a source of deviations one that
gives ``Deviation``. ``on`` is the day of asking. What a source asks becomes a query when an entry of the participant is
made, corrected, struck or signed, and is closed when the source no longer asks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from evenhand.conduct import disposition, forms, lesions, response, safety, schedule, treatment
from evenhand.conduct.ending import ends_of
from evenhand.conduct.findings import Deviation, DoubtAt, doubt_about
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

Doubting = Callable[[Protocol, SubjectHistory, date], Iterable[DoubtAt]]
Deviating = Callable[[Protocol, SubjectHistory, date], Iterable[Deviation]]


def _endings(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[DoubtAt]:
    """Where what is recorded about endings does not agree."""
    stands = {entry.seq: entry for entry in forms.entries(protocol, known)}
    for one in disposition.contradictions(protocol, known, ends_of(protocol, known)):
        if one.seq in stands:
            yield doubt_about(stands[one.seq], one.id, f"{one.say} {one.mend}")


def _lesions(protocol: Protocol, known: SubjectHistory, on: date) -> Iterable[DoubtAt]:
    """Choices at baseline without a reason, lesions without a row, states that cannot follow one another."""
    return lesions.lesion_doubts(protocol, known)


def _response(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[DoubtAt]:
    """Where the clinician determines otherwise than the scans propose, and scans that cannot be read."""
    return response.response_doubts(protocol, known)


def _visits(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[Deviation]:
    """Visits missed, out of their window, or never accounted for."""
    return schedule.deviations(protocol, known, on, ends_of(protocol, known))


def _treatment_asked(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[DoubtAt]:
    """What forms of treatment leave open or contradict."""
    return treatment.doubts(protocol, known, on)


def _treatment(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[Deviation]:
    """Doses, prescriptions, limits and windows that were not kept."""
    return treatment.deviations(protocol, known, on, ends_of(protocol, known).last)


SOURCES: Final[Mapping[str, Doubting]] = {
    "disposition": _endings,
    "safety": safety.doubts,
    "lesions": _lesions,
    "response": _response,
    "treatment": _treatment_asked,
}
DEVIATIONS: Final[Mapping[str, Deviating]] = {"schedule": _visits, "treatment": _treatment}
