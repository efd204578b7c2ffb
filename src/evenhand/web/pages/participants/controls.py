"""One input for each kind of question of a form. What may be answered is judged by the form's own rules, not here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django import forms

from evenhand.conduct.forms import Answer
from evenhand.dates import DateSpan
from evenhand.protocol.plan import Field, Form
from evenhand.protocol.plan.roles import ROLES
from evenhand.web.pages.participants.words import capital
from evenhand.web.templatetags.evenhand import words

LONGEST: Final = 4000  # characters of one answer; assumed: a page of text
_FEW: Final = 4  # codes that are quicker seen at once than opened
_DATE: Final = "2026-05-03 or 3 May 2026"
_PARTIAL: Final = f"{_DATE}; May 2026 or 2026 where no more is known"


def control(asked: Field, *, long: bool = False, row: bool = False, blank: bool = True) -> forms.CharField:
    """A field for one answer; never required by Django, since what is missing may be excused.

    ``blank``: whether a choice among few can be taken back.
    """
    return forms.CharField(
        label=label_of(asked),
        required=False,
        max_length=LONGEST,
        widget=_widget(asked, long=long, row=row, blank=blank),
        help_text="" if row else help_of(asked),
    )


def is_long(form: Form, name: str) -> bool:
    """Whether text is prose: any that no engine reads as a name."""
    role = ROLES.get(form.reads)
    named: Collection[str] = {*role.needs, *role.optional} if role else ()
    asked = form.fields[name]
    return asked.type.kind == "text" and not asked.offered and name not in named


def _widget(asked: Field, *, long: bool, row: bool, blank: bool) -> forms.Widget:
    choices = _choices(asked)
    if choices and len(choices) <= _FEW and not row:
        return forms.RadioSelect(choices=[*choices, *([("", "no answer")] if blank else [])])
    if choices:
        return forms.Select(choices=[("", ""), *choices])
    attributes = {"autocomplete": "off"}
    if long:
        return forms.Textarea(attrs={**attributes, "rows": 2})
    if asked.type.kind == "number" and not asked.bounds:
        attributes["inputmode"] = "decimal"
    if asked.type.kind in ("number", "date"):
        attributes["size"] = "14"
    if asked.offered:
        attributes["list"] = f"offered-{asked.offered}"
    return forms.TextInput(attrs=attributes)


def _choices(asked: Field) -> list[tuple[str, str]]:
    if asked.type.kind == "yes_no":
        return [("yes", "yes"), ("no", "no")]
    return list(asked.type.codes.items()) if asked.type.kind == "code" else []


def label_of(asked: Field) -> str:
    """The label with its unit, with a capital at its start."""
    kind = asked.type
    label = kind.label or words(kind.name)
    unit = f" ({kind.unit})" if kind.unit and kind.unit != "1" else ""
    return f"{capital(label)}{unit}"


def help_of(asked: Field) -> str:
    """What the study says to a question, what it takes, and what is usual."""
    return ". ".join(part for part in (asked.help.strip().rstrip("."), _taken(asked)) if part)


def _taken(asked: Field) -> str:
    kind = asked.type
    if kind.kind == "date":
        return _PARTIAL if asked.partial else _DATE
    if kind.kind != "number":
        return ""
    limits = _span(kind.low, kind.high)
    usual = _span(asked.expected_low, asked.expected_high)
    bounds = "or a bound such as “less than 0.2”" if asked.bounds else ""
    return ", ".join(part for part in (limits, usual and f"usually {usual}", bounds) if part)


def _span(low: object, high: object) -> str:
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"at least {low}" if low is not None else f"at most {high}" if high is not None else ""


def typed_of(answer: Answer | None) -> str:
    """An answer as somebody would type it: what a correction begins with."""
    if answer is None or isinstance(answer, tuple):
        return ""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, DateSpan):
        return str(answer)
    return str(answer)
