"""The shape of ``design.yaml``: what the trial is designed to show, and how its data are looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evenhand.protocol.sheets import Identifier, Number, SheetModel, Sourced
from evenhand.statistics.spending import Spending

Positive = Annotated[Number, Field(gt=0)]
Share = Annotated[Number, Field(ge=0, lt=1)]
Month = Annotated[Number, Field(ge=0)]


class PrimarySheet(Sourced):
    endpoint: Identifier
    label: str
    test: Literal["log_rank"]
    stratified: bool = False


class FollowUpPlanSheet(Sourced):
    """``each``: every person from randomization. ``after_last_entry``: everybody until so long after the last one."""

    each: str | None = None
    after_last_entry: str | None = None

    @model_validator(mode="after")
    def _one_way(self) -> FollowUpPlanSheet:
        if (self.each is None) == (self.after_last_entry is None):
            raise ValueError(
                "people are followed for so long `each`, or all until so long `after_last_entry`: name one"
            )
        return self


class HazardSheet(SheetModel):
    from_month: Month
    monthly: Annotated[Number, Field(ge=0)]


class RatioSheet(SheetModel):
    from_month: Month
    ratio: Positive


class ControlSheet(Sourced):
    arm: Identifier
    median_months: Positive | None = None
    hazards: Annotated[list[HazardSheet], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> ControlSheet:
        if (self.median_months is None) == (self.hazards is None):
            raise ValueError("name `median_months` (a constant hazard) or the `hazards` by month: one of the two")
        return self


class EffectSheet(Sourced):
    hazard_ratio: Positive | Annotated[list[RatioSheet], Field(min_length=1)]


class YearlySheet(Sourced):
    yearly: Share


class DriftSheet(Sourced):
    yearly: Positive


class DetectionSheet(Sourced):
    every: str | None = None  # a period in months; null: progression is known at once


class PortionSheet(SheetModel):
    share: Annotated[Number, Field(gt=0, lt=1)]
    hazard_factor: Positive = 1


class StrataSheet(Sourced):
    """By factor and level of ``randomization.yaml``."""

    factors: dict[Identifier, dict[Identifier, PortionSheet]]


class ErrorSheet(Sourced):
    alpha: Annotated[Number, Field(gt=0, lt=Decimal("0.5"))]
    sided: Literal[1, 2] = 1


class PowerSheet(Sourced):
    wanted: Annotated[Number, Field(gt=0, lt=1)]


class LookSheet(Sourced):
    """One of: a share of the planned events, a number of events, a month since the start, or when all is complete."""

    information: Annotated[Number, Field(gt=0, lt=1)] | None = None
    events: Annotated[int, Field(ge=1)] | None = None
    month: Positive | None = None
    complete: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> LookSheet:
        if sum(part is not None for part in (self.information, self.events, self.month, self.complete)) != 1:
            raise ValueError("a look is at a share of `information`, at `events`, at a `month`, or when `complete`")
        return self


class SpendingSheet(Sourced):
    """``gamma`` means what the spending makes of it (``evenhand.statistics.spending``)."""

    spending: Literal["obrien_fleming", "pocock", "hwang_shih_decani", "kim_demets", "haybittle_peto", "fixed", "none"]
    gamma: Number | None = None

    @model_validator(mode="after")
    def _gamma(self) -> SpendingSheet:
        Spending(self.spending, float(self.gamma) if self.gamma is not None else None)  # says what it lacks
        if self.spending in ("obrien_fleming", "pocock", "none") and self.gamma is not None:
            raise ValueError(f"{self.spending} has no `gamma`")
        return self


class FutilitySheet(SpendingSheet):
    binding: bool = False


class MonitoringSheet(Sourced):
    """``events``: those that count as all the information."""

    events: Annotated[int, Field(ge=1)] | None = None
    looks: Annotated[list[LookSheet], Field(min_length=1)]
    efficacy: SpendingSheet
    futility: FutilitySheet | None = None


class DesignSheet(SheetModel):
    """``design.yaml``. How many people, over how many months, and how they are allocated stand in the other files."""

    primary: PrimarySheet
    follow_up: FollowUpPlanSheet
    control: ControlSheet
    effect: EffectSheet
    drift: DriftSheet
    dropout: YearlySheet
    detection: DetectionSheet
    strata: StrataSheet | None = None
    error: ErrorSheet
    power: PowerSheet
    monitoring: MonitoringSheet
