"""The shape of ``monitoring.yaml``: when the trial is to be stopped, and how sites and delays are watched."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evenhand.protocol.sheets import Identifier, Number, SheetModel, Sourced

Chance = Annotated[Number, Field(gt=0, lt=1)]
Grade = Annotated[int, Field(ge=1, le=5)]


class PriorSheet(SheetModel):
    """What is believed beforehand, as if so many ``events`` had been seen in so many ``people``."""

    events: Annotated[Number, Field(gt=0)]
    people: Annotated[Number, Field(gt=0)]

    @model_validator(mode="after")
    def _fits(self) -> PriorSheet:
        if self.events >= self.people:
            raise ValueError("the prior has fewer events than people")
        return self


class BoundarySheet(SheetModel):
    """``exact``: the ``error`` is that of stopping at any look while the rate is just the tolerated one.
    ``beta_binomial``: stopped when it is more ``probable`` than this that the rate is above the tolerated one."""

    method: Literal["exact", "beta_binomial"]
    error: Chance | None = None
    prior: PriorSheet | None = None
    probable: Chance | None = None

    @model_validator(mode="after")
    def _fits(self) -> BoundarySheet:
        exact, bayes = self.error is not None, self.prior is not None and self.probable is not None
        if self.method == "exact" and (not exact or self.prior is not None or self.probable is not None):
            raise ValueError("an exact boundary has its `error`, and nothing else")
        if self.method == "beta_binomial" and (not bayes or exact):
            raise ValueError("a beta_binomial boundary has its `prior` and how `probable`, and nothing else")
        return self


class EventSheet(SheetModel):
    """An adverse event of these ``grades`` (and, where given, ``terms``) that is related to one of these
    interventions (none given: whatever it is related to); or ``death`` from any cause."""

    grades: Annotated[list[Grade], Field(min_length=1)] | None = None
    terms: list[str] = Field(default_factory=list)
    related_to: list[Identifier] = Field(default_factory=list)
    death: Literal[True] | None = None

    @model_validator(mode="after")
    def _fits(self) -> EventSheet:
        if (self.grades is None) == (self.death is None):
            raise ValueError("the event is an adverse event of `grades`, or `death`: name one")
        if self.death and (self.terms or self.related_to):
            raise ValueError("`death` is from any cause: it has no `terms` and no `related_to`")
        return self


class LookRuleSheet(Sourced):
    """By the bounds of ``design.yaml``."""

    kind: Literal["look"]
    label: str
    stop: Literal["efficacy", "futility"]
    act: str
    does: str


class EventRuleSheet(Sourced):
    """``treated``: the interventions whose first day begins the window ``within`` which the event counts; ``looks``
    after so many people. ``pauses_accrual``: once it is met, whoever may halt accrual is asked to."""

    kind: Literal["events"]
    label: str
    treated: Annotated[list[Identifier], Field(min_length=1)]
    within: str
    event: EventSheet
    more_than: Chance
    boundary: BoundarySheet
    looks: Annotated[list[Annotated[int, Field(ge=1, le=2000)]], Field(min_length=1)]
    act: str
    does: str
    pauses_accrual: bool = False

    @model_validator(mode="after")
    def _fits(self) -> EventRuleSheet:
        if any(later <= earlier for earlier, later in zip(self.looks, self.looks[1:], strict=False)):
            raise ValueError("the looks stand in the order in which they come")
        return self


class SitesSheet(Sourced):
    """See ``SiteRules``."""

    false_share: Chance
    ratio: Annotated[Number, Field(gt=1)]
    least: Annotated[int, Field(ge=1)]
    shrink: Annotated[int, Field(ge=0)]


class OverdueSheet(Sourced):
    """``ages``: the days after which something that is overdue counts as older."""

    ages: Annotated[list[Annotated[int, Field(ge=1)]], Field(min_length=1)]

    @model_validator(mode="after")
    def _fits(self) -> OverdueSheet:
        if any(later <= earlier for earlier, later in zip(self.ages, self.ages[1:], strict=False)):
            raise ValueError("the ages stand in their order, the youngest first")
        return self


class BoardSheet(Sourced):
    """``every``: the longest time between two meetings of the safety board, while somebody is followed."""

    every: str


class MonitoringSheet(SheetModel):
    """``monitoring.yaml``."""

    stopping: Annotated[
        dict[Identifier, Annotated[LookRuleSheet | EventRuleSheet, Field(discriminator="kind")]], Field(min_length=1)
    ]
    board: BoardSheet | None = None
    sites: SitesSheet | None = None
    overdue: OverdueSheet | None = None
