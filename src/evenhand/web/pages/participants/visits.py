"""Visits by name: what an entry's visit is called, and at which visits a form can be filled in."""

from __future__ import annotations

from dataclasses import dataclass

from evenhand.conduct.schedule import Occurrence, next_unscheduled, suggested
from evenhand.protocol.plan import Form
from evenhand.web.pages.participants import links
from evenhand.web.pages.participants.about import About
from evenhand.web.pages.participants.course import course
from evenhand.web.templatetags.evenhand import words


@dataclass(frozen=True, slots=True)
class Choice:
    """A visit at which a form can be filled in."""

    label: str
    address: str
    occurrence: Occurrence | None
    likely: bool


def visit_label(about: About, visit: str | None) -> str:
    """What a visit is called; empty for none."""
    if visit is None:
        return ""
    found = next((one.label for one in course(about).visits if one.id == visit), None)
    if found is not None:
        return found
    name, _, number = visit.partition(".")
    return f"{words(name).capitalize()} {'visit ' if name == 'unscheduled' else ''}{number}".strip()


def visits_for(about: About, form: Form) -> list[Choice]:
    """The visits at which a form is not filled in yet, the likeliest first, and one more that was not planned."""
    there = {entry.visit for entry in about.entries if entry.form.id == form.id}
    visits = course(about).visits
    likely = suggested(visits, about.today)
    study, subject = about.desk.study, about.subject
    found = [
        Choice(one.label, links.new_address(study, subject, form, one.id), one, one is likely)
        for one in visits
        if one.id not in there and one.state != "cancelled"
    ]
    other = next_unscheduled(visits)
    unplanned = Choice("A visit that was not planned", links.new_address(study, subject, form, other), None, False)
    return [*sorted(found, key=lambda one: not one.likely), unplanned]
