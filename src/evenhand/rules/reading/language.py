"""The rule language: from text to a resolved, type-checked rule.

A rule is one yes/no question in a small, typed subset of Python's expression syntax. Its text is parsed by
``ast`` and never run. ``docs/generated/rule-language.md`` is its manual.
"""

from __future__ import annotations

import ast

from evenhand.rules.nodes import (
    And,
    Expression,
    FactName,
    FieldName,
    JudgementName,
    Known,
    Not,
    Or,
    Rule,
)
from evenhand.rules.reading.comparisons import compared
from evenhand.rules.reading.comprehensions import quantified
from evenhand.rules.reading.operands import a_sort, operand
from evenhand.rules.reading.scope import Names, Scope
from evenhand.rules.reading.syntax import RuleError, offset, rule_error, syntax_tree
from evenhand.rules.reading.tokens import Mistake
from evenhand.rules.walk import reads

__all__ = ["RuleError", "Scope", "parse_rule"]


def parse_rule(text: str, scope: Scope) -> Rule:
    """Parse, resolve and type-check a rule.

    ``text`` may have several lines. ``facts`` and ``judgements`` of the rule come in the order of appearance.
    Raises :class:`RuleError` for the first mistake found, with its line and column.
    """
    try:
        expression = _condition(syntax_tree(text), Names(scope, _condition))
    except Mistake as mistake:
        raise rule_error(mistake, text) from None
    facts, judgements = reads(expression)
    return Rule(text, expression, facts, judgements)


def _condition(node: ast.expr, names: Names) -> Expression:
    match node:
        case ast.BoolOp():
            parts = tuple(_condition(part, names) for part in node.values)
            return And(parts, offset(node)) if isinstance(node.op, ast.And) else Or(parts, offset(node))
        case ast.UnaryOp(op=ast.Not()):
            return Not(_condition(node.operand, names), offset(node))
        case ast.Compare():
            return compared(node, names)
        case ast.Call(func=ast.Name(id="any" | "all" | "none" as quantifier)):
            return quantified(node, quantifier, names)
        case ast.Call(func=ast.Name(id="known")):
            return _known(node, names)
        case ast.Call(func=ast.Name() as function) if function.id in names.scope.judgements:
            return _judgement_about(node, function.id, names)
        case ast.Name() if node.id in names.scope.judgements:
            return _judgement(node, names)
        case ast.GeneratorExp() | ast.SetComp():
            raise Mistake("`for` stands inside any(...), all(...), none(...) or count(...) alone", offset(node))
        case ast.Tuple():
            raise Mistake("a comma joins nothing here: write and or or", offset(node))
        case _:
            return _yes_no_value(node, names)


def _yes_no_value(node: ast.expr, names: Names) -> Expression:
    """A yes/no fact or field, or ``yes`` or ``no``, is a question by itself."""
    found = operand(node, names)
    if found.sort == "word":
        assert isinstance(node, ast.Name)
        raise names.unknown(node)
    if found.sort != "yes_no":
        example = {"text": "known({})", "code": "{} == ...", "date": "since({}) >= months(3)"}.get(
            found.sort, "{} <= ..."
        )
        advice = "" if found.fixed else f": ask something about it, such as {example.format(found.name)}"
        raise Mistake(f"{found.name} is {a_sort(found)}, not a yes/no question{advice}", found.at)
    return found.expression


def _known(node: ast.Call, names: Names) -> Known:
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Name | ast.Attribute):
        raise Mistake("known(...) asks about one fact or field", offset(node))
    value, at = node.args[0], offset(node)
    if isinstance(value, ast.Name):
        fact = None if value.id in names.variables else names.fact(value)
        if fact is not None and fact.kind == "record" and not fact.many:
            return Known(FactName(value.id, offset(value)), at)
    found = operand(value, names)
    if found.sort == "word":
        assert isinstance(value, ast.Name)
        raise names.unknown(value)
    if not isinstance(found.expression, FactName | FieldName):
        raise Mistake(f"known(...) asks about a fact or a field, and {found.name} is neither", found.at)
    return Known(found.expression, at)


def _judgement(node: ast.Name, names: Names) -> JudgementName:
    about = names.scope.judgements[node.id]
    if about is not None:
        raise Mistake(
            f"{node.id} is about one of {about}: write all({node.id}(m) for m in {about}), or any, none",
            offset(node),
        )
    return JudgementName(node.id, None, offset(node))


def _judgement_about(node: ast.Call, name: str, names: Names) -> JudgementName:
    about = names.scope.judgements[name]
    if about is None:
        raise Mistake(f"{name} is about the person: write it without brackets", offset(node))
    argument = node.args[0] if len(node.args) == 1 else None
    entry = names.variables.get(argument.id) if isinstance(argument, ast.Name) else None
    if entry is None or entry.name != about or not isinstance(argument, ast.Name):
        raise Mistake(
            f"{name}(...) takes an entry of {about}: write all({name}(m) for m in {about}), or any, none",
            offset(node),
        )
    return JudgementName(name, argument.id, offset(node))
