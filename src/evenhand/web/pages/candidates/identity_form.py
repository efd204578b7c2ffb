"""Who a new candidate is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from evenhand.administration import Site
from evenhand.dates import DateSpan
from evenhand.intake import written_date
from evenhand.web.store import Who


class IdentityForm(forms.Form):
    """Number, name and birth date: kept beside the record and never in it, seen by those alone who may see names."""

    site = forms.ChoiceField(label="Site")
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

    def __init__(self, *args: Any, sites: Sequence[Site], today: date, likeness: bool = False, **kwargs: Any) -> None:
        """``likeness``: a candidate of this name and birth date is known, so that the user may say it is another."""
        super().__init__(*args, **kwargs)
        site = self.fields["site"]
        assert isinstance(site, forms.ChoiceField)
        site.choices = [(one.code, one.name) for one in sites]
        if len(sites) == 1:
            site.widget = forms.HiddenInput()
            self.initial.setdefault("site", sites[0].code)
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
