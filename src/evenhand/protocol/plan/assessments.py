"""``assessments.yaml``: being written."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.protocol.places import Sheet
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.sheets import SheetModel


class AssessmentsSheet(SheetModel):
    """``assessments.yaml``."""


@dataclass(frozen=True, slots=True)
class Assessments:
    """What ``assessments.yaml`` says."""


def resolve_assessments(sheet: AssessmentsSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> Assessments:
    """The model of the file; faults are added to ``faults``."""
    return Assessments()
