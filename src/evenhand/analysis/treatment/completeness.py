"""Whether local therapy was complete: each part, each person, how long it took, and whether it kept its windows.

These are of an arm that plans local therapy, and so for tables by arm alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from evenhand.analysis.analysing import Analysed, Analysis
from evenhand.analysis.safety.groups import Group, of_whom
from evenhand.analysis.tables import Behind, Cell, Row, Table, count, row
from evenhand.analysis.treatment.cells import Measured, Said, by_code, each_of, middle
from evenhand.conduct.ending import ends_of
from evenhand.conduct.treatment import LocalTherapy, WindowSeen, local_therapy, registered_lesions, windows
from evenhand.conduct.treatment.local import SURGERY
from evenhand.conduct.treatment.planned import treatment_of
from evenhand.conduct.treatment.primary import NO_PRIMARY
from evenhand.conduct.treatment.treated import State, Treated
from evenhand.conduct.treatment.windows import State as WindowState
from evenhand.dates import DAYS_PER_MONTH
from evenhand.protocol.endpoints import Population

METHOD = (
    "Of the arms that plan local therapy. A part is settled when it was delivered or a reason was documented; local "
    "therapy is complete when no part is open, on the day on which the last one was settled. Surgery does not apply to "
    "whoever has no primary in the breast, and counts neither as open nor as left out; where it was left out and "
    "nobody recorded whether there is a primary, it is not known whether it applied. Months are days / 30.4375."
)
WINDOWS = (
    "Each time limit of the study, for whoever it holds for, at the data cut. Kept, early, late: it happened; open: "
    "there is still time; overdue: there is none; not begun: what it counts from has not happened; left out: for a "
    "documented reason; ended: follow-up ended while there was still time."
)
COMPLETENESS = "local_therapy"
ALL, REASON, OPEN = "complete", "closed with a reason", "open"
NOT_APPLICABLE, UNKNOWN = "not applicable", "unknown"
STATES = {ALL: "done", REASON: "left out or cut short, for a reason", OPEN: "open"}
OF_SURGERY = {
    **STATES,
    UNKNOWN: "left out, and whether it applied is not known",
    NOT_APPLICABLE: f"not applicable: {NO_PRIMARY}",
}


def completeness(population: Population, columns: tuple[Group, ...]) -> Table | None:
    """Where each part stands, and local therapy as a whole; None where no arm plans any."""
    local = {one.person.subject: _local(one) for one in columns[-1].people}
    arms = tuple(group for group in columns[:-1] if any(local[one.person.subject].planned for one in group.people))
    if not arms:
        return None
    sizes = [group.size for group in arms]
    rows: list[Row] = []
    for id, label, part in _PARTS:
        given = each_of(arms, partial(_part, local=local, find=part))
        rows += [row(id, label), *by_code(id, OF_SURGERY if id == SURGERY else STATES, given, sizes)]
    whole = each_of(arms, partial(_whole, local=local))
    rows += [row(COMPLETENESS, "Local therapy as a whole"), *by_code(COMPLETENESS, _WHOLE, whole, sizes)]
    for id, label, day in _DAYS:
        cells = (middle(_months(group, local, day), 1) for group in arms)
        rows.append(row(id, f"Months from randomization to its {label}, median (range)", *cells))
    return Table(
        id=COMPLETENESS,
        title="Completeness of local therapy",
        population=of_whom(population, columns[-1]),
        method=METHOD,
        head=("", *(one.head for one in arms)),
        rows=tuple(rows),
        notes=("Times are of those who began, or completed it, by the cut.",),
        by_arm=True,
    )


_Locals = Mapping[str, LocalTherapy]


def _local(one: Analysed) -> LocalTherapy:
    protocol, known = one.person.protocol, one.person.known
    return local_therapy(protocol, known, registered_lesions(protocol, known))


def _metastases(local: LocalTherapy) -> Treated | None:
    """All metastases as one part: open while one is, a reason where one has it, else done."""
    if local.lesions is None:
        return None
    parts = tuple(local.lesions.by_label.values())
    seqs = tuple(dict.fromkeys(seq for part in parts for seq in part.seqs))
    return Treated(_least(parts), None, "", seqs)


def _least(parts: Sequence[Treated]) -> State:
    """The state of several parts together."""
    if any(part.state == "open" for part in parts):
        return "open"
    return "closed with a reason" if any(part.state != "complete" for part in parts) else "complete"


_Part = Callable[[LocalTherapy], Treated | None]
_PARTS: tuple[tuple[str, str, _Part], ...] = (
    (SURGERY, "Surgery of the primary", lambda local: local.surgery),
    ("locoregional", "Locoregional radiation", lambda local: local.locoregional),
    ("metastases", "All metastases", _metastases),
)
_WHOLE = {
    ALL: "every part done",
    REASON: "some parts left out or cut short, for a reason",
    UNKNOWN: "every part done, unless surgery that was left out did apply",
    OPEN: "some part awaited",
    "nothing": "not begun",
}


_DAYS: tuple[tuple[str, str, Callable[[LocalTherapy], date | None]], ...] = (
    ("begun", "beginning", lambda local: local.begun),
    ("completed", "completion", lambda local: local.complete_on),
)


def _part(one: Analysed, local: _Locals, find: _Part) -> Iterator[Said]:
    part = find(local[one.person.subject])
    if part is not None:
        state = UNKNOWN if part.doubt and part.state == REASON else part.state
        yield Said(one.person.subject, state, part.seqs)


def _whole(one: Analysed, local: _Locals) -> Iterator[Said]:
    mine = local[one.person.subject]
    if mine.parts:
        state = UNKNOWN if _in_doubt(mine) else _least(mine.parts)
        yield Said(one.person.subject, "nothing" if state == OPEN and mine.begun is None else state, _entries(mine))


def _in_doubt(local: LocalTherapy) -> bool:
    """Whether all that was left out may not have applied, so that nobody knows whether every part was done."""
    short = [part for part in local.parts if part.state != ALL]
    return bool(short) and all(part.state == REASON and part.doubt for part in short)


def _months(group: Group, local: _Locals, day: Callable[[LocalTherapy], date | None]) -> Iterator[Measured]:
    """From randomization to a day, of whoever has one."""
    for one in group.people:
        mine = local[one.person.subject]
        on = day(mine)
        if on is not None:
            yield Measured(one.person.subject, (on - one.seen.start).days / DAYS_PER_MONTH, _entries(mine))


def _entries(local: LocalTherapy) -> tuple[int, ...]:
    """All entries that local therapy rests on."""
    return tuple(dict.fromkeys(seq for part in local.parts for seq in part.seqs))


KEPT: tuple[tuple[WindowState, str], ...] = (
    ("kept", "Kept"), ("early", "Early"), ("late", "Late"), ("overdue", "Overdue"), ("open", "Open"),
    ("not begun", "Not begun"), ("left out", "Left out"), ("ended", "Ended"),
)  # fmt: skip


def windows_kept(analysis: Analysis, population: Population, columns: tuple[Group, ...]) -> Table | None:
    """Compliance with the study's windows; None where it has none, or nobody is in an arm with one."""
    everybody = columns[-1]
    seen = [(behind, found) for one in everybody.people for behind, found in _windows(one)]
    if not seen:
        return None
    rows = []
    for window in treatment_of(analysis.protocol).windows:
        mine = [(one, found) for one, found in seen if found.window.id == window.id]
        cells = [_standing(mine, state) for state, _ in KEPT]
        rows.append(row(window.id, window.label, count(one for one, _ in mine), *cells))
    return Table(
        id="windows",
        title="Time limits of local therapy",
        population=of_whom(population, everybody),
        method=WINDOWS,
        head=("Time limit", "Holds for", *(label for _, label in KEPT)),
        rows=tuple(rows),
        by_arm=True,
    )


def _windows(one: Analysed) -> list[tuple[Behind, WindowSeen]]:
    """Each with the person and all entries of local therapy, for a window rests on several."""
    protocol, known = one.person.protocol, one.person.known
    labels = registered_lesions(protocol, known)
    found = windows(protocol, known, labels, one.seen.until, ends_of(protocol, known).last)
    behind = Behind(one.person.subject, _entries(_local(one)) if found else ())
    return [(behind, each) for each in found]


def _standing(mine: Sequence[tuple[Behind, WindowSeen]], state: WindowState) -> Cell:
    return count((one for one, found in mine if found.state == state), len(mine))
