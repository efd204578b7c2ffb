"""What may be seen of efficacy between looks: who had which event, and the curves, with no arm tested against another.

A test at every glance would spend the type I error that the design keeps for its looks (source: Armitage, McPherson and
Rowe, J R Stat Soc A 1969;132:235); to leave the hazard ratio out as well is our proposal.
"""

from __future__ import annotations

from evenhand.analysis.analysing import Analysis
from evenhand.analysis.efficacy.arms import Arms, arms_of
from evenhand.analysis.efficacy.cases import cases
from evenhand.analysis.efficacy.counts import counts_table
from evenhand.analysis.efficacy.drawings import survival_figure
from evenhand.analysis.efficacy.plan import landmarks_of, no_arms, population_text
from evenhand.analysis.tables import Figure, Section, Table
from evenhand.protocol.endpoints import Endpoint
from evenhand.protocol.endpoints_sheets import FROM_RANDOMIZATION

_ID, _TITLE = "between_looks", "Events by arm"
_SAYS = "Described, and not compared: an arm is tested against the other at the planned looks alone."


def between_looks_section(analysis: Analysis) -> Section:
    """Every endpoint that counts from randomization: its curves, its events and its censorings, arm by arm."""
    arms = arms_of(analysis.protocol)
    if arms is None:
        return Section(_ID, _TITLE, (no_arms(analysis),))
    chosen = [one for one in analysis.endpoints.by_id.values() if one.kind in FROM_RANDOMIZATION]
    return Section(_ID, _TITLE, (_SAYS,), tuple(part for one in chosen for part in _described(analysis, arms, one)))


def _described(analysis: Analysis, arms: Arms, endpoint: Endpoint) -> tuple[Table | Figure, ...]:
    found, population = cases(analysis, arms, endpoint.id, "primary", None), population_text(analysis, None)
    return (
        survival_figure(found, endpoint, id=f"{endpoint.id}_curves", population=population,
                        landmarks=landmarks_of(endpoint)),
        counts_table(found, endpoint, id=f"{endpoint.id}_counts", population=population),
    )  # fmt: skip
