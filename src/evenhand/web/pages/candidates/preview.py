"""Facts read from a file, in words, before anybody records them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evenhand.dates import DateSpan
from evenhand.facts import Fact
from evenhand.protocol import Protocol
from evenhand.web.pages.candidates.words import label_of, value_words


@dataclass(frozen=True, slots=True)
class Line:
    """One fact in words."""

    value: str
    date: DateSpan | None
    source: str


def preview(facts: Mapping[str, tuple[Fact, ...]], protocol: Protocol) -> list[tuple[str, list[Line]]]:
    """The facts in the order of the study, each with its lines."""
    kinds = protocol.vocabulary.facts
    return [
        (label_of(kind), [Line(value_words(kind, one.value), one.date, one.source.path) for one in facts[name]])
        for name, kind in kinds.items()
        if name in facts
    ]
