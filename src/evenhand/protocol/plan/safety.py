"""``safety.yaml``: being written."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.protocol.places import Sheet
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.sheets import SheetModel


class SafetySheet(SheetModel):
    """``safety.yaml``."""


@dataclass(frozen=True, slots=True)
class Safety:
    """What ``safety.yaml`` says."""


def resolve_safety(sheet: SafetySheet, file: Sheet, scope: PlanScope, faults: list[str]) -> Safety:
    """The model of the file; faults are added to ``faults``."""
    return Safety()
