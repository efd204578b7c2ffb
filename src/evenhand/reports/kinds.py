"""The kinds of report: what stands in each, in which order, and whether it may tell the arms apart.

Source: FDA, Guidance on Clinical Trial Data Monitoring Committees, 2006, 4.3: interim data by arm are for the committee
alone (closed); what is pooled may be shown to sponsor and investigators (open). Which sections stand where is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_KNOWN_BEFORE: Final = frozenset({"accrual", "screening", "inclusion", "representation"})
_BEFORE: Final = ("screening", "inclusion", "representation")


@dataclass(frozen=True, slots=True)
class Kind:
    """``sections`` are names of ``reports.parts``, in order. ``by_arm``: arms are told apart after randomization.
    ``datasets``: the analysis datasets go with it."""

    id: str
    title: str
    readers: str
    sections: tuple[str, ...]
    by_arm: bool
    datasets: bool = False

    def names_people(self, section: str) -> bool:
        """Whether the people behind the numbers of a section are listed.

        A pooled report lists them for what was known before randomization alone: whoever has the list of those who
        were irradiated could count toxicity by arm from it.
        """
        return self.by_arm or section in _KNOWN_BEFORE or (section == "mistakes" and "entry_mistakes" in self.sections)


KINDS: Final = MappingProxyType(
    {
        kind.id: kind
        for kind in (
            Kind(
                "accrual",
                "Accrual report",
                "Everybody who takes part in the study. Nothing here tells the arms apart, or what became of anybody "
                "after randomization.",
                ("pace", "enrolment", *_BEFORE, "entry_mistakes"),
                by_arm=False,
            ),
            Kind(
                "safety-board-open",
                "Report to the safety board, open session",
                "The safety board, the sponsor and the investigators. Nothing here tells the arms apart.",
                ("board", "accrual", "flow", *_BEFORE, "treatment", "safety", "sites", "overdue", "mistakes"),
                by_arm=False,
            ),
            Kind(
                "safety-board-closed",
                "Report to the safety board, closed session",
                "The safety board and the statistician who prepares it, nobody else: the arms are told apart.",
                (
                    *("board", "interim", "stopping", "flow", "inclusion", "treatment", "safety", "efficacy"),
                    *("sites", "overdue", "mistakes"),
                ),
                by_arm=True,
            ),
            Kind(
                "final",
                "Final report",
                "Whoever may read the result of the study: the arms are told apart.",
                (
                    *("flow", "screening", "inclusion", "representation", "treatment", "efficacy", "safety"),
                    *("accrual", "meetings", "sites", "mistakes"),
                ),
                by_arm=True,
                datasets=True,
            ),
        )
    }
)
"""By id."""

BOARD: Final = Kind(
    "board",
    "Safety board",
    "The safety board and the statistician who prepares it, nobody else: the arms are told apart.",
    ("board", "stopping", "interim", "flow", "between_looks", "safety"),
    by_arm=True,
)
"""What the safety board sees live; no report that is handed out."""
