"""The days on which an answer can change: the time reader of rules.

An answer changes only when a fact or an attestation becomes visible, when an attestation expires, or when a period
since a date (or a birthday) is reached or passed. Between two such days everything stays as it is, so the calendar
needs no other days. A day too many costs time and nothing else; a day too few would be wrong, and a property test
judges every single day to find it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta

from evenhand.dates import DateSpan, Period, birthday
from evenhand.facts import Person, Vocabulary
from evenhand.protocol.model import Judgement, Protocol
from evenhand.rules.nodes import (
    Age,
    Comparison,
    Expression,
    FactName,
    FieldName,
    PeriodLiteral,
    Rule,
    Since,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TimeTerm:
    """A date (a fact, or a field of it) that a rule holds against a period."""

    fact: str
    field: str | None
    period: Period
    by_birthday: bool

    def days(self, span: DateSpan) -> Iterator[date]:
        """The days on which the period is reached, and the first days on which it is passed."""
        for end in {span.first, span.last}:
            if self.by_birthday:
                yield birthday(end, self.period.count)
                yield birthday(end, self.period.count + 1)
            else:
                reached = self.period.after(end)
                yield reached
                if reached < date.max:
                    yield reached + _DAY


@dataclass(frozen=True, slots=True)
class Watch:
    """What to watch for one rule: raw facts, terms of time, judgements."""

    facts: tuple[str, ...]
    terms: tuple[TimeTerm, ...]
    judgements: tuple[Judgement, ...]

    def days(self, person: Person) -> set[date]:
        """Every day on which this rule's answer about a person can change."""
        found = {fact.date.first for name in self.facts for fact in person.facts.get(name, ()) if fact.date is not None}
        for term in self.terms:
            for span in _dates(person, term):
                found.update(term.days(span))
        for judgement in self.judgements:
            found.update(_attestation_days(person, judgement))
        return found


def watch(rule: Rule, protocol: Protocol) -> Watch:
    """What to watch for a rule, the evidence of its judgements included."""
    judgements = tuple(protocol.judgements[name] for name in rule.judgements)
    rules = [rule, *(item.evidence for item in judgements if item.evidence is not None)]
    vocabulary = protocol.vocabulary
    facts = dict.fromkeys(raw for item in rules for name in item.facts for raw in vocabulary.raw_inputs(name))
    terms = dict.fromkeys(term for item in rules for term in _terms(item.expression, vocabulary))
    return Watch(tuple(facts), tuple(terms), judgements)


def _terms(node: Expression, vocabulary: Vocabulary) -> Iterator[TimeTerm]:
    if isinstance(node, Comparison):
        periods = [part.period for part in node.operands if isinstance(part, PeriodLiteral)]
        for part in node.operands:
            if isinstance(part, (Since, Age)):
                dated = part.date if isinstance(part, Since) else part.birth
                yield from (_term(dated, period, isinstance(part, Age)) for period in periods)
    for child in _children(node):
        yield from _terms(child, vocabulary)


def _term(dated: Expression, period: Period, by_birthday: bool) -> TimeTerm:
    if isinstance(dated, FactName):
        return TimeTerm(dated.name, None, period, by_birthday)
    assert isinstance(dated, FieldName)
    return TimeTerm(dated.fact, dated.field, period, by_birthday)


def _children(node: Expression) -> Iterator[Expression]:
    for field in fields(node):
        value = getattr(node, field.name)
        for child in value if isinstance(value, tuple) else (value,):
            if is_dataclass(child) and not isinstance(child, Period):
                yield child  # type: ignore[misc]  # the fields of nodes that are dataclasses are nodes


def _dates(person: Person, term: TimeTerm) -> Iterator[DateSpan]:
    for fact in person.facts.get(term.fact, ()):
        value = fact.value
        if term.field is not None:
            value = value.get(term.field) if isinstance(value, Mapping) else None  # type: ignore[assignment]
        if isinstance(value, DateSpan):
            yield value


def _attestation_days(person: Person, judgement: Judgement) -> Iterator[date]:
    for given in person.attestations:
        if given.judgement == judgement.name:
            yield given.date.first
            if judgement.expires is not None:
                last = judgement.expires.after(given.date.first)
                yield last if last == date.max else last + _DAY
