"""One input for each kind of fact. What may be entered is judged by intake, with everything else that comes in."""

from __future__ import annotations

from typing import Final

from django import forms

from evenhand.facts import FactType
from evenhand.units import UNITS
from evenhand.web.templatetags.evenhand import words

_FEW: Final = 12  # values that are quicker chosen than typed
_LONGEST: Final = 500  # characters
_UNSAID: Final = ("", "")


def control(kind: FactType, label: str) -> forms.CharField:
    """A field for one value; never required, since what is not known stays unknown."""
    return forms.CharField(
        label=label, required=False, max_length=_LONGEST, widget=_widget(kind), help_text=_help(kind)
    )


def day_control(label: str = "Day on which it was so") -> forms.CharField:
    """A field for a day, which may be partial."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "size": 14})
    return forms.CharField(label=label, required=False, max_length=40, widget=widget)


def _widget(kind: FactType) -> forms.Widget:
    if kind.kind == "yes_no":
        return forms.Select(choices=[("", "not known"), ("yes", "yes"), ("no", "no")])
    if kind.kind == "code":
        return forms.Select(choices=[_UNSAID, *kind.codes.items()])
    if values := few_values(kind):
        return forms.Select(choices=[_UNSAID, *((value, value) for value in values)])
    return forms.TextInput(attrs={"autocomplete": "off"})


def few_values(kind: FactType) -> list[str]:
    """All values of a number that has only a few; nothing for any other fact."""
    if kind.kind != "number" or kind.low is None or kind.high is None or kind.step is None:
        return []
    count = int((kind.high - kind.low) // kind.step) + 1
    return [str(kind.low + kind.step * place) for place in range(count)] if count <= _FEW else []


def _help(kind: FactType) -> str:
    if kind.kind != "number" or few_values(kind):
        return ""
    return f"{kind.low} to {kind.high}" if kind.low is not None and kind.high is not None else ""


def label_with_unit(kind: FactType) -> str:
    """The label of a field, with its unit where it has one."""
    label = kind.label or words(kind.name)
    label = label[:1].upper() + label[1:]
    return f"{label} ({kind.unit})" if kind.unit in UNITS and kind.unit != "1" else label
