"""A day that lies behind us, in the field of a form."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms

from evenhand.web.templatetags.evenhand import day

# None in which day and month could be mixed up. A browser's own field for dates writes them so that they can be.
_READ: Final = ("%Y-%m-%d", "%d %b %Y", "%d %B %Y")


class PastDay(forms.DateField):
    """A day that is not in the future; ``today`` is the day at the site, set by ``proposes_today``."""

    today: date = date.max

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%d %b %Y", attrs={"autocomplete": "off", "size": 14})
        wrong = {"invalid": "Give a day such as 30 Apr 2026 or 2026-04-30."}
        super().__init__(input_formats=_READ, widget=widget, error_messages=wrong, **kwargs)

    def validate(self, value: date | None) -> None:
        """Raises ValidationError for a day to come."""
        super().validate(value)
        if value is not None and value > self.today:
            raise forms.ValidationError(f"{day(value)} lies in the future; today is {day(self.today)} at the site.")


def proposes_today(form: forms.Form, name: str, today: date) -> None:
    """Let a field of a form know the day at the site, and stand at it."""
    field = form.fields[name]
    assert isinstance(field, PastDay)
    field.today = field.initial = today
