"""Form entries: what was asked, what was answered, and whether that makes an entry."""

from evenhand.conduct.forms.completeness import Doubt, Fault, doubts, faults
from evenhand.conduct.forms.entry import Answer, FormEntry, Place, Row, answers_of, decoded, happened_on
from evenhand.conduct.forms.judging import FormScene, Reads, answer, reads_of, scene
from evenhand.conduct.forms.reading import FORM_ENTERED, Context, context, entries, entries_reading
from evenhand.conduct.forms.remembering import remembered, remembered_as_it_is
from evenhand.conduct.forms.status import (
    FORMS_LOCKED,
    FORMS_SIGNED,
    FORMS_UNLOCKED,
    SOURCE_VERIFIED,
    Marks,
    covered,
    marks,
    marks_of,
    shown_digest,
)
from evenhand.conduct.forms.typed import Reading, read_answer, read_typed

__all__ = [
    "FORMS_LOCKED",
    "FORMS_SIGNED",
    "FORMS_UNLOCKED",
    "FORM_ENTERED",
    "SOURCE_VERIFIED",
    "Answer",
    "Context",
    "Doubt",
    "Fault",
    "FormEntry",
    "FormScene",
    "Marks",
    "Place",
    "Reading",
    "Reads",
    "Row",
    "answer",
    "answers_of",
    "context",
    "covered",
    "decoded",
    "doubts",
    "entries",
    "entries_reading",
    "faults",
    "happened_on",
    "marks",
    "marks_of",
    "read_answer",
    "read_typed",
    "reads_of",
    "remembered",
    "remembered_as_it_is",
    "scene",
    "shown_digest",
]
