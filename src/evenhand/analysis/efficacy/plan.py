"""What the protocol wants analysed: the primary endpoint, at which months, and of whom."""

from __future__ import annotations

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.cases import everybody
from evenhand.protocol import Protocol
from evenhand.protocol.endpoints import Endpoint
from evenhand.protocol.endpoints_sheets import FROM_RANDOMIZATION
from evenhand.protocol.markdown import small


def primary_of(analysis: Analysis) -> Endpoint | None:
    """The endpoint that the design compares; without a design, or where it names none that there is, the first
    progression-free survival. None where the study has neither."""
    return primary_endpoint(analysis.protocol)


def primary_endpoint(protocol: Protocol) -> Endpoint | None:
    """The primary endpoint of a protocol, as ``primary_of`` has it; None for one that names no endpoints, too."""
    if protocol.endpoints is None:
        return None
    design = protocol.design
    named = protocol.endpoints.by_id.get(design.endpoint) if design is not None else None
    if named is not None:
        return named if named.kind in FROM_RANDOMIZATION else None
    return next(iter(protocol.endpoints.of_kind("progression_free")), None)


def landmarks_of(endpoint: Endpoint) -> tuple[float, ...]:
    """The months at which the protocol wants an endpoint estimated; none where it names none."""
    return tuple(map(float, endpoint.analysis.landmarks))


def horizon_of(endpoint: Endpoint) -> float | None:
    """Up to which month the protocol wants the mean of an endpoint; None where it wants none."""
    horizon = endpoint.analysis.restricted_mean
    return None if horizon is None else float(horizon)


def population_text(analysis: Analysis, population: str | None) -> str:
    """Of whom, with their number: "Intention to treat population (n = 162)"."""
    chosen = everybody(analysis.endpoints) if population is None else analysis.endpoints.populations[population]
    if chosen is None:
        return f"Everybody randomized (n = {len(analysis.people)})"
    many = sum(found.included for one in analysis.people for found in one.memberships if found.population == chosen.id)
    return f"{chosen.label} population (n = {many})"


def no_arms(analysis: Analysis) -> str:
    """Why nothing is compared."""
    return f"The protocol has {len(analysis.protocol.arms)} arms; these methods compare two."


def assumed(analysis: Analysis, about: str, label: str = "") -> tuple[str, ...]:
    """What the protocol says that it assumes about something, as a note; ``label`` says about what."""
    found = (one.assumed for one in analysis.protocol.origins if one.about == about and one.assumed)
    head = "Assumed by the protocol" + (f" about {small(label)}" if label else "")
    return tuple(f"{head}: {' '.join(one.split())}" for one in found)
