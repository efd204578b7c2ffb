"""Which criteria stop people before registration, and how accrual goes at each site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from evenhand.analysis.cut import Cut
from evenhand.analysis.flow.before import criteria_asked, judged_last
from evenhand.analysis.flow.sites import sites_table
from evenhand.analysis.saying import counted
from evenhand.analysis.tables import Behind, Cell, Row, Section, Table, count, row
from evenhand.eligibility.judged import Judged, Stopped, stopped_by
from evenhand.enrollment.courses import courses
from evenhand.protocol.markdown import flat

METHOD: Final = (
    "Each candidate is judged on the last day on which anything was recorded, so that time that passed later stops "
    "nobody. Unknown is neither met nor failed; whoever fails several criteria counts under each. Shares are of all "
    "candidates not registered."
)


def screening_section(cut: Cut) -> Section:
    """Failures by criterion, and accrual by site. Nothing here depends on an arm. Raises StudyError as ``before``."""
    judged = {one.subject: judged_last(cut, one.subject) for one in courses(cut.history) if one.registered is None}
    stopped = stopped_by(criteria_asked(cut, judged), judged)
    return Section(
        "screening",
        "Screening and accrual",
        tuple(_sentences(judged, stopped, _declined(cut, judged))),
        (_table(cut, judged, stopped), sites_table(cut)),
    )


def _declined(cut: Cut, judged: Iterable[str]) -> int:
    return sum(cut.history.subject(name).declined is not None for name in judged)


def _sentences(judged: dict[str, Judged], stopped: tuple[Stopped, ...], declined: int) -> Iterator[str]:
    failing = sum(bool(one.failed) for one in judged.values())
    most = max(stopped, key=lambda one: len(one.failed), default=None)
    yield (
        f"Of {counted(len(judged), 'candidate')} not registered, {failing} failed a criterion and {declined} declined "
        "to participate."
    )
    if most is not None and most.failed:
        yield (
            f"The criterion failed most often was {most.criterion.id}, {_title(most)}: by {len(most.failed)}, "
            f"{len(most.alone)} of whom failed no other."
        )


def _table(cut: Cut, judged: dict[str, Judged], stopped: tuple[Stopped, ...]) -> Table:
    return Table(
        "screening_criteria",
        "Screening failures by criterion",
        f"Candidates not registered at the cut (n = {len(judged)})",
        METHOD,
        ("Criterion", "Clause", "Failed", "Failed no other", "Unknown"),
        (*_criteria(cut, len(judged), stopped), *_together(cut, judged)),
        ("The clause names the sentence of the public description of the study that a criterion comes from.",),
    )


def _criteria(cut: Cut, of: int, stopped: tuple[Stopped, ...]) -> Iterator[Row]:
    for one in stopped:
        cells = [_people(cut, names, of) for names in (one.failed, one.alone, one.unknown)]
        name = one.criterion.id
        yield row(f"criterion_{name.lower()}", f"{name} {_title(one)}", Cell(one.criterion.clause), *cells)


def _together(cut: Cut, judged: dict[str, Judged]) -> Iterator[Row]:
    """Those who failed any, and those who failed none: each candidate stands in one of three rows."""
    rows: tuple[tuple[str, str, Callable[[Judged], bool]], ...] = (
        ("any", "Failed at least one", lambda one: bool(one.failed)),
        ("open", "Failed none, something unknown", lambda one: bool(one.unknown) and not one.failed),
        ("none", "Failed none, nothing unknown", lambda one: not one.unknown and not one.failed),
    )
    for id, label, stands in rows:
        names = [name for name, one in judged.items() if stands(one)]
        yield row(f"together_{id}", label, Cell(""), _people(cut, names, len(judged)), Cell(""), Cell(""))


def _people(cut: Cut, names: Iterable[str], of: int) -> Cell:
    return count((Behind(name, (cut.history.subject(name).entries[0].seq,)) for name in names), of)


def _title(one: Stopped) -> str:
    return flat(one.criterion.title)
