"""What a form's page suggests as answers: the values that a room knows, and those given before to the same question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from evenhand.conduct.forms import FormEntry
from evenhand.conduct.lesions import lives
from evenhand.conduct.safety import adverse_events, safety_of
from evenhand.conduct.treatment import course_labels, registered_lesions
from evenhand.oncology.ctcae import dictionary
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.record import SubjectHistory
from evenhand.web.pages.participants.about import About
from evenhand.web.templatetags.evenhand import day

Offering = Callable[[Protocol, SubjectHistory], Iterator[tuple[str, str]]]


def lesions_known(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[str, str]]:
    """The labels of the metastases at registration, then those of all lesions that a list or a scan introduced."""
    if protocol.plan is not None and protocol.plan.treatment is not None:
        yield from ((label, "") for label in registered_lesions(protocol, known))
    yield from ((life.label, "") for life in lives(protocol, known).lesions)


def courses_known(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[str, str]]:
    """The labels of the courses of radiation; a plan may come before its course, which then is offered nothing."""
    yield from ((label, "") for label in course_labels(protocol, known))


def events_known(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[str, str]]:
    """The numbers of the adverse events, each with what it is and since when."""
    for event in adverse_events(protocol, known):
        yield event.item, f"{event.name}, {day(event.onset) if event.onset else 'begin not known'}"


def terms_known(protocol: Protocol, known: SubjectHistory) -> Iterator[tuple[str, str]]:
    """The terms of the version of CTCAE that the study pins, those known of its treatments first; none where it says
    nothing about safety."""
    safety = safety_of(protocol)
    if safety is not None:
        expected = safety.expected_terms
        terms = dictionary(safety.ctcae).terms.values()
        yield from ((term.name, term.soc) for term in sorted(terms, key=lambda term: term.name not in expected))


SOURCES: Final[dict[str, Offering]] = {
    "lesions": lesions_known,
    "courses": courses_known,
    "adverse_events": events_known,
    "ctcae_terms": terms_known,
}
"""By the name that a field gives in ``from:``; each gives values, with what they mean where they do not say it, in the
order in which they are to be shown."""


def offered(about: About, form: Form) -> Mapping[str, Mapping[str, str]]:
    """The suggestions of every kind that a form names: values, and what they mean (empty: they say it themselves)."""
    found: dict[str, dict[str, str]] = {}
    for name in _names(form):
        source = SOURCES.get(name)
        found.setdefault(name, dict(source(about.protocol, about.known)) if source else {})
    for entry in about.entries:
        if entry.counts:
            for name, value in _given(entry):
                if name in found:
                    found[name].setdefault(value, "")
    return found


def _names(form: Form) -> Iterator[str]:
    for asked in form.fields.values():
        for one in (asked, *(asked.columns or {}).values()):
            if one.offered:
                yield one.offered


def _given(entry: FormEntry) -> Iterator[tuple[str, str]]:
    for name, asked in entry.form.fields.items():
        if asked.offered and isinstance(value := entry.values.get(name), str):
            yield asked.offered, value
        for column, inner in (asked.columns or {}).items():
            for row in entry.rows(name):
                if inner.offered and isinstance(value := row.get(column), str):
                    yield inner.offered, value
