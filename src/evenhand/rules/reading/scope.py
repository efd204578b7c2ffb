"""What a name in a rule means: a fact, a field, a judgement, a code or set of codes, an entry of a list."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Final

from evenhand.facts import FactType, Vocabulary
from evenhand.rules.nodes import Expression
from evenhand.rules.reading.syntax import offset
from evenhand.rules.reading.tokens import FOREIGN, Mistake
from evenhand.units import UNITS

UNIT_WORDS: Final = frozenset(unit for unit in UNITS if unit.isidentifier() and len(unit) > 1)
PERIOD_WORDS: Final = frozenset({"days", "months", "years"})
QUANTIFIERS: Final = frozenset({"any", "all", "none"})
RESERVED: Final = (
    FOREIGN
    | UNIT_WORDS
    | PERIOD_WORDS
    | QUANTIFIERS
    | {"and", "or", "not", "in", "for", "if", "yes", "no", "count", "age", "since", "known"}
)


def name_fault(name: str) -> str | None:
    """Why a fact, field, code, set or judgement cannot have this name in a rule; None if it can."""
    if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        return f"{name!r} is no name: use letters, digits and underscores, and begin with a letter"
    return f"{name!r} is a word of the rule language: choose another name" if name in RESERVED else None


@dataclass(frozen=True, slots=True)
class Scope:
    """What rules may name: the study's ``vocabulary`` and its ``judgements``.

    A judgement has the name of the list fact of which it is about one entry, or None when it is about the
    person.
    """

    vocabulary: Vocabulary
    judgements: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """The scope together with the variables of the comprehensions around, each an entry of a list fact.

    ``read_condition`` reads a yes/no question with these names; it is handed in because a value (``count``)
    may hold one.
    """

    scope: Scope
    read_condition: Callable[[ast.expr, Names], Expression]
    variables: Mapping[str, FactType] = field(default_factory=dict)

    def with_variable(self, node: ast.Name, entries: FactType) -> Names:
        """These names and one variable more. Raises Mistake when its name has another meaning already."""
        taken = self._meaning(node.id)
        if taken:
            raise Mistake(f"{node.id!r} is already {taken}: choose another name for the entry", offset(node))
        return replace(self, variables={**self.variables, node.id: entries})

    def fact(self, node: ast.Name) -> FactType | None:
        """The fact of this name, if there is one. Raises Mistake for facts that are for reporting only."""
        found = self.scope.vocabulary.facts.get(node.id)
        if found is not None:
            self._refuse_reporting(found, node)
        return found

    def field(self, node: ast.Attribute) -> tuple[FactType, str | None, FactType]:
        """The record or list fact, the variable (None for a record) and the field of ``record.field``."""
        if not isinstance(node.value, ast.Name):
            raise Mistake("only record.field can be read, with one dot", offset(node))
        owner, variable = self._owner(node.value, node.attr)
        found = owner.fields.get(node.attr)
        if found is None:
            hint = suggestion(node.attr, owner.fields)
            raise Mistake(
                f"{owner.name} has no field {node.attr!r} (but {listed(owner.fields)}){hint}",
                offset(node),
            )
        self._refuse_reporting(found, node)
        return owner, variable, found

    def unknown(self, node: ast.Name) -> Mistake:
        """The mistake of a name that means nothing where it stands."""
        name, vocabulary = node.id, self.scope.vocabulary
        if name in vocabulary.sets:
            return Mistake(f"{name!r} is a set of codes: write <fact> in {name}", offset(node))
        owners = [owner for owner, codes in _all_codes(vocabulary) if name in codes]
        if owners:
            return Mistake(
                f"{name!r} is a code of {listed(owners)}: compare it with that, as in {owners[0]} == {name}",
                offset(node),
            )
        known = [*vocabulary.facts, *self.scope.judgements, *self.variables, "yes", "no"]
        return Mistake(f"nothing is called {name!r}{suggestion(name, known)}", offset(node))

    def _owner(self, node: ast.Name, attribute: str) -> tuple[FactType, str | None]:
        if node.id in self.variables:
            return self.variables[node.id], node.id
        found = self.fact(node)
        if found is None:
            raise self.unknown(node)
        if found.many:
            raise Mistake(
                f"{node.id} is a list: ask any(x.{attribute} ... for x in {node.id}), all(...), none(...)",
                offset(node),
            )
        if found.kind != "record":
            raise Mistake(f"{node.id} is {a_kind(found)}, it has no fields", offset(node))
        return found, None

    def _meaning(self, name: str) -> str | None:
        vocabulary = self.scope.vocabulary
        meanings = {
            "a word of the rule language": name in RESERVED,
            "a fact": name in vocabulary.facts,
            "a judgement": name in self.scope.judgements,
            "a set of codes": name in vocabulary.sets,
            "an entry of the list around": name in self.variables,
            "a code": any(name in codes for _, codes in _all_codes(vocabulary)),
        }
        return next((meaning for meaning, taken in meanings.items() if taken), None)

    def _refuse_reporting(self, found: FactType, node: ast.expr) -> None:
        culprit = _reporting_only(found, self.scope.vocabulary)
        if culprit:
            what = culprit if culprit == found.name else f"{found.name} is computed from {culprit}, and {culprit}"
            raise Mistake(
                f"{what} is recorded for reports alone: facts for reporting may not decide who takes part",
                offset(node),
            )


def a_kind(fact: FactType) -> str:
    """What sort of thing a fact is, in words."""
    words = {
        "date": "a date",
        "number": "a number",
        "code": "a code",
        "yes_no": "a yes/no answer",
        "text": "text",
    }
    return words.get(fact.kind, "a record")


def suggestion(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'her2'?`` when something known is spelled much like it, else nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


def listed(names: Iterable[str], at_most: int = 8) -> str:
    """Some names with commas, and how many are left out."""
    names = list(names)
    more = f" and {len(names) - at_most} more" if len(names) > at_most else ""
    return ", ".join(names[:at_most]) + more


def _all_codes(vocabulary: Vocabulary) -> Iterable[tuple[str, Mapping[str, str]]]:
    for name, fact in vocabulary.facts.items():
        yield name, fact.codes
        for field_name, inner in fact.fields.items():
            yield f"{name}.{field_name}", inner.codes


def _reporting_only(fact: FactType, vocabulary: Vocabulary) -> str | None:
    """The fact for reporting that this one is or is computed from."""
    seen: set[str] = set()
    to_do = [fact]
    while to_do:
        one = to_do.pop()
        if one.reporting_only:
            return one.name
        inputs = [name for name in one.inputs if name not in seen and name in vocabulary.facts]
        seen.update(inputs)
        to_do.extend(vocabulary.facts[name] for name in inputs)
    return None
