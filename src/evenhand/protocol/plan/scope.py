"""What the files of a plan may name: arms, clauses, references and facts of the study, and its forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evenhand.facts import FactType
from evenhand.protocol.plan.forms import Form


@dataclass(frozen=True, slots=True)
class PlanScope:
    """Given to whoever resolves a file of a plan."""

    arms: tuple[str, ...]
    clauses: Mapping[str, str]
    references: Mapping[str, str]
    forms: Mapping[str, Form]
    facts: Mapping[str, FactType] = field(default_factory=dict)
