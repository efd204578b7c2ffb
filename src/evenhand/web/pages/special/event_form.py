"""The form of an adverse event: a term that is searched for, and only the grades that exist for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from evenhand.conduct.forms import answers_of
from evenhand.conduct.safety import faults
from evenhand.oncology.ctcae import Descriptor, Term, dictionary, search
from evenhand.protocol import Protocol
from evenhand.protocol.plan.safety_rules import Intervention, Safety
from evenhand.web.pages.participants.entry_form import EntryForm
from evenhand.web.pages.participants.places import answer_at, typed_answers

TERM: Final = answer_at("term")
FIND, FOUND = "find", "found"
_FOLLOW: Final = ("specify", "course", "expected")  # what is asked in another way once the term is chosen
_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Known:
    """What the form knows besides its own answers: the protocol, its safety plan, the interventions that were given
    (each with its first day), and the official sentences by term, if any."""

    protocol: Protocol
    safety: Safety
    given: Mapping[str, date] = field(default_factory=dict)
    official: Mapping[str, Descriptor] = field(default_factory=dict)

    @property
    def interventions(self) -> tuple[Intervention, ...]:
        """Those that were given, in the order of the plan."""
        return tuple(one for one in self.safety.interventions.values() if one.id in self.given)

    def known_of(self, term: str) -> list[str]:
        """The interventions given of which a term is known."""
        return [one.label for one in self.interventions if term in one.expected]


class EventForm(EntryForm):
    """Asks for one adverse event."""

    def __init__(self, *args: Any, dictionary: Known, **kwargs: Any) -> None:
        self.dictionary = dictionary
        super().__init__(*args, **kwargs)

    @property
    def query(self) -> str:
        """What was searched for."""
        return str(self.entered.get(FIND) or "").strip()

    @property
    def term(self) -> Term | None:
        """The term that is chosen."""
        return dictionary(self.dictionary.safety.ctcae).find(str(self.entered.get(TERM) or ""))

    @property
    def offered(self) -> tuple[Term, ...]:
        """The terms to choose from: those found or, before any search, those known of what was given."""
        safety, chosen = self.dictionary.safety, self.term
        if self.query:
            found = search(safety.ctcae, self.query, expected=safety.expected_terms, most=_MOST)
        elif chosen is not None:
            found = ()
        else:
            known = dict.fromkeys(term for one in self.dictionary.interventions for term in one.expected)
            found = tuple(filter(None, map(dictionary(safety.ctcae).find, known)))
        return found if chosen is None or chosen in found else (chosen, *found)

    def _controls(self) -> Iterator[tuple[str, forms.Field]]:
        for name, control in super()._controls():
            if name == TERM:
                control.widget, control.help_text = self._terms(), ""
            elif name.startswith(answer_at("course.")) and name.endswith(".grade"):
                control.widget = self._grades()
            elif name == answer_at("expected"):
                control.help_text = self._expected()
            yield name, control

    def _terms(self) -> forms.RadioSelect:
        choices = [(term.name, self._labelled(term)) for term in self.offered]
        return forms.RadioSelect(choices=choices)

    def follow(self) -> dict[str, tuple[str, ...]]:
        """The term decides the grades."""
        follow = super().follow()
        return follow | {"term": tuple(dict.fromkeys((*_FOLLOW, *follow.get("term", ()))))}

    def _labelled(self, term: Term) -> SafeString:
        known = ", ".join(self.dictionary.known_of(term.name))
        about = f"{term.soc}; known of {known}" if known else term.soc
        return format_html('<span>{} <span class="quiet small">{}</span></span>', term.name, about)

    def _grades(self) -> forms.RadioSelect:
        """Only the grades that exist; while no term is chosen, all."""
        term = self.term
        grades = term.grades if term else (1, 2, 3, 4, 5)
        return forms.RadioSelect(choices=[(str(grade), self._worded(term, grade)) for grade in grades])

    def _worded(self, term: Term | None, grade: int) -> SafeString:
        ours = term.wording.get(grade, "") if term else ""
        sentence = self.dictionary.official.get(term.name) if term else None
        theirs = sentence.grades.get(grade, "") if sentence else ""
        return format_html(
            "<span>{}{}{}</span>",
            grade,
            f": {ours}" if ours else "",
            format_html('<br><span class="quiet small">CTCAE: {}</span>', theirs) if theirs else "",
        )

    def _expected(self) -> str:
        term = self.term
        known = self.dictionary.known_of(term.name) if term else []
        if term is None or not known:
            return "The study lists this event as known of no treatment that was given." if term else ""
        return f"The study lists {term.name} as known of: {', '.join(known)}."

    def clean(self) -> dict[str, Any]:
        """What every form is judged by, then terms and grades against the dictionary."""
        cleaned = super().clean()
        values = self.reading.values
        if not self.reading.faults and values:
            _, at = typed_answers(self.form, self.data, self.rows)
            for fault in faults(self.dictionary.protocol, self.form, answers_of(self.form, values)):
                self._say(at.field(fault.path), f"{fault.what}. {fault.mend}")
        return cleaned
