"""What local treatment did to each lesion, and when: from the forms of treatment.

A course irradiates a lesion from its last fraction on, whatever part of the dose was given: swelling and scars follow
either way (ours). While it runs the lesion is planned. A bed that is irradiated after a resection stays resected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from evenhand.conduct.forms import FormEntry, entries_reading
from evenhand.conduct.lesions.listed import Listed
from evenhand.conduct.treatment.answers import day, word
from evenhand.conduct.treatment.courses import LOCOREGIONAL, METASTASIS, lesions_in
from evenhand.conduct.treatment.metastases import RESECTION, UNTREATED
from evenhand.oncology.recist import Change, LesionState
from evenhand.protocol import Protocol
from evenhand.protocol.plan.assessments import Assessments, Reach
from evenhand.record import SubjectHistory


def changes_of(
    lesions: Iterable[Listed], plan: Assessments, protocol: Protocol, known: SubjectHistory
) -> dict[str, tuple[Change, ...]]:
    """The changes of each lesion's state by its label, oldest first; labels that are not listed are among them."""
    found: dict[str, list[Change]] = {}
    for label, change in (*_named(plan, protocol, known), *_reached(lesions, plan, protocol, known)):
        found.setdefault(label, []).append(change)
    return {label: tuple(_sensible(sorted(changes))) for label, changes in found.items()}


def _sensible(changes: list[Change]) -> Iterator[Change]:
    """Without radiation of the bed of what was resected, and without what one day says twice."""
    resected = False
    last: Change | None = None
    for change in changes:
        if not (resected and change.state in (LesionState.IRRADIATED, LesionState.PLANNED)) and change != last:
            yield change
        resected = resected or change.state is LesionState.RESECTED
        last = change


def _named(plan: Assessments, protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[str, Change]]:
    """Treatment that names its lesions."""
    for entry in entries_reading(protocol, known, METASTASIS):
        for change in _course(entry):
            yield from ((label, change) for label in lesions_in(entry))
    for entry in entries_reading(protocol, known, RESECTION):
        on = day(entry.values, "performed")
        for row in entry.rows("lesions"):
            label = word(row, "lesion")
            if on is not None and label and word(row, "margin") not in plan.left_behind:
                yield label, Change(on, LesionState.RESECTED)
    for entry in entries_reading(protocol, known, UNTREATED):
        on = day(entry.values, "decided")
        if on is not None:
            yield from ((label, Change(on, LesionState.NOT_TREATED)) for label in lesions_in(entry))


def _course(entry: FormEntry) -> Iterator[Change]:
    started, ended = day(entry.values, "started"), day(entry.values, "ended")
    if started is not None and started != ended:
        yield Change(started, LesionState.PLANNED)
    if ended is not None:
        yield Change(ended, LesionState.IRRADIATED)


def _reached(
    lesions: Iterable[Listed], plan: Assessments, protocol: Protocol, known: SubjectHistory
) -> Iterator[tuple[str, Change]]:
    """Treatment that treats all lesions of its region: the primary, and lymph nodes on its side."""
    for lesion in lesions:
        if lesion.side not in (None, "same"):
            continue
        for reach in plan.reaches:
            if lesion.site in reach.sites:
                for entry in entries_reading(protocol, known, reach.role):
                    on = _day_of(entry, reach)
                    if on is not None:
                        yield lesion.label, Change(on, reach.state)


def _day_of(entry: FormEntry, reach: Reach) -> date | None:
    """The day on which an entry treated what a reach names; None where it did not, or not yet."""
    asked = entry.form.fields.get(reach.field)
    if asked is None:
        return None
    if asked.is_table:
        said = {word(row, "volume") for row in entry.rows(reach.field)}
    else:
        said = {word(entry.values, reach.field)}
    if not said & reach.codes:
        return None
    return day(entry.values, "ended" if entry.form.reads == LOCOREGIONAL else "performed")
