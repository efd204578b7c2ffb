"""The sections that a report may have, by name, and how each is made from the analysis.

``pace``, ``enrolment`` and ``entry_mistakes`` are ``accrual``, ``flow`` and ``mistakes`` for readers who are told
nothing of what became of anybody after randomization.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from evenhand.analysis import Analysis
from evenhand.analysis.efficacy import between_looks_section, efficacy_sections, interim_section
from evenhand.analysis.flow import enrolment_section, flow_section, screening_section
from evenhand.analysis.inclusion import inclusion_section, representation_section
from evenhand.analysis.monitoring import (
    board_section,
    meetings_section,
    overdue_section,
    sites_section,
    stopping_section,
)
from evenhand.analysis.safety import safety_sections
from evenhand.analysis.tables import Section
from evenhand.analysis.treatment import treatment_section
from evenhand.reports.accrual import accrual_section
from evenhand.reports.mistakes import mistakes_section

Maker = Callable[[Analysis, bool], tuple[Section, ...]]
"""Given the analysis, and whether the arms may be told apart."""

PARTS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "board": lambda analysis, by_arm: (board_section(analysis, by_arm=by_arm),),
        "meetings": lambda analysis, by_arm: (meetings_section(analysis),),
        "accrual": lambda analysis, by_arm: (accrual_section(analysis, final=by_arm),),
        "pace": lambda analysis, by_arm: (accrual_section(analysis, final=by_arm, outcomes=False),),
        "flow": lambda analysis, by_arm: (flow_section(analysis, by_arm=by_arm),),
        "enrolment": lambda analysis, by_arm: (enrolment_section(analysis),),
        "screening": lambda analysis, by_arm: (screening_section(analysis.cut),),
        "inclusion": lambda analysis, by_arm: (inclusion_section(analysis, by_arm=by_arm),),
        "representation": lambda analysis, by_arm: (representation_section(analysis.cut),),
        "treatment": lambda analysis, by_arm: (treatment_section(analysis, by_arm=by_arm),),
        "safety": lambda analysis, by_arm: safety_sections(analysis, by_arm=by_arm),
        "efficacy": lambda analysis, by_arm: efficacy_sections(analysis),
        "between_looks": lambda analysis, by_arm: (between_looks_section(analysis),),
        "interim": lambda analysis, by_arm: (interim_section(analysis),),
        "stopping": lambda analysis, by_arm: (stopping_section(analysis),),
        "sites": lambda analysis, by_arm: (sites_section(analysis),),
        "overdue": lambda analysis, by_arm: (overdue_section(analysis),),
        "mistakes": lambda analysis, by_arm: (mistakes_section(analysis, by_arm=by_arm),),
        "entry_mistakes": lambda analysis, by_arm: (mistakes_section(analysis, by_arm=by_arm, outcomes=False),),
    }
)
