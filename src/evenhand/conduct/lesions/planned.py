"""What the study says about lesions and response."""

from __future__ import annotations

from typing import Final

from evenhand.protocol import Protocol
from evenhand.protocol.plan.assessments import Assessments

_PLAIN: Final = Assessments()


def assessments_of(protocol: Protocol) -> Assessments:
    """What ``assessments.yaml`` says; plain RECIST where a study has no such file."""
    plan = protocol.plan.assessments if protocol.plan else None
    return plan or _PLAIN
