"""``scenario.yaml``: how made-up candidates look and behave. The engine draws; the study says from what.

A draw is one of: ``fixed`` a value; ``choice`` values with weights; ``between`` whole numbers from low to high;
``days_before`` the visit, from low to high; ``age_between`` whole years. ``missing`` is the chance that nothing is
recorded.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from evenhand.protocol.places import StudyError, read_sheet

Chance = Annotated[Decimal | int, Field(ge=0, le=1)]
Ends = Annotated[list[int], Field(min_length=2, max_length=2)]


class _Sheet(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Draw(_Sheet):
    """How one value is drawn."""

    fixed: str | int | Decimal | bool | None = None
    choice: dict[str, int] | None = None
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


class ListDraw(_Sheet):
    """How a list is drawn: how many entries, each field, the chance that the list is stated complete."""

    count: dict[Annotated[str, Field(pattern=r"^[0-9]+$")], int]
    each: dict[str, Draw]
    complete: Chance = 1


class RecordDraw(_Sheet):
    """How a record is drawn, field by field."""

    fields: dict[str, Draw]
    dated: Ends | None = None
    missing: Chance = 0


class Signing(_Sheet):
    """The chance that a judgement is signed, and that the answer is yes."""

    signed: Chance = 1
    yes: Chance = 1


class Scenario(_Sheet):
    """A whole scenario. ``arrivals`` are the days between one candidate and the next."""

    start: str
    sites: Annotated[list[str], Field(min_length=1)]
    arrivals: Ends
    consents: Chance
    facts: dict[str, Draw | RecordDraw | ListDraw]
    judgements: dict[str, Signing] = {}
    assumed: str


def load_scenario(folder: Path, version: str) -> Scenario:
    """The scenario of a protocol version. Raises StudyError with file, line and column."""
    sheet = read_sheet(folder / version / "scenario.yaml")
    try:
        return Scenario.model_validate(sheet.data)
    except ValidationError as error:
        raise StudyError(*(sheet.fault(tuple(e["loc"]), e["msg"]) for e in error.errors())) from None
