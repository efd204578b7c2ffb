"""The HER2 status of one specimen by ASCO/CAP 2018.

What is recorded may leave several paths through the figures open ("ratio greater than 1.8", a ratio without
copies). Then all of them are walked: where every path ends in the same status, that is the status; else it is
open, and the result says what to record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from evenhand.facts import Scalar
from evenhand.logic import Unknown, Why
from evenhand.oncology.her2_figures import (
    BETWEEN_CLEAR_RESULTS,
    COLUMN_NAMES,
    DECIDED,
    DISCORDANT,
    GROUP_NUMBER,
    GUIDELINE,
    IHC_2,
    NEGATIVE,
    POSITIVE,
    RECOUNT_DIFFERS,
    Ending,
    Ish,
    Status,
    path_end,
)
from evenhand.oncology.her2_readings import Specimen, ihc_columns, ish_findings, leaves_open, recount_groups
from evenhand.oncology.her2_stated import settle

REVIEWED_POSITIVE: Final = Ending(
    Status.POSITIVE,
    "IHC and ISH contradict each other, one of them is positive, and the discordance was reviewed.",
)
MAY_CONTRADICT: Final = Ending(
    Status.NEEDS_REVIEW,
    next_step="the tests, as far as recorded, may contradict each other: record exact numbers or review them",
    why="conflicting",
)
RATIO_OF_SINGLE_PROBE: Final = Ending(
    Status.NEEDS_REVIEW,
    next_step="a single probe gives no HER2/CEP17 ratio: correct the probe or the ratio",
    why="conflicting",
)
_PHRASES: Final = {
    "ihc": "the exact IHC score",
    "probe": "the probe (dual or single)",
    "ratio": "the exact HER2/CEP17 ratio",
    "copies": "the exact mean of HER2 copies per cell",
    "recount_ratio": "the exact HER2/CEP17 ratio of the recount",
    "recount_copies": "the exact mean of HER2 copies per cell of the recount",
}


@dataclass(frozen=True, slots=True)
class Her2Result:
    """The status of a specimen; ``group`` (1 to 5) where dual ISH tells it; ``next_step`` where undecided.

    ``comment`` is what the report carries beside the status; ``why`` is the kind of gap (None where decided).
    """

    status: Status
    group: int | None = None
    comment: str = ""
    next_step: str = ""
    why: Why | None = None
    guideline: str = GUIDELINE


def specimen_status(specimen: Specimen) -> Her2Result:
    """The HER2 status of one specimen (ASCO/CAP 2018, figures 1 to 6; rules marked [P] are this project's).

    Reads ``ihc`` (0 to 3), ``probe`` (dual, single), ``ratio``, ``copies``, ``recount_ratio``,
    ``recount_copies``, ``recount_cells``, ``adjudicated``, ``reported`` and ``discordance_reviewed``. Each
    may be absent; a number may be a Range. Never raises for a specimen that the study's vocabulary accepts.
    """
    ish, columns = ish_findings(specimen), ihc_columns(specimen.get("ihc"))
    if not ish:
        ending = RATIO_OF_SINGLE_PROBE
    elif not columns:
        ending = _off_the_scale(specimen)
    else:
        ending = _by_figures(specimen, ish, columns)
    if "reported" in specimen or "adjudicated" in specimen:
        was_equivocal = IHC_2 in columns or not BETWEEN_CLEAR_RESULTS.isdisjoint(ish)
        ending = settle(ending, specimen, was_equivocal)
    group = GROUP_NUMBER.get(ish[0]) if len(ish) == 1 else None
    why = None if ending.status in DECIDED else ending.why
    return Her2Result(ending.status, group, ending.comment, ending.next_step, why)


def _by_figures(specimen: Specimen, ish: tuple[Ish, ...], columns: tuple[int, ...]) -> Ending:
    recounts = recount_groups(specimen)
    reviewed = specimen.get("discordance_reviewed") is True
    if len(ish) == len(columns) == len(recounts) == 1:
        ending = path_end(ish[0], columns[0], recounts[0])
        return REVIEWED_POSITIVE if reviewed and ending is DISCORDANT else ending
    endings = {path_end(i, c, r) for i in ish for c in columns for r in recounts}
    return _joined(endings, reviewed) or _open(specimen, ish, columns, recounts)


def _joined(endings: set[Ending], reviewed: bool) -> Ending | None:
    """The one ending that stands for several, or None where it matters which of them it is."""
    if len(endings) == 1 and DISCORDANT not in endings:
        return next(iter(endings))
    clear = {ending.status for ending in endings if ending.status is not Status.NEEDS_REVIEW}
    if reviewed and DISCORDANT in endings and clear <= {Status.POSITIVE} and RECOUNT_DIFFERS not in endings:
        return REVIEWED_POSITIVE
    if len(clear) > 1 or not clear <= DECIDED:
        return None
    if any(ending.status is Status.NEEDS_REVIEW for ending in endings):
        return DISCORDANT if endings == {DISCORDANT} else MAY_CONTRADICT
    return POSITIVE if Status.POSITIVE in clear else NEGATIVE


def _open(
    specimen: Specimen, ish: tuple[Ish, ...], columns: tuple[int, ...], recounts: tuple[Ish | None, ...]
) -> Ending:
    """Undecided because several paths are open: name them, and what to record."""
    possible: list[str] = []
    asked: list[str] = []
    if len(columns) > 1:
        possible.append(" or ".join(COLUMN_NAMES[column] for column in columns))
        asked.append("ihc")
    if len(ish) > 1:
        possible.append("ISH " + " or ".join(ish))
        asked += ["probe", "ratio", "copies"]
    if len(recounts) > 1:
        possible.append("recount " + " or ".join(map(str, recounts)))
        asked += ["recount_ratio", "recount_copies"]
    if specimen.get("ratio") is not None:
        asked = [name for name in asked if name != "probe"]  # the ratio tells it
    lacking = {name: specimen.get(name) for name in asked if leaves_open(name, specimen.get(name))}
    wanted = " and ".join(_PHRASES[name] for name in lacking)
    return Ending(Status.PENDING, next_step=f"{', '.join(possible)}: record {wanted}", why=_gap(lacking))


def _gap(lacking: Mapping[str, Scalar | Unknown | None]) -> Why:
    if any(isinstance(value, Unknown) for value in lacking.values()):
        return "conflicting"
    return "missing" if None in lacking.values() else "imprecise"


def _off_the_scale(specimen: Specimen) -> Ending:
    detail = f"IHC score {specimen.get('ihc')} is none of 0, 1, 2, 3: correct it"
    return Ending(Status.NEEDS_REVIEW, next_step=detail, why="conflicting")
