"""``treatment.yaml``: being written."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.protocol.places import Sheet
from evenhand.protocol.plan.scope import PlanScope
from evenhand.protocol.sheets import SheetModel


class TreatmentSheet(SheetModel):
    """``treatment.yaml``."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """What ``treatment.yaml`` says."""


def resolve_treatment(sheet: TreatmentSheet, file: Sheet, scope: PlanScope, faults: list[str]) -> Treatment:
    """The model of the file; faults are added to ``faults``."""
    return Treatment()
