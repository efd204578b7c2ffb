"""The shape of ``treatment.yaml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evenhand.protocol.plan.therapy import Event
from evenhand.protocol.sheets import Identifier, Number, SheetModel, Sourced

Percent = Annotated[Number, Field(ge=0, le=100)]


class UsualSheet(Sourced):
    id: str
    from_: Annotated[str, Field(alias="from")]
    regimens: Annotated[list[Identifier], Field(min_length=1)]
    note: str


class LinesSheet(Sourced):
    new_line_for: Annotated[list[Identifier], Field(min_length=1)]


class LesionsSheet(Sourced):
    fact: Identifier
    counted_by: Identifier | None = None


class NoPrimarySheet(Sourced):
    fact: Identifier
    codes: Annotated[list[Identifier], Field(min_length=1)]  # that say that no primary is in the breast


class SurgerySheet(Sourced):
    primary: Annotated[list[Identifier], Field(min_length=1)]  # procedures that remove the primary
    no_primary: NoPrimarySheet | None = None
    complications_within: str


class DeliverySheet(Sourced):
    at_least_percent: Percent


class AllowedSheet(Sourced):
    role: Identifier
    field: str  # the field, or table.column, whose codes name the site
    table: Identifier
    version: str
    tolerance_percent: Percent = 0
    sites: dict[Identifier, Identifier]  # code of the form -> class of sites of the table


class LimitsSheet(Sourced):
    table: Identifier
    version: str
    report: dict[Identifier, list[Identifier]] = {}  # code of the metastasis form's site -> organs that are reported


class CumulativeSheet(Sourced):
    alpha_beta_gy: Annotated[Number, Field(gt=0)]
    organs: dict[Identifier, Annotated[Number, Field(gt=0)]] = {}


class WindowSheet(Sourced):
    id: Identifier
    label: str
    arms: Annotated[list[Identifier], Field(min_length=1)]
    of: Event
    after: Event
    not_before: str = "days(0)"
    within: str


class CautionSheet(Sourced):
    id: Identifier
    regimens: Annotated[list[Identifier], Field(min_length=1)]
    codes: Annotated[list[Identifier], Field(min_length=1)]  # sites or volumes of radiation
    days_around: Annotated[int, Field(ge=0)] = 0
    say: str


class TreatmentSheet(SheetModel):
    """``treatment.yaml``."""

    usual_approach: Annotated[list[UsualSheet], Field(min_length=1)]
    lines: LinesSheet
    metastases: LesionsSheet | None = None
    surgery: SurgerySheet | None = None
    delivery: DeliverySheet
    prescriptions: list[AllowedSheet] = []
    organ_limits: LimitsSheet | None = None
    cumulative: CumulativeSheet | None = None
    windows: list[WindowSheet] = []
    cautions: list[CautionSheet] = []
