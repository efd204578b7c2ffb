"""What is known about a person on a day: the facts dated by then, the newest of each, lists merged.

The newest value of a fact counts. Two different values on the newest day are a conflict, and so is a value without a
date that disagrees with a dated one: both are unknown, never a silent choice. A partial date counts from its first day:
who writes "2026-03" in March knows it in March.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache

from evenhand.facts.fact import COMPLETE, Fact, Items, Person, Scalar, Seen
from evenhand.facts.said import said
from evenhand.facts.vocabulary import FactType, Vocabulary
from evenhand.logic import Reason, Unknown

Derivation = Callable[["View", FactType], Seen]
_NOTHING: Mapping[str, Scalar] = {}


class View:
    """A person's facts as they stood on ``on``; values are computed when asked for, and remembered."""

    __slots__ = ("_derivations", "_facts", "_items", "_ones", "_types", "on")

    def __init__(self, person: Person, vocabulary: Vocabulary, on: date, derivations: Mapping[str, Derivation]) -> None:
        self.on = on
        self._facts = person.facts
        self._types = vocabulary.facts
        self._derivations = derivations
        self._ones: dict[str, Seen] = {}
        self._items: dict[str, Items] = {}

    def one(self, name: str) -> Seen:
        """The value of a single-valued fact, or why there is none."""
        if name not in self._ones:
            kind = self._types[name]
            if kind.derived is not None:
                self._ones[name] = self._derivations[kind.derived](self, kind)
            else:
                self._ones[name] = _newest(name, self.visible(name))
        return self._ones[name]

    def items(self, name: str) -> Items:
        """The entries of a list fact by then, those with the same key merged, and whether the list is complete."""
        if name not in self._items:
            self._items[name] = _listed(self._types[name], self.visible(name))
        return self._items[name]

    def visible(self, name: str) -> list[Fact]:
        """The facts of a name dated by then (or without a date), as they were received."""
        on = self.on
        return [fact for fact in self._facts.get(name, ()) if fact.date is None or fact.date.first <= on]


def _newest(name: str, facts: list[Fact]) -> Seen:
    if not facts:
        return _nothing(name)
    if len(facts) == 1:
        return facts[0].value  # type: ignore[return-value]  # COMPLETE occurs in lists alone
    latest = max((fact.date.first for fact in facts if fact.date is not None), default=date.min)
    rivals = [fact for fact in facts if fact.date is None or fact.date.last >= latest]  # each may be the newest
    values = list(dict.fromkeys(_hashable(fact.value) for fact in rivals))
    if len(values) == 1:
        return rivals[-1].value  # type: ignore[return-value]
    detail = " or ".join(f"{said(fact.value)} ({fact.date or 'no date'})" for fact in rivals)
    return Unknown(Reason("conflicting", name, f"recorded as {detail}"))


@lru_cache(maxsize=1024)
def _nothing(name: str) -> Unknown:
    return Unknown(Reason("missing", name, "nothing recorded"))


def _hashable(value: object) -> object:
    return tuple(sorted(value.items())) if isinstance(value, Mapping) else value


def _listed(kind: FactType, facts: list[Fact]) -> Items:
    complete = False
    entries: dict[object, list[Fact]] = {}
    key = kind.key
    for number, fact in enumerate(facts):
        value = fact.value
        if value is COMPLETE:
            complete = True
            continue
        assert isinstance(value, dict)
        label = number if key is None else value.get(key, number)
        if label in entries:
            entries[label].append(fact)
        else:
            entries[label] = [fact]
    return Items(tuple(_merged(same) for same in entries.values()), complete)


def _merged(facts: list[Fact]) -> Mapping[str, Scalar | Unknown]:
    """One entry from several statements about the same thing: the newest value of each field."""
    first = facts[0].value
    assert isinstance(first, dict)
    if len(facts) == 1:
        return first
    entry: dict[str, Scalar | Unknown] = {}
    for name, value in ((name, value) for fact in facts for name, value in _fields(fact).items()):
        if entry.setdefault(name, value) != value:
            entry[name] = _newest_field(name, [fact for fact in facts if name in _fields(fact)])
    return entry


def _newest_field(name: str, facts: list[Fact]) -> Scalar | Unknown:
    values = [Fact(name, _fields(fact)[name], fact.date, fact.source) for fact in facts]
    return _newest(name, values)  # type: ignore[return-value]  # fields are scalars


def _fields(fact: Fact) -> Mapping[str, Scalar]:
    return fact.value if isinstance(fact.value, Mapping) else _NOTHING
