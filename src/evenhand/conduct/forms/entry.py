"""A form entry of the record, decoded: what stands of it, with values of their kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenhand.dates import parse_date
from evenhand.facts import FactType, Scalar
from evenhand.facts.wire import read_scalar
from evenhand.protocol.plan import Form
from evenhand.record import JSON, RecordError, Standing

Row = Mapping[str, Scalar]
Answer = Scalar | tuple[Row, ...]
"""What stands in a field: a number is int, Decimal or Range, a date a DateSpan, a table its rows."""

Place = tuple[str, str, str | None]
"""Where an entry belongs: form, item, visit. One entry stands in one place."""


@dataclass(frozen=True, slots=True)
class FormEntry:
    """What stands in one place of a participant's forms.

    ``seq`` is the number of the first entry there, ``day`` when it happened (by the form's own date if it has one),
    ``values`` the answers by field (absent: not recorded), ``unless`` why a required one is absent. ``not_done``: why
    the whole form was not filled in. ``struck``: entered in error; it stays legible, and nothing counts it.
    """

    seq: int
    form: Form
    item: str
    visit: str | None
    day: date
    values: Mapping[str, Answer]
    unless: Mapping[str, str]
    not_done: str | None
    struck: bool
    standing: Standing

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return self.form.id, self.item, self.visit

    @property
    def dated(self) -> bool:
        """Whether the form's own date says when it happened; otherwise it is the day of the first entry."""
        return self.form.day in self.values

    @property
    def counts(self) -> bool:
        """Whether engines read it: filled in, and not struck."""
        return self.not_done is None and not self.struck

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of a table; none where it was not filled in."""
        found = self.values.get(table, ())
        return found if isinstance(found, tuple) else ()


def decoded(standing: Standing, forms: Mapping[str, Form]) -> FormEntry:
    """What a standing ``form_entered`` says. Raises RecordError where it does not fit the forms."""
    body: Mapping[str, Any] = standing.body
    form = forms.get(str(body["form"]))
    if form is None:
        raise RecordError(f"There is no form {body['form']!r} in this protocol.", where=str(standing.latest))
    try:
        values = answers_of(form, body["values"])
    except RecordError as error:
        raise RecordError(f"its values cannot be read: {error.what}", where=str(standing.latest)) from error
    return FormEntry(
        standing.seq, form, str(body["item"]), body.get("visit"), standing.effective, values,
        body.get("unless") or {}, body.get("not_done"), bool(body.get("struck")), standing,
    )  # fmt: skip


def answers_of(form: Form, values: Mapping[str, Any]) -> dict[str, Answer]:
    """JSON values by field as answers of their kinds. Raises RecordError for what the form does not have or take."""
    answers = {}
    for name, given in values.items():
        if name not in form.fields:
            raise RecordError(f"{form.title} has no field {name!r}")
        try:
            answers[name] = _answer(given, form, name)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordError(f"{form.fields[name].type.label}: {error}") from error
    return answers


def _answer(given: JSON, form: Form, name: str) -> Answer:
    kind = form.fields[name].type
    if kind.many:
        if not isinstance(given, list):
            raise ValueError(f"{name} is a table, so a list is needed")
        return tuple(_row(row, kind) for row in given)
    return read_scalar(given, kind)


def _row(given: Any, kind: FactType) -> Row:
    return {name: read_scalar(item, kind.fields[name]) for name, item in given.items()}


def happened_on(form: Form, values: Mapping[str, Any], otherwise: date) -> date:
    """The day of an entry: the first day that the form's own date may be; ``otherwise`` where it says none."""
    given = values.get(form.day) if form.day else None
    return otherwise if given is None else parse_date(str(given)).first
