"""How one answer of a form is drawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from evenhand.protocol.sheets import Identifier, Number, SheetModel
from evenhand.simulation.draws import Chance, Ends, Weights

FactName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$")]
"""A fact, or ``fact.field`` of a record."""


class Normal(SheetModel):
    """A measured number: ``people`` is the spread between people, ``noise`` that of one measurement."""

    mean: Number
    people: Number = 0
    noise: Number = 0
    per_month: Number = 0
    digits: Annotated[int, Field(ge=0, le=6)] = 0


class Way(SheetModel):
    """How one answer is drawn: in one of these ways.

    ``fixed``, which may be written as the value alone; ``choice`` with weights; ``between`` (in the field's steps);
    ``normal``; ``days`` after the day on which it happened, ``ended`` the day on which it ended; ``lesion``: this field
    of the lesion that it is about, or ``fact``: what was recorded before randomization (``fact``, or ``fact.field``),
    both through ``words`` where the form has other codes; ``rows`` of a table; ``empty``: no answer. ``missing``: the
    chance of none. ``stays``: the chance that a person's answer is the one of last time.
    """

    fixed: str | int | Decimal | bool | None = None
    choice: Weights | None = None
    between: Ends | None = None
    normal: Normal | None = None
    days: Ends | None = None
    ended: Literal[True] | None = None
    lesion: Identifier | None = None
    fact: FactName | None = None
    words: dict[str, str] = Field(default_factory=dict)
    rows: list[Row] | None = None
    empty: Literal[True] | None = None
    missing: Chance = 0
    stays: Chance = 0

    @model_validator(mode="after")
    def _one_way(self) -> Way:
        ways = (
            *(self.fixed, self.choice, self.between, self.normal),
            *(self.days, self.ended, self.lesion, self.fact, self.rows, self.empty),
        )
        if sum(way is not None for way in ways) != 1:
            raise ValueError(
                "an answer is one of fixed, choice, between, normal, days, ended, lesion, fact, rows, empty"
            )
        return self


def _written_short(way: object) -> object:
    """A value by itself is a fixed one."""
    return {"fixed": way} if isinstance(way, (str, int, Decimal)) else way


Ways = dict[Identifier, Annotated[Way, BeforeValidator(_written_short)]]


class Row(SheetModel):
    """One row of a table, with the chance that it is there. ``lesion``: only where the lesion that it is about has one
    of these words in each of these fields."""

    chance: Chance = 1
    lesion: dict[Identifier, list[str]] = Field(default_factory=dict)
    values: Ways


Way.model_rebuild()
