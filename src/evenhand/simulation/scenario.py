"""``scenario.yaml``: how made-up candidates look and behave, and what becomes of them after randomization. The engine
draws; the study says from what.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from evenhand.dates import parse_date
from evenhand.protocol.places import read_sheet
from evenhand.protocol.sheets import SheetModel, validated
from evenhand.simulation.courses import AfterRandomization
from evenhand.simulation.draws import AnyDraw, Chance, Draw, Ends, ListDraw, RecordDraw

__all__ = ["AnyDraw", "Draw", "ListDraw", "RecordDraw", "Scenario", "Signing", "load_scenario"]


def _a_day(text: str) -> str:
    parse_date(text)
    return text


class Signing(SheetModel):
    """The chance that a judgement is signed, and that the answer is yes."""

    signed: Chance = 1
    yes: Chance = 1


class Scenario(SheetModel):
    """A whole scenario. ``arrivals`` are the days between one candidate and the next. Without ``after_randomization``
    a walk ends at the allocation."""

    start: Annotated[str, AfterValidator(_a_day)]
    sites: Annotated[list[str], Field(min_length=1)]
    arrivals: Ends
    consents: Chance
    facts: dict[str, AnyDraw]
    judgements: dict[str, Signing] = Field(default_factory=dict)
    after_randomization: AfterRandomization | None = None
    assumed: str


def load_scenario(folder: Path, version: str) -> Scenario:
    """The scenario of a protocol version. Raises StudyError with file, line and column."""
    return validated(Scenario, read_sheet(folder / version / "scenario.yaml"))
