"""The shape of the part ``baseline:`` of ``endpoints.yaml``: who takes part, as reports describe it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evenhand.protocol.sheets import Identifier, SheetModel, Sourced

Show = Literal["median", "values"]
Question = Literal["omb_1997", "spd_15_2024"]


class BaselineLevelSheet(SheetModel):
    label: str
    rule: str


class CharacteristicSheet(Sourced):
    """One of ``fact`` (with the ``field`` of a record), ``since`` (a date) and ``levels`` (each a rule)."""

    label: str | None = None
    fact: Identifier | None = None
    field: Identifier | None = None
    show: Show | None = None
    since: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")] | None = None
    levels: list[BaselineLevelSheet] = Field(default_factory=list)

    @model_validator(mode="after")
    def _fits(self) -> CharacteristicSheet:
        if sum(map(bool, (self.fact, self.since, self.levels))) != 1:
            raise ValueError("a characteristic has one of `fact`, `since` and `levels`")
        if self.fact is None and (self.field or self.show):
            raise ValueError("`field` and `show` belong to a `fact`")
        if self.fact is None and self.label is None:
            raise ValueError("without a `fact` it needs a `label`")
        return self


class AgeSheet(Sourced):
    """``groups``: the ages in years at which a new group begins."""

    fact: Identifier
    groups: list[Annotated[int, Field(ge=1, le=120)]] = Field(default_factory=list)

    @model_validator(mode="after")
    def _rising(self) -> AgeSheet:
        if sorted(set(self.groups)) != self.groups:
            raise ValueError("`groups` are ages that rise")
        return self


class BaselineSheet(Sourced):
    """The facts of age, sex, race and ethnicity, how the last two were asked, and what else describes people."""

    age: AgeSheet | None = None
    sex: Identifier | None = None
    race: Identifier | None = None
    ethnicity: Identifier | None = None
    asked_as: Question = "omb_1997"
    characteristics: dict[Identifier, CharacteristicSheet] = Field(default_factory=dict)
