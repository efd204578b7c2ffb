"""Intake: files to people with dated facts and provenance."""

from evenhand.intake.errors import InputError
from evenhand.intake.fhir import offered, read_people
from evenhand.intake.files import Supplement, read_any, read_attestations, supplemented, told_apart
from evenhand.intake.form import read_form
from evenhand.intake.signatures import JudgementKind, read_signatures

__all__ = [
    "InputError",
    "JudgementKind",
    "Supplement",
    "offered",
    "read_any",
    "read_attestations",
    "read_form",
    "read_people",
    "read_signatures",
    "supplemented",
    "told_apart",
]
