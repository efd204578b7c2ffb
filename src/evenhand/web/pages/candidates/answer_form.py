"""The answer to a judgement: yes or no, what it asks for besides, and a reason where it goes against something."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField

from evenhand.dates import on_day
from evenhand.eligibility import Assessment, goes_against
from evenhand.facts import Attestation, Source
from evenhand.protocol import Judgement
from evenhand.web.templatetags.evenhand import words

_LONGEST: Final = 500  # characters
_YES_NO: Final = (("yes", "Yes, it holds"), ("no", "No, it does not hold"))
_NOT_NOW: Final = ("", "Not now")


class AnswerForm(forms.Form):
    """One answer, about the person (``item`` None) or about one entry of a list."""

    answer = forms.ChoiceField(label="Your answer", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=_LONGEST,
        help_text="Needed where the answer goes against the facts or against an earlier signature.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, *args: Any, judgement: Judgement, item: str | None, assessment: Assessment, alone: bool, **kwargs: Any
    ) -> None:
        """``alone``: there is nothing else to answer on the page, so that it cannot be left open."""
        super().__init__(*args, **{**kwargs, "prefix": prefix_of(item)})
        self.judgement = judgement
        self.item = item
        self._assessment = assessment
        answer = self.fields["answer"]
        assert isinstance(answer, forms.ChoiceField)
        answer.choices = _YES_NO if alone else (*_YES_NO, _NOT_NOW)
        answer.required = alone
        for name, wanted in judgement.details.items():
            label = words(name)
            label = label[:1].upper() + label[1:]
            self.fields[f"detail.{name}"] = forms.CharField(
                label=label, help_text=wanted, required=False, max_length=_LONGEST
            )
        self.order_fields(["answer", *(name for name in self.fields if name.startswith("detail.")), "reason"])

    @property
    def details(self) -> Iterator[BoundField]:
        """The fields of what the judgement asks for besides."""
        return (self[name] for name in self.fields if name.startswith("detail."))

    @property
    def answered(self) -> bool | None:
        """Yes, no, or not answered now; only after the form was judged."""
        return {"yes": True, "no": False}.get(str(self.cleaned_data.get("answer")))

    def clean(self) -> dict[str, Any]:
        """What an answer needs: the details, and a reason where it contradicts something."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.answered is None:
            return cleaned
        for name in self.judgement.details:
            if not cleaned.get(f"detail.{name}"):
                self.add_error(f"detail.{name}", "Needed: sign what was looked at.")
        against = goes_against(self._assessment, self.judgement, self.item, self.answered)
        if against and not cleaned.get("reason"):
            said = f"Your answer goes against this: {'; '.join(against)}."
            self.add_error("reason", f"{said} Say why; without a reason it would count as a conflict.")
        return cleaned

    def attestation(self, by: str, role: str) -> Attestation | None:
        """What is signed, dated on the day of the assessment; None where nothing was answered."""
        if self.answered is None:
            return None
        details = {name: self.cleaned_data[f"detail.{name}"] for name in self.judgement.details}
        return Attestation(
            self.judgement.name,
            self.answered,
            by,
            role,
            on_day(self._assessment.on),
            Source("form", "attestations"),
            self.item,
            self.cleaned_data.get("reason", ""),
            details or None,
        )


def prefix_of(item: str | None) -> str:
    """A name for the fields of an entry, which no label of a lesion can break, and no order of entries can move."""
    return "about" if item is None else f"about-{hashlib.sha256(item.encode()).hexdigest()[:12]}"
