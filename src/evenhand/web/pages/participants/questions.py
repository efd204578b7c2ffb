"""The questions of a form as its template shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms.boundfield import BoundField

from evenhand.web.pages.participants import controls
from evenhand.web.pages.participants.entry_form import EntryForm
from evenhand.web.pages.participants.places import MOST_ROWS, answer_at, cell_at, reason_at


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number from 1, and its fields."""

    number: int
    fields: tuple[tuple[BoundField, bool], ...]  # each with whether it is required

    @property
    def index(self) -> int:
        """Its number from 0, by which its fields are named."""
        return self.number - 1


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its field, or the rows of a table. ``why``: the reason for having no answer, where it is asked."""

    name: str
    label: str
    help: str
    asked: bool
    conditional: bool
    required: bool
    field: BoundField | None
    why: BoundField | None
    rows: tuple[Row, ...]
    table: bool
    errors: tuple[str, ...]

    @property
    def more(self) -> bool:
        """Whether the page has room for another row."""
        return len(self.rows) < MOST_ROWS


def questions(form: EntryForm) -> Iterator[Question]:
    """All questions of a form in its order; those not asked are there as places to be filled."""
    shown = form.asked_now()
    for name, asked in form.form.fields.items():
        why = form[reason_at(name)] if asked.required else None
        rows = tuple(_rows(form, name)) if asked.is_table else ()
        yield Question(
            name,
            controls.label_of(asked),
            controls.help_of(asked),
            name in shown,
            asked.asked_when is not None,
            asked.required,
            None if asked.is_table else form[answer_at(name)],
            why if why is not None and _wants_reason(form, name, why) else None,
            rows,
            asked.is_table,
            tuple(str(said) for said in form.errors.get(answer_at(name), ())) if asked.is_table else (),
        )


def _rows(form: EntryForm, name: str) -> Iterator[Row]:
    columns = form.form.fields[name].columns or {}
    for row in range(form.rows[name]):
        yield Row(
            row + 1, tuple((form[cell_at(name, row, column)], asked.required) for column, asked in columns.items())
        )


def _wants_reason(form: EntryForm, name: str, why: BoundField) -> bool:
    """A reason is asked for once an answer is missing, and shown wherever one was given."""
    answered = answer_at(name) in form.fields and form[answer_at(name)].value()
    return bool(why.value()) or (answer_at(name) in form.errors and not answered)
