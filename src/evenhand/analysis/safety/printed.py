"""Words for people: of days, codes and answers on a form."""

from __future__ import annotations

from datetime import date

from evenhand.analysis.outcome import said
from evenhand.conduct.forms import FormEntry
from evenhand.dates import DateSpan

NOT_RECORDED = "not recorded"


def said_span(span: DateSpan | None) -> str:
    """A day, or a month or year where no more is known."""
    if span is None:
        return NOT_RECORDED
    if span.exact:
        return said(span.first)
    written = str(span)
    return f"{span.first:%b %Y}" if len(written) == 7 else written if len(written) == 4 else _between(span)


def _between(span: DateSpan) -> str:
    return f"between {said(span.first)} and {said(span.last)}"


def study_day(span: DateSpan | None, start: date) -> int | None:
    """The day since randomization, which is day 1 (the day before is -1, CDISC); None for what is not exact."""
    if span is None or not span.exact:
        return None
    days = (span.first - start).days
    return days + 1 if days >= 0 else days


def label_of(entry: FormEntry, name: str) -> str:
    """What a code means in the words of the form."""
    code = entry.values.get(name)
    field = entry.form.fields.get(name)
    return field.type.codes.get(code, code) if field is not None and isinstance(code, str) else NOT_RECORDED


def field_label(entry: FormEntry, name: str) -> str:
    """What a field is called on the form."""
    field = entry.form.fields.get(name)
    return field.type.label if field is not None and field.type.label else name.replace("_", " ")
