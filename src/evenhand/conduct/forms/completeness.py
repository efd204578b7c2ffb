"""Whether answers make a form: required ones are there or excused, none is given that was not asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evenhand.conduct.forms.entry import Answer
from evenhand.conduct.forms.judging import FormScene, answer
from evenhand.dates import DateSpan
from evenhand.intake import accept
from evenhand.logic import NO, YES
from evenhand.protocol.plan import Check, Field, Form
from evenhand.units import Number, Range


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps an entry from being taken: at which field, what, and how to mend it."""

    path: str
    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is taken and queried: a check that fired, or a value outside of what is expected. ``id`` tells one doubt of
    a form from another."""

    id: str
    path: str
    say: str


def faults(form: Form, answers: Mapping[str, Answer], unless: Mapping[str, str], given: FormScene) -> Iterator[Fault]:
    """Everything that refuses an entry: absent required answers, answers not asked for, idle excuses, hard checks."""
    for name, asked in form.fields.items():
        wanted = YES if asked.asked_when is None else answer(asked.asked_when, given)
        label = asked.type.label
        if name in answers and not isinstance(answers[name], tuple):
            yield from _unfit(asked, answers[name], name)
        if name in answers and wanted is NO:
            yield Fault(name, f"{label} is not asked for here", "Leave it empty, or correct what it depends on.")
        if name in answers and unless.get(name):
            yield Fault(name, f"{label} has an answer and a reason for having none", "Keep one of the two.")
        if asked.required and wanted is YES and name not in answers and not unless.get(name, "").strip():
            yield Fault(name, f"{label} is missing", "Enter it, or say why it is not there.")
        yield from _row_faults(name, asked, answers.get(name, ()))
    for name in unless:
        if name not in form.fields:
            yield Fault(name, f"{form.title} has no field {name!r}", "Name a field of the form.")
    for check in form.checks:
        if check.hard and answer(check.rule, given) is YES:
            yield Fault(check.fields[0], check.say.removesuffix("."), "Correct it before it is recorded.")


def _row_faults(name: str, table: Field, rows: Answer) -> Iterator[Fault]:
    if not table.is_table or not isinstance(rows, tuple):
        return
    seen: set[object] = set()
    for number, row in enumerate(rows, start=1):
        for column, asked in (table.columns or {}).items():
            if column in row:
                yield from _unfit(asked, row[column], f"{name}.{number}.{column}")
            if asked.required and column not in row:
                label = f"{asked.type.label} in row {number} of {table.type.label}"
                yield Fault(f"{name}.{number}.{column}", f"{label} is missing", "Enter it, or take the row out.")
        key = row.get(table.type.key) if table.type.key else None
        if key is not None and key in seen:
            yield Fault(f"{name}.{number}.{table.type.key}", f"{key} stands in two rows", "Keep one of them.")
        seen.add(key)


def _unfit(asked: Field, found: object, path: str) -> Iterator[Fault]:
    """A value beyond the limits, none of the codes, or less exact than is needed."""
    label = asked.type.label
    try:
        accept(asked.type, found)  # type: ignore[arg-type]  # rows and fields hold scalars
    except ValueError as error:
        yield Fault(path, f"{label}: {error}", "Enter it as the form asks.")
    if isinstance(found, str) and not found.strip():
        yield Fault(path, f"{label} is empty", "Enter it, or leave it out.")
    if isinstance(found, DateSpan) and not found.exact and not asked.partial:
        yield Fault(path, f"{label}: {found} is not a full day", "Enter the day.")
    if isinstance(found, Range) and not asked.bounds:
        yield Fault(path, f"{label}: {found} is no exact number", "Enter the number.")


def doubts(form: Form, answers: Mapping[str, Answer], given: FormScene) -> Iterator[Doubt]:
    """Everything about an entry that is taken and queried."""
    for name, asked in form.fields.items():
        found = answers.get(name)
        if isinstance(found, tuple):
            for number, row in enumerate(found, start=1):
                for column, inner in (asked.columns or {}).items():
                    yield from _unexpected(inner, row.get(column), f"{name}.{number}.{column}")
        else:
            yield from _unexpected(asked, found, name)
    for check in form.checks:
        if _fires(check, given):
            yield Doubt(check.id, check.fields[0], check.say)


def _fires(check: Check, given: FormScene) -> bool:
    return not check.hard and answer(check.rule, given) is YES


def _unexpected(asked: Field, found: object, path: str) -> Iterator[Doubt]:
    if isinstance(found, bool) or not isinstance(found, Number):
        return
    low, high = asked.expected_low, asked.expected_high
    if (low is not None and found < low) or (high is not None and found > high):
        unit = f" {asked.type.unit}" if asked.type.unit else ""
        usual = f"{low if low is not None else ''} to {high if high is not None else ''}".strip()
        yield Doubt(f"range {path}", path, f"{asked.type.label} {found}{unit} lies outside of {usual}{unit}.")
