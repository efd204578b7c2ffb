"""What every form that records something carries: a key, so that it counts once, and what the user had seen."""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from django import forms

from evenhand.record import SubjectHistory
from evenhand.web.store import Seen

_UNNAMED: Final = {"id": False}  # a page may hold several such forms, and no id may stand twice on it


class Guarded(forms.Form):
    """A form that records something: ``key`` names this one request, ``seen`` is the last entry on the page."""

    key = forms.CharField(widget=forms.HiddenInput(_UNNAMED), max_length=100)
    seen = forms.IntegerField(widget=forms.HiddenInput(_UNNAMED), min_value=0)

    def __init__(self, *args: Any, about: SubjectHistory | None = None, **kwargs: Any) -> None:
        last = about.entries[-1].seq if about and about.entries else 0
        kwargs["initial"] = {"key": str(uuid4()), "seen": last, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self._about = about

    @property
    def guards(self) -> dict[str, Any]:
        """``key`` and ``seen`` as ``store.perform`` takes them; only after the form was found valid."""
        subject = self._about.subject if self._about else None
        seen = Seen(subject, self.cleaned_data["seen"]) if subject else None
        return {"key": self.cleaned_data["key"], "seen": seen}
