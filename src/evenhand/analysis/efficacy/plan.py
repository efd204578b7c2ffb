"""What is to be analysed: the primary endpoint, the landmarks and the horizon, and of whom."""

from __future__ import annotations

from typing import Final

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.cases import everybody
from evenhand.design.reading import months
from evenhand.protocol.endpoints import Endpoint

YEARLY: Final = 12.0  # months; assumed: landmarks at each full year of follow-up, as trials mostly report
USUAL: Final = 36.0  # months; assumed where no design says how long people are followed
FROM_RANDOMIZATION: Final = frozenset({"progression_free", "overall_survival"})


def primary_of(analysis: Analysis) -> Endpoint | None:
    """The endpoint that the design compares; without a design, or where it names none that there is, the first
    progression-free survival. None where the study has neither."""
    by_id = analysis.endpoints.by_id
    design = analysis.protocol.design
    named = by_id.get(design.endpoint) if design is not None else None
    if named is not None:
        return named if named.kind in FROM_RANDOMIZATION else None
    return next(iter(analysis.endpoints.of_kind("progression_free")), None)


def horizon_of(analysis: Analysis) -> float:
    """How long each person is followed by the design, in months: the horizon of restricted means."""
    design = analysis.protocol.design
    return months(design.follow_up) if design is not None else USUAL


def landmarks_of(analysis: Analysis) -> tuple[float, ...]:
    """Every full year up to the horizon, in months; the horizon itself where it is shorter than a year."""
    horizon = horizon_of(analysis)
    years = int(horizon // YEARLY)
    return tuple(YEARLY * number for number in range(1, years + 1)) or (horizon,)


def population_text(analysis: Analysis, population: str | None) -> str:
    """Of whom, with their number: "Intention to treat, 162 people"."""
    chosen = everybody(analysis.endpoints) if population is None else analysis.endpoints.populations[population]
    if chosen is None:
        return f"Everybody randomized, {_people(len(analysis.people))}"
    many = sum(found.included for one in analysis.people for found in one.memberships if found.population == chosen.id)
    return f"{chosen.label}, {_people(many)}"


def _people(many: int) -> str:
    return "1 person" if many == 1 else f"{many} people"


def no_arms(analysis: Analysis) -> str:
    """Why nothing is compared."""
    return f"The protocol has {len(analysis.protocol.arms)} arms; these methods compare two."


def assumed(analysis: Analysis, about: str) -> tuple[str, ...]:
    """What the protocol says that it assumes about something, as a note."""
    found = (one.assumed for one in analysis.protocol.origins if one.about == about and one.assumed)
    return tuple(f"Assumed by the protocol: {' '.join(one.split())}" for one in found)
