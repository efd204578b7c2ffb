"""The words of the vocabulary as they stand in a sentence: labels of facts, fields, codes and units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from evenhand.facts import FactType, Vocabulary
from evenhand.rules.nodes import Count, Expression, FactName, FieldName, JudgementName, Quantified
from evenhand.rules.walk import children, walk

# First words of labels that keep their capital inside a sentence: names of people and places.
_PROPER: Final = frozenset(
    {
        "Karnofsky",
        "Lansky",
        "Gleason",
        "Breslow",
        "Clark",
        "Child",
        "Ann",
        "Deauville",
        "Lugano",
        "Nottingham",
    }
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A vocabulary, the statements of the judgements, and the entries of lists spoken of around.

    ``variables`` maps each variable to whether it is called by its name; an entry that is the only one spoken
    of is "it".
    """

    vocabulary: Vocabulary
    judgements: Mapping[str, str]
    variables: Mapping[str, bool] = field(default_factory=dict)

    def inside(self, quantified: Quantified | Count) -> Wording:
        """The wording for the questions about one entry."""
        if quantified.variable is None:
            return self
        named = bool(self.variables) or any(_speaks_of_entries(part) for part in children(quantified))
        return replace(self, variables={**self.variables, quantified.variable: named})

    def fact(self, name: str) -> str:
        """The label of a fact, with its name where another fact has the same label."""
        labels = {other: _label(fact) for other, fact in self.vocabulary.facts.items()}
        return _told_apart(name, labels)

    def field(self, expression: FieldName) -> str:
        """``first-line therapy: first dose``, ``its site`` or ``the site of m``."""
        owner = self.vocabulary.facts[expression.fact]
        label = _told_apart(expression.field, {name: _label(inner) for name, inner in owner.fields.items()})
        if expression.variable is None:
            return f"{self.fact(expression.fact)}: {label}"
        return f"the {label} of {expression.variable}" if self.variables[expression.variable] else f"its {label}"

    def name(self, expression: FactName | FieldName) -> str:
        """The words for a fact or field."""
        return self.fact(expression.name) if isinstance(expression, FactName) else self.field(expression)

    def code(self, expression: Expression, code: str) -> str:
        """The label of a code of a fact or field."""
        return _told_apart(code, self._type(expression).codes)

    def codes(self, expression: Expression, codes: Iterable[str]) -> list[str]:
        """The labels of some codes in the order of the vocabulary."""
        return [self.code(expression, code) for code in self._type(expression).codes if code in set(codes)]

    def unit(self, expression: FactName | FieldName) -> str | None:
        """The unit of a fact or field, if it has one."""
        return self._type(expression).unit

    def attested(self, judgement: JudgementName, answer: bool) -> str:
        """That a statement holds or does not hold, and for which entry."""
        said = self.judgements.get(judgement.name) or judgement.name.replace("_", " ")
        holds = f"“{said.strip().rstrip('.')}” {'holds' if answer else 'does not hold'}"
        if judgement.variable is None:
            return holds
        return f"{holds} for {judgement.variable if self.variables[judgement.variable] else 'it'}"

    def only_birth_date(self, expression: Expression) -> bool:
        """Whether "age" alone says by which date: the vocabulary has no other outside records."""
        dates = [name for name, fact in self.vocabulary.facts.items() if fact.kind == "date"]
        return isinstance(expression, FactName) and dates == [expression.name]

    def _type(self, expression: Expression) -> FactType:
        if isinstance(expression, FieldName):
            return self.vocabulary.facts[expression.fact].fields[expression.field]
        assert isinstance(expression, FactName)
        return self.vocabulary.facts[expression.name]


def in_words(items: Iterable[str], joint: str) -> str:
    """``a, b or c``."""
    *first, last = items
    return f"{', '.join(first)} {joint} {last}" if first else last


def _label(fact: FactType) -> str:
    label = fact.label or fact.name.replace("_", " ")
    word = label.split(maxsplit=1)[0]
    if word[1:] != word[1:].lower() or any(letter.isdigit() for letter in word) or word in _PROPER:
        return label
    return label[0].lower() + label[1:]


def _told_apart(name: str, labels: Mapping[str, str]) -> str:
    label = labels[name]
    return f"{label} ({name})" if list(labels.values()).count(label) > 1 else label


def _speaks_of_entries(expression: Expression) -> bool:
    return any(
        isinstance(part, Quantified) or (isinstance(part, Count) and part.where is not None)
        for part in walk(expression)
    )
