"""The form made from a study's facts. It is read by intake like every other form, so that the same checks hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from evenhand.facts import COMPLETE, FactType, Vocabulary
from evenhand.intake import Additions, additions, read_form, read_scalar, written_date
from evenhand.intake.additions import Facts
from evenhand.web.pages.candidates.controls import control, day_control, label_with_unit
from evenhand.web.pages.candidates.known import Known
from evenhand.web.pages.candidates.words import label_of
from evenhand.web.pages.forms import Guarded

MOST_ROWS: Final = 40  # of one list on one page; assumed: more than anybody has, and what follows goes on a second page


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a list: its number from 1, and its fields, the day last where the record has none of its own."""

    number: int
    fields: tuple[BoundField, ...]

    @property
    def index(self) -> int:
        """Its number from 0, by which its fields are named."""
        return self.number - 1


@dataclass(frozen=True, slots=True)
class Block:
    """Everything that the form asks about one fact."""

    kind: FactType
    label: str
    known: tuple[Known, ...]
    fields: tuple[BoundField, ...]
    rows: tuple[Row, ...]
    complete: BoundField | None
    open: bool

    @property
    def more(self) -> bool:
        """Whether the page has room for another entry."""
        return len(self.rows) < MOST_ROWS

    @property
    def stated_complete(self) -> bool:
        """Whether the list was stated to be complete before."""
        return any(one.fact.value is COMPLETE for one in self.known)


@dataclass(slots=True)
class _Reading:
    """What is read from the form on the way: the facts, and which field each place of them came from."""

    facts: dict[str, object] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


class FactsForm(Guarded):
    """Asks for some facts of a study. After ``is_valid`` the attribute ``additions`` holds what is new."""

    additions: Additions

    def __init__(
        self,
        *args: Any,
        vocabulary: Vocabulary,
        kinds: Sequence[FactType],
        known: Mapping[str, tuple[Known, ...]],
        today: date,
        opened: frozenset[str] = frozenset(),
        entered: QueryDict | None = None,
        **kwargs: Any,
    ) -> None:
        """``entered`` is shown without being judged: what was typed before a row was added, or a step refused."""
        if entered is not None:
            shown = {name: value for name, value in entered.items() if name not in ("key", "seen")}
            kwargs["initial"] = {**shown, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._entered: Mapping[str, Any] = (self.data if entered is None else entered) or {}
        self._vocabulary = vocabulary
        self.kinds = tuple(kinds)
        self._known = known
        self._today = today
        self._opened = opened
        self._rows = {kind.name: self._row_count(kind) for kind in kinds if kind.many}
        for kind in kinds:
            self.fields.update(self._controls(kind))

    def _row_count(self, kind: FactType) -> int:
        if f"rows.{kind.name}" in self._entered:
            return _count(self._entered, kind.name)
        return 0 if kind.name in self._known else 1

    def _controls(self, kind: FactType) -> Iterator[tuple[str, forms.Field]]:
        if kind.many:
            for number in range(self._rows[kind.name]):
                yield from _of_record(kind, f"{kind.name}.{number}")
            label = "This list is complete: there is nothing else"
            yield f"complete.{kind.name}", forms.BooleanField(label=label, required=False)
        elif kind.kind == "record":
            yield from _of_record(kind, kind.name)
        else:
            asked = day_control(label_with_unit(kind)) if kind.kind == "date" else control(kind, label_with_unit(kind))
            yield f"fact.{kind.name}", asked
            if not kind.identifying:
                yield f"day.{kind.name}", day_control()

    # ---- what the template shows ---------------------------------------------------------------

    def block(self, kind: FactType) -> Block:
        """What the form asks about one fact, with what is on record about it."""
        rows: tuple[Row, ...] = ()
        if kind.many:
            rows = tuple(
                Row(number + 1, self._fields(f"{kind.name}.{number}")) for number in range(self._rows[kind.name])
            )
        known = self._known.get(kind.name, ())
        complete = self[f"complete.{kind.name}"] if kind.many else None
        fields = () if kind.many else self._fields(kind.name)
        return Block(kind, label_of(kind), known, fields, rows, complete, self._is_open(kind))

    def _fields(self, place: str) -> tuple[BoundField, ...]:
        names = (f"fact.{place}", f"day.{place}")
        return tuple(self[name] for name in self.fields if name in names or name.startswith(f"fact.{place}."))

    def _is_open(self, kind: FactType) -> bool:
        """Asked for, typed into, or at fault."""
        names = [name for name in self.fields if name.split(".")[1:2] == [kind.name]]
        return kind.name in self._opened or any(self._entered.get(name) or name in self.errors for name in names)

    # ---- what was entered ----------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Read everything that was entered; whatever cannot be used is said beside its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        reading = _Reading()
        for kind in self.kinds:
            self._read(kind, reading)
        self.additions = Additions({}, 0, ())
        if not self.errors:
            self._compare(reading)
        return cleaned

    def _compare(self, reading: _Reading) -> None:
        (person,) = read_form({"patient": "candidate", "facts": reading.facts}, self._vocabulary, "form")
        for problem in person.problems:
            self.add_error(reading.places.get(problem.where), problem.what)
        known: Facts = {name: tuple(one.fact for one in items) for name, items in self._known.items()}
        self.additions = additions(known, person.facts, self._vocabulary)
        for problem in self.additions.contradictions:
            said = f"This contradicts another statement ({problem.what})."
            mend = "Give the day from which it holds, or correct the statement on record."
            self.add_error(reading.places.get(problem.where), f"{said} {mend}")

    def _read(self, kind: FactType, reading: _Reading) -> None:
        if kind.many:
            items = self._items(kind, reading)
            complete = bool(self.cleaned_data.get(f"complete.{kind.name}"))
            if items or complete:
                reading.facts[kind.name] = {"items": items, "complete": complete}
        elif kind.kind == "record":
            if record := self._record(kind, kind.name):
                reading.facts[kind.name] = record
                reading.places[kind.name] = f"fact.{kind.name}.{next(iter(kind.fields))}"
        elif (value := self._scalar(kind)) is not None:
            reading.facts[kind.name] = value
            reading.places[kind.name] = f"fact.{kind.name}"

    def _scalar(self, kind: FactType) -> dict[str, object] | None:
        value, day = self._value(kind, f"fact.{kind.name}"), self._day(f"day.{kind.name}")
        if value is None:
            if day is not None and f"fact.{kind.name}" not in self.errors:
                self.add_error(f"fact.{kind.name}", "A day alone says nothing: enter what was so on it.")
            return None
        if day is None and kind.kind == "number" and f"day.{kind.name}" not in self.errors:
            self.add_error(f"day.{kind.name}", "A measure changes: enter the day on which it was so.")
        return {"value": value, "date": day}

    def _items(self, kind: FactType, reading: _Reading) -> list[dict[str, object]]:
        items = []
        for number in range(self._rows[kind.name]):
            record = self._record(kind, f"{kind.name}.{number}")
            if record:
                items.append(record)
                for inner in kind.fields:
                    place = f"{kind.name}({record.get(kind.key or '')}).{inner}"
                    reading.places.setdefault(place, f"fact.{kind.name}.{number}.{inner}")
        return items

    def _record(self, kind: FactType, place: str) -> dict[str, object]:
        found = {name: self._value(inner, f"fact.{place}.{name}") for name, inner in kind.fields.items()}
        record: dict[str, object] = {name: value for name, value in found.items() if value is not None}
        day = self._day(f"day.{place}") if f"day.{place}" in self.fields else None
        if not record and day is None:
            return {}
        for name, inner in kind.fields.items():
            if inner.required and name not in record and f"fact.{place}.{name}" not in self.errors:
                self.add_error(f"fact.{place}.{name}", "Needed, as the entry says something else.")
        if not record:
            self.add_error(f"day.{place}", "A day alone says nothing: enter what was so on it.")
        if day is not None:
            record["date"] = day
        return record

    def _value(self, kind: FactType, name: str) -> str | None:
        """A value as it was typed, checked; None when it is blank or unfit."""
        typed = str(self.cleaned_data.get(name) or "")
        if kind.kind == "date":
            return self._day(name)
        if typed:
            try:
                read_scalar(kind, typed)
            except ValueError as error:
                said = str(error)
                self.add_error(name, f"{said[:1].upper()}{said[1:]}.")
                return None
        return typed or None

    def _day(self, name: str) -> str | None:
        typed = str(self.cleaned_data.get(name) or "")
        if not typed:
            return None
        try:
            span = written_date(typed)
        except ValueError as error:
            said = str(error)
            self.add_error(name, f"{said[:1].upper()}{said[1:]}.")
            return None
        if span.first > self._today:
            self.add_error(name, "That day has not come yet: only what is or was so can be recorded.")
            return None
        return str(span)


def _of_record(kind: FactType, place: str) -> Iterator[tuple[str, forms.Field]]:
    for name, inner in kind.fields.items():
        asked = day_control(label_with_unit(inner)) if inner.kind == "date" else control(inner, label_with_unit(inner))
        yield f"fact.{place}.{name}", asked
    if "date" not in kind.fields:
        yield f"day.{place}", day_control()


def rearranged(data: QueryDict) -> QueryDict | None:
    """The same form with a row more or less, when that is what was asked for; None when it was not."""
    if name := data.get("add"):
        changed = data.copy()
        changed[f"rows.{name}"] = str(_count(data, name) + 1)
        return changed
    if not (dropped := data.get("drop")):
        return None
    name, _, told = dropped.rpartition(".")
    changed, rows, number = data.copy(), _count(data, name), _small(told)
    if number < rows:
        _clear(changed, f"{name}.{number}")
        for row in range(number, rows - 1):
            _move(changed, f"{name}.{row + 1}", f"{name}.{row}")
        changed[f"rows.{name}"] = str(rows - 1)
    return changed


def _count(data: Mapping[str, Any], name: str) -> int:
    told = data.get(f"rows.{name}") or ""
    return min(_small(told), MOST_ROWS) if told else 0


def _small(told: str) -> int:
    """A number of a row; one that no page has for anything else."""
    return int(told) if told.isdecimal() and len(told) < 4 else MOST_ROWS


def _of_row(data: QueryDict, row: str) -> list[str]:
    return [key for key in data if key in (f"day.{row}", f"fact.{row}") or key.startswith(f"fact.{row}.")]


def _clear(data: QueryDict, row: str) -> None:
    for key in _of_row(data, row):
        del data[key]


def _move(data: QueryDict, source: str, target: str) -> None:
    """What stands in one row goes to another, which is blank."""
    for key in _of_row(data, source):
        data.setlist(key.replace(source, target, 1), data.getlist(key))
        del data[key]
