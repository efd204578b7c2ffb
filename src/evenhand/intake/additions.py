"""What newly given facts add to those that are known: only what is new is recorded, and what would contradict is told.

Facts add up and nothing is overwritten. Of a single fact the newest date counts, and entries of a list with the same
key are one entry; so a statement that differs from a known one on the same day, or without a day, contradicts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evenhand.facts import Fact, Person, Problem, Seen, View, Vocabulary
from evenhand.logic import Unknown

Facts = Mapping[str, tuple[Fact, ...]]


@dataclass(frozen=True, slots=True)
class Additions:
    """``new`` facts; how many were ``known`` already; and what they would contradict, by fact."""

    new: Facts
    known: int
    contradictions: tuple[Problem, ...]


def additions(known: Facts, given: Facts, vocabulary: Vocabulary) -> Additions:
    """Compare given facts with known ones. The same statement with the same date is known, wherever it comes from."""
    old = {name: [(fact.value, fact.date) for fact in facts] for name, facts in known.items()}
    new = {name: _unlike(facts, old.get(name, [])) for name, facts in given.items()}
    kept = {name: facts for name, facts in new.items() if facts}
    repeated = sum(map(len, given.values())) - sum(map(len, kept.values()))
    return Additions(kept, repeated, tuple(_contradictions(known, kept, vocabulary)))


def _unlike(facts: tuple[Fact, ...], old: Sequence[tuple[object, object]]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if (fact.value, fact.date) not in old)


def _contradictions(known: Facts, new: Facts, vocabulary: Vocabulary) -> Iterator[Problem]:
    both = {name: (*known.get(name, ()), *facts) for name, facts in new.items()}
    before, after = (View(Person("", facts), vocabulary, date.max, {}) for facts in (known, both))
    for name in new:
        were = set(_conflicts(before, name, vocabulary))
        for place, seen in _conflicts(after, name, vocabulary).items():
            if place not in were:
                yield Problem(place, seen.reasons[0].detail)


def _conflicts(view: View, name: str, vocabulary: Vocabulary) -> dict[str, Unknown]:
    """What disagrees, by its place: the fact, or a field of an entry of a list."""
    kind = vocabulary.facts[name]
    if not kind.many:
        return _disagreeing({name: view.one(name)})
    found: dict[str, Seen] = {}
    for entry in view.items(name).entries:
        label = entry.get(kind.key or "")
        found |= {f"{name}({label}).{field}": value for field, value in entry.items()}
    return _disagreeing(found)


def _disagreeing(seen: Mapping[str, Seen]) -> dict[str, Unknown]:
    return {
        place: value
        for place, value in seen.items()
        if isinstance(value, Unknown) and value.reasons[0].why == "conflicting"
    }
