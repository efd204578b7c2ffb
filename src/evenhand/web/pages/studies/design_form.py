"""The fields of the design page: a few assumptions that can be moved, the rest as the protocol has them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django import forms
from django.http import QueryDict

from evenhand.design.assumptions import Assumptions, Look, varied
from evenhand.design.lengths import accrual_months, control_median
from evenhand.design.operating import resized

_KINDS: Final = (
    ("obrien_fleming", "O'Brien-Fleming (Lan-DeMets)"),
    ("pocock", "Pocock (Lan-DeMets)"),
    ("hwang_shih_decani(-4)", "Hwang-Shih-DeCani, gamma -4"),
    ("haybittle_peto", "Haybittle-Peto"),
    ("none", "nothing before the last look"),
)
_TEXT: Final = ("control_median", "hazard_ratio", "accrual_months", "alpha", "efficacy")


def _number(label: str, low: float, high: float, step: float, unit: str) -> forms.FloatField:
    """A number field; the page's script adds a slider over the same range."""
    given = {"step": "any", "data-slider": f"{step:g}"}
    wrong = dict.fromkeys(("min_value", "max_value"), f"Give a number from {low:g} to {high:g}.")
    return forms.FloatField(
        label=label, min_value=low, max_value=high, required=False, help_text=unit,
        widget=forms.NumberInput(given), error_messages={**wrong, "invalid": "Give a number."},
    )  # fmt: skip


class DesignForm(forms.Form):
    """What may be moved. A field left empty is as the protocol has it."""

    prefix = None
    control_median = _number("Median of the control arm", 2, 120, 0.5, "months")
    hazard_ratio = _number("Hazard ratio", 0.2, 1.2, 0.01, "below 1 favours the experimental arm")
    sample_size = _number("People randomized", 20, 1000, 2, "people")
    accrual_months = _number("Time of accrual", 3, 120, 1, "months")
    dropout_yearly = _number("Drop-out", 0, 40, 0.5, "% a year")
    alpha = _number("Type I error", 0.001, 0.2, 0.001, "the chance to show an effect that is none")
    interim = _number("Interim look at", 0, 95, 1, "% of the events planned; 0 for none")
    efficacy = forms.ChoiceField(label="Stopping for efficacy", choices=_KINDS, required=False)

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(data)
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"help-{name} says-{name}"

    def clean_sample_size(self) -> int | None:
        """People are counted in whole numbers. Raises ValidationError."""
        value = self.cleaned_data["sample_size"]
        if value is not None and value != int(value):
            raise forms.ValidationError("People are counted in whole numbers.")
        return None if value is None else int(value)


def form_of(planned: Assumptions, given: QueryDict) -> DesignForm:
    """The form with what is given; the rest as the protocol has it."""
    was = initial(planned)
    form = DesignForm({name: given.get(name, value) for name, value in was.items()})
    form.is_valid()
    return form


def assumptions_by(planned: Assumptions, form: DesignForm) -> Assumptions:
    """The assumptions that a form asks for; a value that is wrong stays as the protocol has it.

    Raises Refusal where good values do not go together.
    """
    was, data = initial(planned), form.cleaned_data
    moved = {name: data[name] for name in was if data.get(name) not in (None, "") and form.data[name] != was[name]}
    return moved_to(planned, moved)


def moved_to(planned: Assumptions, moved: dict[str, object]) -> Assumptions:
    """The protocol's assumptions with these values. More people come in the same months, and planned events grow with
    them, as in the tables around a design. Raises Refusal where they do not go together."""
    months = accrual_months(planned)
    now = resized(planned, int(str(moved["sample_size"]))) if "sample_size" in moved else planned
    given: dict[str, str] = {name: str(moved[name]) for name in _TEXT if name in moved}
    if "dropout_yearly" in moved:
        given["dropout_yearly"] = f"{moved['dropout_yearly']}%"
    if "sample_size" in moved:
        given.setdefault("accrual_months", str(months))
    if "interim" in moved:
        now = _looked_at(now, float(str(moved["interim"])) / 100)
    return varied(now, given)


def _looked_at(now: Assumptions, share: float) -> Assumptions:
    """One interim look at a share of the planned events (0: none), then the last one."""
    last = now.looks[-1]
    whole = last.events or now.planned_events or now.sample_size // 2
    interim = (Look(events=max(1, round(share * whole))),) if share > 0 else ()
    return replace(now, looks=(*interim, last))


def initial(planned: Assumptions) -> dict[str, str]:
    """The protocol's values as the fields write them; empty for what one number cannot say."""
    kind, gamma = planned.efficacy.kind, planned.efficacy.gamma
    spending = kind if gamma is None else f"{kind}({gamma:g})"
    return {
        "control_median": _written(control_median(planned)) if len(planned.control_hazard) == 1 else "",
        "hazard_ratio": _written(planned.hazard_ratio[0][1]) if len(planned.hazard_ratio) == 1 else "",
        "sample_size": str(planned.sample_size),
        "accrual_months": _written(accrual_months(planned)),
        "dropout_yearly": _written(100 * planned.dropout_yearly),
        "alpha": _written(planned.alpha),
        "interim": _interim(planned),
        "efficacy": spending if spending in dict(_KINDS) else "",
    }


def _interim(planned: Assumptions) -> str:
    *before, last = planned.looks
    whole = last.events or planned.planned_events
    if not before:
        return "0"
    if len(before) > 1 or before[0].events is None or not whole:
        return ""
    return _written(100 * before[0].events / whole)


def _written(value: float) -> str:
    return f"{value:.6g}"
