"""The kinds of report that a page offers, and who may make and read each.

The words stand here again, since those of ``reports`` come with all that counts and draws; a test holds them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from evenhand.web.access import Action
from evenhand.web.desk import Desk


@dataclass(frozen=True, slots=True)
class Offered:
    """A kind of report: what it is called, what it tells, what its readers must be allowed to see, and whether it tells
    the arms apart."""

    id: str
    title: str
    tells: str
    action: Action
    by_arm: bool = False


OFFERED: Final = MappingProxyType(
    {
        one.id: one
        for one in (
            Offered(
                "accrual", "Accrual report",
                "Accrual and forecast, flow, screening failures, who is included and who is lost. Arms pooled.",
                Action.SEE_STUDY,
            ),
            Offered(
                "safety-board-open", "Report to the safety board, open session",
                "The same with treatment, safety, quality of data and what is overdue. Arms pooled.",
                Action.SEE_POOLED,
            ),
            Offered(
                "safety-board-closed", "Report to the safety board, closed session",
                "Interim analysis, stopping rules, safety and efficacy, arm by arm. For the safety board and the "
                "statistician alone.",
                Action.SEE_BY_ARM, by_arm=True,
            ),
            Offered(
                "final", "Final report",
                "Everything, arm by arm, with the datasets of the analysis.",
                Action.SEE_BY_ARM, by_arm=True,
            ),
        )
    }
)  # fmt: skip
"""By id."""
BOARD: Final = "board"
"""The kind under which the safety board's view is kept; no page of reports shows it."""


def may_read(desk: Desk, kind: str) -> bool:
    """Whether this user may make and read a kind."""
    return kind in OFFERED and desk.may_somewhere(OFFERED[kind].action)


def names_people(desk: Desk, kind: str) -> bool:
    """Whether the report that this user gets lists the people behind its numbers: those who may know of every candidate
    of the study get the lists, and whoever may see outcomes by arm does."""
    return OFFERED[kind].by_arm or desk.may(Action.SEE_CANDIDATE)


def offered_to(desk: Desk) -> tuple[Offered, ...]:
    """What this user may make and read."""
    return tuple(one for one in OFFERED.values() if may_read(desk, one.id))
