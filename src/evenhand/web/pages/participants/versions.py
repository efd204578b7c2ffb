"""What an entry says now and said before, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from evenhand.conduct.forms import Answer, FormEntry, answers_of
from evenhand.protocol.plan import Form
from evenhand.record import Entry, History, RecordError
from evenhand.web.pages.candidates.words import value_words
from evenhand.web.pages.participants.controls import label_of
from evenhand.web.pages.participants.words import capital

NOTHING = "no answer"


@dataclass(frozen=True, slots=True)
class Line:
    """One question and its answer: in ``words``, or as a table; ``unless`` is the reason for having none."""

    name: str
    label: str
    words: str
    unless: str
    head: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()
    standard: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction changed about one question."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One correction: the entry that made it, and what it changed."""

    entry: Entry
    changes: tuple[Change, ...]


def lines(entry: FormEntry) -> Iterator[Line]:
    """The answers of an entry, in the order of its form; questions not asked are left out."""
    for name, asked in entry.form.fields.items():
        answer, unless = entry.values.get(name), entry.unless.get(name, "")
        if answer is None and not unless and asked.asked_when is not None:
            continue
        if isinstance(answer, tuple):
            columns = asked.columns or {}
            head = tuple(label_of(column) for column in columns.values())
            rows = tuple(
                tuple(
                    (label_of(column), _words(entry.form, name, row.get(key), key)) for key, column in columns.items()
                )
                for row in answer
            )
            yield Line(name, label_of(asked), "", unless, head, rows, asked.cdash)
        else:
            yield Line(name, _label(entry.form, name), _words(entry.form, name, answer), unless, standard=asked.cdash)


def versions(entry: FormEntry, history: History) -> tuple[Version, ...]:
    """The corrections of an entry, the latest first."""
    seqs = (entry.seq, *entry.standing.corrections)
    found = [one for seq in seqs if (one := history.entry(seq)) is not None]
    return tuple(Version(after, tuple(_changes(entry.form, before, after))) for before, after in pairwise(found))[::-1]


def _changes(form: Form, before: Entry, after: Entry) -> Iterator[Change]:
    was, now = _said(form, before.body), _said(form, after.body)
    for label in {**was, **now}:
        if was.get(label) != now.get(label):
            yield Change(label, was.get(label, NOTHING), now.get(label, NOTHING))


def _said(form: Form, body: Mapping[str, Any]) -> dict[str, str]:
    """What a body says, by label."""
    found: dict[str, str] = {}
    if body.get("not_done"):
        found["Not done"] = str(body["not_done"])
    if body.get("struck"):
        found["Struck out"] = "entered in error"
    try:
        answers: Mapping[str, Answer] = answers_of(form, body["values"])
    except RecordError:  # an older version of the form said it in another way
        answers = {}
        found |= {name: str(value) for name, value in body["values"].items()}
    for name, answer in answers.items():
        found[_label(form, name)] = _written(form, name, answer)
    for name, why in (body.get("unless") or {}).items():
        label = _label(form, name) if name in form.fields else name
        found[label] = f"none, because: {why}"
    return found


def _written(form: Form, name: str, answer: Answer) -> str:
    if not isinstance(answer, tuple):
        return _words(form, name, answer)
    columns = form.fields[name].columns or {}
    rows = (
        ", ".join(_words(form, name, cell, key) for key, cell in row.items() if key in columns and cell is not None)
        for row in answer
    )
    return "; ".join(rows)


def _label(form: Form, name: str) -> str:
    """The label without its unit, which stands with the number."""
    label = form.fields[name].type.label or name
    return capital(label)


def _words(form: Form, name: str, answer: object, column: str | None = None) -> str:
    if answer is None:
        return ""
    kind = form.fields[name].type
    inner = kind if column is None else kind.fields[column]
    return answer if inner.kind == "text" and isinstance(answer, str) else value_words(inner, answer)


def about_words(form: Form, path: str) -> str:
    """What a query is about: a question of the form, a cell of a table, or the form as a whole."""
    name, _, rest = path.partition(".")
    asked = form.fields.get(name)
    if asked is None:
        return "the form as a whole"
    number, _, column = rest.partition(".")
    cell = (asked.columns or {}).get(column)
    return f"{label_of(asked)}, row {number}: {label_of(cell)}" if cell else label_of(asked)
