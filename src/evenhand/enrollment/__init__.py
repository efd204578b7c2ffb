"""Consent and registration: what must hold, and the identifiers that people get."""

from evenhand.enrollment.identifiers import check_digit, checked, participant_number, screening_number
from evenhand.enrollment.requirements import require_accrual, require_consent, require_known, require_running

__all__ = [
    "check_digit",
    "checked",
    "participant_number",
    "require_accrual",
    "require_consent",
    "require_known",
    "require_running",
    "screening_number",
]
