"""The shape of ``safety.yaml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evenhand.protocol.plan.safety_rules import InterventionKind
from evenhand.protocol.sheets import Identifier, SheetModel, Sourced

Grade = Annotated[int, Field(ge=1, le=5)]
Relation = Literal["unrelated", "unlikely", "possible", "probable", "definite"]


class DictionarySheet(Sourced):
    version: str


class GivenSheet(SheetModel):
    reads: Identifier
    codes: list[str] = []


class InterventionSheet(Sourced):
    label: str
    kind: InterventionKind
    arms: list[Identifier] = []
    expected: list[str] = []
    given: list[GivenSheet] = []


class AttributionSheet(Sourced):
    suspected_from: Relation


class AcuteSheet(Sourced):
    days: Annotated[int, Field(ge=0, le=365)]


class SuggestSheet(Sourced):
    from_grade: Grade


class ZoneSheet(Sourced):
    name: str


class WhenSheet(SheetModel):
    """All that is named must be so."""

    serious: bool | None = None
    expected: bool | None = None
    suspected: bool | None = None
    fatal_or_life_threatening: bool | None = None
    hospitalized: bool | None = None


class DeadlineSheet(Sourced):
    label: str
    report: Identifier
    within: Annotated[str, Field(pattern=r"^(hours|days|working_days)\([1-9][0-9]{0,3}\)$")]
    when: WhenSheet
    grades: list[Grade] = []


class RegimeSheet(Sourced):
    label: str
    to: str
    active: bool
    concerns: list[Identifier] = []
    exempt: list[str] = []
    deadlines: Annotated[dict[Identifier, DeadlineSheet], Field(min_length=1)]


class ReportingSheet(SheetModel):
    time_zone: ZoneSheet
    regimes: dict[Identifier, RegimeSheet]


class SafetySheet(SheetModel):
    """``safety.yaml``."""

    ctcae: DictionarySheet
    interventions: Annotated[dict[Identifier, InterventionSheet], Field(min_length=1)]
    attribution: AttributionSheet
    acute: AcuteSheet
    laboratory: SuggestSheet
    reporting: ReportingSheet
