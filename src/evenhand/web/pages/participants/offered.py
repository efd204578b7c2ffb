"""What a form's page suggests as answers: the values that a room knows, and those given before to the same question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from evenhand.conduct.forms import FormEntry
from evenhand.conduct.lesions import lives
from evenhand.conduct.treatment import registered_lesions
from evenhand.protocol import Protocol
from evenhand.protocol.plan import Form
from evenhand.record import SubjectHistory
from evenhand.web.pages.participants.about import About

Offering = Callable[[Protocol, SubjectHistory], Iterable[str]]


def lesions_known(protocol: Protocol, known: SubjectHistory) -> Iterator[str]:
    """The labels of the metastases at registration, then those of all lesions that a list or a scan introduced."""
    if protocol.plan is not None and protocol.plan.treatment is not None:
        yield from registered_lesions(protocol, known)
    yield from (life.label for life in lives(protocol, known).lesions)


SOURCES: Final[dict[str, Offering]] = {"lesions": lesions_known}
"""By the name that a field gives in ``from:``; each gives values in the order in which they are to be shown."""


def offered(about: About) -> Mapping[str, tuple[str, ...]]:
    """The suggestions of every kind that the study's forms name."""
    found: dict[str, dict[str, None]] = {}
    for name in {name for form in about.plan.forms.values() for name in _names(form)}:
        source = SOURCES.get(name)
        found[name] = dict.fromkeys(source(about.protocol, about.known) if source else ())
    for entry in about.entries:
        if entry.counts:
            for name, value in _given(entry):
                found[name][value] = None
    return {name: tuple(values) for name, values in found.items()}


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
