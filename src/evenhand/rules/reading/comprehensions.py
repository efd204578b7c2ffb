"""``... for m in metastases if ...``: questions about the entries of a list."""

from __future__ import annotations

import ast
from typing import Literal

from evenhand.facts import FactType
from evenhand.rules.nodes import Count, Quantified
from evenhand.rules.reading.scope import Names, a_kind, suggestion
from evenhand.rules.reading.syntax import offset
from evenhand.rules.reading.tokens import Mistake


def counted(node: ast.expr, names: Names, at: int) -> Count:
    """``count(list)`` or ``count(m for m in list if ...)``."""
    if isinstance(node, ast.Name):
        return Count(_list_fact(node, names).name, None, None, at)
    if not isinstance(node, ast.GeneratorExp):
        raise Mistake("count(...) takes a list, or m for m in list if ...", offset(node))
    fact, variable, where, inner = _parts(node, names)
    if not isinstance(node.elt, ast.Name) or node.elt.id != variable:
        raise Mistake(
            f"count counts entries: write count({variable} for {variable} in {fact.name} if ...)",
            offset(node.elt),
        )
    condition = None if where is None else inner.read_condition(where, inner)
    return Count(fact.name, variable if condition else None, condition, at)


def quantified(node: ast.Call, quantifier: Literal["any", "all", "none"], names: Names) -> Quantified:
    """``any(condition for m in list if where)``; likewise ``all`` and ``none``."""
    at = offset(node)
    if len(node.args) != 1 or not isinstance(node.args[0], ast.GeneratorExp):
        raise Mistake(f"{quantifier}(...) asks about a list: write {quantifier}(<question> for m in <list>)", at)
    generator = node.args[0]
    fact, variable, where, inner = _parts(generator, names)
    condition = inner.read_condition(generator.elt, inner)
    filtered = None if where is None else inner.read_condition(where, inner)
    return Quantified(quantifier, fact.name, variable, condition, filtered, at)


def _parts(node: ast.GeneratorExp, names: Names) -> tuple[FactType, str, ast.expr | None, Names]:
    """The list, the variable, the filter, and the names with the variable among them."""
    loop = node.generators[0]
    if len(node.generators) > 1:
        raise Mistake("one `for` at a time: put another any, all or none inside", offset(node.generators[1].target))
    if not isinstance(loop.target, ast.Name):
        raise Mistake("after `for` comes one name for the entry, such as m", offset(loop.target))
    if len(loop.ifs) > 1:
        raise Mistake("one `if` at a time: join the questions with and", offset(loop.ifs[1]))
    fact = _list_fact(loop.iter, names)
    return fact, loop.target.id, loop.ifs[0] if loop.ifs else None, names.with_variable(loop.target, fact)


def _list_fact(node: ast.expr, names: Names) -> FactType:
    lists = [name for name, fact in names.scope.vocabulary.facts.items() if fact.many]
    if not isinstance(node, ast.Name):
        raise Mistake("only a list fact has entries: name one", offset(node))
    fact = names.fact(node)
    if fact is None:
        raise Mistake(f"no list is called {node.id!r}{suggestion(node.id, lists)}", offset(node))
    if not fact.many:
        raise Mistake(f"{node.id} is {a_kind(fact)}, not a list{suggestion(node.id, lists)}", offset(node))
    return fact
