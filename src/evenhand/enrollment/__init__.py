"""Consent and registration: what must hold, and the identifiers that people get."""

from evenhand.enrollment.identifiers import check_digit, checked, participant_number, screening_number
from evenhand.enrollment.requirements import (
    require_accrual,
    require_consent,
    require_current,
    require_known,
    require_running,
)
from evenhand.enrollment.versions import (
    Reconsent,
    consent_to,
    newest_adopted,
    protocol_at,
    protocol_for,
    protocol_of_step,
    protocol_then,
    reconsent_list,
)

__all__ = [
    "Reconsent",
    "check_digit",
    "checked",
    "consent_to",
    "newest_adopted",
    "participant_number",
    "protocol_at",
    "protocol_for",
    "protocol_of_step",
    "protocol_then",
    "reconsent_list",
    "require_accrual",
    "require_consent",
    "require_current",
    "require_known",
    "require_running",
    "screening_number",
]
