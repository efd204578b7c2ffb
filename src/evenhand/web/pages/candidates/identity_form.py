"""Who a candidate is, asked of a new one and of one whose name is mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from evenhand.administration import Site
from evenhand.dates import DateSpan
from evenhand.intake import written_date
from evenhand.web.forms import Guarded
from evenhand.web.store import Who


class WhoForm(forms.Form):
    """Number, name and birth date: kept beside the record and never in it, seen by those alone who may see names."""

    number = forms.CharField(
        label="Number of the person at the site",
        max_length=200,
        help_text="The number of the chart: by it the site finds the person again.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Name", required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth_date = forms.CharField(
        label="Date of birth",
        required=False,
        max_length=40,
        help_text="1970-05-17 or 17 May 1970. The record keeps the age, not the date.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    another_person = forms.BooleanField(
        label="This is another person, who shares name and date of birth with that candidate",
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, today: date, likeness: bool = False, **kwargs: Any) -> None:
        """``likeness``: a candidate of this name and birth date is known, so that the user may say it is another."""
        super().__init__(*args, **kwargs)
        if likeness:
            self.fields["another_person"].widget = forms.CheckboxInput()
        self._today = today
        self.birth: DateSpan | None = None

    def clean_birth_date(self) -> str:
        """Keep the date read in ``birth``; it may be partial, and lies in the past."""
        typed = str(self.cleaned_data["birth_date"])
        if not typed:
            return ""
        try:
            self.birth = written_date(typed)
        except ValueError as error:
            said = str(error)
            raise forms.ValidationError(f"{said[:1].upper()}{said[1:]}.") from None
        if self.birth.first > self._today:
            raise forms.ValidationError("That day has not come yet.")
        return typed

    @property
    def who(self) -> Who:
        """The person; only after the form was found valid. A partial birth date is no birth date here."""
        given = self.cleaned_data
        exact = self.birth is not None and self.birth.exact
        return Who(given["number"], given["name"], self.birth.first if exact and self.birth else None)


class IdentityForm(WhoForm):
    """Who a new candidate is, and at which site."""

    site = forms.ChoiceField(label="Site")

    def __init__(self, *args: Any, sites: Sequence[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site = self.fields["site"]
        assert isinstance(site, forms.ChoiceField)
        site.choices = [(one.code, one.name) for one in sites]
        if len(sites) == 1:
            site.widget = forms.HiddenInput()
            self.initial.setdefault("site", sites[0].code)


class MendedForm(WhoForm, Guarded):
    """Who somebody is, mended. The birth date is asked only where one is kept, and stays within the recorded age."""

    reason = forms.CharField(
        label="Reason for the correction",
        max_length=500,
        help_text="It stays in the record, which is never erased: say what was wrong without naming the person.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, kept: Who, ages: Sequence[DateSpan], **kwargs: Any) -> None:
        """``kept`` is who it is so far; ``ages`` are the spans that the record says of the birth date."""
        super().__init__(*args, **kwargs)
        self._kept, self._ages = kept, ages
        self.initial = {"number": kept.number, "name": kept.name, **self.initial}
        if kept.birth_date is None:
            del self.fields["birth_date"]
        else:
            self.fields["birth_date"].required = True
            self.initial.setdefault("birth_date", kept.birth_date.isoformat())

    def clean_birth_date(self) -> str:
        """One day, which fits the age on record: a rule may have been judged by that."""
        typed = super().clean_birth_date()
        day = self.birth
        if day is None or not day.exact:
            raise forms.ValidationError("Give one day: 1970-05-17 or 17 May 1970.")
        if self._ages and not any(age.first <= day.first <= age.last for age in self._ages):
            raise forms.ValidationError(
                "The record says another age. Correct the fact first, below; this day is mended with it."
            )
        return typed

    @property
    def who(self) -> Who:
        """The person as mended; only after the form was found valid."""
        told = self.cleaned_data
        born = self.birth.first if self.birth is not None else None
        return Who(told["number"], told["name"], born if "birth_date" in self.fields else self._kept.birth_date)


class ErasureForm(Guarded):
    """Why a name is erased, and the word that it is meant."""

    reason = forms.CharField(
        label="Who asked for it, and why",
        max_length=500,
        help_text="It stays in the record: write “the person” or “the family”, and no name.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sure = forms.BooleanField(label="Erase it for good; I know that it cannot be undone")
