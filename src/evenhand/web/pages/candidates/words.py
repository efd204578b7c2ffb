"""Facts, roles and gaps in the words of the study, for pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from evenhand.dates import DateSpan
from evenhand.facts import COMPLETE, FactType, Vocabulary, said
from evenhand.logic import Unknown
from evenhand.protocol import Protocol
from evenhand.web.templatetags.evenhand import day, words

_OTHERS = "others"
_RULE = re.compile(r", which leaves `[^`]*` open")


def label_of(kind: FactType) -> str:
    """The label of a fact, with a capital at its start."""
    label = kind.label or words(kind.name)
    return label[:1].upper() + label[1:]


def value_words(kind: FactType, value: object) -> str:
    """A value as the study's people say it: labels of codes, units, dates that nobody can misread."""
    if value is COMPLETE:
        return "the list is complete"
    if isinstance(value, Mapping):
        said_of = "; ".join(f"{label}: {worded}" for label, worded in field_words(kind, value))
        key = value.get(kind.key) if kind.key else None
        return said_of if key is None else f"{key} – {said_of}" if said_of else str(key)
    if isinstance(value, DateSpan | date):
        return day(value)
    if isinstance(value, Unknown):
        return f"not certain, {value.reasons[0].detail}" if value.reasons else "not known"
    if kind.kind == "code" and isinstance(value, str):
        return kind.codes.get(value, value)
    return f"{said(value)} {kind.unit}" if kind.unit else said(value)


def field_words(kind: FactType, value: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The known fields of a record in the order of the study, each as label and value; the key names it all."""
    for name, field in kind.fields.items():
        if name in value and name != kind.key:
            yield field.label or words(name), value_words(field, value[name])


def roles_words(roles: Iterable[str], joint: str = "or") -> str:
    """Roles in words: ``radiation oncologist or surgeon``."""
    *first, last = [words(role) for role in roles] or [""]
    return f"{', '.join(first)} {joint} {last}" if first else last


def about_words(about: str, protocol: Protocol) -> str:
    """What a reason is about, as people call it: a fact, a field of it, or whatever it is."""
    name, _, field = about.partition(".")
    kind = protocol.vocabulary.facts.get(name)
    if kind is None:
        return words(about)
    inner = kind.fields.get(field)
    return f"{label_of(kind)}: {inner.label or words(field)}" if inner else label_of(kind)


def determiners(vocabulary: Vocabulary, *, identifying: bool = False) -> Iterator[tuple[str, list[FactType]]]:
    """The facts that are asked for, by who determines them; those of nobody in particular last.

    Facts that identify are asked with the name, unless ``identifying``.
    """
    recorded = (kind for kind in vocabulary.facts.values() if kind.derived is None)
    asked = [kind for kind in recorded if identifying or not kind.identifying]
    roles = dict.fromkeys(kind.determined_by or _OTHERS for kind in asked)
    for role in sorted(roles, key=lambda role: role == _OTHERS):
        yield role, [kind for kind in asked if (kind.determined_by or _OTHERS) == role]


def gap_words(detail: str) -> str:
    """Why something is open, without the rule as it is written for programs."""
    return _RULE.sub(", which is not precise enough to decide", detail)


def birth_fact(vocabulary: Vocabulary) -> str | None:
    """The identifying date of the study's facts: the birth date, None where the study asks for none."""
    names = (name for name, kind in vocabulary.facts.items() if kind.identifying and kind.kind == "date")
    return next(names, None)
