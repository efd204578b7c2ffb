"""The page's form of one entry, made from the study's form.

What makes an entry is judged where the steps judge it, so that a page refuses nothing that they take, and says every
fault beside its question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms

from evenhand.conduct.entering import Given
from evenhand.conduct.forms import Answer, Context, FormEntry, Reading, answers_of, faults, read_typed, scene
from evenhand.protocol.plan import Form
from evenhand.record import RecordError
from evenhand.web.pages.forms import Guarded
from evenhand.web.pages.participants import asking, controls, places
from evenhand.web.pages.participants.places import Places, answer_at, cell_at, reason_at, row_count, typed_answers

NOT_DONE: Final = "not_done"
_LONGEST_REASON: Final = 1000


@dataclass(frozen=True, slots=True)
class Scope:
    """What a form is filled in beside: the participant's context and other entries, the day, suggested answers (by what
    the form's questions name: values, and what they mean)."""

    about: Context
    others: tuple[FormEntry, ...]
    today: date
    offered: Mapping[str, Mapping[str, str]]


class EntryForm(Guarded):
    """Asks for one entry. After ``is_valid``, ``given`` is what the steps take.

    ``entered`` is shown without being judged: what was typed before a row was added, or a step refused.
    """

    def __init__(
        self,
        *args: Any,
        form: Form,
        scope: Scope,
        correcting: FormEntry | None = None,
        entered: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        before = _initial(correcting) if correcting else {}
        if entered is not None:
            kwargs["initial"] = dict(entered)
        elif before:
            kwargs["initial"] = before
        super().__init__(*args, **kwargs)
        self.form = form
        self.scope = scope
        self.correcting = correcting
        self.entered: Mapping[str, Any] = (self.data if entered is None else entered) or before
        self.rows = {
            name: row_count(self.entered, name, 1 if asked.required else 0)
            for name, asked in form.fields.items()
            if asked.is_table
        }
        self.fields.update(self._controls())
        self.reading = Reading()

    def _controls(self) -> Iterator[tuple[str, forms.Field]]:
        for name, asked in self.form.fields.items():
            if asked.is_table:
                for row in range(self.rows[name]):
                    for column, cell in (asked.columns or {}).items():
                        yield cell_at(name, row, column), controls.control(cell, row=True)
            else:
                yield answer_at(name), self._control(name)
            if asked.required:
                yield reason_at(name), _line(f"Why there is no answer to “{asked.type.label}”")
        yield NOT_DONE, _line("Why it was not done")
        if self.correcting:
            yield "reason", _line("Reason for the correction", required=True)

    def _control(self, name: str) -> forms.Field:
        asked, long = self.form.fields[name], controls.is_long(self.form, name)
        blank = not asked.required or self.correcting is not None
        return controls.control(asked, long=long, blank=blank)

    # ---- what is asked -------------------------------------------------------------------------

    def follow(self) -> dict[str, tuple[str, ...]]:
        """By question, those that may be asked in another way once its answer changes."""
        return dict(asking.watched(self.form))

    def watches(self) -> tuple[asking.Watch, ...]:
        """What the page listens to."""
        return asking.watches(self.follow())

    def asked_now(self) -> frozenset[str]:
        """The questions that are asked, as far as the answers say, and those that were answered all the same."""
        typed, _ = typed_answers(self.form, self.entered, self.rows)
        values = read_typed(self.form, typed).values
        asked = asking.asked(self.form, self._scene(values), values.keys())
        return asked | {name for name, text in typed.items() if text}

    def _scene(self, values: Mapping[str, Any]) -> Any:
        answers: Mapping[str, Answer] = answers_of(self.form, values)
        return scene(self.form, answers, self.scope.about, self.scope.others, self.scope.today)

    # ---- what was entered ----------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Read everything that was entered; whatever keeps it from being recorded is said beside its question."""
        cleaned: dict[str, Any] = super().clean() or {}
        typed, at = typed_answers(self.form, self.data, self.rows)
        self.reading = read_typed(self.form, typed)
        for path, said in self.reading.faults.items():
            self._say(at.field(path), said)
        if str(cleaned.get(NOT_DONE) or "").strip():
            if self.reading.values or self.reading.faults:
                self.add_error(NOT_DONE, "There are answers as well. Keep one: the answers, or that it was not done.")
            return cleaned
        self._judge(at)
        return cleaned

    def _judge(self, at: Places) -> None:
        values = self.reading.values
        try:
            given = self._scene(values)
        except RecordError as error:
            self.add_error(None, f"{error.what}.")
            return
        now = asking.asked(self.form, given, values.keys())
        more = {name for name in now if self.form.fields[name].asked_when is not None} - self._shown()
        for fault in faults(self.form, answers_of(self.form, values), self.unless, given):
            name = fault.path.partition(".")[0]
            if not (name in more and name not in values):
                self._say(at.field(fault.path), f"{fault.what}. {fault.mend}")
        self._judge_day()
        if more:
            labels = ", ".join(controls.label_of(self.form.fields[name]) for name in self.form.fields if name in more)
            self.add_error(None, f"More is asked, because of what you answered: {labels}. Answer it, and record then.")

    def _judge_day(self) -> None:
        """What happens later is entered later."""
        told = self.reading.values.get(self.form.day) if self.form.day else None
        if told is not None and date.fromisoformat(_first_day(str(told))) > self.scope.today:
            self._say(answer_at(self.form.day), "This day has not come yet. Enter it once it has happened")

    def _shown(self) -> set[str]:
        """The questions with a condition that were on the page."""
        return {name for name in self.form.fields if f"shown.{name}" in self.data}

    def _say(self, name: str | None, said: str) -> None:
        at = name if name in self.fields else None
        if at is None or at not in self.errors:
            self.add_error(at, f"{said[:1].upper()}{said[1:].rstrip('.')}.")

    @property
    def unless(self) -> dict[str, str]:
        """The reasons given for answers that are not there, by field."""
        told = {name: str(self.data.get(reason_at(name)) or "").strip() for name in self.form.fields}
        return {name: why for name, why in told.items() if why}

    def given(self, visit: str | None, item: str | None = None) -> Given:
        """What the steps take; only after the form was found valid."""
        left_out = str(self.cleaned_data.get(NOT_DONE) or "").strip()
        if left_out:
            return Given(self.form.id, {}, item, visit, None, left_out)
        return Given(self.form.id, self.reading.values, item, visit, self.unless)


def _line(label: str, required: bool = False) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=required, max_length=_LONGEST_REASON, widget=widget)


def _first_day(told: str) -> str:
    """The first day of a date as the record has it, which may lack day or month."""
    first = told.partition("/")[0]
    return f"{first}-01-01"[:10] if len(first) == 4 else f"{first}-01"[:10]


def _initial(entry: FormEntry) -> dict[str, Any]:
    """What stands in an entry, as somebody would type it."""
    found: dict[str, Any] = {reason_at(name): why for name, why in entry.unless.items()}
    found[NOT_DONE] = entry.not_done or ""
    for name, answer in entry.values.items():
        if isinstance(answer, tuple):
            found[f"rows.{name}"] = str(len(answer))
            for number, row in enumerate(answer):
                found |= {cell_at(name, number, column): controls.typed_of(cell) for column, cell in row.items()}
        else:
            found[answer_at(name)] = controls.typed_of(answer)
    return found


__all__ = ["NOT_DONE", "EntryForm", "Scope", "places"]
