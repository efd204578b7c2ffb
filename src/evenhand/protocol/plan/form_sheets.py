"""The shape of the files in ``forms/``, one form a file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Limits

from evenhand.protocol.sheets import Identifier, Number, SheetModel, Sourced, Words


class ColumnSheet(SheetModel):
    """One question: a field of a form, or a column of a table."""

    kind: Literal["date", "number", "code", "yes_no", "text", "record"]
    label: str
    help: str = ""
    cdash: Annotated[str, Limits(pattern=r"^[A-Z][A-Z0-9]{1,7}$")] | None = None
    unit: str | None = None
    codes: dict[str, str] = {}
    low: Number | None = None
    high: Number | None = None
    step: Number | None = None
    expected_low: Number | None = None
    expected_high: Number | None = None
    required: bool = False
    partial: bool = False
    bounds: bool = False
    asked_when: str | None = None
    from_: Annotated[str, Limits(alias="from")] = ""
    source: Words | None = None
    assumed: Words | None = None


class FieldSheet(ColumnSheet):
    """A field of a form; a table has columns in ``fields`` and is told row from row by ``key``."""

    many: bool = False
    key: str | None = None
    fields: dict[Identifier, ColumnSheet] = {}


class CheckSheet(Sourced):
    id: str
    when: str
    say: str
    fields: Annotated[list[str], Limits(min_length=1)]
    hard: bool = False


class FormSheet(Sourced):
    """One file of ``forms/``."""

    id: Identifier
    title: str
    domain: Annotated[str, Limits(pattern=r"^[A-Z]{2}$")]
    reads: str = ""
    repeats: bool = False
    visits: bool = False
    arms: list[str] = []
    entered_by: Annotated[list[str], Limits(min_length=1)]
    signed_by: list[str] = []
    day: str = ""
    fields: Annotated[dict[Identifier, FieldSheet], Limits(min_length=1)]
    checks: list[CheckSheet] = []
