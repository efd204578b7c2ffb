"""Local therapy as a whole: surgery of the primary, locoregional radiation, and every metastasis.

It is complete when none of its planned parts is open; then on the latest day on which one was settled ([P]: a part
that was left out for a documented reason is settled on the day of that reason). Surgery of the primary is no part of it
for whoever has no primary in the breast ([P]: known from a fact; what is not recorded is unknown).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from evenhand.conduct.forms import FormEntry, context, entries, entries_reading
from evenhand.conduct.treatment.answers import day, word
from evenhand.conduct.treatment.courses import LOCOREGIONAL, METASTASIS, courses, delivered, label_of
from evenhand.conduct.treatment.metastases import RESECTION, Metastases, metastases
from evenhand.conduct.treatment.planned import planned_forms, treatment_of
from evenhand.conduct.treatment.primary import primary_of
from evenhand.conduct.treatment.treated import Treated
from evenhand.logic import NO, YES
from evenhand.protocol import Protocol
from evenhand.record import SubjectHistory

SURGERY: Final = "surgery"
LOCAL_ROLES: Final = (SURGERY, LOCOREGIONAL, METASTASIS, RESECTION)  # that treat, in the order of the plan


@dataclass(frozen=True, slots=True)
class LocalTherapy:
    """The parts that are planned in the participant's arm: None where the part is not, ``not applicable`` where there
    is nothing that it could treat.

    ``begun``: the first day of any of it, planned or not.
    """

    surgery: Treated | None
    locoregional: Treated | None
    lesions: Metastases | None
    begun: date | None

    @property
    def parts(self) -> tuple[Treated, ...]:
        """Where each planned part that applies stands, each lesion a part."""
        ones = tuple(part for part in (self.surgery, self.locoregional) if part and part.state != "not applicable")
        return (*ones, *(self.lesions.by_label.values() if self.lesions else ()))

    @property
    def planned(self) -> bool:
        """Whether the arm plans any local therapy."""
        return self.surgery is not None or self.locoregional is not None or self.lesions is not None

    @property
    def complete_on(self) -> date | None:
        """The day on which the last part was settled; None while one is open, or where nothing is planned."""
        days = [part.on for part in self.parts if part.settled and part.on is not None]
        return max(days) if days and len(days) == len(self.parts) else None


def local_therapy(protocol: Protocol, known: SubjectHistory, labels: Iterable[str]) -> LocalTherapy:
    """Local therapy of a participant whose metastases at registration are ``labels``.

    Raises LookupError where the study plans no treatment.
    """
    arm = context(known).arm
    to_metastases = any(planned_forms(protocol, role, arm) for role in (METASTASIS, RESECTION))
    return LocalTherapy(
        _surgery(protocol, known),
        _part(protocol, known, LOCOREGIONAL, list(_locoregional(protocol, known))),
        metastases(protocol, known, labels) if to_metastases else None,
        min((happened for happened, _ in given(protocol, known)), default=None),
    )


def local_therapy_complete_on(protocol: Protocol, known: SubjectHistory, labels: Iterable[str]) -> date | None:
    """The day on which local therapy was complete; None while a part is open, or where none is planned."""
    return local_therapy(protocol, known, labels).complete_on


def given(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[date, FormEntry]]:
    """All local therapy that was begun, in any arm: the day, and the entry."""
    for role, field in (
        (SURGERY, "performed"),
        (LOCOREGIONAL, "started"),
        (METASTASIS, "started"),
        (RESECTION, "performed"),
    ):
        for entry in entries_reading(protocol, known, role):
            if (happened := day(entry.values, field)) is not None:
                yield happened, entry


def _surgery(protocol: Protocol, known: SubjectHistory) -> Treated | None:
    """Surgery of the primary. An operation that is recorded counts, whatever the fact says."""
    part = _part(protocol, known, SURGERY, list(_operations(protocol, known)))
    if part is None or part.state == "complete":
        return part
    primary = primary_of(protocol, known)
    if primary.there is NO:
        return Treated("not applicable", None, primary.say, primary.seqs)
    return part if primary.there is YES else replace(part, doubt=primary.say)


def _part(protocol: Protocol, known: SubjectHistory, role: str, done: list[Treated]) -> Treated | None:
    """Where one part stands: what was done, or why it was not; None where it is not planned in the arm."""
    about = context(known)
    forms = planned_forms(protocol, role, about.arm)
    if not forms:
        return None
    if done:
        return _together(done)
    excused = [
        Treated("closed with a reason", entry.day, entry.not_done, (entry.seq,))
        for entry in entries(protocol, known)
        if entry.form.reads == role and entry.not_done is not None and not entry.struck
    ]
    open_since = Treated("open", about.randomized, f"{forms[0].title} is not recorded, and no reason why not")
    return max(excused, key=_on, default=open_since)


def _together(done: list[Treated]) -> Treated:
    """Several entries as one part: open while one is, cut short with a reason where one was, else complete."""
    waiting = [one for one in done if not one.settled]
    if waiting:
        return min(waiting, key=_on)
    last = max(done, key=_on)
    short = [one for one in done if one.state != "complete"]
    return replace(max(short, key=_on), on=last.on) if short else last


def _on(treated: Treated) -> date:
    return treated.on or date.min


def _operations(protocol: Protocol, known: SubjectHistory) -> Iterator[Treated]:
    """The operations that removed the primary; others (of the axilla alone, a wider margin) do not settle it."""
    plan = treatment_of(protocol).surgery
    for entry in entries_reading(protocol, known, SURGERY):
        if plan is None or word(entry.values, "procedure") in plan.primary:
            performed = day(entry.values, "performed")
            what = label_of(entry, "procedure") or entry.form.title
            yield Treated("complete" if performed else "open", performed, what, (entry.seq,))


def _locoregional(protocol: Protocol, known: SubjectHistory) -> Iterator[Treated]:
    """The courses; all of them have to be delivered, for a boost may be a course of its own."""
    percent = treatment_of(protocol).delivered_percent
    return (delivered(course, percent) for course in courses(protocol, known) if course.role == LOCOREGIONAL)
