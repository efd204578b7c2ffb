"""What a protocol version plans for the time after randomization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evenhand.protocol.plan.assessments import Assessments
from evenhand.protocol.plan.forms import Form
from evenhand.protocol.plan.safety import Safety
from evenhand.protocol.plan.schedule import Schedule
from evenhand.protocol.plan.therapy import Treatment


@dataclass(frozen=True, slots=True)
class Plan:
    """Forms by id, and the parts that a study may leave out."""

    forms: Mapping[str, Form]
    schedule: Schedule | None = None
    treatment: Treatment | None = None
    assessments: Assessments | None = None
    safety: Safety | None = None

    def reading(self, role: str) -> tuple[Form, ...]:
        """The forms that are read in a role."""
        return tuple(form for form in self.forms.values() if form.reads == role)
