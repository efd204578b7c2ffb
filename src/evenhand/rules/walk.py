"""Going through the parts of an expression, and what kind of thing a part is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from evenhand.facts import Vocabulary
from evenhand.rules.nodes import (
    Age,
    And,
    Arithmetic,
    Comparison,
    Count,
    Expression,
    FactName,
    FieldName,
    JudgementName,
    Known,
    Membership,
    Not,
    Or,
    Quantified,
    Since,
)


def children(expression: Expression) -> tuple[Expression, ...]:  # noqa: PLR0911  one answer a kind of node
    """The direct parts of an expression, in the order of the text."""
    match expression:
        case And() | Or():
            return expression.parts
        case Not():
            return (expression.part,)
        case Comparison():
            return expression.operands
        case Membership() | Known():
            return (expression.value,)
        case Arithmetic():
            return (expression.left, expression.right)
        case Since():
            return (expression.date,)
        case Age():
            return (expression.birth,)
        case Count():
            return () if expression.where is None else (expression.where,)
        case Quantified():
            return (expression.condition,) if expression.where is None else (expression.condition, expression.where)
        case _:
            return ()


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and all its parts, from the outside in, in the order of the text."""
    yield expression
    for child in children(expression):
        yield from walk(child)


def reads(expression: Expression) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of all facts (lists too) and of all judgements that an expression reads, each once."""
    facts: dict[str, None] = {}
    judgements: dict[str, None] = {}
    for part in walk(expression):
        match part:
            case FactName():
                facts[part.name] = None
            case FieldName() | Count() | Quantified():
                facts[part.fact] = None
            case JudgementName():
                judgements[part.name] = None
            case _:
                pass
    return tuple(facts), tuple(judgements)


def kind_of(expression: Expression, vocabulary: Vocabulary) -> str:
    """The kind of a fact or field; of anything else, a number."""
    match expression:
        case FactName():
            return vocabulary.facts[expression.name].kind
        case FieldName():
            return vocabulary.facts[expression.fact].fields[expression.field].kind
        case _:
            return "number"


def without_places(expression: Expression) -> Expression:
    """The same expression with every ``at`` 0: two rules that differ in spacing alone become equal."""
    changed: dict[str, object] = {"at": 0}
    for part in fields(expression):
        value = getattr(expression, part.name)
        if isinstance(value, Expression):
            changed[part.name] = without_places(value)
        elif part.name in ("parts", "operands"):
            changed[part.name] = tuple(without_places(one) for one in value)
    return replace(expression, **changed)  # type: ignore[arg-type]  # each field gets a value of its own kind
