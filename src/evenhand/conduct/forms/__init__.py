"""Form entries: what was asked, what was answered, and whether that makes an entry."""

from evenhand.conduct.forms.completeness import Doubt, Fault, doubts, faults
from evenhand.conduct.forms.entry import Answer, FormEntry, Place, Row, answers_of, decoded, happened_on
from evenhand.conduct.forms.judging import FormScene, answer, scene
from evenhand.conduct.forms.reading import FORM_ENTERED, Context, context, entries, entries_reading
from evenhand.conduct.forms.typed import Reading, read_answer, read_typed

__all__ = [
    "FORM_ENTERED",
    "Answer",
    "Context",
    "Doubt",
    "Fault",
    "FormEntry",
    "FormScene",
    "Place",
    "Reading",
    "Row",
    "answer",
    "answers_of",
    "context",
    "decoded",
    "doubts",
    "entries",
    "entries_reading",
    "faults",
    "happened_on",
    "read_answer",
    "read_typed",
    "scene",
]
