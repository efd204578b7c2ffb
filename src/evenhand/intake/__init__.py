"""Intake: files to people with dated facts and provenance."""

from evenhand.intake.accept import accept
from evenhand.intake.additions import Additions, additions
from evenhand.intake.errors import InputError
from evenhand.intake.fhir import offered, read_people
from evenhand.intake.files import Supplement, read_any, read_attestations, supplemented, told_apart
from evenhand.intake.form import read_form, read_scalar
from evenhand.intake.identity import Proposed, proposed_identity
from evenhand.intake.signatures import JudgementKind, read_signatures
from evenhand.intake.written import written_date

__all__ = [
    "Additions",
    "InputError",
    "JudgementKind",
    "Proposed",
    "Supplement",
    "accept",
    "additions",
    "offered",
    "proposed_identity",
    "read_any",
    "read_attestations",
    "read_form",
    "read_people",
    "read_scalar",
    "read_signatures",
    "supplemented",
    "told_apart",
    "written_date",
]
