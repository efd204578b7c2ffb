"""What is to be asked about treatment, and where it departed from the plan: for the desk of data quality."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from evenhand.conduct.findings import Deviation, DoubtAt, doubt_about
from evenhand.conduct.forms import entries, remembered
from evenhand.conduct.treatment.departures import Departure, Kind, departures, departures_of_entries
from evenhand.conduct.treatment.registered import registered_lesions
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

# What the site can mend by entering or correcting something; everything else happened to the participant.
_ASKED: Final[dict[Kind, str]] = {
    "unexplained gap": "gaps",
    "no plan": "",
    "label": "course",
    "lesion": "lesions",
    "line of therapy": "line",
}
_MEND: Final[dict[Kind, str]] = {
    "dose delivered": "Say on the form why the course was stopped early, if it does not say so yet.",
    "prescription": "Say why another prescription was chosen.",
    "organ limit": "Say why the limit was exceeded.",
    "window": "Enter what was done, or why it was not.",
}


def doubts(protocol: Protocol, known: SubjectHistory, on: date) -> Iterator[DoubtAt]:
    """Questions about what treatment forms say; none where the study plans no treatment."""
    found = _of_entries(protocol, known)
    stands = {entry.seq: entry for entry in entries(protocol, known)} if found else {}
    for one in found:
        if one.kind in _ASKED and one.on <= on:
            for entry in (stands[seq] for seq in one.seqs):
                path = _ASKED[one.kind] if _ASKED[one.kind] in entry.form.fields else ""
                yield doubt_about(entry, f"{one.kind} {one.about}".strip(), f"{one.say}.", path)


def deviations(protocol: Protocol, known: SubjectHistory, on: date, ended: date | None = None) -> Iterator[Deviation]:
    """Departures from the planned treatment; none where the study plans none."""
    if not _planned(protocol):
        return
    for one in departures(protocol, known, registered_lesions(protocol, known), on, ended):
        if one.kind in _MEND:
            seq = one.seqs[0] if one.seqs else None
            yield Deviation(one.kind, one.on, f"{one.say}.", one.clause, _MEND[one.kind], seq)


@remembered
def _of_entries(protocol: Protocol, known: SubjectHistory) -> tuple[Departure, ...]:
    """What departs by what was entered: most entries are about other things and change nothing of it."""
    if not _planned(protocol):
        return ()
    return departures_of_entries(protocol, known, registered_lesions(protocol, known))


def _planned(protocol: Protocol) -> bool:
    return protocol.plan is not None and protocol.plan.treatment is not None
