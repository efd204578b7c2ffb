"""The shape of ``endpoints.yaml``: what is measured from randomization on, and in whom."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from evenhand.protocol.baseline_sheets import BaselineSheet
from evenhand.protocol.columns_sheets import DatasetsSheet
from evenhand.protocol.factors_sheets import PlannedSheet, SubgroupsSheet
from evenhand.protocol.sheets import Identifier, SheetModel, Sourced

EndpointKind = Literal["progression_free", "overall_survival", "local_failure", "distant_failure", "best_response"]
Progressions = Literal["determined", "scans"]
Handling = Literal["event", "censor", "ignore"]
Counting = Literal["event", "ignore"]
Leaving = Literal["censor", "ignore"]
Dates = Literal["found", "scheduled"]
DayOfDeath = Literal["first", "middle", "last"]
Lack = Literal["ineligible", "other_treatment", "local_therapy", "major_deviation", "no_assessment"]

FROM_RANDOMIZATION: Final = frozenset({"progression_free", "overall_survival"})  # without competing events
Parameter = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]  # PARAMCD: 8 characters (ADaM IG 1.3)


class MissedSheet(SheetModel):
    """An event that follows on more than so many missed assessments is not counted."""

    more_than: Annotated[int, Field(ge=0)]


class PrimaryEstimandSheet(Sourced):
    """How each situation is treated; all of them are to be said."""

    progression: Progressions
    clinical_progression: Handling
    local_progression: Counting
    no_baseline: Leaving
    new_therapy: Handling
    unplanned_local_therapy: Handling
    missed: MissedSheet | Literal["ignore"]
    dates: Dates
    end: Literal["follow_up", "data_cut"]
    day_of_death: DayOfDeath


class SensitivitySheet(Sourced):
    """What it does otherwise than the primary estimand."""

    label: str
    progression: Progressions | None = None
    clinical_progression: Handling | None = None
    local_progression: Counting | None = None
    no_baseline: Leaving | None = None
    new_therapy: Handling | None = None
    unplanned_local_therapy: Handling | None = None
    missed: MissedSheet | Literal["ignore"] | None = None
    dates: Dates | None = None
    end: Literal["follow_up", "data_cut"] | None = None
    day_of_death: DayOfDeath | None = None


class EndpointSheet(Sourced):
    """``visits``: the series of visits at which it is assessed. ``alive``: the roles of forms that show somebody
    alive. ``analysis``: what is estimated of it."""

    kind: EndpointKind
    label: str
    parameter: Parameter
    visits: Identifier | None = None
    alive: list[Identifier] = Field(default_factory=list)
    primary: PrimaryEstimandSheet | None = None
    sensitivity: dict[Identifier, SensitivitySheet] = Field(default_factory=dict)
    analysis: PlannedSheet | None = None

    @model_validator(mode="after")
    def _fits(self) -> EndpointSheet:
        free = self.kind == "progression_free"
        if free and (self.primary is None or self.visits is None):
            raise ValueError("progression_free needs its `primary` estimand and the `visits` at which it is assessed")
        if not free and (self.primary is not None or self.visits is not None or self.sensitivity):
            raise ValueError(f"{self.kind} has no `primary`, `sensitivity` or `visits`")
        if (self.kind == "overall_survival") != bool(self.alive):
            raise ValueError("`alive`, the roles of forms that show somebody alive, belongs to overall_survival")
        if self.analysis is not None:
            self._can_be(self.analysis)
        return self

    def _can_be(self, planned: PlannedSheet) -> None:
        """Raises ValueError for what no method here estimates of this kind of endpoint."""
        if self.kind == "best_response":
            raise ValueError("best_response is counted, not followed over time: it has no `analysis`")
        if self.kind not in FROM_RANDOMIZATION and (planned.restricted_mean is not None or planned.adjusted_for):
            raise ValueError(f"{self.kind} has competing events: no `restricted_mean` and no `adjusted_for`")


class PopulationSheet(Sourced):
    """``who``: everybody ``randomized``, or whoever was ``treated``. ``arm``: as allocated, or as treated."""

    label: str
    parameter: Parameter
    who: Literal["randomized", "treated"]
    arm: Literal["allocated", "treated"] = "allocated"
    without: list[Lack] = Field(default_factory=list)


class EndpointsSheet(SheetModel):
    """``endpoints.yaml``."""

    endpoints: Annotated[dict[Identifier, EndpointSheet], Field(min_length=1)]
    populations: Annotated[dict[Identifier, PopulationSheet], Field(min_length=1)]
    baseline: BaselineSheet | None = None
    subgroups: SubgroupsSheet | None = None
    datasets: DatasetsSheet | None = None
