"""How values are drawn: the building blocks of a scenario.

A draw is one of: ``fixed`` a value; ``choice`` values with weights; ``between`` whole numbers from low to high;
``days_before`` the visit, from low to high; ``age_between`` whole years. ``missing`` is the chance that nothing is
recorded.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from evenhand.protocol.sheets import SheetModel

Chance = Annotated[Decimal | int, Field(ge=0, le=1)]
Weight = Annotated[int, Field(ge=0)]


def _ascending(ends: list[int]) -> list[int]:
    if ends[0] > ends[1]:
        raise ValueError("the ends are written from low to high")
    return ends


def _one_at_least(weights: dict[str, int]) -> dict[str, int]:
    if not any(weights.values()):
        raise ValueError("at least one weight is above 0")
    return weights


def _way(draw: object) -> str:
    """Which kind of draw a mapping is, by the key that only this kind has."""
    keys = draw if isinstance(draw, dict) else {}
    return "list" if "count" in keys or "each" in keys else "record" if "fields" in keys else "value"


Ends = Annotated[list[int], Field(min_length=2, max_length=2), AfterValidator(_ascending)]
Weights = Annotated[dict[str, Weight], AfterValidator(_one_at_least)]


class Draw(SheetModel):
    """How one value is drawn."""

    fixed: str | int | Decimal | bool | None = None
    choice: Weights | None = None
    between: Ends | None = None
    days_before: Ends | None = None
    age_between: Ends | None = None
    missing: Chance = 0
    dated: Ends | None = None  # days before the visit on which the value was so

    @model_validator(mode="after")
    def _one_way(self) -> Draw:
        ways = (self.fixed, self.choice, self.between, self.days_before, self.age_between)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("a draw is one of fixed, choice, between, days_before, age_between")
        return self


class ListDraw(SheetModel):
    """How a list is drawn: how many entries, each field, the chance that the list is stated complete."""

    count: Annotated[dict[Annotated[str, Field(pattern=r"^[0-9]+$")], Weight], AfterValidator(_one_at_least)]
    each: dict[str, Draw]
    complete: Chance = 1


class RecordDraw(SheetModel):
    """How a record is drawn, field by field."""

    fields: dict[str, Draw]
    dated: Ends | None = None
    missing: Chance = 0


AnyDraw = Annotated[
    Annotated[Draw, Tag("value")] | Annotated[RecordDraw, Tag("record")] | Annotated[ListDraw, Tag("list")],
    Discriminator(_way),
]
