"""The form that mends what an entry says: its statements as they stand, each to be changed or taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from evenhand.dates import DateSpan
from evenhand.facts import COMPLETE, Fact, FactType, Person, Scalar, Source, Value, Vocabulary
from evenhand.facts.privacy import for_the_record
from evenhand.facts.wire import fact_json
from evenhand.intake import read_scalar, written_date
from evenhand.record import JSON, SubjectHistory
from evenhand.web.forms import Guarded
from evenhand.web.pages.candidates.controls import control, day_control, label_with_unit
from evenhand.web.pages.candidates.words import label_of, value_words
from evenhand.web.templatetags.evenhand import day


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of the entry, and its fields."""

    label: str
    words: str
    date: str
    fields: tuple[BoundField, ...]
    out: BoundField
    open: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One statement before and after; an empty text where it was taken out."""

    label: str
    before: str
    after: str


class CorrectionForm(Guarded):
    """The statements of one entry. After ``is_valid``, ``facts`` are the statements as they are to be."""

    reason = forms.CharField(
        label="Reason for the correction",
        max_length=500,
        help_text="Why the earlier entry is wrong. It stays in the record beside the correction.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    facts: tuple[Fact, ...]
    birth_date: date | None = None

    def __init__(
        self, *args: Any, given: tuple[Fact, ...], vocabulary: Vocabulary, on: date, today: date,
        about: SubjectHistory, **kwargs: Any,
    ) -> None:  # fmt: skip
        """``given`` are the statements as they stand, ``on`` is the day on which they were recorded."""
        super().__init__(*args, about=about, **kwargs)
        self._given = given
        self._vocabulary = vocabulary
        self._on = on
        self._today = today
        for number, fact in enumerate(given):
            self.fields.update(self._controls(number, fact))
        self.order_fields([name for name in self.fields if name != "reason"])

    def _controls(self, number: int, fact: Fact) -> Iterator[tuple[str, forms.Field]]:
        kind = self._vocabulary.facts[fact.name]
        if fact.value is not COMPLETE:
            for name, inner in _parts(kind):
                place, initial = f"fact.{number}.{name}", self._initial(kind, fact, name)
                asked = control(inner, label_with_unit(inner))
                if inner.kind == "date":
                    asked = day_control(label_with_unit(inner))
                if isinstance(asked.widget, forms.Select) and initial and initial not in dict(asked.widget.choices):
                    asked.widget.choices = [*asked.widget.choices, (initial, initial)]
                asked.initial = initial
                yield place, asked
            if not kind.identifying and "date" not in kind.fields:
                dated = day_control()
                dated.initial = "" if fact.date is None else str(fact.date)
                yield f"day.{number}", dated
        yield f"out.{number}", forms.BooleanField(label="Take this statement out", required=False)

    def _initial(self, kind: FactType, fact: Fact, name: str) -> str:
        """A value as it would be typed; nothing for what identifies, since only its span is known here."""
        if kind.identifying:
            return ""
        value = fact.value.get(name) if isinstance(fact.value, Mapping) else fact.value
        return _typed(value)

    def statements(self, opened: str) -> Iterator[Statement]:
        """What the template shows: open are the statements about the fact ``opened``, and those that were touched."""
        for number, fact in enumerate(self._given):
            kind = self._vocabulary.facts[fact.name]
            names = [name for name in self.fields if name.startswith(f"fact.{number}.") or name == f"day.{number}"]
            fields = tuple(self[name] for name in names)
            words, out = value_words(kind, fact.value), self[f"out.{number}"]
            touched = [name for name in names if self._touched(name)] or out.data
            is_open = fact.name == opened or bool(touched) or len(self._given) == 1
            yield Statement(label_of(kind), words, day(fact.date), fields, out, is_open)

    def _touched(self, name: str) -> bool:
        return self.is_bound and (name in self.errors or (self[name].data or "") != (self.fields[name].initial or ""))

    def clean(self) -> dict[str, Any]:
        """Read the statements as they are to be; what was not touched stays exactly as it was recorded."""
        cleaned: dict[str, Any] = super().clean() or {}
        read = [self._read(number, fact) for number, fact in enumerate(self._given)]
        self.facts = tuple(fact for fact in read if fact is not None)
        if not self.errors and self.facts == self._given:
            raise forms.ValidationError("Nothing was changed, so there is nothing to correct.")
        return cleaned

    def _read(self, number: int, fact: Fact) -> Fact | None:
        kind = self._vocabulary.facts[fact.name]
        if self.cleaned_data.get(f"out.{number}"):
            return None
        if fact.value is COMPLETE:
            return fact
        value = self._value(number, kind, fact)
        dated = self._date(f"day.{number}", fact.date) if f"day.{number}" in self.fields else fact.date
        if (value, dated) == (fact.value, fact.date):
            return fact
        own = value.get("date") if isinstance(value, Mapping) else None
        if isinstance(own, DateSpan):
            dated = own
        changed = Fact(fact.name, value, dated, Source("form", f"facts.{fact.name}"))
        person = Person("", {fact.name: (changed,)})
        if kind.identifying and isinstance(value, DateSpan):
            self.birth_date = value.first if value.exact else None
        return for_the_record(person, self._vocabulary, self._on)[0]

    def _value(self, number: int, kind: FactType, fact: Fact) -> Value:
        if not isinstance(fact.value, Mapping):
            value = self._scalar(f"fact.{number}.{kind.name}", kind, fact.value)  # type: ignore[arg-type]  # no list
            if value is None and not self.errors:
                self.add_error(f"fact.{number}.{kind.name}", "Enter what is right, or take the statement out.")
            return fact.value if value is None else value
        read = {
            name: self._scalar(f"fact.{number}.{name}", inner, fact.value.get(name)) for name, inner in _parts(kind)
        }
        for name, inner in kind.fields.items():
            if inner.required and read[name] is None and f"fact.{number}.{name}" not in self.errors:
                self.add_error(f"fact.{number}.{name}", "Needed: enter what is right, or take the statement out.")
        return {name: value for name, value in read.items() if value is not None}

    def _scalar(self, name: str, kind: FactType, was: Scalar | None) -> Scalar | None:
        """A value as typed; the recorded one, to the letter, where the field was not touched."""
        typed = str(self.cleaned_data.get(name) or "")
        if typed == (self.fields[name].initial or ""):
            return was
        if kind.kind == "date":
            return self._date(name, None)
        try:
            return read_scalar(kind, typed) if typed else None
        except ValueError as error:
            self.add_error(name, f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return was

    def _date(self, name: str, was: DateSpan | None) -> DateSpan | None:
        typed = str(self.cleaned_data.get(name) or "")
        if typed == (self.fields[name].initial or ""):
            return was
        try:
            span = written_date(typed) if typed else None
        except ValueError as error:
            self.add_error(name, f"{str(error)[:1].upper()}{str(error)[1:]}.")
            return was
        if span is not None and span.first > self._today:
            self.add_error(name, "That day has not come yet: only what is or was so can be recorded.")
        return span

    def body(self) -> dict[str, JSON]:
        """The body of the correction; only after the form was found valid."""
        return {"facts": [fact_json(fact) for fact in self.facts]}

    def changes(self) -> list[Change]:
        """What changes, before and after; only after the form was found valid."""
        after = iter(self.facts)
        found = []
        for number, fact in enumerate(self._given):
            then = None if self.cleaned_data.get(f"out.{number}") else next(after)
            if then != fact:
                kind = self._vocabulary.facts[fact.name]
                found.append(Change(label_of(kind), _said(kind, fact), "" if then is None else _said(kind, then)))
        return found


def _parts(kind: FactType) -> list[tuple[str, FactType]]:
    return list(kind.fields.items()) if kind.kind == "record" else [(kind.name, kind)]


def _typed(value: object) -> str:
    if value is None:
        return ""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _said(kind: FactType, fact: Fact) -> str:
    return f"{value_words(kind, fact.value)}{f' ({day(fact.date)})' if fact.date is not None else ''}"
