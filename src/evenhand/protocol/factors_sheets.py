"""The shape of what ``endpoints.yaml`` fixes of the analysis: landmarks, restricted means, covariates and subgroups."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from evenhand.protocol.sheets import Identifier, Number, SheetModel, Sourced

Months = Annotated[int | Decimal, Field(gt=0)]


class GroupSheet(SheetModel):
    """A group of people: of some ``values``, or of the numbers from ``at_least`` to ``at_most``, both included."""

    label: Annotated[str, Field(min_length=1)]
    values: list[str] = Field(default_factory=list)
    at_least: Number | None = None
    at_most: Number | None = None

    @property
    def ranged(self) -> bool:
        """Whether it goes by numbers."""
        return self.at_least is not None or self.at_most is not None

    @model_validator(mode="after")
    def _fits(self) -> GroupSheet:
        if bool(self.values) == self.ranged:
            raise ValueError("a group lists `values`, or goes from `at_least` to `at_most`; as it stands it is empty")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("`at_least` lies above `at_most`: nobody belongs to this group")
        return self


class FactorSheet(SheetModel):
    """A ``stratum`` of the randomization, or what ``baseline`` describes; without ``groups`` each answer is one."""

    stratum: Identifier | None = None
    baseline: Identifier | None = None
    label: str | None = None
    groups: Annotated[list[GroupSheet], Field(min_length=2)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> FactorSheet:
        if (self.stratum is None) == (self.baseline is None):
            raise ValueError("it is a `stratum` of the randomization, or something that the `baseline` describes")
        return self


class SubgroupSheet(FactorSheet, Sourced):
    """People divided before anything is known of how they fare."""


class SubgroupsSheet(Sourced):
    """``fewest_events``: below so many a subgroup has counts alone. ``by``: the subgroups, in the order of a report."""

    fewest_events: Annotated[int, Field(ge=1)]
    by: Annotated[dict[Identifier, SubgroupSheet], Field(min_length=1)]


class PlannedSheet(Sourced):
    """What is estimated of an endpoint; times in months from its start. What is not named is not estimated."""

    landmarks: list[Months] = Field(default_factory=list)
    restricted_mean: Months | None = None
    adjusted_for: list[FactorSheet] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits(self) -> PlannedSheet:
        if not self.landmarks and self.restricted_mean is None and not self.adjusted_for:
            raise ValueError("it names none of `landmarks`, `restricted_mean` and `adjusted_for`: leave it out")
        if sorted(set(self.landmarks)) != self.landmarks:
            raise ValueError("`landmarks` are months that rise")
        return self
