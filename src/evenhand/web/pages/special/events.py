"""Entering an adverse event: search for the term, grade it, say what it relates to; then the clocks that run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from django.contrib import messages
from django.http import Http404, QueryDict

from evenhand.conduct.safety import obligations, safety_of
from evenhand.conduct.safety.given import begun_by, first_given
from evenhand.web import store
from evenhand.web.pages.participants.entering import Entering
from evenhand.web.pages.participants.entry_form import EntryForm
from evenhand.web.pages.participants.places import cell_at
from evenhand.web.pages.safety_desk.clocks import clock_words
from evenhand.web.pages.special.event_form import FIND, FOUND, TERM, EventForm, Known
from evenhand.web.pages.special.official import official

SEARCHED: Final = "ctcae_terms"  # what the page's own search stands for


@dataclass(frozen=True, slots=True)
class Begun:
    """An intervention that was given, and since when."""

    label: str
    since: date


class EnteringEvent(Entering):
    """One request about one adverse event."""

    role: ClassVar[str] = "adverse_event"
    template: ClassVar[str] = "special/event.html"
    form_class: ClassVar[type[EntryForm]] = EventForm

    def form(self, *, data: bool = False, entered: Mapping[str, Any] | None = None) -> EntryForm:
        """A new event begins with one row for each treatment that was given, and one for the disease."""
        fresh = not data and entered is None and self.correcting is None
        return super().form(data=data, entered=self._prepared() if fresh else entered)

    def given_to_form(self) -> dict[str, Any]:
        """What the form reads besides its answers."""
        return {"dictionary": self._known()}

    def looked_at_again(self) -> QueryDict | None:
        """Who presses "Enter" in the search wants to see what is found, and records nothing."""
        moved = super().looked_at_again()
        data = self.request.POST
        if moved is None and data.get(FIND, "").strip() != data.get(FOUND, "").strip():
            return data.copy()
        return moved

    def shown_besides(self, form: EntryForm) -> dict[str, object]:
        """The treatments given, by which the list of relations is filled in, and how the search stands."""
        assert isinstance(form, EventForm)
        known = form.dictionary
        return {
            "offered": {name: values for name, values in form.scope.offered.items() if name != SEARCHED},
            "given": [Begun(one.label, known.given[one.id]) for one in known.interventions],
            "term_field": form[TERM],
            "offered_terms": len(form.offered),
            "chosen": form.term,
            "version": known.safety.ctcae,
            "has_official": bool(known.official),
        }

    def said_besides(self, seq: int) -> None:
        """The clocks that this event started and that nobody has answered yet."""
        about = self.about
        known = store.current(about.desk.study).subject(about.subject)
        now = about.desk.now
        for one in obligations(about.protocol, known, about.zone):
            if one.event.entry.seq == seq and one.sent is None:
                messages.warning(self.request, clock_words(one, now))

    def _known(self) -> Known:
        about = self.about
        safety = safety_of(about.protocol)
        if safety is None:
            raise Http404("This study says nothing about safety.")
        first = first_given(about.protocol, about.known, safety)
        given = {name: first[name] for name in begun_by(first, about.today)}
        return Known(about.protocol, safety, given, official(safety.ctcae))

    def _prepared(self) -> dict[str, Any]:
        """Rows of relations, without the answers."""
        known = self._known()
        diseases = [one for one in known.safety.interventions.values() if one.kind == "disease"]
        asked = self.asked.fields["attribution"].columns or {}
        rows = [one.id for one in (*known.interventions, *diseases) if one.id in asked["intervention"].type.codes]
        typed = {cell_at("attribution", row, "intervention"): name for row, name in enumerate(rows)}
        return {"rows.attribution": str(len(rows)), "rows.course": "1", **typed}
