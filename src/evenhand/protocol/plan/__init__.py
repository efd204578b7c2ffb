"""What a study plans for the time after randomization: forms, visits, treatment, assessments, safety."""

from evenhand.protocol.plan.forms import ENTRIES, Check, Field, Form
from evenhand.protocol.plan.load import PlanFiles, read_plan, resolve_plan
from evenhand.protocol.plan.model import Plan
from evenhand.protocol.plan.roles import ROLES, Role
from evenhand.protocol.plan.scope import PlanScope

__all__ = [
    "ENTRIES",
    "ROLES",
    "Check",
    "Field",
    "Form",
    "Plan",
    "PlanFiles",
    "PlanScope",
    "Role",
    "read_plan",
    "resolve_plan",
]
