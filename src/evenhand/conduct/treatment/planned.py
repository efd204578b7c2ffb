"""What is planned for a participant: the study's treatment plan, and which forms of treatment belong to the arm."""

from __future__ import annotations

from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.protocol.plan.therapy import Treatment


def treatment_of(protocol: Protocol) -> Treatment:
    """The treatment plan. Raises LookupError where the study has none."""
    plan = protocol.plan.treatment if protocol.plan else None
    if plan is None:
        raise LookupError(f"{protocol.study} {protocol.version.id} plans no treatment: it has no treatment.yaml")
    return plan


def planned_forms(protocol: Protocol, role: str, arm: str | None) -> tuple[Form, ...]:
    """The forms of a role that are planned in an arm; none before randomization."""
    forms = protocol.plan.reading(role) if protocol.plan else ()
    return tuple(form for form in forms if arm is not None and (not form.arms or arm in form.arms))
