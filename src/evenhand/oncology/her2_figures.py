"""The HER2 algorithm of ASCO/CAP as tables: each cell says where a path through the figures ends.

Sources: Wolff et al., J Clin Oncol 36:2105 (2018), figures 1 to 6; affirmed without change, J Clin Oncol
41:3867 (2023). What no figure draws is a decision of this project and marked [P]: two assays of one specimen
that contradict each other (IHC 3+ beside a negative ISH, IHC 0 or 1+ beside a positive one) are reviewed
before either counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from evenhand.logic import NO, YES, Why
from evenhand.units import Measured, Number, Range, compare_numbers

GUIDELINE: Final = "ASCO/CAP 2018"
ANY_NUMBER: Final = Range()

Ish = Literal[
    "no ISH",
    "group 1", "group 2", "group 3", "group 4", "group 5",
    "6.0 copies or more (single probe)", "4.0 to less than 6.0 copies (single probe)",
    "less than 4.0 copies (single probe)",
]  # fmt: skip
GROUP_NUMBER: Final[dict[Ish, int]] = {
    "group 1": 1, "group 2": 2, "group 3": 3, "group 4": 4, "group 5": 5,
}  # fmt: skip


class Status(StrEnum):
    """The HER2 status of one specimen. Only the first two are results; the others say what is lacking."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    EQUIVOCAL = "equivocal"
    PENDING = "pending"
    INDETERMINATE = "indeterminate"
    NEEDS_REVIEW = "needs review"


DECIDED: Final = frozenset({Status.POSITIVE, Status.NEGATIVE})


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """Where a path ends: the status, the comment that its report carries, or what to do next and why."""

    status: Status
    comment: str = ""
    next_step: str = ""
    why: Why = "missing"


POSITIVE: Final = Ending(Status.POSITIVE)
NEGATIVE: Final = Ending(Status.NEGATIVE)
NEGATIVE_GROUP_2: Final = Ending(
    Status.NEGATIVE,
    "A ratio of 2.0 or more with fewer than 4.0 copies and without IHC 3+: few such cancers were in the "
    "trials of HER2-targeted therapy, and a benefit was not shown.",
)
NEGATIVE_GROUP_3: Final = Ending(
    Status.NEGATIVE,
    "6.0 copies or more with a ratio below 2.0 and IHC 0 or 1+: evidence that HER2-targeted therapy helps is lacking.",
)
NEGATIVE_GROUP_4: Final = Ending(
    Status.NEGATIVE,
    "4.0 to less than 6.0 copies with a ratio below 2.0 and without IHC 3+: whether HER2-targeted therapy "
    "helps is uncertain; close to a threshold, another specimen may give another result.",
)
NOTHING: Final = Ending(Status.PENDING, next_step="no IHC, ISH or reported result is recorded")
AWAITS_ISH: Final = Ending(Status.EQUIVOCAL, next_step="IHC 2+ awaits ISH on the same specimen, or a test of a new one")
AWAITS_IHC: Final = Ending(Status.PENDING, next_step="ISH of group 2, 3 or 4 awaits IHC on the same specimen")
AWAITS_IHC_OR_DUAL: Final = Ending(
    Status.PENDING, next_step="single-probe ISH of 4.0 to less than 6.0 copies awaits IHC or dual-probe ISH"
)
AWAITS_DUAL: Final = Ending(
    Status.PENDING,
    next_step="IHC 2+ with single-probe ISH of 4.0 to less than 6.0 copies awaits dual-probe ISH",
)
AWAITS_RECOUNT: Final = Ending(
    Status.PENDING,
    next_step="IHC 2+ with ISH of group 2, 3 or 4 awaits a blinded recount of at least 20 cells",
)
DISCORDANT: Final = Ending(
    Status.NEEDS_REVIEW,
    next_step="IHC and ISH contradict each other: review the specimen and record the review",
    why="conflicting",
)
RECOUNT_DIFFERS: Final = Ending(
    Status.NEEDS_REVIEW,
    next_step="the recount falls into another group than the first count: record the adjudicated result",
    why="conflicting",
)

# Figure 1 (no ISH), figure 3 (groups), figures 4 to 6 (work-up of groups 2, 3, 4), figure 2 (single probe).
# fmt: off
FIGURES: Final[dict[Ish, tuple[Ending, Ending, Ending, Ending, Ending]]] = {
    #           no IHC        IHC 0             IHC 1+            IHC 2+          IHC 3+
    "no ISH":  (NOTHING,      NEGATIVE,         NEGATIVE,         AWAITS_ISH,     POSITIVE),
    "group 1": (POSITIVE,     DISCORDANT,       DISCORDANT,       POSITIVE,       POSITIVE),
    "group 2": (AWAITS_IHC,   NEGATIVE_GROUP_2, NEGATIVE_GROUP_2, AWAITS_RECOUNT, POSITIVE),
    "group 3": (AWAITS_IHC,   NEGATIVE_GROUP_3, NEGATIVE_GROUP_3, AWAITS_RECOUNT, POSITIVE),
    "group 4": (AWAITS_IHC,   NEGATIVE_GROUP_4, NEGATIVE_GROUP_4, AWAITS_RECOUNT, POSITIVE),
    "group 5": (NEGATIVE,     NEGATIVE,         NEGATIVE,         NEGATIVE,       DISCORDANT),
    "6.0 copies or more (single probe)":
               (POSITIVE,     DISCORDANT,       DISCORDANT,       POSITIVE,       POSITIVE),
    "4.0 to less than 6.0 copies (single probe)":
               (AWAITS_IHC_OR_DUAL, NEGATIVE,   NEGATIVE,         AWAITS_DUAL,    POSITIVE),
    "less than 4.0 copies (single probe)":
               (NEGATIVE,     NEGATIVE,         NEGATIVE,         NEGATIVE,       DISCORDANT),
}
# fmt: on
NO_IHC: Final = 0  # the column of a specimen without IHC; score s stands in column s + 1
IHC_2: Final = 3
# ISH that does not decide without IHC; the 2013 edition called some of it equivocal.
BETWEEN_CLEAR_RESULTS: Final[frozenset[Ish]] = frozenset(
    {"group 2", "group 3", "group 4", "4.0 to less than 6.0 copies (single probe)"}
)
COLUMN_NAMES: Final = ("no IHC", "IHC 0", "IHC 1+", "IHC 2+", "IHC 3+")

# The recount confirms the group of the first count (figures 4 to 6).
CONFIRMED_BY_RECOUNT: Final[dict[Ish, Ending]] = {
    "group 2": NEGATIVE_GROUP_2,
    "group 3": POSITIVE,
    "group 4": NEGATIVE_GROUP_4,
}
RECOUNT_CELLS: Final = 20


def path_end(ish: Ish, column: int, recount: Ish | None) -> Ending:
    """Where the figures lead from an ISH finding, an IHC column and the group of a valid recount (or None).

    [P] Where the figures decide without a recount, a recount that leads elsewhere is adjudicated as well.
    """
    ending = FIGURES[ish][column]
    if recount is None or ish not in GROUP_NUMBER:
        return ending
    if ending is AWAITS_RECOUNT:
        return CONFIRMED_BY_RECOUNT[ish] if recount == ish else RECOUNT_DIFFERS
    if ending.status in DECIDED and FIGURES[recount][column].status is not ending.status:
        return RECOUNT_DIFFERS
    return ending


def dual_group(ratio: Number, copies: Number) -> Ish:
    """The group of figure 3 for exact numbers."""
    if ratio >= 2:
        return "group 1" if copies >= 4 else "group 2"
    return "group 3" if copies >= 6 else "group 4" if copies >= 4 else "group 5"


def dual_groups(ratio: Measured, copies: Measured) -> tuple[Ish, ...]:
    """Every group of figure 3 to which the numbers may belong; exactly one when they are exact.

    ``ratio`` is HER2/CEP17, ``copies`` the mean HER2 signals per cell, both unrounded as reported.
    """
    if not isinstance(ratio, Range) and not isinstance(copies, Range):
        return (dual_group(ratio, copies),)
    high_ratio = compare_numbers(ratio, ">=", 2)
    at_least_4, at_least_6 = compare_numbers(copies, ">=", 4), compare_numbers(copies, ">=", 6)
    groups: list[Ish] = []
    if high_ratio is not NO:
        groups += ["group 1"] if at_least_4 is not NO else []
        groups += ["group 2"] if at_least_4 is not YES else []
    if high_ratio is not YES:
        groups += ["group 3"] if at_least_6 is not NO else []
        groups += ["group 4"] if at_least_4 is not NO and at_least_6 is not YES else []
        groups += ["group 5"] if at_least_4 is not YES else []
    return tuple(groups)


def single_probe_findings(copies: Measured) -> tuple[Ish, ...]:
    """Every arm of figure 2 to which a mean number of HER2 copies per cell may belong."""
    at_least_4, at_least_6 = compare_numbers(copies, ">=", 4), compare_numbers(copies, ">=", 6)
    findings: list[Ish] = []
    findings += ["6.0 copies or more (single probe)"] if at_least_6 is not NO else []
    if at_least_4 is not NO and at_least_6 is not YES:
        findings += ["4.0 to less than 6.0 copies (single probe)"]
    findings += ["less than 4.0 copies (single probe)"] if at_least_4 is not YES else []
    return tuple(findings)
